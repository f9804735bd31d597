// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/site_distribution.h"

#include "core/quant/quantize.h"

#include <algorithm>
#include <map>

namespace bitwright {

namespace {

/// Above this a grid looks continuous and a histogram says the same.
constexpr size_t kMostLevels = 4096;

bool hasCodes(const QuantParams& params)
{
    return params.format == Format::Int || params.format == Format::Binary ||
           params.format == Format::Ternary || params.format == Format::Codebook;
}

void fillRanges(SiteDistribution& d)
{
    d.hasRange = d.params.format == Format::Int && !d.params.scale.empty();
    for (size_t i = 0; d.hasRange && i < d.params.scale.size(); ++i) {
        const Range range = d.params.range(i);
        if (i == 0 || range.hi - range.lo > d.widest.hi - d.widest.lo)
            d.widest = range;
        if (i == 0 || range.hi - range.lo < d.narrowest.hi - d.narrowest.lo)
            d.narrowest = range;
    }
}

std::vector<SiteDistribution::Level> countLevels(const Tensor& tensor, const QuantParams& params)
{
    const std::vector<int32_t> codes = quantizeToCodes(tensor, params);
    if (codes.empty())
        return {};
    const auto [least, most] = std::minmax_element(codes.begin(), codes.end());
    const size_t span = size_t(int64_t(*most) - *least + 1);
    if (span > kMostLevels)
        return {};
    std::vector<int32_t> grid(span);
    std::vector<double> counts(span, 0);
    for (size_t i = 0; i < span; ++i)
        grid[i] = *least + int32_t(i);
    for (int32_t code : codes)
        ++counts[size_t(code - *least)];
    const Tensor values = dequantize(grid, {int64_t(span)}, params);
    std::vector<SiteDistribution::Level> levels;
    for (size_t i = 0; i < span; ++i)
        levels.push_back({values.floats()[i], counts[i]});
    return levels;
}

/// Every value of an integer grid, so that unused levels are drawn as gaps.
std::map<float, double> emptyLevels(const QuantParams& params)
{
    std::map<float, double> counts;
    const int64_t span = int64_t(params.qmax) - params.qmin + 1;
    if (params.format != Format::Int || span > int64_t(kMostLevels))
        return counts;
    std::vector<int32_t> grid;
    for (int32_t q = params.qmin; q <= params.qmax; ++q)
        grid.push_back(q);
    const Tensor values = dequantize(grid, {span}, params);
    for (float value : values.floats())
        counts[value] = 0;
    return counts;
}

} // namespace

Result<SiteDistribution> weightDistribution(const Model& model, const Layer& layer, size_t index,
                                            const QuantPlan& plan, Progress& progress)
{
    SiteDistribution d;
    d.name = layer.weights[index].parameter;
    d.spec = plan.weights(layer.name);
    BITWRIGHT_TRY(const Tensor stored, model.runner->parameter(d.name));
    const Tensor tensor = stored.toFloat();
    d.stats = weightStats(tensor, -1, ChannelHistograms::No);
    if (progress.cancelled())
        return cancelledError();
    BITWRIGHT_TRY(const LayerReport report, weightReport(*model.runner, layer, plan));
    if (d.spec.isFloat32() || index >= report.weightTensors.size())
        return d;
    const SiteReport& site = report.weightTensors[index];
    d.params = site.params;
    d.error = site.error;
    d.bytes = site.bytes;
    fillRanges(d);
    if (progress.cancelled())
        return cancelledError();
    if (hasCodes(d.params) && d.params.scale.size() <= 1)
        d.levels = countLevels(tensor, d.params);
    if (d.levels.empty())
        d.quantized = weightStats(fakeQuantize(tensor, d.params), -1, ChannelHistograms::No).histogram;
    return d;
}

Result<SiteDistribution> activationDistribution(const std::string& name, const TensorStats& stats,
                                                const QuantSpec& spec)
{
    SiteDistribution d;
    d.name = name;
    d.spec = spec;
    d.stats = stats;
    d.expected = true;
    if (spec.isFloat32() || stats.isEmpty())
        return d;
    d.params = resolveActivation(stats, spec).params;
    d.error = activationReport(stats, spec).error;
    fillRanges(d);
    if (d.params.scale.size() > 1)
        return d;
    const Histogram& histogram = stats.histogram;
    std::vector<float> centres(histogram.counts().size());
    for (size_t i = 0; i < centres.size(); ++i)
        centres[i] = float(std::clamp(histogram.centre(i), double(stats.all.min), double(stats.all.max)));
    const Tensor quantized = fakeQuantize(Tensor::fromFloats({int64_t(centres.size())}, centres), d.params);
    std::map<float, double> counts = emptyLevels(d.params);
    for (size_t i = 0; i < centres.size(); ++i)
        counts[quantized.floats()[i]] += double(histogram.counts()[i]);
    for (const auto& [value, count] : counts)
        d.levels.push_back({value, count});
    return d;
}

} // namespace bitwright
