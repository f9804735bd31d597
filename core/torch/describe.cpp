// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/describe_p.h"
#include "core/torch/execute_p.h"
#include "core/torch/tensor_bridge_p.h"

#include <ATen/core/Dict.h>
#include <ATen/core/grad_mode.h>

#include <set>

namespace bitwright {
namespace jit = torch::jit;
namespace {

ValueFacts factsOf(const c10::IValue& value)
{
    if (!value.isTensor() || !value.toTensor().defined())
        return {};
    const at::Tensor& tensor = value.toTensor();
    return {isKnownDtype(tensor.scalar_type()), tensor.scalar_type(), tensor.sizes().vec()};
}

class Describer {
public:
    Describer(const ImportedModel& model, const StopCheck& stop)
        : m_model(model)
        , m_stop(stop)
    {
    }

    Description describe()
    {
        c10::IValue output;
        m_one = exampleFacts(m_model, 1, m_stop, &output);
        m_two = m_model.fixedBatch ? m_one : exampleFacts(m_model, 2, m_stop, nullptr);
        addParameters();
        addInputs();
        addNodes(m_model.lifted.graph->block(), true);
        std::vector<std::pair<std::string, at::Tensor>> outputs;
        flattenTensors(output, "", outputs);
        for (size_t i = 0; i < outputs.size(); ++i)
            graph().outputNames.push_back(i < m_model.outputNames.size() ? m_model.outputNames[i]
                                                                         : outputs[i].first);
        if (m_model.fixedBatch)
            graph().unsupported.push_back("The model accepts one sample at a time (batch size 1) only.");
        addLayers(m_model, m_made);
        return std::move(m_made);
    }

private:
    Graph& graph() { return m_made.graph; }

    void addParameters()
    {
        for (const LiftedParameter& lifted : m_model.lifted.parameters) {
            const DType dtype = isKnownDtype(lifted.tensor.scalar_type())
                                    ? dtypeFromTorch(lifted.tensor.scalar_type())
                                    : DType::F32;
            graph().parameters.push_back(
                {lifted.name, dtype, lifted.tensor.sizes().vec(), lifted.isBuffer, lifted.aliases});
        }
    }

    ValueId addValue(const std::string& name, int32_t slot, int32_t stage, NodeId producer)
    {
        Value value;
        value.id = ValueId(graph().values.size());
        value.name = uniqueName(m_usedNames, name);
        value.producer = producer;
        if (slot >= 0)
            fill(value, m_one[size_t(slot)], m_two[size_t(slot)]);
        graph().values.push_back(value);
        m_made.slotOfValue.push_back(slot);
        m_made.stageOfValue.push_back(stage);
        return value.id;
    }

    void fill(Value& value, const ValueFacts& one, const ValueFacts& two) const
    {
        value.isTensor = one.isTensor;
        if (!one.isTensor)
            return;
        value.dtype = dtypeFromTorch(one.type);
        value.shape = one.shape;
        value.batched = !m_model.fixedBatch && !one.shape.empty() && one.shape.size() == two.shape.size() &&
                        one.shape[0] == 1 && two.shape[0] == 2;
    }

    void addInputs()
    {
        graph().inputs.resize(m_model.inputs.tensors.size());
        for (size_t i = 0; i < m_model.inputs.arguments.size(); ++i)
            addInput(m_model.inputs.arguments[i], m_model.lifted.graph->inputs()[1 + i], true);
    }

    void addInput(const Argument& argument, const jit::Value* value, bool isWhole)
    {
        for (const Argument& child : argument.children)
            addInput(child, value, false);
        if (argument.kind != Argument::Tensor)
            return;
        const TensorInput& input = m_model.inputs.tensors[argument.tensor];
        const int32_t slot = isWhole ? m_model.program->slotOf.at(value) : -1;
        const ValueId id = addValue(input.name, slot, -1, kNone);
        if (!isWhole) {
            Value& made = graph().values[size_t(id)];
            made.isTensor = true;
            made.dtype = dtypeFromTorch(input.type);
            made.shape = input.shape;
            made.shape.insert(made.shape.begin() + int64_t(input.batchAxis), 1);
            made.batched = !m_model.fixedBatch && input.batchAxis == 0;
        }
        graph().inputs[argument.tensor] = id;
        m_made.valueIds[value].push_back(id);
    }

    void addNodes(const jit::Block* block, bool isTop)
    {
        int32_t stage = 0;
        for (const jit::Node* node : block->nodes()) {
            m_stop.check();
            if (node->kind() == c10::prim::Constant)
                continue;
            addNode(node, isTop ? stage : -1, isTop);
            for (const jit::Block* inner : node->blocks())
                addNodes(inner, false);
            ++stage;
        }
    }

