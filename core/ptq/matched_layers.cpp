// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ptq/matched_layers.h"

#include "core/calib/fixed_ranges.h"

#include <algorithm>
#include <cmath>

namespace bitwright {
namespace {

int readers(const Graph& graph, const std::string& parameter)
{
    int count = 0;
    for (const Node& node : graph.nodes)
        count += int(std::count(node.parameters.begin(), node.parameters.end(), parameter));
    return count;
}

std::string joined(const std::vector<std::string>& names)
{
    std::string text;
    for (size_t i = 0; i < names.size() && i < 8; ++i)
        text += (i > 0 ? ", " : "") + names[i];
    return names.size() > 8 ? text + ", ..." : text;
}

void addNote(const std::string& what, const std::vector<std::string>& names, std::vector<std::string>& notes)
{
    if (!names.empty())
        notes.push_back(std::to_string(names.size()) + (names.size() == 1 ? " layer " : " layers ") + what +
                        ": " + joined(names) + ".");
}

} // namespace

std::vector<MatchedLayer> matchedLayers(const Graph& graph, std::vector<std::string>& notes)
{
    std::vector<MatchedLayer> matched;
    std::vector<std::string> without, others;
    for (const Layer& layer : graph.layers) {
        if (layer.weights.empty() || layer.op == OpKind::Embedding || layer.op == OpKind::Norm ||
            layer.op == OpKind::BatchNorm)
            continue;
        const bool product =
            layer.op == OpKind::Conv || layer.op == OpKind::ConvTranspose || layer.op == OpKind::Linear;
        if (product && layer.biases.empty()) {
            without.push_back(layer.name);
            continue;
        }
        const std::vector<ValueId>& outputs = graph.nodes[size_t(layer.node)].outputs;
        const Parameter* bias = layer.biases.size() == 1 ? graph.findParameter(layer.biases[0]) : nullptr;
        const Shape shape = outputs.size() == 1 ? graph.values[size_t(outputs[0])].shape : Shape();
        const int axis = layer.op == OpKind::Linear ? int(shape.size()) - 1 : 1;
        if (!product || !bias || axis < 1 || axis >= int(shape.size()) || readers(graph, bias->name) != 1 ||
            elementCount(bias->shape) != shape[size_t(axis)]) {
            others.push_back(layer.name);
            continue;
        }
        matched.push_back({&layer, outputs[0], axis, bias->name});
    }
    addNote("without a bias stay as they are", without, notes);
    addNote("whose bias is shared, or is not one number a channel of the output, stay as they are", others,
            notes);
    return matched;
}

Result<Tensor> Matching::parameter(const std::string& name) const
{
    if (const auto changed = parameters.find(name); changed != parameters.end())
        return changed->second;
    BITWRIGHT_TRY(const Tensor original, job.runner.parameter(name));
    return original.toFloat();
}

Result<ChannelMoments> Matching::measure(const MatchedLayer& layer, Progress& progress) const
{
    BITWRIGHT_TRY(auto moments,
                  measureChannels(job.runner, config, {{layer.output, layer.axis}}, job.data, progress));
    return moments[layer.output];
}

Result<void> Matching::moveBias(const MatchedLayer& layer, const ChannelMoments& floating,
                                const ChannelMoments& quantized)
{
    BITWRIGHT_TRY(const Tensor before, parameter(layer.bias));
    Tensor bias = Tensor::empty(DType::F32, before.shape());
    for (size_t c = 0; c < bias.mutableFloats().size(); ++c) {
        const double error = floating.mean(c) - quantized.mean(c);
        bias.mutableFloats()[c] = float(double(before.floats()[c]) + (std::isfinite(error) ? error : 0));
    }
    config.weights[layer.bias] = parameters[layer.bias] = bias;
    return {};
}

Result<Repair> matchLayers(const RepairJob& job, const std::string& what, const LayerChange& change,
                           Progress& progress)
{
    Repair repair;
    const Graph& graph = job.runner.graph();
    const std::vector<MatchedLayer> layers = matchedLayers(graph, repair.notes);
    BITWRIGHT_TRY(const CalibrationResult calibration, calibrate(job.runner, job.data, progress));
    if (calibration.partial)
        return cancelledError();
    Matching matching{job, {}, {}, {}};
    BITWRIGHT_TRY(matching.resolved, resolvePlan(job.runner, job.plan, calibration, progress));
    BITWRIGHT_TRY(matching.config, makeRunConfig(job.runner, matching.resolved, progress));
    std::map<ValueId, int> places;
    for (const MatchedLayer& layer : layers)
        places[layer.output] = layer.axis;
    progress.begin(what, int64_t(layers.size()) + 1);
    std::map<ValueId, ChannelMoments> floating;
    if (!places.empty()) {
        BITWRIGHT_TRY(floating, measureChannels(job.runner, {}, places, job.data, progress));
    }
    progress.advance();
    for (const MatchedLayer& layer : layers) {
        if (const auto seen = floating.find(layer.output); seen != floating.end())
            BITWRIGHT_CHECK(change(matching, layer, seen->second, progress));
        progress.advance();
    }
    repair.parameters = std::move(matching.parameters);
    repair.plan = withFixedRanges(job.plan, graph, matching.resolved);
    repair.notes.insert(repair.notes.begin(), std::to_string(layers.size()) +
                                                  (layers.size() == 1 ? " layer was" : " layers were") +
                                                  " matched to the float model.");
    return repair;
}

} // namespace bitwright
