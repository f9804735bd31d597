// SPDX-License-Identifier: GPL-3.0-or-later
// Arithmetic.
#include "core/torch/onnx/dynamic_p.h"
#include "core/torch/onnx/simple_rows_p.h"
#include "core/torch/onnx/tensor_proto_p.h"

#include <ATen/ATen.h>

namespace bitwright::onnxin {

Operand secondFactor(Call& call)
{
    Operand second = call.required(1);
    if (call.version >= 7 || call.i("broadcast", 0) == 0 || !call.hasAttribute("axis"))
        return second;
    const int64_t rank = call.rank(0);
    for (int64_t end = call.axis("axis", 0, rank) + call.rank(1); end < rank; ++end)
        second = call.trace.emit("aten::unsqueeze", {second, -1});
    return second;
}

namespace {

constexpr const char* kElementwiseScript = R"(
def bit_shift(x, by, left: bool, bits: int):
    if left:
        y = torch.bitwise_left_shift(x, by)
        if bits < 63:
            y = torch.bitwise_and(y, (1 << bits) - 1)
    else:
        y = torch.bitwise_right_shift(x, by)
    return y
)";

Operands add(Call& call)
{
    const Operand first = call.required(0), second = secondFactor(call);
    if (Operand fused = addBias(call, first, second))
        return {fused};
    if (Operand fused = addBias(call, second, first))
        return {fused};
    return {call.trace.emit("aten::add", {first, second})};
}

Operands multiply(Call& call)
{
    if (call.has(1) && (call.in(0).dynamic || call.in(1).dynamic))
        if (Operand product = multiplyDynamic(call))
            return {product};
    return binary<"aten::mul">(call);
}

Operands divide(Call& call)
{
    const Operand second = secondFactor(call);
    if (call.isReal(call.required(0)))
        return {call.trace.emit("aten::div", {call.in(0), second})};
    return {call.trace.emit("aten::div", {call.in(0), second}, {{"rounding_mode", "trunc"}})};
}

Operands power(Call& call)
{
    const Operand base = call.required(0), exponent = secondFactor(call);
    // x ^ 2 with a known exponent is a plain product: cheaper, and with a defined gradient at 0.
    if (exponent.isConstant() && exponent.tensor.numel() == 1 && call.isReal(base) &&
        call.trace.rank(exponent) <= call.trace.rank(base))
        return {call.trace.emit("aten::pow", {base, exponent.tensor.item<double>()})};
    return {cast(call.trace, call.trace.emit("aten::pow", {base, exponent}), call.trace.type(base))};
}

Operands modulo(Call& call)
{
    const char* kind = call.i("fmod", 0) ? "aten::fmod" : "aten::remainder";
    return {call.trace.emit(kind, {call.required(0), call.required(1)})};
}

Operands mean(Call& call)
{
    const Operand sum = variadic<"aten::add">(call).at(0);
    return {call.inputs.size() == 1 ? sum : call.trace.emit("aten::div", {sum, double(call.inputs.size())})};
}

int bitsOf(int elemType)
{
    switch (elemType) {
    case kUint8:
        return 8;
    case kUint16:
        return 16;
    case kUint32:
        return 32;
    default:
        return 63;
    }
}

Operands bitShift(Call& call)
{
    const bool left = call.s("direction", "LEFT") == "LEFT";
    const auto type = call.trace.type(call.required(0));
    const int elemType = call.in(0).elemType ? call.in(0).elemType : elemTypeOf(type);
    const Operand wide = cast(call.trace, call.in(0), c10::kLong);
    const Operand by = cast(call.trace, call.required(1), c10::kLong);
    const Operand shifted =
        call.trace.call(kElementwiseScript, "bit_shift", {wide, by, left, bitsOf(elemType)});
    return {cast(call.trace, shifted, type)};
}

/// Halves to even, as ONNX says.
Operands roundHalfEven(Call& call)
{
    return call.isReal(call.required(0)) ? unary<"aten::round">(call) : Operands{call.in(0)};
}

template<Name kind>
Operands realUnary(Call& call)
{
    return call.isReal(call.required(0)) ? unary<kind>(call) : Operands{call.in(0)};
}

Operands clip(Call& call)
{
    const Operand x = call.required(0);
    Arg low = nullptr, high = nullptr;
    bool isKnown = true, hasLow = false, hasHigh = false;
    const auto bound = [&](size_t input, const char* attribute, Arg& made, bool& has) {
        if (call.version < 11 && call.hasAttribute(attribute)) {
            made = call.f(attribute, 0);
            has = true;
        } else if (call.has(input)) {
            const Operand& operand = call.in(input);
            has = true;
            isKnown &= operand.isConstant();
            if (operand.isConstant() && call.isReal(x))
                made = operand.tensor.item<double>();
            else if (operand.isConstant())
                made = operand.tensor.item<int64_t>();
        }
    };
    bound(1, "min", low, hasLow);
    bound(2, "max", high, hasHigh);
    if (!hasLow && !hasHigh)
        return {x};
    if (!isKnown) {
        Operand made = x;
        if (hasLow)
            made = call.trace.emit("aten::maximum", {made, call.in(1)});
        return {hasHigh ? call.trace.emit("aten::minimum", {made, call.in(2)}) : made};
    }
    if (hasLow && hasHigh && call.isReal(x))
        return {call.trace.emit("aten::hardtanh", {x, low, high})};
    return {call.trace.emit("aten::clamp", {x, low, high})};
}

constexpr Row kElementwiseRows[] = {
    {"Add", add},
    {"Sub", binary<"aten::sub">},
    {"Mul", multiply},
    {"Div", divide},
    {"Pow", power},
    {"Mod", modulo},
    {"Sum", variadic<"aten::add">},
    {"Max", variadic<"aten::maximum">},
    {"Min", variadic<"aten::minimum">},
    {"Mean", mean},
    {"Abs", unary<"aten::abs">},
    {"Neg", unary<"aten::neg">},
    {"Exp", unary<"aten::exp">},
    {"Log", unary<"aten::log">},
    {"Sqrt", unary<"aten::sqrt">},
    {"Reciprocal", unary<"aten::reciprocal">},
    {"Floor", realUnary<"aten::floor">},
    {"Ceil", realUnary<"aten::ceil">},
    {"Round", roundHalfEven},
    {"Sign", unary<"aten::sign">},
    {"Sin", unary<"aten::sin">},
    {"Cos", unary<"aten::cos">},
    {"Tan", unary<"aten::tan">},
    {"Asin", unary<"aten::asin">},
    {"Acos", unary<"aten::acos">},
    {"Atan", unary<"aten::atan">},
    {"Sinh", unary<"aten::sinh">},
    {"Cosh", unary<"aten::cosh">},
    {"Asinh", unary<"aten::asinh">},
    {"Acosh", unary<"aten::acosh">},
    {"Atanh", unary<"aten::atanh">},
    {"Erf", unary<"aten::erf">},
    {"Clip", clip},
    {"BitShift", bitShift},
    {"BitwiseAnd", binary<"aten::bitwise_and">},
    {"BitwiseOr", binary<"aten::bitwise_or">},
    {"BitwiseXor", binary<"aten::bitwise_xor">},
    {"BitwiseNot", unary<"aten::bitwise_not">},
};

} // namespace

std::span<const Row> elementwiseRows()
{
    return kElementwiseRows;
}

} // namespace bitwright::onnxin
