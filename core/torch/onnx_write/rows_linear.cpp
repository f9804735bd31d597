// SPDX-License-Identifier: GPL-3.0-or-later
// Matrix products.
#include "core/torch/onnx_write/writer_p.h"

#include <ATen/ATen.h>

#include <cmath>

namespace bitwright::onnx_write {
namespace {

std::array<Shape, 2> flattened(const Term& term)
{
    std::array<Shape, 2> shape;
    for (size_t k = 0; k < 2; ++k) {
        const Shape& own = term.shape[k];
        int64_t rows = 1;
        for (size_t i = 0; i + 1 < own.size(); ++i)
            rows *= own[i];
        shape[k] = {rows, own.empty() ? 1 : own.back()};
    }
    return shape;
}

/// What the first node of `type` makes of these inputs; "" when there is none in this graph.
std::string madeBy(const Op& op, const char* type, const std::string& first, const std::string& second)
{
    for (const onnx::NodeProto& node : op.w.b.graph().node())
        if (node.op_type() == type && node.input(0) == first && (second.empty() || node.input(1) == second))
            return node.output(0);
    return {};
}

/// `value`, the input, as a matrix, once for all layers that read it. Its quantizer goes along: ONNX Runtime
/// carries one across a Reshape only where nobody else reads the value.
std::string rowsOf(Op& op, const std::string& value)
{
    const Term& input = *op.in[0];
    const auto shape = flattened(input);
    const Shape target{shape[0][0] == shape[1][0] ? shape[0][0] : -1, shape[0][1]};
    const std::string known = madeBy(op, "Reshape", value, op.w.b.ints(target));
    const std::string codes = known.empty() || !input.grid ? known : madeBy(op, "QuantizeLinear", known, {});
    const std::string again = codes == known ? known : madeBy(op, "DequantizeLinear", codes, {});
    if (!again.empty())
        return again;
    Term moved = input;
    moved.name = op.reshape(value, input.shape, shape);
    if (input.grid)
        op.w.keepGrid(moved, *input.grid);
    return moved.name;
}

/// Rows become what the input had, with the sizes that its axes have now.
std::string folded(Op& op, const std::string& rows)
{
    const Shape& out = op.out[0]->shape[0];
    if (!op.w.keepsSizes)
        return op.reshape(rows, flattened(*op.out[0]), op.out[0]->shape);
    const std::string sizes = op.help("Shape", {op.x(0)});
    const std::string kept =
        op.help("Slice", {sizes, op.w.b.ints({0}), op.w.b.ints({int64_t(out.size()) - 1})});
    return op.help("Reshape",
                   {rows, op.help("Concat", {kept, op.w.b.ints({out.back()})}, {{"axis", int64_t(0)}})});
}

/// Gemm takes the weight as PyTorch stores it, with the bias; other ranks than 2 are folded into rows.
void linear(Op& op, const char*)
{
    Term& input = *op.in[0];
    Term& weight = *op.in[1];
    Term* bias = op.has("bias") ? &op.arg("bias") : nullptr;
    if (weight.rank() != 2)
        op.w.refuse("A linear layer has a weight that is no matrix");
    const auto [weightName, biasName] = op.w.weightAndBias(weight, bias, input);
    std::string value = op.x(0);
    const bool isFlat = input.rank() == 2;
    if (!isFlat)
        value = rowsOf(op, value);
    value = op.w.layerInput(value, weightName);
    const std::string made = op.main("Gemm", {value, weightName, biasName}, {{"transB", int64_t(1)}});
    op.give(isFlat ? made : folded(op, made));
}

/// beta * bias + alpha * a b
void addmm(Op& op, const char*)
{
    Term& weight = *op.in[2];
    const auto beta = float(op.number("beta")), alpha = float(op.number("alpha"));
    if (beta == 1 && alpha == 1) {
        const auto [weightName, biasName] = op.w.weightAndBias(weight, op.in[0].get(), *op.in[1]);
        return op.give(op.main("Gemm", {op.w.layerInput(op.x(1), weightName), weightName, biasName}));
    }
    op.give(op.main("Gemm", {op.x(1), op.x(2), op.x(0)}, {{"alpha", alpha}, {"beta", beta}}));
}

void matmul(Op& op, const char*)
{
    Term& right = *op.in[1];
    if (right.parameter.empty())
        return op.give(op.main("MatMul", {op.like(0), op.like(1)}));
    const std::string weight = op.w.weightAndBias(right, nullptr, *op.in[0]).first;
    // ONNX Runtime merges a stack of matrices with scales a channel into a product that then fails when it
    // runs.
    const std::string left =
        right.rank() > 2 ? op.w.unmerged(op.like(0)) : op.w.layerInput(op.like(0), weight);
    op.give(op.main("MatMul", {left, weight}));
}

void baddbmm(Op& op, const char*)
{
    const double beta = op.number("beta"), alpha = op.number("alpha");
    std::string product = op.main("MatMul", {op.x(1), op.x(2)}), bias = op.x(0);
    if (alpha != 1)
        product = op.help("Mul", {product, op.scalar(alpha)});
    if (beta != 1)
        bias = op.help("Mul", {bias, op.scalar(beta)});
    op.give(beta == 0 ? product : op.help("Add", {bias, product}));
}

void einsum(Op& op, const char*)
{
    std::vector<std::string> inputs;
    for (const TermPtr& element : op.arg("tensors").elements)
        inputs.push_back(op.w.name(*element));
    std::string equation;
    for (const char c : op.constant(op.index("equation")).toStringRef())
        if (c != ' ')
            equation += c;
    op.give(op.main("Einsum", inputs, {{"equation", equation}}));
}

/// x1 W x2 + b over the last axes: the products with x1 and x2 as one Einsum.
void bilinear(Op& op, const char*)
{
    const std::string product =
        op.main("Einsum", {op.x(0), op.x(2), op.x(1)}, {{"equation", std::string("...i,kij,...j->...k")}});
    op.give(op.has("bias") ? op.help("Add", {product, op.w.name(op.arg("bias"))}) : product);
}

void attention(Op& op, const char*)
{
    if (op.has("dropout_p") && op.number("dropout_p") != 0)
        op.w.refuse("An attention drops values at random");
    const bool isCausal = op.flag("is_causal");
    const Shape dims = op.in[0]->dims();
    const size_t rank = dims.size();
    std::vector<int64_t> order(rank);
    for (size_t i = 0; i < rank; ++i)
        order[i] = int64_t(i);
    std::swap(order[rank - 1], order[rank - 2]);
    const double scale = op.has("scale") ? op.number("scale") : 1 / std::sqrt(double(dims.back()));
    const std::string keys = op.help("Transpose", {op.x(1)}, {{"perm", order}});
    std::string scores = op.help("MatMul", {op.help("Mul", {op.x(0), op.scalar(scale)}), keys});
    if (isCausal) {
        const int64_t rows = dims[rank - 2], columns = op.in[1]->dims()[rank - 2];
        const at::Tensor mask = at::full({rows, columns}, -INFINITY).triu(1);
        scores = op.help("Add", {scores, op.w.b.tensor(mask, {})});
    } else if (op.has("attn_mask")) {
        Term& mask = op.arg("attn_mask");
        scores = mask.type == c10::kBool ? op.help("Where", {op.w.name(mask), scores, op.scalar(-INFINITY)})
                                         : op.help("Add", {scores, op.w.name(mask)});
    }
    op.give(op.main("MatMul", {op.help("Softmax", {scores}, {{"axis", int64_t(-1)}}), op.x(2)}));
}

} // namespace

Rows linearRows()
{
    return {{"aten::linear", linear},
            {"aten::addmm", addmm},
            {"aten::matmul", matmul},
            {"aten::mm", matmul},
            {"aten::bmm", matmul},
            {"aten::mv", matmul},
            {"aten::dot", matmul},
            {"aten::baddbmm", baddbmm},
            {"aten::einsum", einsum},
            {"aten::bilinear", bilinear},
            {"aten::scaled_dot_product_attention", attention}};
}

} // namespace bitwright::onnx_write
