// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calib/stats_collector.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace bitwright {

void StatsCollector::add(const float* x, size_t n, Moments* channel)
{
    for (size_t begin = 0; begin < n; begin += kStatsBlock)
        addBlock(x + begin, std::min(kStatsBlock, n - begin), channel);
}

void StatsCollector::addBlock(const float* x, size_t n, Moments* channel)
{
    const BlockStats block = blockStats(x, n);
    if (!block.finite) {
        addDamagedBlock(x, n, channel);
        return;
    }
    account(block, n, channel);
    if (m_keepBins)
        queueBins(x, n, block);
}

void StatsCollector::addDamagedBlock(const float* x, size_t n, Moments* channel)
{
    float finite[kStatsBlock];
    const size_t count =
        size_t(std::copy_if(x, x + n, finite, [](float v) { return std::isfinite(v); }) - finite);
    m_nonFinite += int64_t(n - count);
    if (count == 0)
        return;
    const BlockStats block = blockStats(finite, count);
    account(block, count, channel);
    if (m_keepBins)
        m_bins.add(finite, count, block.min, block.max);
}

void StatsCollector::account(const BlockStats& block, size_t n, Moments* channel)
{
    m_all.add(block, n);
    if (channel)
        channel->add(block, n);
    m_zeros += block.zeros;
    m_sampleMin = std::min(m_sampleMin, block.min);
    m_sampleMax = std::max(m_sampleMax, block.max);
}

// Short neighbouring runs are binned together, which is what makes a 7 x 7 feature map cheap.
void StatsCollector::queueBins(const float* x, size_t n, const BlockStats& block)
{
    if (m_queue + m_queued != x || m_queued + n > kStatsBlock)
        countQueued();
    if (m_queued == 0) {
        m_queue = x;
        m_queueMin = block.min;
        m_queueMax = block.max;
    }
    m_queued += n;
    m_queueMin = std::min(m_queueMin, block.min);
    m_queueMax = std::max(m_queueMax, block.max);
}

void StatsCollector::countQueued()
{
    if (m_queued)
        m_bins.add(m_queue, m_queued, m_queueMin, m_queueMax);
    m_queued = 0;
}

std::pair<float, float> StatsCollector::takeExtremes()
{
    constexpr float infinity = std::numeric_limits<float>::infinity();
    return {std::exchange(m_sampleMin, infinity), std::exchange(m_sampleMax, -infinity)};
}

void StatsCollector::addTo(TensorStats& stats)
{
    countQueued();
    stats.all.add(std::exchange(m_all, Moments()));
    stats.zeros += std::exchange(m_zeros, 0);
    stats.nonFinite += std::exchange(m_nonFinite, 0);
    if (m_keepBins)
        stats.histogram.add(m_bins.take());
}

} // namespace bitwright
