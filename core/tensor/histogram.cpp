// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/histogram.h"

#include "core/tensor/stats_kernels.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

namespace bitwright {
namespace {

constexpr int kLeastExponent = -149; // the least float is 2^-149
constexpr int kMantissaBits = 23;

// floor(bin / 2^shift) for any shift >= 0.
int64_t coarser(int64_t bin, int shift)
{
    return bin >> std::min(shift, 63);
}

} // namespace

int64_t Histogram::binOf(float value, int exponent)
{
    return int64_t(std::floor(std::ldexp(double(value), -exponent)));
}

int Histogram::leastExponent(float min, float max)
{
    const float magnitude = std::max(std::abs(min), std::abs(max));
    if (magnitude == 0)
        return kLeastExponent;
    const int spacing = std::max(std::ilogb(magnitude) - kMantissaBits, kLeastExponent);
    const double span = double(max) - double(min);
    // The least width that may be enough, so that the loop runs at most twice.
    constexpr int kBinBits = std::countr_zero(uint64_t(kBins));
    int exponent = span > 0 ? std::max(spacing, std::ilogb(span) - kBinBits) : spacing;
    while (binOf(max, exponent) - binOf(min, exponent) >= kBins)
        ++exponent;
    return exponent;
}

void Histogram::widen(int exponent, int64_t first, int64_t last)
{
    if (isEmpty()) {
        m_exponent = exponent;
        m_first = first;
        m_counts.assign(size_t(last - first + 1), 0);
        return;
    }
    int width = std::max(m_exponent, exponent);
    const int64_t end = m_first + int64_t(m_counts.size()) - 1;
    auto least = [&] {
        return std::min(coarser(m_first, width - m_exponent), coarser(first, width - exponent));
    };
    auto most = [&] { return std::max(coarser(end, width - m_exponent), coarser(last, width - exponent)); };
    while (most() - least() >= kBins)
        ++width;
    const int64_t newFirst = least(), count = most() - newFirst + 1;
    if (width == m_exponent && newFirst == m_first && count == int64_t(m_counts.size()))
        return;
    std::vector<int64_t> counts(static_cast<size_t>(count));
    for (size_t i = 0; i < m_counts.size(); ++i)
        counts[size_t(coarser(m_first + int64_t(i), width - m_exponent) - newFirst)] += m_counts[i];
    m_counts = std::move(counts);
    m_exponent = width;
    m_first = newFirst;
}

void Histogram::add(std::span<const float> values, float min, float max)
{
    if (values.empty() || !(min <= max))
        return;
    const int exponent = leastExponent(min, max);
    widen(exponent, binOf(min, exponent), binOf(max, exponent));
    uint16_t bins[kStatsBlock];
    float finite[kStatsBlock];
    while (!values.empty()) {
        const auto block = values.first(std::min(values.size(), kStatsBlock));
        values = values.subspan(block.size());
        const auto end =
            std::copy_if(block.begin(), block.end(), finite, [](float x) { return std::isfinite(x); });
        const size_t count = size_t(end - finite);
        binIndices(finite, count, {m_exponent, m_first}, bins);
        for (size_t i = 0; i < count; ++i)
            ++m_counts[std::min(size_t(bins[i]), m_counts.size() - 1)];
    }
}

void Histogram::add(const Histogram& other)
{
    if (other.isEmpty())
        return;
    widen(other.m_exponent, other.m_first, other.m_first + int64_t(other.m_counts.size()) - 1);
    const int shift = m_exponent - other.m_exponent;
    if (shift == 0) {
        int64_t* to = m_counts.data() + (other.m_first - m_first);
        for (size_t i = 0; i < other.m_counts.size(); ++i)
            to[i] += other.m_counts[i];
        return;
    }
    for (size_t i = 0; i < other.m_counts.size(); ++i)
        m_counts[size_t(coarser(other.m_first + int64_t(i), shift) - m_first)] += other.m_counts[i];
}

int64_t Histogram::total() const
{
    return std::accumulate(m_counts.begin(), m_counts.end(), int64_t(0));
}

double Histogram::binWidth() const
{
    return std::ldexp(1.0, m_exponent);
}

Histogram Histogram::fromParts(int exponent, int64_t firstBin, std::vector<int64_t> counts)
{
    const auto used = [](int64_t count) { return count != 0; };
    const auto begin = std::find_if(counts.begin(), counts.end(), used);
    const auto end = std::find_if(counts.rbegin(), counts.rend(), used).base();
    Histogram histogram;
    if (begin == counts.end())
        return histogram;
    histogram.m_exponent = exponent;
    histogram.m_first = firstBin + (begin - counts.begin());
    histogram.m_counts.assign(begin, end);
    return histogram;
}

} // namespace bitwright
