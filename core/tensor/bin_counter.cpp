// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/bin_counter.h"

#include <algorithm>
#include <utility>

namespace bitwright {
namespace {

constexpr size_t kBins = size_t(Histogram::kBins);
constexpr int64_t kMostPending = int64_t(1) << 31;

} // namespace

void BinCounter::add(const float* x, size_t n, float min, float max)
{
    uint16_t bins[kStatsBlock];
    for (size_t begin = 0; begin < n; begin += kStatsBlock) {
        const size_t count = std::min(kStatsBlock, n - begin);
        makeRoom(min, max);
        binIndices(x + begin, count, m_grid, bins);
        uint32_t* copies = m_copies.data();
        size_t i = 0;
        for (; i + kCopies <= count; i += kCopies)
            for (size_t copy = 0; copy < kCopies; ++copy)
                ++copies[copy * kBins + bins[i + copy]];
        for (; i < count; ++i)
            ++copies[bins[i]];
        m_pending += int64_t(count);
    }
}

void BinCounter::makeRoom(float min, float max)
{
    const bool first = m_copies.empty() || (m_flushed.isEmpty() && m_pending == 0);
    if (!first && min >= m_min && max <= m_max && m_pending < kMostPending)
        return;
    m_min = first ? min : std::min(m_min, min);
    m_max = first ? max : std::max(m_max, max);
    const int exponent = Histogram::leastExponent(m_min, m_max);
    const int64_t lo = Histogram::binOf(m_min, exponent), hi = Histogram::binOf(m_max, exponent);
    if (!first && exponent == m_grid.exponent && lo >= m_grid.first && hi < m_grid.first + Histogram::kBins &&
        m_pending < kMostPending)
        return;
    flush();
    m_copies.resize(kCopies * kBins);
    m_grid = {exponent, lo - (Histogram::kBins - (hi - lo + 1)) / 2};
}

void BinCounter::flush()
{
    if (m_pending == 0)
        return;
    std::vector<int64_t> counts(kBins);
    for (size_t copy = 0; copy < kCopies; ++copy)
        for (size_t bin = 0; bin < kBins; ++bin)
            counts[bin] += m_copies[copy * kBins + bin];
    std::fill(m_copies.begin(), m_copies.end(), 0);
    m_pending = 0;
    m_flushed.add(Histogram::fromParts(m_grid.exponent, m_grid.first, std::move(counts)));
}

Histogram BinCounter::take()
{
    flush();
    return std::exchange(m_flushed, Histogram());
}

} // namespace bitwright
