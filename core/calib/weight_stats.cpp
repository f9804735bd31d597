// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/parallel.h"
#include "core/calib/calibrate.h"
#include "core/calib/stats_collector.h"
#include "core/calib/tensor_stats.h"
#include "core/calib/weight_rows.h"

#include <algorithm>

namespace bitwright {
namespace {

constexpr int64_t kTile = 16; ///< channels of one task: a cache line where they are neighbours

// Copies channels [begin, end) of the view, each into contiguous memory.
void gather(const ChannelView& view, int64_t begin, int64_t end, std::vector<float>& out)
{
    const int64_t size = view.outer * view.inner;
    out.resize(size_t((end - begin) * size));
    for (int64_t o = 0; o < view.outer; ++o)
        for (int64_t c = begin; c < end; ++c) {
            const float* from = view.data + (o * view.channels + c) * view.inner;
            std::copy(from, from + view.inner, out.begin() + (c - begin) * size + o * view.inner);
        }
}

// The channels of one task, and what they have in common.
class Tile {
public:
    Tile(TensorStats& stats, bool histograms)
        : m_stats(stats)
        , m_histograms(histograms)
        , m_collector(histograms ? StatsCollector::Bins::No : StatsCollector::Bins::Yes)
    {
    }
    void addChannel(size_t c, const float* x, size_t n);
    TensorStats finish();

private:
    TensorStats& m_stats; ///< of the whole tensor: only the entries of this tile's channels are touched
    bool m_histograms;
    StatsCollector m_collector;
    TensorStats m_sum;
};

void Tile::addChannel(size_t c, const float* x, size_t n)
{
    Moments& moments = m_stats.channels[c];
    m_collector.add(x, n, &moments);
    if (!m_histograms)
        return;
    const int64_t zeros = m_sum.zeros;
    m_collector.addTo(m_sum);
    m_stats.channelZeros[c] = m_sum.zeros - zeros;
    m_stats.channelHistograms[c].add({x, n}, moments.min, moments.max);
    m_sum.histogram.add(m_stats.channelHistograms[c]);
}

TensorStats Tile::finish()
{
    m_collector.addTo(m_sum);
    return std::move(m_sum);
}

void mergeTiles(TensorStats& stats, const std::vector<TensorStats>& tiles)
{
    for (const TensorStats& tile : tiles) {
        stats.all.add(tile.all);
        stats.zeros += tile.zeros;
        stats.nonFinite += tile.nonFinite;
        stats.histogram.add(tile.histogram);
    }
    if (stats.isEmpty())
        return;
    stats.samples = 1;
    stats.emaMin = stats.all.min;
    stats.emaMax = stats.all.max;
}

TensorStats wholeStats(const Tensor& weight)
{
    TensorStats stats;
    forEachFloatRows(weight, [&](const Tensor& rows, int64_t) { addToStats(stats, rows, -1, false); });
    stats.shape = weight.shape();
    if (stats.isEmpty())
        return stats;
    stats.samples = 1;
    stats.emaMin = stats.all.min;
    stats.emaMax = stats.all.max;
    return stats;
}

} // namespace

TensorStats weightStats(const Tensor& weight, int channelAxis, ChannelHistograms histograms)
{
    if (channelAxis < 0 || channelAxis >= int(weight.dim()))
        return wholeStats(weight);
    TensorStats stats;
    const bool keep = histograms == ChannelHistograms::Yes;
    ChannelView view = channelView(std::span<const float>(), weight.shape(), channelAxis);
    // Channels that lie together are converted tile by tile: a half-precision tensor needs no float copy.
    const Tensor floats = view.outer > 1 ? weight.toFloat() : Tensor();
    if (view.outer > 1)
        view.data = floats.floats().data();
    stats.shape = weight.shape();
    stats.channelAxis = channelAxis;
    stats.channels.resize(size_t(view.channels));
    stats.channelHistograms.resize(keep ? size_t(view.channels) : 0);
    stats.channelZeros.resize(keep ? size_t(view.channels) : 0);
    std::vector<TensorStats> tiles(size_t((view.channels + kTile - 1) / kTile));
    parallelFor(int64_t(tiles.size()), [&](int64_t i) {
        const int64_t begin = i * kTile, end = std::min(begin + kTile, view.channels);
        const size_t size = size_t(view.outer * view.inner);
        std::vector<float> gathered;
        if (view.outer > 1)
            gather(view, begin, end, gathered);
        const Tensor rows = view.outer > 1 ? Tensor() : rowsOf(weight, begin, end).toFloat();
        const float* x = view.outer > 1 ? gathered.data() : rows.floats().data();
        Tile tile(stats, keep);
        for (int64_t c = begin; c < end; ++c)
            tile.addChannel(size_t(c), x + size_t(c - begin) * size, size);
        tiles[size_t(i)] = tile.finish();
    });
    mergeTiles(stats, tiles);
    return stats;
}

} // namespace bitwright
