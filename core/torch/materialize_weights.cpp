// SPDX-License-Identifier: GPL-3.0-or-later
// Before: conv(x, weight_norm(v, g)), any weight that is computed from parameters alone (spectral norm).
// After:  conv(x, W) with the parameter W = weight_norm(v, g), computed once.
// Condition: a weight position with a tensor of two or more dimensions, behind operators without side
// effects. Plain views of one parameter stay: they keep its identity.
//
// Also tensor constants in weight positions (files that were frozen) become parameters, named by operator
// and number: conv2d_1.weight.
#include "core/graph/op_traits.h"
#include "core/torch/dead_code_p.h"
#include "core/torch/describe_p.h"
#include "core/torch/passes_p.h"

#include <torch/csrc/jit/ir/constants.h>

#include <optional>
#include <set>

namespace bitwright {
namespace jit = torch::jit;
namespace {

constexpr int kDeepest = 64;

/// The value of an expression over parameters and constants, or nothing when it needs the model's input.
std::optional<c10::IValue> evaluate(const LiftedGraph& lifted, const jit::Value* value, int depth = 0)
{
    if (const int64_t index = lifted.parameterIndex(value); index >= 0)
        return lifted.parameters[size_t(index)].tensor.detach();
    const jit::Node* node = value->node();
    if (node->kind() == c10::prim::Constant)
        return jit::toIValue(value) ? c10::IValue(*jit::toIValue(value)) : c10::IValue();
    const bool isList = node->kind() == c10::prim::ListConstruct;
    const bool isPure =
        isList || (node->blocks().empty() && node->maybeOperator() && !node->schema().is_mutable() &&
                   !node->schema().is_vararg() && !node->isNondeterministic() && !node->hasSideEffects());
    if (!isPure || depth > kDeepest || node->inputs().empty())
        return std::nullopt;
    jit::Stack stack;
    for (const jit::Value* input : node->inputs()) {
        auto known = evaluate(lifted, input, depth + 1);
        if (!known)
            return std::nullopt;
        stack.push_back(std::move(*known));
    }
    if (isList) {
        c10::impl::GenericList list(value->type()->expectRef<c10::ListType>().getElementType());
        for (const c10::IValue& element : stack)
            list.push_back(element);
        return c10::IValue(list);
    }
    node->getOperation()(stack);
    return stack.at(stack.size() - node->outputs().size() + value->offset());
}

/// A parameter somewhere in the expression, to take the module's name from.
int64_t firstParameter(const LiftedGraph& lifted, const jit::Value* value)
{
    if (const int64_t index = lifted.parameterIndex(value); index >= 0)
        return index;
    for (const jit::Value* input : value->node()->inputs())
        if (const int64_t index = firstParameter(lifted, input); index >= 0)
            return index;
    return -1;
}

void materialize(LiftedGraph& lifted, jit::Node* node, size_t input)
{
    jit::Value* weight = node->input(input);
    if (weight->node()->kind() == c10::prim::Constant || parameterBehind(lifted, weight).index >= 0)
        return;
    const auto value = evaluate(lifted, weight);
    if (!value || !value->isTensor() || value->toTensor().dim() < 2)
        return;
    const int64_t source = firstParameter(lifted, weight);
    if (source < 0)
        return;
    const std::string from = lifted.parameters[size_t(source)].name;
    const size_t dot = from.rfind('.');
    const std::string name = (dot == std::string::npos ? "" : from.substr(0, dot + 1)) + "weight";
    const size_t added =
        lifted.addParameter({freeName(lifted, name), value->toTensor().contiguous(), false, {}, true});
    node->replaceInput(input, lifted.parameterValue(added));
}

template<typename Visit>
void forEachNode(jit::Block* block, const StopCheck& stop, Visit&& visit)
{
    for (jit::Node* node : block->nodes()) {
        stop.check();
        visit(node);
        for (jit::Block* inner : node->blocks())
            forEachNode(inner, stop, visit);
    }
}

class ConstantLifter {
public:
    explicit ConstantLifter(LiftedGraph& lifted)
        : m_lifted(lifted)
    {
    }

