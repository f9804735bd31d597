// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calib/tensor_stats.h"

#include "core/base/parallel.h"
#include "core/calib/stats_collector.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace bitwright {
namespace {

constexpr float kMovingAverage = 0.01f;
constexpr int64_t kSlice = 16 * int64_t(kStatsBlock); ///< elements that are worth a task of their own
constexpr int64_t kMostSlices = 16;
constexpr int64_t kShortRun = 8; ///< channels with fewer neighbouring elements are summed side by side

using Extremes = std::vector<SampleExtremes>;

// One batch: `samples` pieces of memory of equal length, each [outer, channels, inner] inside.
struct Batch {
    const float* data;
    int64_t samples, outer, channels, inner;
    int64_t sampleSize() const { return outer * channels * inner; }
    const float* run(int64_t sample, int64_t o, int64_t c) const
    {
        return data + sample * sampleSize() + (o * channels + c) * inner;
    }
};

Batch batchOf(const Tensor& tensor, int channelAxis, bool batched)
{
    const Shape& shape = tensor.shape();
    const bool split = batched && !shape.empty();
    const int64_t samples = split ? shape[0] : 1;
    if (channelAxis < 0)
        return {tensor.floats().data(), samples, 1, 1, samples ? tensor.size() / samples : 0};
    const ChannelView view = channelView(tensor, channelAxis);
    return {view.data, samples, view.outer / std::max<int64_t>(samples, 1), view.channels, view.inner};
}

struct Slice {
    StatsCollector collector;
    Extremes extremes; ///< by sample

    explicit Slice(int64_t samples)
        : extremes(size_t(samples), StatsCollector().takeExtremes())
    {
    }
    void closeSample(int64_t sample)
    {
        auto& [lo, hi] = extremes[size_t(sample)];
        const auto [min, max] = collector.takeExtremes();
        lo = std::min(lo, min);
        hi = std::max(hi, max);
    }
};

std::vector<Slice> makeSlices(const Batch& batch, int64_t most)
{
    const int64_t wanted = std::min(batch.samples * batch.sampleSize() / kSlice, kMostSlices);
    return std::vector<Slice>(size_t(std::max<int64_t>(1, std::min(wanted, most))), Slice(batch.samples));
}

// Every slice owns a range of channels, so nobody shares their moments.
std::vector<Slice> collectByChannel(const Batch& batch, std::vector<Moments>& channels)
{
    std::vector<Slice> slices = makeSlices(batch, batch.channels);
    const int64_t count = int64_t(slices.size());
    parallelFor(count, [&](int64_t i) {
        Slice& slice = slices[size_t(i)];
        for (int64_t sample = 0; sample < batch.samples; ++sample) {
            for (int64_t o = 0; o < batch.outer; ++o)
                for (int64_t c = batch.channels * i / count; c < batch.channels * (i + 1) / count; ++c)
                    slice.collector.add(batch.run(sample, o, c), size_t(batch.inner), &channels[size_t(c)]);
            slice.closeSample(sample);
        }
    });
    return slices;
}

// Every slice owns pieces of samples; pieces end where blocks end.
std::vector<Slice> collectBySample(const Batch& batch)
{
    const int64_t size = batch.sampleSize(), pieces = (size + kSlice - 1) / kSlice,
                  all = pieces * batch.samples;
    std::vector<Slice> slices = makeSlices(batch, std::max<int64_t>(all, 1));
    const int64_t count = int64_t(slices.size());
    parallelFor(count, [&](int64_t i) {
        Slice& slice = slices[size_t(i)];
        for (int64_t piece = all * i / count; piece < all * (i + 1) / count; ++piece) {
            const int64_t sample = piece / pieces, begin = piece % pieces * kSlice;
            slice.collector.add(batch.run(sample, 0, 0) + begin, size_t(std::min(kSlice, size - begin)),
                                nullptr);
            slice.closeSample(sample);
        }
    });
    return slices;
}

constexpr int64_t kTile = 16; ///< channels of one task: a cache line where they are neighbours

/// Sums of one sample's elements of some channels; their order is that of the sample, whatever the batch.
struct TileSums {
    double sum[kTile] = {}, squares[kTile] = {}, absolutes[kTile] = {};
    int64_t count[kTile] = {};
    float min[kTile], max[kTile];

    TileSums()
    {
        std::fill(min, min + kTile, std::numeric_limits<float>::infinity());
        std::fill(max, max + kTile, -std::numeric_limits<float>::infinity());
    }

    /// One element of each of the channels, `stride` apart. Without a branch: the compiler makes vectors of
    /// it.
    [[gnu::always_inline]] void add(const float* x, int64_t channels, int64_t stride)
    {
        constexpr float kMost = std::numeric_limits<float>::max();
        for (int64_t c = 0; c < channels; ++c) {
            const float value = x[c * stride] + 0.0f; // no -0
            const bool finite = std::abs(value) <= kMost;
            min[c] = finite && value < min[c] ? value : min[c];
            max[c] = finite && value > max[c] ? value : max[c];
            count[c] += finite;
            const double exact = finite ? value : 0;
            sum[c] += exact;
            squares[c] += exact * exact;
            absolutes[c] += std::abs(exact);
        }
    }

