// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/runner_p.h"
#include "core/torch/saturate_p.h"
#include "core/torch/tensor_bridge_p.h"

#include <ATen/ATen.h>

namespace bitwright {

Path::Path(const TorchRunner& runner, const RunConfig& config, const StopCheck& stop)
    : m_runner(runner)
    , m_config(&config)
    , m_stop(stop)
    , m_executor(*runner.m_model->program, stop)
{
}

void Path::start(std::vector<at::Tensor> inputs)
{
    m_inputs = std::move(inputs);
    m_frame = m_executor.start(m_runner.m_model->inputs.pack(m_inputs));
    placeWeights();
}

Path Path::fork(const RunConfig& config) const
{
    Path path(m_runner, config, m_stop);
    path.m_frame = m_frame;
    path.m_inputs = m_inputs;
    path.m_stage = m_stage;
    path.m_executor.continueRandom(m_executor);
    const Program& program = *m_runner.m_model->program;
    for (const auto& [name, tensor] : m_config->weights) {
        const size_t index = m_runner.m_parameterIndex.at(name);
        path.m_frame[size_t(program.parameterSlots[index])] = program.parameters[index];
    }
    path.placeWeights();
    return path;
}

void Path::placeWeights()
{
    const Program& program = *m_runner.m_model->program;
    for (const auto& [name, tensor] : m_config->weights) {
        const size_t index = m_runner.m_parameterIndex.at(name);
        m_frame[size_t(program.parameterSlots[index])] =
            toTorch(tensor).to(program.parameters[index].scalar_type());
    }
}

bool Path::atEnd() const
{
    return m_stage >= m_runner.lastStage();
}

void Path::step()
{
    ++m_stage;
    const Instruction& instruction = m_runner.m_model->program->code.instructions[size_t(m_stage)];
    const SaturatingProduct* product = saturating(instruction);
    if (!product)
        return m_executor.step(instruction, m_frame);
    std::vector<c10::IValue> arguments;
    for (const Instruction::Input& input : instruction.inputs)
        arguments.push_back(m_executor.value(input.slot, m_frame));
    m_executor.step(instruction, m_frame);
    c10::IValue& made = m_frame[size_t(instruction.outputs[0])];
    made = saturated(*product, instruction.node, arguments, made.toTensor());
}

const SaturatingProduct* Path::saturating(const Instruction& instruction) const
{
    if (m_config->saturating.empty())
        return nullptr;
    const auto& ids = m_runner.m_description.nodeIds;
    const auto node = ids.find(instruction.node);
    const auto found =
        node == ids.end() ? m_config->saturating.end() : m_config->saturating.find(node->second);
    return found == m_config->saturating.end() ? nullptr : found->second.get();
}

void Path::packInputs()
{
    const std::vector<int32_t>& slots = m_runner.m_model->program->code.inputs;
    std::vector<c10::IValue> packed = m_runner.m_model->inputs.pack(m_inputs);
    for (size_t i = 0; i < packed.size(); ++i)
        m_frame[size_t(slots[1 + i])] = std::move(packed[i]);
}

void Path::finishStage()
{
    const Description& description = m_runner.m_description;
    if (m_stage < 0) {
        bool changed = false;
        for (size_t i = 0; i < m_inputs.size(); ++i) {
            const auto quantizer = m_config->activations.find(description.graph.inputs[i]);
            if (quantizer == m_config->activations.end())
                continue;
            m_inputs[i] = quantizeActivation(m_inputs[i], quantizer->second);
            changed = true;
        }
        if (changed)
            packInputs();
        m_inputs.clear();
        return;
    }
    const Instruction& instruction = m_runner.m_model->program->code.instructions[size_t(m_stage)];
    if (!m_config->activations.empty()) {
        for (const ValueId id : m_runner.valuesOfStage(m_stage)) {
            const auto quantizer = m_config->activations.find(id);
            c10::IValue& slot = m_frame[size_t(description.slotOfValue[size_t(id)])];
            if (quantizer != m_config->activations.end() && slot.isTensor())
                slot = quantizeActivation(slot.toTensor(), quantizer->second);
        }
    }
    Executor::finish(instruction, m_frame);
}

std::vector<std::pair<ValueId, at::Tensor>> Path::made(const std::set<ValueId>& observed) const
{
    std::vector<std::pair<ValueId, at::Tensor>> values;
    if (observed.empty())
        return values;
    for (const ValueId id : m_runner.valuesOfStage(m_stage)) {
        if (!observed.count(id))
            continue;
        const at::Tensor tensor = value(id);
        if (tensor.defined())
            // An in-place operator that is left would change what the observer keeps.
            values.emplace_back(id, m_runner.m_model->program->mutates ? tensor.clone() : tensor);
    }
    return values;
}

at::Tensor Path::value(ValueId id) const
{
    const Description& description = m_runner.m_description;
    if (m_stage < 0) {
        const auto& inputs = description.graph.inputs;
        for (size_t i = 0; i < inputs.size(); ++i)
            if (inputs[i] == id)
                return m_inputs[i];
    }
    const int32_t slot = description.slotOfValue[size_t(id)];
    const c10::IValue* value = slot >= 0 ? &m_frame[size_t(slot)] : nullptr;
    return value && value->isTensor() ? value->toTensor() : at::Tensor();
}

std::vector<Tensor> Path::outputs() const
{
    const std::vector<int32_t>& references = m_runner.m_model->program->code.outputs;
    std::vector<std::pair<std::string, at::Tensor>> flat;
    if (!references.empty())
        flattenTensors(m_executor.value(references[0], m_frame), "", flat);
    m_runner.checkFiles(); // what was cut during the run was read as zeros
    std::vector<Tensor> outputs;
    for (const auto& [name, tensor] : flat)
        outputs.push_back(floatFromTorch(tensor));
    return outputs;
}

} // namespace bitwright
