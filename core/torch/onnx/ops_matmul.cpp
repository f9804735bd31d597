// SPDX-License-Identifier: GPL-3.0-or-later
// Products of matrices.
#include "core/torch/onnx/reader_p.h"
#include "core/torch/onnx/simple_rows_p.h"

#include <ATen/ATen.h>
#include <torch/csrc/jit/ir/constants.h>

namespace bitwright::onnxin {
namespace jit = torch::jit;
namespace {

const std::vector<int64_t> kFlat = {-1};

/// x times a matrix: a linear layer when the matrix is known. Its weight is stored transposed, once for all
/// products with it.
Operand product(Call& call, const Operand& x, const Operand& matrix, const Operand& bias)
{
    Operand weight = call.reader.transposed(matrix);
    return call.trace.emit("aten::linear", {x, weight, bias});
}

Operands matmul(Call& call)
{
    const Operand &a = call.required(0), &b = call.required(1);
    const bool isLayer =
        b.isConstant() && b.tensor.dim() == 2 && !a.isConstant() && call.rank(0) >= 1 && call.isReal(a);
    if (isLayer)
        return {product(call, a, b, {})};
    return {call.trace.emit("aten::matmul", {a, b})};
}

Operand scaled(Call& call, const Operand& operand, double factor)
{
    return factor == 1.0 ? operand : call.trace.emit("aten::mul", {operand, factor});
}

/// A constant that is one row for every row of the product, as a vector of `columns`.
Operand rowOf(Call& call, const Operand& c, int64_t columns)
{
    if (!c.isConstant() || c.tensor.numel() == 0)
        return {};
    const int64_t last = c.tensor.dim() == 0 ? 1 : c.tensor.size(-1);
    if (c.tensor.numel() != last || (last != 1 && last != columns))
        return {};
    Operand row = c.tensor.dim() == 1 && last == columns ? c : call.trace.emit("aten::reshape", {c, kFlat});
    if (last != columns)
        row = call.trace.emit("aten::contiguous",
                              {call.trace.emit("aten::expand", {row, std::vector<int64_t>{columns}})});
    return row;
}

Operands gemm(Call& call)
{
    Operand a = call.required(0);
    const Operand& b = call.required(1);
    const double alpha = call.f("alpha", 1), beta = call.f("beta", 1);
    if (call.i("transA", 0))
        a = call.trace.emit("aten::t", {a});
    const bool transB = call.i("transB", 0) != 0;
    const Operand c = call.has(2) && beta != 0 ? scaled(call, call.in(2), beta) : Operand();
    if (!b.isConstant() || b.tensor.dim() != 2 || !call.isReal(b) || a.isConstant()) {
        const Operand right = transB ? call.trace.emit("aten::t", {b}) : b;
        const Operand y = scaled(call, call.trace.emit("aten::mm", {a, right}), alpha);
        return {c ? call.trace.emit("aten::add", {y, c}) : y};
    }
    const Operand weight = scaled(call, transB ? b : call.reader.transposed(b), alpha);
    const Operand row = c ? rowOf(call, c, b.tensor.size(transB ? 0 : 1)) : Operand();
    const Operand y = call.trace.emit("aten::linear", {a, weight, row});
    return {c && !row ? call.trace.emit("aten::add", {y, c}) : y};
}

Operands einsum(Call& call)
{
    const std::string equation = call.s("equation", "");
    std::string plain;
    for (const char letter : equation)
        if (letter != ' ')
            plain += letter;
    return {call.trace.emit("aten::einsum", {Arg(c10::IValue(plain)), call.inputs})};
}

Operands determinant(Call& call)
{
    return {call.trace.emit("aten::det", {call.required(0)})};
}

constexpr Row kMatmulRows[] = {
    {"MatMul", matmul},
    {"Gemm", gemm},
    {"Einsum", einsum},
    {"Det", determinant},
};

/// Index of the bias among the inputs of an operator that can take one.
int biasInput(const jit::Node* node)
{
    static const std::map<std::string, int> kinds = {
        {"aten::linear", 2},          {"aten::conv1d", 2},           {"aten::conv2d", 2},
        {"aten::conv3d", 2},          {"aten::conv_transpose1d", 2}, {"aten::conv_transpose2d", 2},
        {"aten::conv_transpose3d", 2}};
    const auto found = kinds.find(node->kind().toQualString());
    return found == kinds.end() ? -1 : found->second;
}

} // namespace

Operand addBias(Call& call, const Operand& product, const Operand& bias)
{
    if (!product.isGraph() || !bias.isConstant() || product.value->uses().size() != 0)
        return {};
    jit::Node* node = product.value->node();
    const int input = biasInput(node);
    const bool isOnly = call.reader.readsOf(product.value) == 1;
    if (input < 0 || !isOnly || !node->input(size_t(input))->mustBeNone() || !call.isReal(bias) ||
        node->owningBlock() != call.trace.graph().insertPoint()->owningBlock())
        return {};
    const bool isLinear = node->kind() == c10::aten::linear;
    const int64_t rank = call.trace.rank(product);
    const Number channels = call.trace.dim(product, isLinear ? -1 : 1);
    if (!channels.isKnown() || bias.tensor.dim() > rank)
        return {};
    // [N] behind a linear layer, [C, 1, 1] behind a convolution: one number a channel, in the channel's
    // place.
    const int64_t place = isLinear ? 1 : rank - 1; // of the channels, from the right
    std::vector<int64_t> sizes = bias.tensor.sizes().vec();
    for (size_t i = 0; i < sizes.size(); ++i)
        if (sizes[i] != (int64_t(sizes.size() - i) == place ? channels.toInt() : 1))
            return {};
    if (bias.tensor.numel() != channels.toInt())
        return {};
    const Operand row = bias.tensor.dim() == 1 ? bias : call.trace.emit("aten::reshape", {bias, kFlat});
    node->replaceInput(size_t(input), call.trace.valueOf(row));
    std::vector<c10::IValue> samples = call.trace.samplesOf(product.value);
    for (c10::IValue& sample : samples)
        sample = sample.toTensor() + bias.tensor;
    call.trace.setSamples(product.value, samples);
    return product;
}

std::span<const Row> matmulRows()
{
    return kMatmulRows;
}

} // namespace bitwright::onnxin
