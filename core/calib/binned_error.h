// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/calib/estimators.h"
#include "core/calib/mass_profile.h"

#include <limits>

namespace bitwright {

/// binnedError for a profile that is used again and again; zeros are not in `total`. Once clipping and
/// rounding exceed `enough` together the rest of the rounding error is left out.
BinnedError errorOfGrid(const MassProfile& profile, const IntegerBounds& bounds, const Grid& grid,
                        double enough = std::numeric_limits<double>::infinity());

} // namespace bitwright
