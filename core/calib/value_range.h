// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/quant/quant_params.h"
#include "core/quant/quant_spec.h"

#include <span>

namespace bitwright {

/// The range of least squared error (Estimator::Mse, Format::Int) of a few thousand values, from the values
/// themselves: for groups and channels of weights, where a histogram would cost more to search and know less.
/// Values that are not finite are left out. In the form of estimateRange.
Range mseRangeOfValues(const QuantSpec& spec, std::span<const float> values);

} // namespace bitwright
