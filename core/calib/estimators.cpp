// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calib/estimators.h"

#include "core/base/parallel.h"
#include "core/calib/estimators_p.h"

#include <iterator>

namespace bitwright {
namespace {

struct Row {
    Estimator estimator;
    EstimateFunction estimate;
    bool needsHistogram;
    bool needsUniformGrid;
};

constexpr Row kRows[] = {
    {Estimator::MinMax, estimateMinMax, false, false},
    {Estimator::MovingAverage, estimateMovingAverage, false, false},
    {Estimator::Percentile, estimatePercentile, true, false},
    {Estimator::Mse, estimateMse, true, true},
    {Estimator::Lp, estimateLp, true, true},
    {Estimator::Entropy, estimateEntropy, true, true},
    {Estimator::AciqGauss, estimateAciqGauss, false, true},
    {Estimator::AciqLaplace, estimateAciqLaplace, false, true},
    {Estimator::MeanSigma, estimateMeanSigma, false, false},
    {Estimator::Fixed, estimateFixed, false, false},
};

const Row& rowOf(Estimator estimator)
{
    for (const Row& row : kRows)
        if (row.estimator == estimator)
            return row;
    return kRows[0];
}

} // namespace

Distribution distributionOf(const TensorStats& stats)
{
    return {&stats.histogram, stats.all.count, stats.zeros,         stats.all.min, stats.all.max,
            stats.all.mean(), stats.all.std(), stats.all.meanAbs(), stats.emaMin,  stats.emaMax};
}

Distribution distributionOf(const TensorStats& stats, size_t c)
{
    const Moments& moments = stats.channels[c];
    const bool histogram = c < stats.channelHistograms.size();
    return {histogram ? &stats.channelHistograms[c] : nullptr,
            moments.count,
            histogram ? stats.channelZeros[c] : 0,
            moments.min,
            moments.max,
            moments.mean(),
            moments.std(),
            moments.meanAbs(),
            moments.min,
            moments.max};
}

Range estimateRange(const QuantSpec& spec, const Distribution& distribution)
{
    const Row& row = rowOf(spec.estimator);
    if (distribution.count == 0 && spec.estimator != Estimator::Fixed)
        return {};
    const bool blind = row.needsHistogram && (!distribution.histogram || distribution.histogram->isEmpty());
    if (blind || (row.needsUniformGrid && spec.format != Format::Int))
        return estimateMinMax(spec, distribution);
    return row.estimate(spec, distribution);
}

std::vector<Range> estimateChannelRanges(const QuantSpec& spec, const TensorStats& stats)
{
    constexpr size_t kTile = 4;
    const size_t channels = stats.channels.size();
    std::vector<Range> ranges(channels);
    parallelFor(int64_t((channels + kTile - 1) / kTile), [&](int64_t tile) {
        for (size_t c = size_t(tile) * kTile; c < std::min(channels, size_t(tile + 1) * kTile); ++c)
            ranges[c] = estimateRange(spec, distributionOf(stats, c));
    });
    return ranges;
}

} // namespace bitwright
