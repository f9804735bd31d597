// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calib/calibrate.h"
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
#include <numeric>

namespace bitwright {
namespace jit = torch::jit;
namespace {

constexpr int64_t kCalibrationSamples = 512;

at::Tensor onlyIndices(const at::Tensor& tensor, int axis, const std::vector<int64_t>& indices)
{
    return tensor.detach().index_select(axis, at::tensor(indices, c10::kLong)).contiguous();
}

/// Inputs of the reader that belong to the channels that stay.
std::vector<int64_t> keptInputs(const ChannelPair& pair, const std::vector<int64_t>& kept)
{
    std::vector<int64_t> inputs;
    for (const int64_t channel : kept)
        for (int64_t i = 0; i < pair.spread; ++i)
            inputs.push_back(channel * pair.spread + i);
    return inputs;
}

/// The tensors of the model that is left, by parameter.
std::map<std::string, at::Tensor> smallerParameters(const TorchRunner& runner,
                                                    const std::vector<KeptChannels>& groups)
{
    const auto& layers = runner.graph().layers;
    std::map<std::string, at::Tensor> tensors;
    for (const LiftedParameter& parameter : runner.model().lifted.parameters)
        tensors[parameter.name] = parameter.tensor;
    for (const KeptChannels& one : groups) {
        for (const LayerId id : one.group.producers) {
            const Layer& layer = layers[size_t(id)];
            at::Tensor& weight = tensors.at(layer.weights[0].parameter);
            weight = onlyIndices(weight, layer.weights[0].channelAxis, one.kept);
            for (const std::string& bias : layer.biases)
                tensors.at(bias) = onlyIndices(tensors.at(bias), int(tensors.at(bias).dim()) - 1, one.kept);
        }
        const ChannelPair& last = one.group.readers.back();
        const WeightRef& reference = layers[size_t(last.second)].weights[0];
        at::Tensor& weight = tensors.at(reference.parameter);
        weight = onlyIndices(weight, reference.inputAxis, keptInputs(last, one.kept));
    }
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

/// A reshape whose second size is written out gets the new one.
void setSize(jit::Node* node, int64_t before, int64_t after)
{
    if (node->inputs().size() < 2)
        return;
    const jit::WithInsertPoint here(node);
    jit::Graph& graph = *node->owningGraph();
    jit::Value* sizes = node->input(1);
    if (const auto constant = jit::toIValue(sizes); constant && constant->isIntList()) {
        std::vector<int64_t> list = constant->toIntVector();
        if (list.size() > 1 && list[1] == before) {
            list[1] = after;
            node->replaceInput(1, graph.insertConstant(list));
        }
        return;
    }
    if (sizes->node()->kind() != c10::prim::ListConstruct || sizes->node()->inputs().size() < 2)
        return;
    const auto second = jit::toIValue(sizes->node()->input(1));
    if (!second || !second->isInt() || second->toInt() != before)
        return;
    std::vector<jit::Value*> elements = sizes->node()->inputs().vec();
    elements[1] = graph.insertConstant(after);
    node->replaceInput(1, graph.insertNode(graph.createList(c10::IntType::get(), elements))->output());
}

void patchConstants(const Graph& graph, const KeptChannels& one, ExportGraph& target)
{
    const auto left = int64_t(one.kept.size());
    for (size_t i = 1; i < one.group.producers.size(); ++i)
        setGroupCount(target.nodes.at(graph.layers[size_t(one.group.producers[i])].node), left);
    for (const ChannelPair& pair : one.group.readers)
        for (const NodeId id : pair.between) {
            const Node& node = graph.nodes[size_t(id)];
            const Shape& shape = graph.values[size_t(node.outputs[0])].shape;
            const std::string_view label = opTraits(node.kind)->label;
            if ((label == "view" || label == "reshape") && shape.size() > 1)
                setSize(target.nodes.at(id), shape[1], shape[1] / one.group.channels * left);
        }
}

/// What reads the removed channels is 0: computes the same as without them.
RunConfig maskedConfig(const TorchRunner& runner, const std::vector<KeptChannels>& groups)
{
    RunConfig config;
    for (const KeptChannels& one : groups) {
        const ChannelPair& last = one.group.readers.back();
        const std::string& name = runner.graph().layers[size_t(last.second)].weights[0].parameter;
        const std::vector<int32_t> channels = inputChannels(runner.graph(), last);
        const auto known = config.weights.find(name);
        const auto before = known == config.weights.end() ? runner.parameter(name).value() : known->second;
        Tensor weight = Tensor::fromFloats(before.shape(), before.toFloat().floats());
        for (size_t e = 0; e < channels.size(); ++e)
            if (!std::binary_search(one.kept.begin(), one.kept.end(), int64_t(channels[e])))
                weight.mutableFloats()[e] = 0;
        config.weights[name] = weight;
    }
    return config;
}

void checkSame(const TorchRunner& runner, const ModelRunner& smaller, const std::vector<KeptChannels>& groups,
               Progress& progress)
{
    const auto take = [](auto result) {
        if (!result)
            throw Stop{result.error()};
        return std::move(*result);
    };
    const Batch batch = take(runner.exampleBatch(runner.model().fixedBatch ? 1 : 2, 1));
    const auto wanted = take(runner.run(batch, maskedConfig(runner, groups), {}, {}, progress));
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
QuantPlan planWithout(QuantPlan plan, const Graph& graph, const std::vector<KeptChannels>& groups)
{
    for (const KeptChannels& one : groups)
        for (const LayerId id : one.group.producers) {
            const std::string& name = graph.layers[size_t(id)].name;
            if (QuantSpec spec = plan.weights(name); !spec.ranges.empty()) {
                spec.ranges.clear();
                spec.estimator = Estimator::MinMax;
                plan.setWeights(name, spec);
            }
        }
    return plan;
}

std::vector<std::string> removalNotes(const Graph& graph, const std::vector<KeptChannels>& groups,
                                      const std::vector<std::string>& others)
{
    std::vector<std::string> notes;
    for (const KeptChannels& one : groups)
        notes.push_back(graph.layers[size_t(one.group.producers[0])].name + " keeps " +
                        std::to_string(one.kept.size()) + " of " + std::to_string(one.group.channels) +
                        " channels.");
    for (const std::string& name : others)
        notes.push_back(name +
                        " keeps all channels: they are the model's output, or are added to, joined with or "
                        "read beside others.");
    return notes;
}

} // namespace

std::vector<KeptChannels> strongestChannels(const TorchRunner& runner,
                                            const std::vector<ChannelGroup>& groups, double share)
{
    std::vector<KeptChannels> all;
    for (const ChannelGroup& group : groups) {
        const Layer& first = runner.graph().layers[size_t(group.producers[0])];
        const Tensor weight = runner.parameter(first.weights[0].parameter).value().toFloat();
        const std::vector<int32_t> channels = outputChannels(first);
        std::vector<double> strength(size_t(group.channels), 0);
        for (size_t e = 0; e < channels.size(); ++e)
            strength[size_t(channels[e])] += std::abs(double(weight.floats()[e]));
        std::vector<int64_t> order(strength.size());
        std::iota(order.begin(), order.end(), int64_t(0));
        std::stable_sort(order.begin(), order.end(),
                         [&](int64_t a, int64_t b) { return strength[size_t(a)] > strength[size_t(b)]; });
        const auto removed = int64_t(std::nearbyint(share * double(group.channels)));
        order.resize(size_t(std::max<int64_t>(1, group.channels - removed)));
        std::sort(order.begin(), order.end());
        all.push_back({group, std::move(order)});
    }
    return all;
}

std::unique_ptr<ModelRunner> withoutChannels(const TorchRunner& runner,
                                             const std::vector<KeptChannels>& groups, Progress& progress)
{
    const at::NoGradGuard none;
    auto model = std::make_shared<ImportedModel>(runner.model());
    const std::map<std::string, at::Tensor> tensors = smallerParameters(runner, groups);
    for (LiftedParameter& parameter : model->lifted.parameters)
        parameter.tensor = tensors.at(parameter.name);
    const TorchRunner smaller(model, runner.description()); // to be written only: its shapes are the old ones
    ExportGraph target = copyForExport(smaller);
    for (const KeptChannels& one : groups)
        patchConstants(runner.graph(), one, target);
    const std::string file = temporaryModel();
    writeFakeQuant(smaller, std::move(target), {"torchscript-fakequant", file, {}, "without channels"},
                   progress);
    auto opened = torchScriptBackend().open(file, shapesOf(runner.graph()), progress);
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
    if (!opened)
        throw Stop{opened.error()};
    checkSame(runner, **opened, groups, progress);
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
    std::vector<std::string> others;
    const std::vector<ChannelGroup> groups = channelGroups(runner.graph(), others);
    if (groups.empty())
        return Error{Error::Unsupported, "The model has no channels that could be removed.", "prune"};
    const std::vector<KeptChannels> kept = strongestChannels(runner, groups, job.options.prune.share);
    const std::unique_ptr<ModelRunner> opened = withoutChannels(runner, kept, progress);
    const auto& smaller = dynamic_cast<const TorchRunner&>(*opened);
    TrainJob part = job;
    BITWRIGHT_TRY(part.plan,
                  renamedPlan(planWithout(job.plan, runner.graph(), kept), runner.graph(), smaller.graph()));
    SampleSource source{job.train.dataset, job.train.indices, job.options.batch, job.options.seed,
                        kCalibrationSamples};
    source.indices.resize(std::min(source.indices.size(), size_t(kCalibrationSamples)));
    BITWRIGHT_TRY(const CalibrationResult calibration, calibrate(smaller, source, progress));
    if (calibration.partial)
        return cancelledError();
    BITWRIGHT_TRY(part.resolved, resolvePlan(smaller, part.plan, calibration, progress));
    BITWRIGHT_TRY(TrainResult result, TrainRun(smaller, part, listener, control, progress, &runner).run());
    result.notes = removalNotes(runner.graph(), kept, others);
    return result;
}

} // namespace bitwright
