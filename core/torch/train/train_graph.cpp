// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calib/activation_sites.h"
#include "core/run/workers.h"
#include "core/torch/tensor_bridge_p.h"
#include "core/torch/train/shared_norm_p.h"
#include "core/torch/train/train_graph_p.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/jit/ir/constants.h>

#include <stdexcept>

namespace bitwright {
namespace jit = torch::jit;
namespace {

std::vector<std::string> rawCodeWeights(const TrainJob& job, const Graph& graph)
{
    std::vector<std::string> names;
    for (const Layer& layer : graph.layers)
        for (const WeightRef& weight : layer.weights)
            if (const auto found = job.resolved.weights.find(weight.parameter);
                found != job.resolved.weights.end() &&
                foldsByScale(job.plan.weights(layer.name), found->second))
                names.push_back(weight.parameter);
    return names;
}

/// std::exception, because LibTorch's backward pass catches nothing else.
struct BackwardCancelled : std::runtime_error {
    BackwardCancelled()
        : std::runtime_error("cancelled")
    {
    }
};

} // namespace

TrainGraph::TrainGraph(const TorchRunner& runner, const TrainJob& job, const TorchRunner* teacher)
    : m_runner(runner)
    , m_teacher(teacher ? *teacher : runner)
    , m_variables(runner.model(), job.options.norm != NormMode::Fold, rawCodeWeights(job, runner.graph()))
    , m_masks(job.options.prune, runner.graph(), job.plan, m_variables)
{
    for (const LiveNorm& norm : m_variables.norms())
        m_normOfStage[norm.stage] = &norm;
    m_hasNorms = !m_variables.statistics().empty();
    if (job.options.equalize)
        m_variables.equalize(runner.graph());
    m_masks.update(0);
    addWeights(job);
    addActivations(job);
    for (const Layer& layer : runner.graph().layers)
        if (layer.output != kNone)
            m_layerOutputs.insert(layer.output);
}

void TrainGraph::addWeights(const TrainJob& job)
{
    const auto& layers = m_runner.graph().layers;
    std::set<std::string> seenNames;
    for (const Layer& layer : layers)
        for (const WeightRef& weight : layer.weights) {
            const auto params = job.resolved.weights.find(weight.parameter);
            if (params == job.resolved.weights.end() || params->second.format == Format::Float32 ||
                !m_variables.get(weight.parameter).defined() || !seenNames.insert(weight.parameter).second)
                continue;
            Site site{
                layer.name,     true,  job.plan.weights(layer.name),
                params->second, false, double(layer.id) / double(std::max<size_t>(layers.size() - 1, 1))};
            toOwnUnits(site.start, weight.parameter);
            m_weights.push_back({weight.parameter, weight, m_sites.size()});
            m_sites.push_back(makeSiteQuantizer(job.options.method, site));
            m_sites.back()->begin(seen(m_weights.back()));
        }
}

void TrainGraph::toOwnUnits(QuantParams& params, const std::string& weight) const
{
    const auto divide = [&](const at::Tensor& factor) {
        const int64_t perChannel = int64_t(params.scale.size()) / factor.numel();
        for (size_t i = 0; perChannel > 0 && i < params.scale.size(); ++i)
            if (const double f = factor[int64_t(i) / perChannel].item<double>(); f > 0)
                params.scale[i] = float(double(params.scale[i]) / f);
    };
    const LiveNorm* norm = m_variables.normOfWeight(weight);
    const auto equalized = m_variables.equalized().find(weight);
    if (equalized != m_variables.equalized().end() && params.axis >= 0)
        divide(equalized->second);
    if (norm && norm->rawCodes) // as the weight was folded, before signs and ranges of channels were changed
        divide(foldFactor(norm->folded.tensors).abs());
}

void TrainGraph::addActivations(const TrainJob& job)
{
    const Graph& graph = m_runner.graph();
    const double last = double(std::max<size_t>(graph.layers.size(), 2) - 1);
    for (const ActivationSite& place : activationSites(graph)) {
        const auto found = job.resolved.activations.find(place.value);
        if (found == job.resolved.activations.end())
            continue;
        const ActivationQuantizer& quantizer = found->second;
        if (!quantizer.dynamic && quantizer.params.format == Format::Float32)
            continue;
        Site site{place.name,
                  false,
                  quantizer.dynamic ? quantizer.spec : job.plan.activations(place.name),
                  quantizer.params,
                  quantizer.dynamic,
                  place.layer == kNone ? 0 : double(place.layer) / last};
        m_activations[place.value] = m_sites.size();
        m_sites.push_back(makeSiteQuantizer(job.options.method, site));
    }
}

at::Tensor TrainGraph::seen(const WeightSite& site) const
{
    const at::NoGradGuard none;
    const at::Tensor weight = m_variables.get(site.name).detach();
    const LiveNorm* norm = m_variables.normOfWeight(site.name);
    return norm && !norm->rawCodes ? weight * m_variables.weightFactor(*norm) : weight;
}

at::Tensor TrainGraph::quantizedWeight(const WeightSite& site, const Moment& moment)
{
    const at::Tensor weight = m_variables.get(site.name);
    SiteQuantizer& quantizer = *m_sites[site.site];
    const LiveNorm* norm = m_variables.normOfWeight(site.name);
    at::Tensor made;
    if (!norm || norm->rawCodes) {
        made = quantizer.apply(weight, moment);
    } else {
        const at::Tensor factor = m_variables.weightFactor(*norm);
        const at::Tensor safe = at::where(factor == 0, at::ones_like(factor), factor);
        made = quantizer.apply(weight * safe, moment) / safe;
    }
    const at::Tensor mask = m_masks.of(site.name);
    return mask.defined() ? made * mask : made;
}

std::vector<at::Tensor> TrainGraph::inputs(const Batch& batch, const StopCheck& stop) const
{
    std::vector<at::Tensor> inputs = m_runner.convert(batch);
    m_runner.checkBranches(inputs, stop);
    return inputs;
}

void TrainGraph::placeParameters(Frame& frame, const Moment& moment)
{
    const Program& program = *m_runner.model().program;
    const auto& parameters = m_runner.model().lifted.parameters;
    for (size_t i = 0; i < parameters.size(); ++i)
        if (const at::Tensor own = m_variables.get(parameters[i].name); own.defined())
            frame[size_t(program.parameterSlots[i])] = own;
    for (const LiveNorm& norm : m_variables.norms())
        if (!norm.folded.hadBias) {
            const size_t slot =
                size_t(program.parameterSlots[m_runner.m_parameterIndex.at(norm.folded.bias)]);
            frame[slot] = at::zeros_like(norm.folded.tensors.mean);
        }
    if (m_beginning)
        return;
    for (const WeightSite& site : m_weights)
        frame[size_t(program.parameterSlots[m_runner.m_parameterIndex.at(site.name)])] =
            quantizedWeight(site, moment);
}

void TrainGraph::runNorm(const Instruction& instruction, const Pass& pass, const Executor& executor,
                         Frame& frame)
{
    const auto value = [&](size_t i) -> const c10::IValue& {
        return executor.value(instruction.inputs[i].slot, frame);
    };
    const auto tensor = [&](size_t i) { return value(i).isTensor() ? value(i).toTensor() : at::Tensor(); };
    const at::Tensor x = tensor(0);
    NormCall call{tensor(1), tensor(2), tensor(3), tensor(4)};
    call.batch =
        (pass.norms == Norms::Batch && x.numel() * workers().size() > x.size(1)) || value(5).toBool();
    call.momentum = pass.momentum >= 0 ? pass.momentum : value(6).isDouble() ? value(6).toDouble() : 0.1;
    call.eps = value(7).toDouble();
    frame[size_t(instruction.outputs[0])] = normalized(x, call);
}

void TrainGraph::applyNorm(const LiveNorm& norm, const Pass& pass, Frame& frame)
{
    const Instruction& layer = m_runner.model().program->code.instructions[size_t(norm.stage)];
    c10::IValue& slot = frame[size_t(layer.outputs[0])];
    const at::Tensor x = slot.toTensor();
    const NormTensors t = m_variables.tensorsOf(norm);
    const bool batch = pass.norms == Norms::Batch && x.numel() * workers().size() > t.mean.numel();
    const double momentum = pass.momentum >= 0 ? pass.momentum : norm.folded.momentum;
    slot = normalized(x, {t.gamma, t.beta, t.mean, t.var, batch, momentum, t.eps});
}

void TrainGraph::runStage(size_t stage, const Pass& pass, Executor& executor, Frame& frame)
{
    const Instruction& instruction = m_runner.model().program->code.instructions[stage];
    if (instruction.node->kind() == c10::aten::batch_norm && m_hasNorms)
        runNorm(instruction, pass, executor, frame);
    else
        executor.step(instruction, frame);
    if (const auto norm = m_normOfStage.find(int32_t(stage)); norm != m_normOfStage.end())
        applyNorm(*norm->second, pass, frame);
}

void TrainGraph::quantizeStage(int32_t stage, const Pass& pass, Frame& frame, Forward& result,
                               const StopCheck* stop)
{
    for (const ValueId id : m_runner.valuesOfStage(stage)) {
        const int32_t at = m_runner.description().slotOfValue[size_t(id)];
        if (at < 0 || !frame[size_t(at)].isTensor())
            continue;
        c10::IValue& slot = frame[size_t(at)];
        if (pass.watch.count(id))
            result.watched[id] = slot.toTensor();
        if (const auto site = m_activations.find(id); site != m_activations.end()) {
            if (m_beginning)
                beginSite(id, slot.toTensor());
            else
                slot = m_sites[site->second]->apply(slot.toTensor(), pass.moment);
        }
        // The backward pass asks whether it is still wanted wherever a layer's output is reached.
        if (m_layerOutputs.count(id) && slot.toTensor().requires_grad() && stop)
            slot.toTensor().register_hook([stop](const at::Tensor&) {
                try {
                    stop->check();
                } catch (const Stop&) {
                    throw BackwardCancelled();
                }
            });
    }
}

std::vector<c10::IValue> TrainGraph::packedInputs(std::vector<at::Tensor> inputs, const Pass& pass,
                                                  Forward& result)
{
    const Graph& graph = m_runner.graph();
    for (size_t i = 0; i < inputs.size(); ++i) {
        if (pass.watch.count(graph.inputs[i]))
            result.watched[graph.inputs[i]] = inputs[i];
        const auto site = m_activations.find(graph.inputs[i]);
        if (site == m_activations.end())
            continue;
        if (m_beginning)
            beginSite(graph.inputs[i], inputs[i]);
        else
            inputs[i] = m_sites[site->second]->apply(inputs[i], pass.moment);
    }
    return m_runner.model().inputs.pack(inputs);
}

std::vector<at::Tensor> TrainGraph::outputsOf(const Program& program, const Executor& executor,
                                              const Frame& frame)
{
    std::vector<std::pair<std::string, at::Tensor>> flat;
    if (!program.code.outputs.empty())
        flattenTensors(executor.value(program.code.outputs[0], frame), "", flat);
    std::vector<at::Tensor> outputs;
    for (const auto& [name, tensor] : flat)
        if (tensor.is_floating_point())
            outputs.push_back(tensor);
    return outputs;
}

Forward TrainGraph::forward(const std::vector<at::Tensor>& inputs, const Pass& pass, const StopCheck& stop)
{
    const Program& program = *m_runner.model().program;
    Forward result;
    Executor executor(program, stop);
    Frame frame = executor.start(packedInputs(inputs, pass, result));
    placeParameters(frame, pass.moment);
    for (size_t stage = 0; stage < program.code.instructions.size(); ++stage) {
        runStage(stage, pass, executor, frame);
        quantizeStage(int32_t(stage), pass, frame, result, &stop);
        Executor::finish(program.code.instructions[stage], frame);
    }
    result.outputs = outputsOf(program, executor, frame);
    return result;
}

void TrainGraph::beginSite(ValueId id, const at::Tensor& values)
{
    m_sites[m_activations.at(id)]->begin(values);
    m_begun.insert(id);
}

void TrainGraph::begin(const std::vector<at::Tensor>& inputs, const StopCheck& stop)
{
    const at::NoGradGuard none;
    m_beginning = true;
    Pass pass;
    pass.norms = Norms::Stored;
    try {
        forward(inputs, pass, stop);
    } catch (...) {
        m_beginning = false;
        throw;
    }
    m_beginning = false;
    // What the first batch did not reach keeps the range of the plan.
    for (const auto& [id, index] : m_activations)
        if (!m_begun.count(id))
            m_sites[index] = makeFixedSte(m_sites[index]->site());
}

Forward TrainGraph::teacher(const std::vector<at::Tensor>& inputs, const std::set<ValueId>& watch,
                            const StopCheck& stop) const
{
    const at::NoGradGuard none;
    const Program& program = *m_teacher.model().program;
    Forward result;
    Executor executor(program, stop);
    Frame frame = executor.start(m_teacher.model().inputs.pack(inputs));
    for (size_t stage = 0; stage < program.code.instructions.size(); ++stage) {
        executor.step(program.code.instructions[stage], frame);
        for (const ValueId id : m_teacher.valuesOfStage(int32_t(stage)))
            if (const int32_t at = m_teacher.description().slotOfValue[size_t(id)]; watch.count(id) && at >= 0)
                result.watched[id] = frame[size_t(at)].toTensor();
        Executor::finish(program.code.instructions[stage], frame);
    }
    result.outputs = outputsOf(program, executor, frame);
    return result;
}

std::vector<at::Tensor> TrainGraph::learnedRanges() const
{
    std::vector<at::Tensor> all;
    for (const auto& site : m_sites)
        for (at::Tensor& tensor : site->learned())
            all.push_back(std::move(tensor));
    return all;
}

std::vector<at::Tensor> TrainGraph::state() const
{
    std::vector<at::Tensor> all = m_variables.state();
    for (at::Tensor& mask : m_masks.state())
        all.push_back(std::move(mask));
    for (const auto& site : m_sites)
        for (at::Tensor& tensor : site->state())
            all.push_back(std::move(tensor));
    return all;
}

void TrainGraph::project(double progress)
{
    m_variables.project();
    m_masks.update(progress);
    for (const auto& site : m_sites)
        site->project();
}

} // namespace bitwright
