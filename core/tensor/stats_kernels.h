// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

namespace bitwright {

/// Elements that are summed in one fixed order; longer runs are cut into blocks of this many.
constexpr size_t kStatsBlock = 4096;

/// What one read of a block gives. Sums are in double over 16 interleaved lanes whatever the vector width
/// of the machine is, so the bits are the same everywhere.
struct BlockStats {
    double sum = 0, sumSquares = 0, sumAbs = 0;
    float min = std::numeric_limits<float>::infinity();
    float max = -std::numeric_limits<float>::infinity();
    int64_t zeros = 0;  ///< exactly 0, of either sign
    bool finite = true; ///< false: a NaN or infinity was met and the other numbers mean nothing
};
BlockStats blockStats(const float* x, size_t n);

/// Bins of width 2^exponent whose index is counted from `first`.
struct BinGrid {
    int exponent = 0;
    int64_t first = 0; ///< |first| <= 2^24 + Histogram::kBins
};
/// out[i] = floor(x[i] / 2^exponent) - first, exactly, cut to [0, Histogram::kBins - 1]. `x` must be finite; n <=
/// kStatsBlock.
void binIndices(const float* x, size_t n, const BinGrid& grid, uint16_t* out);

} // namespace bitwright
