// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/calib/tensor_stats.h"
#include "core/tensor/bin_counter.h"

#include <utility>
#include <vector>

namespace bitwright {

/// Statistics of a stream of contiguous runs; one per thread. A run is cut into blocks of kStatsBlock from
/// its beginning, every block is summed in a fixed order and added exactly. So what a run contributes
/// depends on the run alone, and collectors can be merged in any order.
class StatsCollector {
public:
    enum class Bins { No, Yes };
    explicit StatsCollector(Bins bins = Bins::Yes)
        : m_keepBins(bins == Bins::Yes)
    {
    }

    /// The memory of `x` must live until the next add or finish. `channel` (may be null) gets the same sums.
    void add(const float* x, size_t n, Moments* channel);
    /// Least and greatest finite value since the last call (infinity, -infinity if there was none).
    std::pair<float, float> takeExtremes();
    /// Adds everything to `stats.all`, zeros, nonFinite and the histogram; the collector is empty afterwards.
    void addTo(TensorStats& stats);

private:
    void addBlock(const float* x, size_t n, Moments* channel);
    void addDamagedBlock(const float* x, size_t n, Moments* channel);
    void account(const BlockStats& block, size_t n, Moments* channel);
    void queueBins(const float* x, size_t n, const BlockStats& block);
    void countQueued();

    bool m_keepBins;
    Moments m_all;
    int64_t m_zeros = 0, m_nonFinite = 0;
    float m_sampleMin = std::numeric_limits<float>::infinity();
    float m_sampleMax = -std::numeric_limits<float>::infinity();
    BinCounter m_bins;
    const float* m_queue = nullptr; ///< contiguous values that wait for binning, still in the cache
    size_t m_queued = 0;
    float m_queueMin = 0, m_queueMax = 0;
};

} // namespace bitwright
