// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calib/calibrate.h"
#include "core/graph/channel_pairs.h"
#include "core/graph/channel_place.h"
#include "core/quant/renamed_plan.h"
#include "core/torch/exporters_p.h"
#include "core/torch/tensor_bridge_p.h"
#include "core/torch/torch_backend.h"
#include "core/torch/train/remove_channels_p.h"
#include "core/torch/train/train_run_p.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/jit/ir/constants.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <filesystem>
#include <set>

namespace bitwright {
namespace jit = torch::jit;
namespace {

constexpr int64_t kCalibrationSamples = 512;

at::Tensor onlyIndices(const at::Tensor& tensor, int axis, const std::vector<int64_t>& indices)
{
    return tensor.detach().index_select(axis, at::tensor(indices, c10::kLong)).contiguous();
}

/// Which indices along an axis stay.
std::vector<int64_t> keptIndices(const ChannelMap::Channels& channels, const std::vector<bool>& kept)
{
    std::vector<int64_t> indices;
    for (size_t i = 0; i < channels.size(); ++i)
        if (channels[i] == kNone || kept[size_t(channels[i])])
            indices.push_back(int64_t(i));
    return indices;
}

/// Of every output channel of the layer.
const ChannelMap::Channels& madeChannels(const ChannelMap& map, const Layer& layer)
{
    const auto& axes = map.parameters.at(layer.weights[0].parameter);
    return std::find_if(
               axes.begin(), axes.end(),
               [&](const ChannelMap::Axis& axis) { return axis.axis == layer.weights[0].channelAxis; })
        ->channels;
}

/// The tensors of the model that is left, by parameter.
std::map<std::string, at::Tensor> smallerParameters(const TorchRunner& runner, const ChannelMap& map,
                                                    const std::vector<bool>& kept)
{
    std::map<std::string, at::Tensor> tensors;
    for (const LiftedParameter& parameter : runner.model().lifted.parameters)
        tensors[parameter.name] = parameter.tensor;
    for (const auto& [name, axes] : map.parameters)
        for (const ChannelMap::Axis& axis : axes)
            tensors.at(name) = onlyIndices(tensors.at(name), axis.axis, keptIndices(axis.channels, kept));
    return tensors;
}

/// The group count of a depthwise convolution is a constant of the graph.
void setGroupCount(jit::Node* node, int64_t groups)
{
    const auto index = node->schema().argumentIndexWithName("groups");
    if (!index)
        throw Stop{{Error::Unsupported, "Channels of this operator cannot be removed.",
                    node->kind().toQualString()}};
    const jit::WithInsertPoint here(node);
    node->replaceInput(size_t(*index), node->owningGraph()->insertConstant(groups));
}

/// A reshape whose size along `axis` is written out gets the new one.
void setSize(jit::Node* node, size_t axis, int64_t before, int64_t after)
{
    if (node->inputs().size() < 2)
        return;
    const jit::WithInsertPoint here(node);
    jit::Graph& graph = *node->owningGraph();
    jit::Value* sizes = node->input(1);
    if (const auto constant = jit::toIValue(sizes); constant && constant->isIntList()) {
        std::vector<int64_t> list = constant->toIntVector();
        if (list.size() > axis && list[axis] == before) {
            list[axis] = after;
            node->replaceInput(1, graph.insertConstant(list));
        }
        return;
    }
    if (sizes->node()->kind() != c10::prim::ListConstruct || sizes->node()->inputs().size() <= axis)
        return;
    const auto size = jit::toIValue(sizes->node()->input(axis));
    if (!size || !size->isInt() || size->toInt() != before)
        return;
    std::vector<jit::Value*> elements = sizes->node()->inputs().vec();
    elements[axis] = graph.insertConstant(after);
    node->replaceInput(1, graph.insertNode(graph.createList(c10::IntType::get(), elements))->output());
}

void patchConstants(const Graph& graph, const ChannelMap& map, const std::vector<bool>& kept,
                    ExportGraph& target)
{
    for (const auto& [value, place] : map.values) {
        const NodeId producer = graph.values[size_t(value)].producer;
        const auto before = int64_t(place.channels.size());
        const auto after = int64_t(keptIndices(place.channels, kept).size());
        const OpTraits* traits = producer == kNone ? nullptr : opTraits(graph.nodes[size_t(producer)].kind);
        if (traits && (traits->label == "view" || traits->label == "reshape"))
            setSize(target.nodes.at(producer), place.axis, before, after);
    }
    for (const Layer& layer : graph.layers)
        if (isDepthwise(layer))
            if (const auto in = map.values.find(layer.inputs[0]); in != map.values.end())
                setGroupCount(target.nodes.at(layer.node),
                              int64_t(keptIndices(in->second.channels, kept).size()));
}

/// What reads the removed channels is 0: computes the same as without them.
RunConfig maskedConfig(const TorchRunner& runner, const ChannelMap& map, const std::vector<bool>& kept)
{
    const at::NoGradGuard none;
    RunConfig config;
    for (const LiftedParameter& parameter : runner.model().lifted.parameters) {
        const auto axes = map.parameters.find(parameter.name);
        if (axes == map.parameters.end())
            continue;
        at::Tensor weight = parameter.tensor.detach().to(c10::kFloat).clone();
        for (const ChannelMap::Axis& axis : axes->second) {
            if (axis.made)
                continue;
            const std::vector<int64_t> stay = keptIndices(axis.channels, kept);
            at::Tensor mask = at::zeros({int64_t(axis.channels.size())});
            mask.index_fill_(0, at::tensor(stay, c10::kLong), 1);
            std::vector<int64_t> shape(size_t(weight.dim()), 1);
            shape[size_t(axis.axis)] = -1;
            weight.mul_(mask.view(shape));
        }
        config.weights[parameter.name] = fromTorch(weight);
    }
    return config;
}

void checkSame(const TorchRunner& runner, const ModelRunner& smaller, const ChannelMap& map,
               const std::vector<bool>& kept, Progress& progress)
{
    const auto take = [](auto result) {
        if (!result)
            throw Stop{result.error()};
        return std::move(*result);
    };
    const Batch batch = take(runner.exampleBatch(runner.model().fixedBatch ? 1 : 2, 1));
    const auto wanted = take(runner.run(batch, maskedConfig(runner, map, kept), {}, {}, progress));
    const auto got = take(smaller.run(batch, {}, {}, {}, progress));
    bool same = wanted.size() == got.size();
    for (size_t i = 0; same && i < wanted.size(); ++i) {
        double most = 0, size = 0;
        same = wanted[i].shape() == got[i].shape();
        for (size_t e = 0; same && e < wanted[i].floats().size(); ++e) {
            most = std::max(most, double(std::abs(wanted[i].floats()[e] - got[i].floats()[e])));
            size = std::max(size, double(std::abs(wanted[i].floats()[e])));
        }
        same = same && most <= 1e-3 * size + 1e-6;
    }
    if (!same)
        throw Stop{
            {Error::Unsupported,
             "Without the removed channels the model computes something else than with zeros in their place; "
             "nothing was removed.",
             "prune"}};
}

std::string temporaryModel()
{
    static std::atomic<int> number{0};
    return (std::filesystem::temp_directory_path() /
            ("bitwright-" + std::to_string(::getpid()) + "-" + std::to_string(number++) + ".pt"))
        .string();
}

OpenOptions shapesOf(const Graph& graph)
{
    OpenOptions options;
    for (const ValueId input : graph.inputs) {
        Shape shape = graph.values[size_t(input)].shape;
        if (!shape.empty())
            shape.erase(shape.begin());
        options.inputShapes.push_back(std::move(shape));
    }
    return options;
}

/// Ranges fixed channel by channel are those of channels that may be gone.
QuantPlan planWithout(QuantPlan plan, const Graph& graph, const ChannelMap& map)
{
    for (const Layer& layer : graph.layers)
        for (const WeightRef& weight : layer.weights)
            if (map.parameters.count(weight.parameter))
                if (QuantSpec spec = plan.weights(layer.name); !spec.ranges.empty()) {
                    spec.ranges.clear();
                    spec.estimator = Estimator::MinMax;
                    plan.setWeights(layer.name, spec);
                }
    return plan;
}

std::vector<std::string> removalNotes(const Graph& graph, const ChannelMap& map,
                                      const std::vector<bool>& kept)
{
    std::vector<std::string> notes;
    for (const ChannelGroup& group : map.groups) {
        const auto left = std::count_if(group.channels.begin(), group.channels.end(),
                                        [&](int32_t channel) { return kept[size_t(channel)]; });
        std::string names;
        for (const LayerId id : group.producers) {
            names += names.empty() ? "" : ", ";
            names += graph.layers[size_t(id)].name;
        }
        notes.push_back(names + (group.producers.size() == 1 ? " keeps " : " keep together ") +
                        std::to_string(left) + " of " + std::to_string(group.channels.size()) + " channels.");
    }
    for (const std::string& name : map.others)
        notes.push_back(name + " keeps all channels: they are the model's output, or an operator reads them "
                               "that mixes channels.");
    return notes;
}

/// Sum of |w| of everything that computes a channel from all inputs.
std::vector<double> strengths(const TorchRunner& runner, const ChannelMap& map)
{
    std::vector<double> sums(size_t(map.count), 0);
    for (const ChannelGroup& group : map.groups)
        for (const LayerId id : group.producers) {
            const Layer& layer = runner.graph().layers[size_t(id)];
            const Tensor weight = runner.parameter(layer.weights[0].parameter).value().toFloat();
            const std::vector<int32_t> rows = outputChannels(layer);
            const ChannelMap::Channels& channels = madeChannels(map, layer);
            for (size_t e = 0; e < rows.size(); ++e)
                if (const int32_t channel = channels[size_t(rows[e])]; channel != kNone)
                    sums[size_t(channel)] += std::abs(double(weight.floats()[e]));
        }
    return sums;
}

/// Takes the weakest of a group away while every layer of it has another one.
void removeWeakest(const ChannelGroup& group, const std::vector<std::set<int32_t>>& layers,
                   const std::vector<double>& strength, double share, std::vector<bool>& kept)
{
    std::vector<int32_t> order = group.channels;
    std::stable_sort(order.begin(), order.end(), [&](int32_t a, int32_t b) {
        return strength[size_t(a)] == strength[size_t(b)] ? a > b : strength[size_t(a)] < strength[size_t(b)];
    });
    std::vector<size_t> left;
    for (const std::set<int32_t>& layer : layers)
        left.push_back(layer.size());
    auto removed = int64_t(std::nearbyint(share * double(order.size())));
    for (const int32_t channel : order) {
        bool last = false;
        for (size_t i = 0; i < layers.size(); ++i)
            last |= left[i] == 1 && layers[i].count(channel);
        if (last || removed-- <= 0)
            continue;
        kept[size_t(channel)] = false;
        for (size_t i = 0; i < layers.size(); ++i)
            left[i] -= layers[i].count(channel);
    }
}

std::vector<ValueId> outputsOf(const TorchRunner& runner)
{
    const ExportGraph copy = copyForExport(runner);
    std::vector<ValueId> outputs;
    for (const auto& [id, value] : copy.values)
        for (const jit::Value* output : copy.graph->outputs())
            if (output == value)
                outputs.push_back(id);
    return outputs;
}

} // namespace

ChannelMap removableChannels(const TorchRunner& runner)
{
    return channelMap(runner.graph(), outputsOf(runner));
}

std::vector<bool> strongestChannels(const TorchRunner& runner, const ChannelMap& map, double share)
{
    const std::vector<double> strength = strengths(runner, map);
    std::vector<bool> kept(size_t(map.count), true);
    for (const ChannelGroup& group : map.groups) {
        std::vector<std::set<int32_t>> layers;
        for (const LayerId id : group.producers) {
            const ChannelMap::Channels& channels = madeChannels(map, runner.graph().layers[size_t(id)]);
            if (std::count(channels.begin(), channels.end(), kNone) == 0)
                layers.emplace_back(channels.begin(), channels.end());
        }
        removeWeakest(group, layers, strength, share, kept);
    }
    return kept;
}

std::unique_ptr<ModelRunner> withoutChannels(const TorchRunner& runner, const ChannelMap& map,
                                             const std::vector<bool>& kept, Progress& progress)
{
    const at::NoGradGuard none;
    auto model = std::make_shared<ImportedModel>(runner.model());
    const std::map<std::string, at::Tensor> tensors = smallerParameters(runner, map, kept);
    for (LiftedParameter& parameter : model->lifted.parameters)
        parameter.tensor = tensors.at(parameter.name);
    const TorchRunner smaller(model, runner.description()); // to be written only: its shapes are the old ones
    ExportGraph target = copyForExport(smaller);
    patchConstants(runner.graph(), map, kept, target);
    const std::string file = temporaryModel();
    writeFakeQuant(smaller, std::move(target), {"torchscript-fakequant", file, {}, "without channels"},
                   progress);
    auto opened = torchScriptBackend().open(file, shapesOf(runner.graph()), progress);
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
    if (!opened)
        throw Stop{opened.error()};
    checkSame(runner, **opened, map, kept, progress);
    return std::move(*opened);
}

Result<TrainResult> trainWithoutChannels(const TorchRunner& runner, const TrainJob& job,
                                         const TrainListener& listener, const TrainControl& control,
                                         Progress& progress)
{
    if (!job.options.distill.layers.empty())
        return Error{
            Error::InvalidArgument,
            "Outputs of layers cannot be distilled while channels are removed; distill the model's outputs.",
            "distill_layers"};
    const ChannelMap map = removableChannels(runner);
    if (map.count == 0)
        return Error{Error::Unsupported, "The model has no channels that could be removed.", "prune"};
    const std::vector<bool> kept = strongestChannels(runner, map, job.options.prune.share);
    const std::unique_ptr<ModelRunner> opened = withoutChannels(runner, map, kept, progress);
    const auto& smaller = dynamic_cast<const TorchRunner&>(*opened);
    TrainJob part = job;
    BITWRIGHT_TRY(part.plan,
                  renamedPlan(planWithout(job.plan, runner.graph(), map), runner.graph(), smaller.graph()));
    SampleSource source{job.train.dataset, job.train.indices, job.options.batch, job.options.seed,
                        kCalibrationSamples};
    source.indices.resize(std::min(source.indices.size(), size_t(kCalibrationSamples)));
    BITWRIGHT_TRY(const CalibrationResult calibration, calibrate(smaller, source, progress));
    if (calibration.partial)
        return cancelledError();
    BITWRIGHT_TRY(part.resolved, resolvePlan(smaller, part.plan, calibration, progress));
    BITWRIGHT_TRY(TrainResult result, TrainRun(smaller, part, listener, control, progress, &runner).run());
    result.notes = removalNotes(runner.graph(), map, kept);
    return result;
}

} // namespace bitwright
