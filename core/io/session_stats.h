// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/hdf5_file.h"
#include "core/calib/calibrate.h"

namespace bitwright {

/// Activation statistics as datasets of the group "calibration": one row a site in "sites", and everything of
/// varying length (shapes, counts, moments, digits of the exact sums) one behind the other.
Result<void> writeCalibration(Hdf5File& file, const CalibrationResult& calibration);
/// Every length is checked before it is used.
Result<CalibrationResult> readCalibration(const Hdf5File& file);

} // namespace bitwright
