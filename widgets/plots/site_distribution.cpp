// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/site_distribution.h"

#include "core/quant/entry_layout.h"
#include "core/quant/quantize.h"

#include <algorithm>
#include <cmath>
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
        if (i == 0 || range.hi - range.lo > d.widest.hi - d.widest.lo) {
            d.widest = range;
            d.widestEntry = i;
        }
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

/// Values of one channel and the params they have.
void keepChannel(Tensor& tensor, QuantParams& params, int axis, int64_t channel)
{
    const EntryLayout layout = entryLayout(tensor.shape(), axis, 0);
    const std::vector<float> values = entryValues(tensor, layout, channel);
    tensor = Tensor::fromFloats({1, int64_t(values.size())}, values);
    const size_t each = std::max<size_t>(1, params.scale.size() / size_t(layout.channels));
    params = params.scale.size() > 1 ? entryParams(params, size_t(channel) * each, each)
                                     : entryParams(params, 0, params.scale.size());
}

std::vector<SiteDistribution::Sample> spreadSamples(const Tensor& before, const Tensor& after)
{
    constexpr int64_t kSamples = 2000;
    const int64_t step = std::max<int64_t>(1, before.size() / kSamples);
    std::vector<SiteDistribution::Sample> samples;
    for (int64_t i = 0; i < before.size(); i += step)
        samples.push_back({before.floats()[size_t(i)], after.floats()[size_t(i)]});
    return samples;
}

std::vector<double> channelErrors(const Tensor& tensor, const QuantParams& params, int axis)
{
    std::vector<double> sqnr;
    const std::vector<std::vector<ErrorSums>> errors = channelErrorAtMany(tensor, {&params, 1}, axis);
    for (const ErrorSums& error : errors.front())
        sqnr.push_back(error.sqnrDb());
    return sqnr;
}

double clippingMse(const Tensor& tensor, const QuantParams& params)
{
    const EntryLayout layout = entryLayout(tensor.shape(), params.axis, params.group);
    double squares = 0;
    forEachRun(layout, 0, layout.size(), [&](int64_t entry, int64_t offset, int64_t length) {
        const Range range = params.range(size_t(entry));
        for (const float x : tensor.floats().subspan(size_t(offset), size_t(length))) {
            const double outside = double(x) - double(std::clamp(x, range.lo, range.hi));
            if (std::isfinite(outside))
                squares += outside * outside;
        }
    });
    return squares / double(std::max<int64_t>(1, tensor.size()));
}

/// Everything that follows from the values and decided params.
void fillQuantized(SiteDistribution& d, const Tensor& tensor)
{
    fillRanges(d);
    d.clippingMse = d.hasRange && d.error.clipped > 0 ? clippingMse(tensor, d.params) : 0;
    const Tensor quantized = fakeQuantize(tensor, d.params);
    d.samples = spreadSamples(tensor, quantized);
    if (hasCodes(d.params) && d.params.scale.size() <= 1)
        d.levels = countLevels(tensor, d.params);
    if (d.levels.empty())
        d.quantized = weightStats(quantized, -1, ChannelHistograms::No).histogram;
}

} // namespace

QuantParams entryParams(const QuantParams& params, size_t first, size_t count)
{
    QuantParams part = params;
    const auto cut = [&](auto& values, size_t each) {
        if (values.size() == params.scale.size() * each)
            values = {values.begin() + ptrdiff_t(first * each),
                      values.begin() + ptrdiff_t((first + count) * each)};
    };
    if (!params.scale.empty()) {
        cut(part.codebook, params.codebook.size() / params.scale.size());
        cut(part.zeroPoint, 1);
        cut(part.scale, 1);
    }
    part.axis = count > 1 ? 0 : -1;
    part.group = count > 1 ? params.group : 0;
    return part;
}

Result<SiteDistribution> weightDistribution(const Model& model, const Layer& layer, size_t index,
                                            const QuantPlan& plan, Progress& progress, int64_t channel)
{
    const WeightRef& site = layer.weights[index];
    SiteDistribution d;
    d.name = site.parameter;
    d.spec = plan.weights(layer.name);
    BITWRIGHT_TRY(const Tensor stored, model.runner->parameter(d.name));
    Tensor tensor = stored.toFloat();
    d.channels = summarizeChannels(weightStats(tensor, site.channelAxis, ChannelHistograms::No).channels);
    d.channel = channel >= 0 && channel < int64_t(d.channels.channels.size()) ? channel : -1;
    if (progress.cancelled())
        return cancelledError();
    BITWRIGHT_TRY(const LayerReport report, weightReport(*model.runner, layer, plan));
    const bool quantized = !d.spec.isFloat32() && index < report.weightTensors.size();
    if (quantized) {
        d.params = report.weightTensors[index].params;
        d.error = report.weightTensors[index].error;
        d.bytes = report.weightTensors[index].bytes;
        d.channelSqnrDb = channelErrors(tensor, d.params, site.channelAxis);
    }
    if (progress.cancelled())
        return cancelledError();
    if (d.channel >= 0) {
        keepChannel(tensor, d.params, site.channelAxis, d.channel);
        d.error = quantizationError(tensor, d.params);
        d.bytes = 0;
    }
    d.stats = weightStats(tensor, -1, ChannelHistograms::No);
    if (quantized)
        fillQuantized(d, tensor);
    return d;
}

Result<Histogram> quantizedHistogram(const Model& model, const Layer& layer, size_t index,
                                     const QuantPlan& plan)
{
    BITWRIGHT_TRY(const Tensor stored, model.runner->parameter(layer.weights[index].parameter));
    Tensor tensor = stored.toFloat();
    if (!plan.weights(layer.name).isFloat32()) {
        BITWRIGHT_TRY(const LayerReport report, weightReport(*model.runner, layer, plan));
        if (index < report.weightTensors.size())
            tensor = fakeQuantize(tensor, report.weightTensors[index].params);
    }
    return weightStats(tensor, -1, ChannelHistograms::No).histogram;
}

Result<SiteDistribution> activationDistribution(const std::string& name, const TensorStats& stats,
                                                const QuantSpec& spec)
{
    SiteDistribution d;
    d.name = name;
    d.spec = spec;
    d.stats = stats;
    d.stats.channels.clear();
    d.channels = summarizeChannels(stats.channels);
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
    const Tensor values = Tensor::fromFloats({int64_t(centres.size())}, centres);
    const Tensor quantized = fakeQuantize(values, d.params);
    d.samples = spreadSamples(values, quantized);
    std::map<float, double> counts = emptyLevels(d.params);
    for (size_t i = 0; i < centres.size(); ++i)
        counts[quantized.floats()[i]] += double(histogram.counts()[i]);
    for (const auto& [value, count] : counts)
        d.levels.push_back({value, count});
    return d;
}

} // namespace bitwright