    void addTo(Moments* moments, int64_t channels) const
    {
        for (int64_t c = 0; c < channels; ++c) {
            Moments& m = moments[c];
            m.count += count[c];
            m.min = std::min(m.min, min[c]);
            m.max = std::max(m.max, max[c]);
            m.sum.add(sum[c]);
            m.sumSquares.add(squares[c]);
            m.sumAbs.add(absolutes[c]);
        }
    }
};

void addShortRuns(const Batch& batch, std::vector<Moments>& channels)
{
    parallelFor((batch.channels + kTile - 1) / kTile, [&](int64_t tile) {
        const int64_t first = tile * kTile, width = std::min(kTile, batch.channels - first);
        for (int64_t sample = 0; sample < batch.samples; ++sample) {
            TileSums sums;
            for (int64_t o = 0; o < batch.outer; ++o)
                if (batch.inner == 1 && width == kTile)
                    sums.add(batch.run(sample, o, first), kTile, 1);
                else
                    for (int64_t i = 0; i < batch.inner; ++i)
                        sums.add(batch.run(sample, o, first) + i, width, batch.inner);
            sums.addTo(channels.data() + first, width);
        }
    });
}

Extremes mergeSlices(TensorStats& stats, std::vector<Slice>& slices)
{
    Extremes extremes = slices[0].extremes;
    for (Slice& slice : slices) {
        slice.collector.addTo(stats);
        for (size_t sample = 0; sample < extremes.size(); ++sample) {
            auto& [min, max] = extremes[sample];
            min = std::min(min, slice.extremes[sample].first);
            max = std::max(max, slice.extremes[sample].second);
        }
    }
    for (const SampleExtremes& sample : extremes)
        addToAverage(stats, sample);
    return extremes;
}

} // namespace

double Moments::mean() const
{
    return count ? sum.value() / double(count) : 0;
}

double Moments::meanAbs() const
{
    return count ? sumAbs.value() / double(count) : 0;
}

double Moments::std() const
{
    if (count == 0 || min == max)
        return 0;
    const double average = mean();
    return std::sqrt(std::max(0.0, sumSquares.value() / double(count) - average * average));
}

void Moments::add(const Moments& other)
{
    if (other.count == 0)
        return;
    count += other.count;
    min = std::min(min, other.min);
    max = std::max(max, other.max);
    sum.add(other.sum);
    sumSquares.add(other.sumSquares);
    sumAbs.add(other.sumAbs);
}

void Moments::add(const BlockStats& block, size_t elements)
{
    count += int64_t(elements);
    min = std::min(min, block.min);
    max = std::max(max, block.max);
    sum.add(block.sum);
    sumSquares.add(block.sumSquares);
    sumAbs.add(block.sumAbs);
}

void addToAverage(TensorStats& stats, const SampleExtremes& sample)
{
    const auto [min, max] = sample;
    if (!(min <= max))
        return;
    const bool first = stats.samples++ == 0;
    stats.emaMin = first ? min : stats.emaMin + kMovingAverage * (min - stats.emaMin);
    stats.emaMax = first ? max : stats.emaMax + kMovingAverage * (max - stats.emaMax);
}

void mergeStats(TensorStats& stats, const TensorStats& other)
{
    stats.all.add(other.all);
    stats.zeros += other.zeros;
    stats.nonFinite += other.nonFinite;
    stats.histogram.add(other.histogram);
    if (other.channelAxis >= 0)
        stats.channelAxis = other.channelAxis;
    stats.channels.resize(std::max(stats.channels.size(), other.channels.size()));
    for (size_t c = 0; c < other.channels.size(); ++c)
        stats.channels[c].add(other.channels[c]);
    if (stats.shape.empty())
        stats.shape = other.shape;
}

std::vector<SampleExtremes> addToStats(TensorStats& stats, const Tensor& tensor, int channelAxis,
                                       bool batched)
{
    const Tensor floats = tensor.toFloat();
    stats.shape = tensor.shape();
    const bool keepChannels = channelAxis >= int(batched) && channelAxis < int(tensor.dim()) &&
                              tensor.shape()[size_t(channelAxis)] <= kMostChannels;
    const Batch batch = batchOf(floats, keepChannels ? channelAxis : -1, batched);
    if (keepChannels) {
        stats.channelAxis = channelAxis;
        stats.channels.resize(std::max(stats.channels.size(), size_t(batch.channels)));
    }
    const bool byChannel = keepChannels && batch.inner >= kShortRun;
    std::vector<Slice> slices = byChannel ? collectByChannel(batch, stats.channels) : collectBySample(batch);
    Extremes extremes = mergeSlices(stats, slices);
    if (keepChannels && !byChannel)
        addShortRuns(batch, stats.channels);
    return extremes;
}

} // namespace bitwright
