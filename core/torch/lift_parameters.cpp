// SPDX-License-Identifier: GPL-3.0-or-later
// Before: prim::GetAttr chains from `self`.
// After: tensors are named inputs of the graph, tied ones once; numbers, strings and None are constants.
// Condition: nothing in the graph writes the attribute (prim::SetAttr); else the read stays.
#include "core/torch/passes_p.h"

#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>

#include <optional>
#include <set>
#include <tuple>

namespace bitwright {
namespace jit = torch::jit;
namespace {

constexpr size_t kDeepestModule = 200;

std::string joined(const std::vector<std::string>& path)
{
    std::string text;
    for (const std::string& part : path)
        text += (text.empty() ? "" : ".") + part;
    return text;
}

class Lifter {
public:
    Lifter(LiftedGraph& lifted, const jit::Module& module, const StopCheck& stop)
        : m_lifted(lifted)
        , m_module(module)
        , m_stop(stop)
    {
        nameTensors(*module._ivalue(), "", 0);
        findWrites(lifted.graph->block());
    }

    void lift(jit::Block* block)
    {
        for (jit::Node* node : block->nodes()) {
            m_stop.check();
            for (jit::Block* inner : node->blocks())
                lift(inner);
            if (node->kind() == c10::prim::GetAttr)
                liftRead(node);
        }
    }

private:
    // Same memory seen the same way = the same (tied) tensor.
    using Key = std::tuple<const void*, std::vector<int64_t>, std::vector<int64_t>, c10::ScalarType>;
    static std::optional<Key> keyOf(const at::Tensor& tensor)
    {
        if (!tensor.defined() || tensor.layout() != c10::kStrided || tensor.is_quantized() ||
            tensor.numel() == 0)
            return std::nullopt;
        return Key{tensor.data_ptr(), tensor.sizes().vec(), tensor.strides().vec(), tensor.scalar_type()};
    }

    void nameTensors(const c10::ivalue::Object& object, const std::string& prefix, size_t depth)
    {
        if (depth > kDeepestModule)
            throw Stop{{Error::Limit, "The modules of the model are nested more than 200 deep.", {}}};
        const auto& type = *object.type();
        for (size_t i = 0; i < object.slots().size(); ++i) {
            const c10::IValue& value = object.slots()[i];
            const std::string name = prefix + type.getAttributeName(i);
            if (value.isTensor() && value.toTensor().defined())
                nameTensor(value.toTensor(), name, !type.is_parameter(i));
            else if (value.isObject() && value.toObjectRef().type()->is_module())
                nameTensors(value.toObjectRef(), name + ".", depth + 1);
        }
    }

    void nameTensor(const at::Tensor& tensor, const std::string& name, bool isBuffer)
    {
        const auto key = keyOf(tensor);
        const auto known = key ? m_byKey.find(*key) : m_byKey.end();
        if (known != m_byKey.end()) {
            m_named[known->second].aliases.push_back(name);
            m_byName[name] = known->second;
            return;
        }
        if (key)
            m_byKey[*key] = m_named.size();
        m_byName[name] = m_named.size();
        m_named.push_back({name, tensor, isBuffer, {}});
    }

    void findWrites(jit::Block* block)
    {
        for (jit::Node* node : block->nodes()) {
            for (jit::Block* inner : node->blocks())
                findWrites(inner);
            std::vector<std::string> path;
            if (node->kind() == c10::prim::SetAttr && attributePath(node->input(0), path)) {
                path.push_back(node->s(c10::attr::name));
                m_written.insert(joined(path));
            }
        }
    }

    void liftRead(jit::Node* node)
    {
        std::vector<std::string> path;
        if (!attributePath(node->output(), path) || m_written.count(joined(path)))
            return;
        c10::IValue value = m_module._ivalue();
        for (const std::string& part : path)
            value = value.toObjectRef().getAttr(part);
        jit::WithInsertPoint point(node);
        if (jit::Value* replacement = replace(value, joined(path), *node->owningGraph()))
            node->output()->replaceAllUsesWith(replacement);
    }

    jit::Value* replace(const c10::IValue& value, const std::string& name, jit::Graph& graph)
    {
        if (value.isTensor() && value.toTensor().defined())
            return input(value.toTensor(), name);
        if (value.isTensorList()) {
            std::vector<jit::Value*> elements;
            for (const c10::IValue& element : value.toListRef())
                elements.push_back(input(element.toTensor(), name + "." + std::to_string(elements.size())));
            return graph.insertNode(graph.createList(c10::TensorType::get(), elements))->output();
        }
        if (value.isObject())
            return nullptr;
        const auto constant = jit::tryInsertConstant(graph, value);
        return constant ? *constant : nullptr;
    }

    jit::Value* input(const at::Tensor& tensor, const std::string& name)
    {
        const auto key = keyOf(tensor);
        if (key && m_byKey.count(*key))
            return inputOf(m_byKey[*key]);
        if (!m_byName.count(name))
            nameTensor(tensor, name, true);
        return inputOf(m_byName[name]);
    }

    jit::Value* inputOf(size_t named)
    {
        const auto known = m_inputs.find(named);
        if (known != m_inputs.end())
            return m_lifted.parameterValue(known->second);
        m_inputs[named] = m_lifted.addParameter(m_named[named]);
        return m_lifted.parameterValue(m_inputs[named]);
    }

    LiftedGraph& m_lifted;
    const jit::Module& m_module;
    const StopCheck& m_stop;
    std::vector<LiftedParameter> m_named;
    std::map<Key, size_t> m_byKey;
    std::map<std::string, size_t> m_byName;
    std::map<size_t, size_t> m_inputs; ///< index in m_named -> index of the lifted parameter
    std::set<std::string> m_written;
};

} // namespace

int64_t LiftedGraph::parameterIndex(const jit::Value* value) const
{
    if (value->node() != graph->param_node() || value->offset() < 1 + userInputs)
        return -1;
    return int64_t(value->offset() - 1 - userInputs);
}

size_t LiftedGraph::addParameter(LiftedParameter parameter)
{
    jit::Value* value = graph->addInput();
    value->setType(c10::TensorType::get());
    parameters.push_back(std::move(parameter));
    return parameters.size() - 1;
}

void LiftedGraph::removeUnusedParameters()
{
    for (size_t i = parameters.size(); i-- > 0;) {
        if (parameterValue(i)->hasUses())
            continue;
        graph->eraseInput(1 + userInputs + i);
        parameters.erase(parameters.begin() + int64_t(i));
    }
}

LiftedGraph liftParameters(std::shared_ptr<jit::Graph> graph, const jit::Module& module,
                           const StopCheck& stop)
{
    LiftedGraph lifted;
    lifted.graph = std::move(graph);
    lifted.userInputs = lifted.graph->inputs().size() - 1;
    Lifter(lifted, module, stop).lift(lifted.graph->block());
    jit::EliminateDeadCode(lifted.graph);
    return lifted;
}

} // namespace bitwright
