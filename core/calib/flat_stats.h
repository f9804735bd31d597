// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/calib/calibrate.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bitwright {

/// Activation statistics as a few long arrays, for files and for other processes: one row a site, and
/// everything of varying length (shapes, counts, moments, digits of the exact sums) one behind the other.
struct FlatStats {
    enum Column {
        Set, ///< 0 = all samples, 1.. = the prefixes
        Id,
        ChannelAxis,
        Zeros,
        NonFinite,
        Exponent,
        FirstBin,
        Bins,
        Samples,
        Rank,
        Channels,
        Columns
    };
    std::vector<int64_t> sets;   ///< samples of every set
    std::vector<int64_t> sites;  ///< [S, Columns]
    std::vector<float> averages; ///< [S, 2]
    std::vector<int64_t> shapes, bins, counts;
    std::vector<float> extremes;  ///< [M, 2]
    std::vector<uint8_t> layouts; ///< [M, 3 sums, 3]: first digit, digits, negative
    std::vector<uint32_t> digits;
};

/// All but `partial`; bit for bit.
FlatStats flattened(const CalibrationResult& calibration);
/// Every length is checked before it is used; Corrupt when something does not fit.
Result<CalibrationResult> unflattened(const FlatStats& flat);

/// The same in one piece.
std::string flatBytes(const CalibrationResult& calibration);
/// Takes it off the front of `from`.
Result<CalibrationResult> takeFlatBytes(std::string_view& from);

} // namespace bitwright
