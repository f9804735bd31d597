// Before: the arithmetic that exporters write for operators which their operator set lacks:
//           (x - mean(x)) / sqrt(mean((x - mean(x))^2) + eps) * weight + bias
//           x * 0.5 * (1 + erf(x / sqrt(2))), in any order of the products;  x * sigmoid(x)
// After:  aten::layer_norm, aten::gelu, aten::silu.
// Condition: the mean is over the last axis, weight and bias are parameters of its size, and nothing else
// reads what lies between. SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/dead_code_p.h"
#include "core/torch/onnx/fuse_patterns_p.h"

#include <ATen/ATen.h>
#include <torch/csrc/jit/ir/constants.h>

#include <cmath>
#include <optional>

namespace bitwright::onnxin {
namespace jit = torch::jit;
namespace aten = c10::aten;
namespace {

std::optional<double> numberOf(const jit::Value* value)
{
    const auto known = jit::toIValue(value);
    if (known && known->isTensor() && known->toTensor().numel() == 1)
        return known->toTensor().item<double>();
    return known && known->isScalar() ? std::optional<double>(known->toScalar().toDouble()) : std::nullopt;
}

bool isNumber(const jit::Value* value, double wanted)
{
    const auto number = numberOf(value);
    return number && std::abs(*number - wanted) < 1e-4 * std::abs(wanted);
}

bool is(const jit::Value* value, c10::Symbol kind)
{
    return value->node()->kind() == kind;
}

/// The other factor of a product (or summand of a plain sum) one of whose inputs satisfies `test`.
template<typename Test>
jit::Value* partner(jit::Value* value, c10::Symbol kind, Test&& test)
{
    if (!is(value, kind))
        return nullptr;
    jit::Node* node = value->node();
    if (test(node->input(1)))
        return node->input(0);
    return test(node->input(0)) ? node->input(1) : nullptr;
}

class Fuser {
public:
    Fuser(LiftedGraph& lifted, std::unordered_map<const jit::Value*, std::string>& names,
          std::vector<FileEncoding>& encodings)
        : m_lifted(lifted)
        , m_names(names)
        , m_encodings(encodings)
    {
    }

    void visit(jit::Block* block, const StopCheck& stop)
    {
        for (jit::Node* node = block->nodes().front(); node != block->return_node(); node = node->next()) {
            stop.check();
            for (jit::Block* inner : node->blocks())
                visit(inner, stop);
            if (node->kind() == aten::add)
                fuseNorm(node);
            else if (node->kind() == aten::mul)
                fuseActivation(node);
        }
    }

private:
    const at::Tensor* parameterOf(const jit::Value* value) const
    {
        const int64_t index = m_lifted.parameterIndex(value);
        return index < 0 ? nullptr : &m_lifted.parameters[size_t(index)].tensor;
    }

    bool isRow(const jit::Value* value) const
    {
        const at::Tensor* tensor = parameterOf(value);
        return tensor && tensor->dim() == 1;
    }

    static bool meansLastAxis(const jit::Value* value)
    {
        if (!is(value, aten::mean) || !value->node()->hasNamedInput("dim"))
            return false;
        const auto axes = jit::toIValue(value->node()->namedInput("dim"));
        const auto keep = jit::toIValue(value->node()->namedInput("keepdim"));
        return axes && axes->isIntList() && axes->toIntVector() == std::vector<int64_t>{-1} && keep &&
               keep->toBool();
    }

    void fuseNorm(jit::Node* add)
    {
        jit::Value *bias = nullptr, *weight = nullptr;
        jit::Value* scaled = partner(add->output(), aten::add, [&](jit::Value* v) {
            bias = v;
            return isRow(v);
        });
        if (!scaled || scaled->uses().size() != 1 || !isNumber(add->input(2), 1))
            return;
        jit::Value* normal = partner(scaled, aten::mul, [&](jit::Value* v) {
            weight = v;
            return isRow(v);
        });
        if (!normal || !is(normal, aten::div))
            return;
        jit::Value *centered = normal->node()->input(0), *root = normal->node()->input(1);
        double eps = 0;
        if (!isDeviation(root, centered, eps) || !is(centered, aten::sub))
            return;
        jit::Value *x = centered->node()->input(0), *mean = centered->node()->input(1);
        const bool fits = meansLastAxis(mean) && mean->node()->input(0) == x &&
                          parameterOf(weight)->sizes() == parameterOf(bias)->sizes();
        if (!fits)
            return;
        jit::WithInsertPoint point(add);
        jit::Value* fused = m_lifted.graph->insert(
            aten::layer_norm, {x, parameterOf(weight)->sizes().vec(), weight, bias, eps, false});
        replace(add, fused);
    }

