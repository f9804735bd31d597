// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/graph/channel_pairs.h"
#include "core/ptq/matched_layers.h"
#include "core/ptq/repair_methods.h"
#include "core/quant/quantize.h"

#include <algorithm>

namespace bitwright {
namespace {

/// A channel whose deviation is off by more has lost its signal; blowing it up would amplify noise.
constexpr double kMost = 2;

std::vector<double> gains(const ChannelMoments& floating, const ChannelMoments& quantized)
{
    std::vector<double> gain(floating.sum.size(), 1);
    for (size_t c = 0; c < gain.size(); ++c)
        if (const double a = floating.std(c), b = quantized.std(c); a > 0 && b > 0)
            gain[c] = std::clamp(a / b, 1 / kMost, kMost);
    return gain;
}

/// Grids of whole channels are stretched with them, so that codes stay; others are found anew.
Result<QuantParams> regridded(const QuantParams& params, const std::vector<double>& gain,
                              const Tensor& weight, const WeightRef& reference, const QuantSpec& spec)
{
    if (params.format != Format::Int || params.axis != reference.channelAxis ||
        params.scale.size() % gain.size())
        return resolveWeight(weight, reference, spec);
    QuantParams stretched = params;
    const size_t perChannel = params.scale.size() / gain.size();
    for (size_t i = 0; i < stretched.scale.size(); ++i)
        stretched.scale[i] = float(double(params.scale[i]) * gain[i / perChannel]);
    return stretched;
}

bool canStretch(const Graph& graph, const Layer& layer, size_t channels)
{
    if (layer.weights.size() != 1)
        return false;
    const WeightRef& weight = layer.weights[0];
    int reads = 0;
    for (const Node& node : graph.nodes)
        reads += int(std::count(node.parameters.begin(), node.parameters.end(), weight.parameter));
    return reads == 1 && weight.channelAxis >= 0 &&
           weight.shape[size_t(weight.channelAxis)] == int64_t(channels);
}

/// The weight's channels times `gain`, in float and on their grid.
Result<void> stretch(Matching& matching, const MatchedLayer& place, const std::vector<double>& gain)
{
    const Layer& layer = *place.layer;
    const WeightRef& reference = layer.weights[0];
    BITWRIGHT_TRY(const Tensor before, matching.parameter(reference.parameter));
    Tensor weight = Tensor::empty(DType::F32, before.shape());
    const std::vector<int32_t> channels = outputChannels(layer);
    for (size_t e = 0; e < channels.size(); ++e)
        weight.mutableFloats()[e] = float(double(before.floats()[e]) * gain[size_t(channels[e])]);
    matching.parameters[reference.parameter] = weight;
    const auto resolved = matching.resolved.weights.find(reference.parameter);
    if (resolved == matching.resolved.weights.end()) {
        matching.config.weights[reference.parameter] = weight;
        return {};
    }
    BITWRIGHT_TRY(resolved->second, regridded(resolved->second, gain, weight, reference,
                                              matching.job.plan.weights(layer.name)));
    matching.config.weights[reference.parameter] = fakeQuantize(weight, resolved->second);
    return {};
}

Result<void> matchMoments(Matching& matching, const MatchedLayer& layer, const ChannelMoments& floating,
                          Progress& progress)
{
    BITWRIGHT_TRY(ChannelMoments quantized, matching.measure(layer, progress));
    if (canStretch(matching.job.runner.graph(), *layer.layer, floating.sum.size())) {
        BITWRIGHT_CHECK(stretch(matching, layer, gains(floating, quantized)));
        BITWRIGHT_TRY(quantized, matching.measure(layer, progress));
    }
    return matching.moveBias(layer, floating, quantized);
}

} // namespace

Result<Repair> reestimateNorms(const RepairJob& job, Progress& progress)
{
    return matchLayers(job, "Re-estimating means and deviations", matchMoments, progress);
}

} // namespace bitwright
