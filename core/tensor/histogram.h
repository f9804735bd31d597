// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace bitwright {

/// Counts of float values in at most 4096 equal bins whose width is a power of two and whose edges are
/// multiples of that width. Widening merges pairs of bins, so no mass is ever lost or moved, and the
/// result depends only on the values: the width is the least 2^e for which floor(max / 2^e) -
/// floor(min / 2^e) < 4096 (and >= the spacing of floats at the largest magnitude). Between 2048 and 4096
/// bins are in use unless the values are too few distinct floats for that.
class Histogram {
public:
    static constexpr int64_t kBins = 4096;

    /// Adds finite values; the caller gives the exact minimum and maximum of `values` (it knows them
    /// already from the same pass). NaN and infinities must have been removed or counted apart: they are
    /// skipped here.
    void add(std::span<const float> values, float min, float max);
    void add(const Histogram& other);

    bool isEmpty() const { return m_counts.empty(); }
    int64_t total() const;
    /// Width of a bin, 2^exponent().
    double binWidth() const;
    int exponent() const { return m_exponent; }
    /// Left edge of the first and right edge of the last stored bin.
    double lo() const { return double(m_first) * binWidth(); }
    double hi() const { return double(m_first + int64_t(m_counts.size())) * binWidth(); }
    double centre(size_t bin) const { return (double(m_first + int64_t(bin)) + 0.5) * binWidth(); }
    /// Exactly the bins from the one of the minimum to that of the maximum.
    const std::vector<int64_t>& counts() const { return m_counts; }

    bool operator==(const Histogram&) const = default;
    /// A histogram from stored parts (files, tests); empty bins at the ends are cut off.
    static Histogram fromParts(int exponent, int64_t firstBin, std::vector<int64_t> counts);
    int64_t firstBin() const { return m_first; }

    /// The exponent of the rule above for values between `min` and `max` (finite, min <= max).
    static int leastExponent(float min, float max);
    /// floor(value / 2^exponent).
    static int64_t binOf(float value, int exponent);

private:
    void widen(int exponent, int64_t first, int64_t last);
    int m_exponent = 0;
    int64_t m_first = 0; ///< index of the first bin on the grid of width 2^exponent
    std::vector<int64_t> m_counts;
};

} // namespace bitwright