    void lift(jit::Node* node)
    {
        const OpTraits* traits = opTraits(node->kind().toQualString());
        if (!traits ||
            (traits->weightInput < 0 && traits->op != OpKind::Norm && traits->op != OpKind::BatchNorm))
            return;
        m_owner.clear();
        m_others = 0;
        for (size_t i = 0; i < node->inputs().size(); ++i) {
            liftInput(node, i, *traits);
            jit::Node* list = node->input(i)->node();
            if (list->kind() == c10::prim::ListConstruct)
                for (size_t k = 0; k < list->inputs().size(); ++k)
                    liftInto(list, k, *traits, "weights." + std::to_string(k));
        }
    }

private:
    void liftInput(jit::Node* node, size_t input, const OpTraits& traits)
    {
        const bool isNorm = traits.op == OpKind::Norm || traits.op == OpKind::BatchNorm;
        std::string role;
        if (traits.op == OpKind::BatchNorm) {
            static const char* const roles[] = {"", "weight", "bias", "running_mean", "running_var"};
            role = input < 5 ? roles[input] : "";
        } else if (isNorm) {
            role = m_others == 0 ? "weight" : "bias";
        } else {
            role = int(input) == traits.weightInput ? "weight"
                   : int(input) == traits.biasInput ? "bias"
                                                    : "other";
        }
        if (liftInto(node, input, traits, role))
            ++m_others;
    }

    bool liftInto(jit::Node* node, size_t input, const OpTraits& traits, const std::string& role)
    {
        jit::Value* value = node->input(input);
        const auto constant = jit::toIValue(value);
        if (!constant || !constant->isTensor() || !constant->toTensor().defined())
            return false;
        const at::Tensor& tensor = constant->toTensor();
        if (!tensor.is_floating_point() || tensor.dim() == 0)
            return false;
        const auto known = m_indices.find(value);
        if (known == m_indices.end()) {
            if (m_owner.empty())
                m_owner = nextOwner(traits, tensor);
            const bool isBuffer = role.starts_with("running_");
            m_indices[value] =
                m_lifted.addParameter({freeName(m_lifted, m_owner + "." + role), tensor, isBuffer, {}, true});
        }
        node->replaceInput(input, m_lifted.parameterValue(m_indices[value]));
        return true;
    }

    std::string nextOwner(const OpTraits& traits, const at::Tensor& tensor)
    {
        std::string label(traits.label);
        if (label == "conv")
            label += std::to_string(std::max<int64_t>(tensor.dim() - 2, 0)) + "d";
        return label + "_" + std::to_string(++m_numbers[label]);
    }

    LiftedGraph& m_lifted;
    std::map<const jit::Value*, size_t> m_indices;
    std::map<std::string, int> m_numbers;
    std::string m_owner;
    int m_others = 0;
};

} // namespace

std::string freeName(const LiftedGraph& lifted, const std::string& wanted)
{
    std::string name = wanted;
    for (int i = 2;; ++i) {
        const bool taken = std::any_of(lifted.parameters.begin(), lifted.parameters.end(),
                                       [&](const LiftedParameter& p) { return p.name == name; });
        if (!taken)
            return name;
        name = wanted + "#" + std::to_string(i);
    }
}

void materializeWeights(LiftedGraph& lifted, const StopCheck& stop)
{
    forEachNode(lifted.graph->block(), stop, [&](jit::Node* node) {
        const OpTraits* traits = opTraits(node->kind().toQualString());
        if (traits && traits->weightInput >= 0 && size_t(traits->weightInput) < node->inputs().size())
            materialize(lifted, node, size_t(traits->weightInput));
    });
    dropDeadCode(lifted.graph);
    lifted.removeUnusedParameters();
}

void liftConstants(LiftedGraph& lifted, const StopCheck& stop)
{
    ConstantLifter lifter(lifted);
    forEachNode(lifted.graph->block(), stop, [&](jit::Node* node) { lifter.lift(node); });
    dropDeadCode(lifted.graph);
}

} // namespace bitwright
