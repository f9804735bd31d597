// SPDX-License-Identifier: GPL-3.0-or-later
// Products of a tensor that is quantized while the model runs:
//
//   q, s, z = DynamicQuantizeLinear(x);  p = Cast(MatMulInteger(q, W, z, wz));  y = p * (s * ws)
//
// In float that is x times the dequantized W. Each of the four operators passes on what it knows, and the
// last one puts the float product in the place of all.
#include "core/torch/onnx/dynamic_p.h"
#include "core/torch/onnx/quantized_p.h"
#include "core/torch/onnx/reader_p.h"

#include <ATen/ATen.h>

namespace bitwright::onnxin {
namespace {

using Part = Dynamic::Part;

Operand with(Operand operand, Dynamic dynamic)
{
    operand.dynamic = std::make_shared<const Dynamic>(std::move(dynamic));
    return operand;
}

bool is(const Operand& operand, Part part)
{
    return operand.dynamic && operand.dynamic->part == part;
}

bool sameSource(const Operand& a, const Operand& b)
{
    return a.dynamic->real.value == b.dynamic->real.value;
}

/// The float product, where `product` is p and `scale` is s * ws.
Operand floatProduct(Call& call, const Dynamic& product, const Operand& weightScale)
{
    const bool isConv = product.node->op_type() == "ConvInteger";
    const int64_t axis = isConv ? 0 : call.trace.rank(product.weight) - 1;
    Operand scale = weightScale;
    if (scale.tensor.numel() > 1) // shaped to multiply the product
        scale = call.trace.emit("aten::reshape", {scale, std::vector<int64_t>{-1}});
    const Operand weight = dequantized(call, product.weight, scale, product.weightZero, axis);
    Call inner{call.trace, call.reader, *product.node, 13, {product.real, weight}};
    return converterOf("", isConv ? "Conv" : "MatMul")(inner).at(0);
}

} // namespace

Operands markDynamic(Operands made, const Operand& real)
{
    const Part parts[] = {Part::Codes, Part::Scale, Part::Zero};
    for (size_t i = 0; i < made.size() && i < 3; ++i)
        made[i] = with(made[i], {parts[i], real, {}, {}, {}, nullptr});
    return made;
}

Operands markProduct(const Call& call, Operands made)
{
    const Operand &codes = call.in(0), &weight = call.in(1), &zero = call.in(2), &weightZero = call.in(3);
    const bool fits = is(codes, Part::Codes) && is(zero, Part::Zero) && sameSource(codes, zero) &&
                      weight.isConstant() && (!weightZero || weightZero.isConstant());
    if (fits)
        made.at(0) =
            with(made.at(0), {Part::Product, codes.dynamic->real, {}, weight, weightZero, &call.node});
    return made;
}

Operand passDynamic(const Call& call, Operand made)
{
    if (is(call.in(0), Part::Product) && c10::isFloatingType(call.trace.type(made)))
        made.dynamic = call.in(0).dynamic;
    return made;
}

Operand multiplyDynamic(Call& call)
{
    const Operand *a = &call.in(0), *b = &call.in(1);
    if (!a->dynamic)
        std::swap(a, b);
    if (is(*a, Part::Scale) && b->isConstant()) {
        const Operand made = call.trace.emit("aten::mul", {*a, *b});
        return with(made, {Part::Factor, a->dynamic->real, *b, {}, {}, nullptr});
    }
    if (is(*b, Part::Product))
        std::swap(a, b);
    if (!is(*a, Part::Product) || !b->dynamic || !sameSource(*a, *b))
        return {};
    if (is(*b, Part::Factor))
        return floatProduct(call, *a->dynamic, b->dynamic->scale);
    return {};
}

} // namespace bitwright::onnxin
