// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/calib/estimators.h"

#include <functional>

namespace bitwright {

/// What a grid costs; smaller is better, never NaN. A cost above `enough` need not be exact: any lower bound
/// of it that is above `enough` will do.
using GridCost = std::function<double(const Grid&, double enough)>;

/// A two-sided range in the form that `spec` wants (see estimateRange).
Range shapedRange(const QuantSpec& spec, Range range);
/// min-max of the distribution in that form.
Range minMaxRange(const QuantSpec& spec, const Distribution& distribution);

/// The range whose grid costs least. Costs of real distributions have several valleys, so the search is
/// wide first: geometric steps over the end (one-sided and symmetric grids), over both ends (asymmetric),
/// or over every zero point (asymmetric of few bits); then the best valleys are refined. Min-max wins ties
/// and everything that is as cheap as `goodEnough`.
Range searchRange(const QuantSpec& spec, const Distribution& distribution, const GridCost& cost,
                  double goodEnough);

} // namespace bitwright
