// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/calib/estimators.h"
#include "core/calib/mass_profile.h"

namespace bitwright {

/// binnedError for a profile that is used again and again; zeros are not in `total`.
BinnedError errorOfGrid(const MassProfile& profile, const IntegerBounds& bounds, const Grid& grid);

} // namespace bitwright
