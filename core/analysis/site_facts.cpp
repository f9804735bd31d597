// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/site_facts.h"

#include "core/analysis/analyze.h"
#include "core/calib/estimators.h"
#include "core/quant/entry_layout.h"
#include "core/quant/quantize.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

namespace bitwright {

namespace {

int64_t fewestFor99(std::vector<double> counts)
{
    std::sort(counts.begin(), counts.end(), std::greater<>());
    double total = 0, sum = 0;
    for (const double count : counts)
        total += count;
    int64_t levels = 0;
    while (sum < 0.99 * total && size_t(levels) < counts.size())
        sum += counts[size_t(levels++)];
    return levels;
}

int64_t levelCount(const QuantParams& params)
{
    return params.format == Format::Int ? int64_t(params.qmax) - params.qmin + 1 : 0;
}

/// Squared error of the elements that are farther from their level than rounding can bring them.
double clippingError(const Tensor& x, const Tensor& quantized, const QuantParams& params)
{
    const bool whole = params.scale.size() == 1;
    const EntryLayout layout = entryLayout(x.shape(), whole ? -1 : params.axis, whole ? 0 : params.group);
    const bool nearest = params.rounding == Rounding::HalfEven || params.rounding == Rounding::HalfAway;
    const float *a = x.floats().data(), *b = quantized.floats().data();
    double sum = 0;
    forEachRun(layout, 0, layout.size(), [&](int64_t entry, int64_t offset, int64_t length) {
        const double most = double(params.scale[size_t(entry)]) * (nearest ? 0.501 : 1.001);
        for (int64_t i = offset; i < offset + length; ++i) {
            const double e = double(a[i]) - b[i];
            sum += std::fabs(e) > most ? e * e : 0;
        }
    });
    return sum;
}

/// Elements other than 0 on every level.
int64_t usedLevels(const Tensor& x, const QuantParams& params)
{
    const std::vector<int32_t> codes = quantizeToCodes(x, params);
    std::vector<double> counts(size_t(levelCount(params)), 0);
    for (size_t i = 0; i < codes.size(); ++i)
        if (x.floats()[i] != 0)
            ++counts[size_t(codes[i] - params.qmin)];
    return fewestFor99(std::move(counts));
}

/// The same for binned values, each bin at its centre.
int64_t usedLevels(const TensorStats& stats, const QuantParams& params)
{
    const Histogram& histogram = stats.histogram;
    std::vector<float> centres;
    for (size_t b = 0; b < histogram.counts().size(); ++b)
        centres.push_back(std::clamp(float(histogram.centre(b)), stats.all.min, stats.all.max));
    const std::vector<int32_t> codes =
        quantizeToCodes(Tensor::fromFloats({int64_t(centres.size())}, centres), params);
    std::map<int32_t, double> counts;
    for (size_t b = 0; b < codes.size(); ++b) {
        const bool holdsZero = int64_t(b) + histogram.firstBin() == 0;
        counts[codes[b]] += double(histogram.counts()[b] - (holdsZero ? stats.zeros : 0));
    }
    std::vector<double> flat;
    for (const auto& [code, count] : counts)
        flat.push_back(count);
    return fewestFor99(std::move(flat));
}

} // namespace

SiteFacts weightFacts(const Tensor& weight, int channelAxis, const QuantParams& params)
{
    SiteFacts facts;
    const TensorStats stats = weightStats(weight, channelAxis, ChannelHistograms::No);
    facts.channels = summarizeChannels(stats.channels);
    if (stats.all.count > 0)
        facts.values = {stats.all.min, stats.all.max};
    facts.error = quantizationError(weight, params);
    facts.severalScales = params.scale.size() > 1;
    if (params.format != Format::Int || weight.size() == 0)
        return facts;
    facts.clippedShare = facts.error.clippedShare();
    if (facts.error.squared > 0)
        facts.clippingPart =
            std::min(1.0, clippingError(weight, fakeQuantize(weight, params), params) / facts.error.squared);
    facts.levels = levelCount(params);
    facts.levelsFor99 = usedLevels(weight, params);
    return facts;
}

SiteFacts activationFacts(const TensorStats& stats, const QuantSpec& spec)
{
    SiteFacts facts;
    facts.channels = summarizeChannels(stats.channels);
    if (stats.isEmpty())
        return facts;
    facts.values = {stats.all.min, stats.all.max};
    const SiteReport report = activationReport(stats, spec);
    facts.error = report.error;
    facts.severalScales = report.params.scale.size() > 1;
    if (report.params.format != Format::Int || facts.severalScales)
        return facts;
    const Grid grid{report.params.scale.front(), report.params.zeroPoint.front()};
    const BinnedError error = binnedError(spec, grid, distributionOf(stats));
    facts.clippedShare = facts.error.clippedShare();
    if (error.rounding + error.clipping > 0)
        facts.clippingPart = error.clipping / (error.rounding + error.clipping);
    facts.levels = levelCount(report.params);
    facts.levelsFor99 = usedLevels(stats, report.params);
    return facts;
}

} // namespace bitwright