    /// sqrt(mean(centered^2) + eps)
    static bool isDeviation(jit::Value* root, jit::Value* centered, double& eps)
    {
        if (!is(root, aten::sqrt))
            return false;
        std::optional<double> added;
        jit::Value* variance = partner(root->node()->input(0), aten::add, [&](jit::Value* v) {
            added = numberOf(v);
            return added.has_value();
        });
        if (!variance || !meansLastAxis(variance))
            return false;
        eps = *added;
        const jit::Value* square = variance->node()->input(0);
        const bool isPower = is(square, aten::pow) && isNumber(square->node()->input(1), 2);
        const bool isProduct = is(square, aten::mul) && square->node()->input(1) == centered;
        return (isPower || isProduct) && square->node()->input(0) == centered;
    }

    void fuseActivation(jit::Node* product)
    {
        jit::WithInsertPoint point(product);
        for (const size_t i : {0, 1}) {
            jit::Value *gate = product->input(i), *x = product->input(1 - i);
            if (is(gate, aten::sigmoid) && gate->node()->input(0) == x && gate->uses().size() == 1)
                return replace(product, m_lifted.graph->insert(aten::silu, {x}));
        }
        if (jit::Value* x = geluInput(product->output()))
            replace(product,
                    m_lifted.graph->insert(
                        aten::gelu, {x}, {jit::NamedValue("approximate", c10::IValue(std::string("none")))}));
    }

    /// 1 + erf(x / sqrt(2)) -> x
    static jit::Value* errorInput(jit::Value* value)
    {
        jit::Value* error = partner(value, aten::add, [](jit::Value* v) { return isNumber(v, 1); });
        if (!error || !is(error, aten::erf))
            return nullptr;
        jit::Value* scaled = error->node()->input(0);
        if (is(scaled, aten::div) && isNumber(scaled->node()->input(1), std::sqrt(2.0)))
            return scaled->node()->input(0);
        return partner(scaled, aten::mul, [](jit::Value* v) { return isNumber(v, std::sqrt(0.5)); });
    }

    static jit::Value* geluInput(jit::Value* out)
    {
        const auto isHalf = [](jit::Value* v) { return isNumber(v, 0.5); };
        const auto isError = [](jit::Value* v) { return errorInput(v) != nullptr; };
        // (x * e) * 0.5
        if (jit::Value* inner = partner(out, aten::mul, isHalf); inner && is(inner, aten::mul)) {
            jit::Node* node = inner->node();
            for (const size_t i : {0, 1})
                if (isError(node->input(i)) && errorInput(node->input(i)) == node->input(1 - i))
                    return node->input(1 - i);
            return nullptr;
        }
        // (x * 0.5) * e
        jit::Node* node = out->node();
        for (const size_t i : {0, 1}) {
            if (!isError(node->input(i)))
                continue;
            jit::Value* half = partner(node->input(1 - i), aten::mul, isHalf);
            if (half && half == errorInput(node->input(i)))
                return half;
        }
        // x * (e * 0.5)
        for (const size_t i : {0, 1}) {
            jit::Value* error = partner(node->input(i), aten::mul, isHalf);
            if (error && isError(error) && errorInput(error) == node->input(1 - i))
                return node->input(1 - i);
        }
        return nullptr;
    }

    void replace(jit::Node* old, jit::Value* fused)
    {
        setScope(fused->node(), scopeOf(old));
        old->output()->replaceAllUsesWith(fused);
        if (const auto name = m_names.find(old->output()); name != m_names.end())
            m_names[fused] = std::string(name->second);
        for (FileEncoding& encoding : m_encodings)
            if (encoding.value == old->output())
                encoding.value = fused;
    }

    LiftedGraph& m_lifted;
    std::unordered_map<const jit::Value*, std::string>& m_names;
    std::vector<FileEncoding>& m_encodings;
};

} // namespace

void fusePatterns(LiftedGraph& lifted, std::unordered_map<const jit::Value*, std::string>& names,
                  std::vector<FileEncoding>& encodings, const StopCheck& stop)
{
    Fuser(lifted, names, encodings).visit(lifted.graph->block(), stop);
    dropDeadCode(lifted.graph);
}

} // namespace bitwright::onnxin
