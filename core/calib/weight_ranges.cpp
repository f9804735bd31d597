// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calib/weight_ranges.h"

#include "core/base/parallel.h"
#include "core/calib/calibrate.h"
#include "core/calib/estimators.h"
#include "core/calib/range_search.h"
#include "core/calib/value_range.h"
#include "core/calib/weight_rows.h"
#include "core/quant/entry_layout.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <set>

namespace bitwright {
namespace {

bool needsHistogram(Estimator estimator)
{
    return estimator == Estimator::Percentile || estimator == Estimator::Mse || estimator == Estimator::Lp ||
           estimator == Estimator::Entropy;
}

/// Whether the values themselves are searched for the least squared error; many go into a histogram.
bool searchesValues(const QuantSpec& spec, int64_t count)
{
    constexpr int64_t kPerLevel = 64; // a histogram is searched in time that grows with the levels
    return spec.estimator == Estimator::Mse && spec.format == Format::Int &&
           count <= kPerLevel << std::min(spec.bits, 8);
}

Range tensorRange(const Tensor& weight, const QuantSpec& spec)
{
    const TensorStats stats = weightStats(weight, -1, ChannelHistograms::No);
    return estimateRange(spec, distributionOf(stats));
}

/// From the ends of each channel or group alone.
std::vector<Range> minMaxRanges(const Tensor& weight, const QuantSpec& spec, int axis, int64_t group)
{
    std::vector<Range> ranges = entryRanges(weight, axis, group);
    for (Range& range : ranges)
        range = shapedRange(spec, range);
    return ranges;
}

/// `weight` with `axis` in front: [C, everything else].
Tensor channelRows(const Tensor& weight, int axis)
{
    const ChannelView view = channelView(weight, axis);
    if (view.outer == 1)
        return weight;
    Tensor rows = Tensor::empty(DType::F32, {view.channels, view.outer * view.inner});
    float* to = rows.mutableFloats().data();
    for (int64_t c = 0; c < view.channels; ++c)
        for (int64_t o = 0; o < view.outer; ++o, to += view.inner)
            std::memcpy(to, view.data + (o * view.channels + c) * view.inner,
                        size_t(view.inner) * sizeof(float));
    return rows;
}

Range pieceRange(const QuantSpec& spec, std::span<const float> values)
{
    if (searchesValues(spec, int64_t(values.size())))
        return mseRangeOfValues(spec, values);
    if (spec.estimator == Estimator::Percentile)
        return percentileRangeOfValues(spec, values);
    return tensorRange(Tensor::wrap(DType::F32, {int64_t(values.size())}, values.data(), nullptr), spec);
}

/// Ranges of pieces of `size` elements of each channel, channel-major; the last piece of a channel may be
/// shorter. One row at a time keeps the histograms of at most one channel in memory per thread.
std::vector<Range> pieceRanges(const Tensor& weight, const QuantSpec& spec, int axis, int64_t size)
{
    const Tensor rows = channelRows(weight, axis);
    const int64_t channels = channelView(weight, axis).channels, length = weight.size() / channels;
    const int64_t pieces = (length + size - 1) / size;
    std::vector<Range> ranges(size_t(channels * pieces));
    parallelFor(channels, [&](int64_t c) {
        for (int64_t i = 0; i < pieces; ++i) {
            const int64_t count = std::min(size, length - i * size);
            const float* first = rows.floats().data() + c * length + i * size;
            ranges[size_t(c * pieces + i)] = pieceRange(spec, {first, size_t(count)});
        }
    });
    return ranges;
}

/// One range for each index along `axis`.
std::vector<Range> channelRanges(const Tensor& weight, const QuantSpec& spec, int axis)
{
    if (spec.estimator == Estimator::MinMax)
        return minMaxRanges(weight, spec, axis, 0);
    const int64_t length = weight.size() / channelView(weight, axis).channels;
    if (searchesValues(spec, length))
        return pieceRanges(weight, spec, axis, length);
    const auto wanted = needsHistogram(spec.estimator) ? ChannelHistograms::Yes : ChannelHistograms::No;
    return estimateChannelRanges(spec, weightStats(weight, axis, wanted));
}

std::vector<Range> groupRanges(const Tensor& weight, const QuantSpec& spec, int axis)
{
    if (spec.estimator == Estimator::MinMax)
        return minMaxRanges(weight, spec, axis, spec.group);
    return pieceRanges(weight, spec, axis, std::max<int64_t>(1, spec.group));
}

QuantSpec weightSpec(QuantSpec spec)
{
    if (spec.estimator == Estimator::MovingAverage) // a weight has no samples to average over
        spec.estimator = Estimator::MinMax;
    if (spec.granularity == Granularity::Model)
        spec.granularity = Granularity::Tensor;
    return spec;
}

Result<Tensor> floatingParameter(const ModelRunner& runner, const std::string& name)
{
    BITWRIGHT_TRY(const Tensor weight, runner.parameter(name));
    switch (weight.dtype()) {
    case DType::F32:
    case DType::F64:
    case DType::F16:
    case DType::BF16:
        return weight;
    default:
        return Error{Error::Unsupported,
                     std::string("This weight holds ") + dtypeName(weight.dtype()) +
                         " numbers and cannot be quantized again; keep its layer in float.",
                     name};
    }
}

/// Params of the weights of a layer whose spec lists the ranges of all of them.
Result<std::vector<QuantParams>> layerParamsFromRanges(const Layer& layer, const QuantSpec& spec)
{
    int64_t needed = 0;
    for (const WeightRef& site : layer.weights)
        needed += scalesOf(site, spec);
    if (needed != int64_t(spec.ranges.size()))
        return Error{Error::Unsupported,
                     "The plan gives " + std::to_string(spec.ranges.size()) +
                         " ranges for the weights of this layer, but " + std::to_string(needed) +
                         " are needed; choose an estimator instead.",
                     layer.name};
    std::vector<QuantParams> all;
    auto next = spec.ranges.begin();
    for (const WeightRef& site : layer.weights) {
        std::vector<Range> ranges;
        for (int64_t i = 0; i < scalesOf(site, spec); ++i, ++next)
            ranges.push_back({float((*next)[0]), float((*next)[1])});
        all.push_back(paramsFromRanges(weightSpec(spec), ranges, site.channelAxis));
    }
    return all;
}

std::set<std::string> pooledParameters(const Graph& graph, const QuantPlan& plan)
{
    std::set<std::string> names;
    for (const Layer& layer : graph.layers) {
        const QuantSpec& spec = plan.weights(layer.name);
        if (spec.granularity == Granularity::Model && !spec.isFloat32())
            for (const WeightRef& site : layer.weights)
                names.insert(site.parameter);
    }
    return names;
}

/// Channels along axis 0 know nothing of each other: large weights are resolved some rows at a time.
Result<QuantParams> resolveByRows(const Tensor& weight, const WeightRef& site, const QuantSpec& spec)
{
    QuantParams whole;
    const int64_t rows = weight.shape()[0], step = rowsAtATime(weight);
    for (int64_t first = 0; first < rows; first += step) {
        const Tensor part = rowsOf(weight, first, std::min(rows, first + step)).toFloat();
        BITWRIGHT_TRY(QuantParams params, resolveWeight(part, site, spec));
        if (first == 0) {
            whole = std::move(params);
            continue;
        }
        whole.scale.insert(whole.scale.end(), params.scale.begin(), params.scale.end());
        whole.zeroPoint.insert(whole.zeroPoint.end(), params.zeroPoint.begin(), params.zeroPoint.end());
        whole.codebook.insert(whole.codebook.end(), params.codebook.begin(), params.codebook.end());
    }
    return whole;
}

bool resolvesByRows(const Tensor& weight, const WeightRef& site, const QuantSpec& spec)
{
    const bool byChannel = spec.granularity == Granularity::Channel || spec.granularity == Granularity::Group;
    return byChannel && site.channelAxis == 0 && weight.size() > kRowsElements &&
           weight.shape()[0] > rowsAtATime(weight);
}

} // namespace

int64_t scalesOf(const WeightRef& site, const QuantSpec& spec)
{
    const bool whole = spec.granularity == Granularity::Tensor || spec.granularity == Granularity::Model;
    if (whole || site.channelAxis < 0)
        return 1;
    return entryLayout(site.shape, site.channelAxis, spec.granularity == Granularity::Group ? spec.group : 0)
        .entries();
}

QuantParams paramsOfRows(const QuantParams& params, int64_t rows, int64_t first, int64_t count)
{
    if (params.axis != 0 || params.scale.size() <= 1 || rows <= 0)
        return params;
    QuantParams own = params;
    const auto cut = [&](auto& list) {
        const auto each = int64_t(list.size()) / rows;
        list = {list.begin() + first * each, list.begin() + (first + count) * each};
    };
    cut(own.scale);
    cut(own.zeroPoint);
    cut(own.codebook);
    return own;
}

Result<QuantParams> resolveWeight(const Tensor& weight, const WeightRef& site, const QuantSpec& spec)
{
    if (site.channelAxis >= int(weight.dim()))
        return Error{Error::Internal, "The channel axis lies outside the weight's shape.", site.parameter};
    const QuantSpec own = weightSpec(spec);
    if (resolvesByRows(weight, site, own))
        return resolveByRows(weight, site, own);
    if (!own.hasRange())
        return paramsFromValues(own, weight.toFloat(), site.channelAxis);
    const bool whole = own.granularity == Granularity::Tensor || site.channelAxis < 0 || weight.size() == 0;
    if (whole)
        return paramsFromRanges(weightSpec(own), {tensorRange(weight, own)}, site.channelAxis);
    const Tensor values = weight.toFloat();
    const std::vector<Range> ranges = own.granularity == Granularity::Group
                                          ? groupRanges(values, own, site.channelAxis)
                                          : channelRanges(values, own, site.channelAxis);
    return paramsFromRanges(own, ranges, site.channelAxis);
}

Result<Tensor> modelPool(const ModelRunner& runner, const QuantPlan& plan, Progress& progress)
{
    std::vector<Tensor> parts;
    int64_t size = 0;
    for (const std::string& name : pooledParameters(runner.graph(), plan)) {
        if (progress.cancelled())
            return cancelledError();
        BITWRIGHT_TRY(Tensor part, floatingParameter(runner, name));
        part = part.toFloat();
        size += part.size();
        parts.push_back(std::move(part));
    }
    if (parts.empty())
        return Tensor();
    Tensor pool = Tensor::empty(DType::F32, {size});
    float* to = pool.mutableFloats().data();
    for (const Tensor& part : parts)
        to = std::copy(part.floats().begin(), part.floats().end(), to);
    return pool;
}

Result<std::vector<QuantParams>> resolveLayerWeights(const ModelRunner& runner, const Layer& layer,
                                                     const QuantSpec& spec, const Tensor& pool)
{
    if (spec.estimator == Estimator::Fixed && !spec.ranges.empty() && spec.hasRange())
        return layerParamsFromRanges(layer, spec);
    if (spec.granularity == Granularity::Model && !pool.isNull()) {
        BITWRIGHT_TRY(const QuantParams shared, resolveWeight(pool, {{}, pool.shape(), -1, -1}, spec));
        return std::vector<QuantParams>(layer.weights.size(), shared);
    }
    std::vector<QuantParams> all;
    for (const WeightRef& site : layer.weights) {
        BITWRIGHT_TRY(const Tensor weight, floatingParameter(runner, site.parameter));
        BITWRIGHT_TRY(QuantParams params, resolveWeight(weight, site, spec));
        all.push_back(std::move(params));
    }
    return all;
}

} // namespace bitwright