    void addNode(const jit::Node* node, int32_t stage, bool isTop)
    {
        Node made;
        made.id = NodeId(graph().nodes.size());
        made.kind = node->kind().toQualString();
        made.scope = scopeOf(node);
        for (const jit::Value* input : node->inputs())
            if (const auto known = m_made.valueIds.find(input); known != m_made.valueIds.end())
                made.inputs.insert(made.inputs.end(), known->second.begin(), known->second.end());
        for (const ParameterRead& read : parametersOf(m_model.lifted, node))
            made.parameters.push_back(m_model.lifted.parameters[size_t(read.index)].name);
        if (isTop) {
            const OpTraits* traits = opTraits(made.kind);
            const std::string label = traits ? std::string(traits->label) : node->kind().toUnqualString();
            for (const jit::Value* output : node->outputs()) {
                const auto own = m_model.valueNames.find(output);
                const std::string name = own != m_model.valueNames.end() ? own->second
                                         : made.scope.empty()            ? label
                                                                         : made.scope + "." + label;
                made.outputs.push_back(addValue(name, m_model.program->slotOf.at(output), stage, made.id));
                m_made.valueIds[output] = {made.outputs.back()};
            }
        }
        m_made.nodeIds[node] = made.id;
        graph().nodes.push_back(std::move(made));
    }

    const ImportedModel& m_model;
    const StopCheck& m_stop;
    Description m_made;
    std::vector<ValueFacts> m_one, m_two;
    std::unordered_map<std::string, int> m_usedNames;
};

bool isView(const jit::Node* node)
{
    static const std::set<std::string> kinds = {
        "aten::chunk",     "prim::ConstantChunk",  "aten::split",  "aten::split_with_sizes", "aten::slice",
        "aten::select",    "aten::narrow",         "aten::view",   "aten::reshape",          "aten::squeeze",
        "aten::unsqueeze", "prim::ListUnpack",     "aten::to",     "aten::contiguous",       "aten::detach",
        "aten::expand",    "prim::unchecked_cast", "aten::unbind", "aten::__getitem__"};
    return kinds.count(node->kind().toQualString()) > 0;
}

} // namespace

std::vector<ValueFacts> exampleFacts(const ImportedModel& model, int64_t batch, const StopCheck& stop,
                                     c10::IValue* output)
{
    at::NoGradGuard noGradients;
    const Program& program = *model.program;
    std::vector<ValueFacts> facts(size_t(program.slots));
    Executor executor(program, stop);
    executor.sizesOnly = model.sizesOnly;
    Frame frame = executor.start(model.inputs.pack(model.inputs.example(batch, 0)));
    for (size_t i = 1; i <= program.userInputs; ++i)
        facts[size_t(program.code.inputs[i])] = factsOf(frame[size_t(program.code.inputs[i])]);
    for (const Instruction& instruction : program.code.instructions) {
        executor.step(instruction, frame);
        for (const int32_t slot : instruction.outputs)
            facts[size_t(slot)] = factsOf(frame[size_t(slot)]);
        Executor::finish(instruction, frame);
    }
    if (output && !program.code.outputs.empty())
        *output = executor.value(program.code.outputs[0], frame);
    return facts;
}

ParameterRead parameterBehind(const LiftedGraph& lifted, const jit::Value* value)
{
    ParameterRead read;
    for (;;) {
        read.index = lifted.parameterIndex(value);
        const jit::Node* node = value->node();
        if (read.index >= 0 || node->inputs().empty())
            return read;
        const bool swaps = node->kind() == c10::aten::t || node->kind() == c10::aten::transpose ||
                           node->kind() == c10::aten::numpy_T;
        if (!swaps && !isView(node))
            return read;
        read.swapped ^= swaps;
        value = node->input(0);
    }
}

std::vector<ParameterRead> parametersOf(const LiftedGraph& lifted, const jit::Node* node)
{
    std::vector<ParameterRead> reads;
    const auto add = [&](const jit::Value* value) {
        if (const ParameterRead read = parameterBehind(lifted, value); read.index >= 0)
            reads.push_back(read);
    };
    for (const jit::Value* input : node->inputs()) {
        add(input);
        if (input->node()->kind() == c10::prim::ListConstruct)
            for (const jit::Value* element : input->node()->inputs())
                add(element);
    }
    return reads;
}

std::string uniqueName(std::unordered_map<std::string, int>& used, const std::string& name)
{
    const int count = ++used[name];
    return count == 1 ? name : uniqueName(used, name + "#" + std::to_string(count));
}

void flattenTensors(const c10::IValue& value, const std::string& name,
                    std::vector<std::pair<std::string, at::Tensor>>& tensors)
{
    const auto inside = [&](const std::string& part) { return name.empty() ? part : name + "." + part; };
    const auto flattenAll = [&](c10::ArrayRef<c10::IValue> elements) {
        for (size_t i = 0; i < elements.size(); ++i)
            flattenTensors(elements[i], inside(std::to_string(i)), tensors);
    };
    if (value.isTensor()) {
        if (value.toTensor().defined())
            tensors.emplace_back(name, value.toTensor());
    } else if (value.isTuple()) {
        flattenAll(value.toTupleRef().elements());
    } else if (value.isList()) {
        flattenAll(value.toListRef());
    } else if (value.isGenericDict()) {
        for (const auto& entry : value.toGenericDict()) {
            const c10::IValue& key = entry.key();
            flattenTensors(entry.value(), inside(key.isString() ? key.toStringRef() : c10::str(key)),
                           tensors);
        }
    }
}

Description describeModel(const ImportedModel& model, const StopCheck& stop)
{
    return Describer(model, stop).describe();
}

} // namespace bitwright
