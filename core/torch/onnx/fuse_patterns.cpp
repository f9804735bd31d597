// SPDX-License-Identifier: GPL-3.0-or-later
// Before: the arithmetic that exporters write for operators which their operator set lacks:
//           (x - mean(x)) / sqrt(mean((x - mean(x))^2) + eps) * weight + bias
//           x * 0.5 * (1 + erf(x / sqrt(2))), in any order of the products;  x * sigmoid(x);  the same with
//           tanh(sqrt(2 / pi) * (x + 0.044715 x^3)) for the erf;  clip(relu(x), 0 or more, ...)
// After:  aten::layer_norm, aten::gelu, aten::silu, clip(x).
// Condition: the mean is over the last axis, weight and bias are parameters of its size, and nothing else
// reads what lies between; what is rounded between ReLU and clip is rounded to the same grid behind them.
#include "core/torch/dead_code_p.h"
#include "core/torch/onnx/fuse_patterns_p.h"

#include <ATen/ATen.h>
#include <torch/csrc/jit/ir/constants.h>

#include <algorithm>
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
            else if (node->kind() == aten::hardtanh || node->kind() == aten::clamp)
                fuseCuts(node);
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

    /// Of the value's last axis; 0 when it is open.
    static int64_t lastSize(const jit::Value* value)
    {
        const auto type = value->type()->cast<c10::TensorType>();
        const auto sizes = type ? type->sizes().sizes() : c10::nullopt;
        return sizes && !sizes->empty() ? sizes->back().value_or(0) : 0;
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
                          parameterOf(weight)->size(0) == lastSize(centered) &&
                          parameterOf(bias)->size(0) == lastSize(centered);
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
        return isPower(square, centered, 2);
    }

    void fuseActivation(jit::Node* product)
    {
        jit::WithInsertPoint point(product);
        for (const size_t i : {0, 1}) {
            jit::Value *gate = product->input(i), *x = product->input(1 - i);
            if (is(gate, aten::sigmoid) && gate->node()->input(0) == x && gate->uses().size() == 1)
                return replace(product, m_lifted.graph->insert(aten::silu, {x}));
        }
        using Gate = std::pair<std::string, jit::Value* (*)(jit::Value*)>;
        for (const auto& [approximate, gateInput] : {Gate("none", erfInput), Gate("tanh", tanhInput)})
            if (jit::Value* x = geluInput(product->output(), gateInput)) {
                const jit::NamedValue option("approximate", c10::IValue(approximate));
                return replace(product, m_lifted.graph->insert(aten::gelu, {x}, {option}));
            }
    }

    const FileEncoding* encodingOf(const jit::Value* value) const
    {
        const auto found = std::find_if(m_encodings.begin(), m_encodings.end(),
                                        [&](const FileEncoding& one) { return one.value == value; });
        return found == m_encodings.end() ? nullptr : &*found;
    }

    static bool haveOneGrid(const FileEncoding& a, const FileEncoding& b)
    {
        const auto equal = [](const at::Tensor& x, const at::Tensor& y) {
            return x.defined() == y.defined() &&
                   (!x.defined() || (x.scalar_type() == y.scalar_type() && at::equal(x, y)));
        };
        return a.low == b.low && a.high == b.high && a.axis == b.axis && equal(a.scale, b.scale) &&
               equal(a.zeroPoint, b.zeroPoint);
    }

    /// Runtimes merge a layer with a quantizer, so that some writers put one in front of the clip too; one
    /// that begins at zero is read as a ReLU. Cutting at 0 and rounding to one grid twice changes nothing.
    void fuseCuts(jit::Node* clip)
    {
        const jit::Value* cut = clip->input(0);
        const auto low = numberOf(clip->input(1));
        if (!is(cut, aten::relu) || cut->uses().size() != 1 || !low || *low < 0)
            return;
        const FileEncoding *inner = encodingOf(cut), *outer = encodingOf(clip->output());
        if (!inner || (outer && haveOneGrid(*inner, *outer)))
            clip->replaceInput(0, cut->node()->input(0));
    }

    /// 1 + erf(x / sqrt(2)) -> x
    static jit::Value* erfInput(jit::Value* value)
    {
        jit::Value* error = partner(value, aten::add, [](jit::Value* v) { return isNumber(v, 1); });
        if (!error || !is(error, aten::erf))
            return nullptr;
        jit::Value* scaled = error->node()->input(0);
        if (is(scaled, aten::div) && isNumber(scaled->node()->input(1), std::sqrt(2.0)))
            return scaled->node()->input(0);
        return partner(scaled, aten::mul, [](jit::Value* v) { return isNumber(v, std::sqrt(0.5)); });
    }

    /// 1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3)) -> x
    static jit::Value* tanhInput(jit::Value* value)
    {
        jit::Value* tanh = partner(value, aten::add, [](jit::Value* v) { return isNumber(v, 1); });
        jit::Value* sum = tanh && is(tanh, aten::tanh)
                              ? partner(tanh->node()->input(0), aten::mul,
                                        [](jit::Value* v) { return isNumber(v, std::sqrt(2 / M_PI)); })
                              : nullptr;
        if (!sum || !is(sum, aten::add))
            return nullptr;
        for (const size_t i : {0, 1}) {
            jit::Value* x = sum->node()->input(i);
            const jit::Value* cube = partner(sum->node()->input(1 - i), aten::mul,
                                             [](jit::Value* v) { return isNumber(v, 0.044715); });
            if (cube && isPower(cube, x, 3))
                return x;
        }
        return nullptr;
    }

    /// x^exponent, or products of x.
    static bool isPower(const jit::Value* value, const jit::Value* x, int exponent)
    {
        if (exponent == 1)
            return value == x;
        const jit::Node* node = value->node();
        if (is(value, aten::pow))
            return node->input(0) == x && isNumber(node->input(1), exponent);
        return is(value, aten::mul) && ((node->input(0) == x && isPower(node->input(1), x, exponent - 1)) ||
                                        (node->input(1) == x && isPower(node->input(0), x, exponent - 1)));
    }

    /// `gateInput` gives x of the factor that it knows.
    static jit::Value* geluInput(jit::Value* out, jit::Value* (*gateInput)(jit::Value*))
    {
        const auto isHalf = [](jit::Value* v) { return isNumber(v, 0.5); };
        const auto isError = [&](jit::Value* v) { return gateInput(v) != nullptr; };
        // (x * e) * 0.5
        if (jit::Value* inner = partner(out, aten::mul, isHalf); inner && is(inner, aten::mul)) {
            jit::Node* node = inner->node();
            for (const size_t i : {0, 1})
                if (isError(node->input(i)) && gateInput(node->input(i)) == node->input(1 - i))
                    return node->input(1 - i);
            return nullptr;
        }
        // (x * 0.5) * e
        jit::Node* node = out->node();
        for (const size_t i : {0, 1}) {
            if (!isError(node->input(i)))
                continue;
            jit::Value* half = partner(node->input(1 - i), aten::mul, isHalf);
            if (half && half == gateInput(node->input(i)))
                return half;
        }
        // x * (e * 0.5)
        for (const size_t i : {0, 1}) {
            jit::Value* error = partner(node->input(i), aten::mul, isHalf);
            if (error && isError(error) && gateInput(error) == node->input(1 - i))
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
