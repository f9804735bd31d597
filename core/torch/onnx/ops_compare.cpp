// SPDX-License-Identifier: GPL-3.0-or-later
// Comparisons, logic, choice, types.
#include "core/torch/onnx/dynamic_p.h"
#include "core/torch/onnx/simple_rows_p.h"
#include "core/torch/onnx/tensor_proto_p.h"

namespace bitwright::onnxin {
namespace {

Operands where(Call& call)
{
    return {call.trace.emit("aten::where", {call.required(0), call.required(1), call.required(2)})};
}

Operands isInf(Call& call)
{
    const bool negative = call.i("detect_negative", 1), positive = call.i("detect_positive", 1);
    if (negative && positive)
        return unary<"aten::isinf">(call);
    if (!negative && !positive)
        return {call.trace.emit("aten::zeros_like", {call.required(0)}, {{"dtype", c10::kBool}})};
    return {call.trace.emit(negative ? "aten::isneginf" : "aten::isposinf", {call.required(0)})};
}

/// A conversion to a type that LibTorch computes in a wider one.
Operand narrowed(Call& call, const Operand& operand, int elemType)
{
    Trace& trace = call.trace;
    const auto through = [&](c10::ScalarType type) {
        return cast(trace, trace.emit("aten::to", {operand, type, false, false, nullptr}), c10::kFloat);
    };
    const auto masked = [&](int64_t mask) {
        const Operand wide = cast(trace, operand, c10::kLong);
        return cast(trace, trace.emit("aten::bitwise_and", {wide, mask}), scalarTypeOf(elemType));
    };
    switch (elemType) {
    case kFloat16:
        return through(c10::kHalf);
    case kBFloat16:
        return through(c10::kBFloat16);
    case kUint16:
        return masked(0xffff);
    case kUint32:
        return masked(0xffffffff);
    case kUint4:
        return masked(15);
    case kFloat8E4M3FN:
    case kFloat8E4M3FNUZ:
    case kFloat8E5M2:
    case kFloat8E5M2FNUZ:
    case kInt4:
        call.fail("converts to " + elemTypeName(elemType) + ", which is not supported");
    default:
        return cast(trace, operand, scalarTypeOf(elemType));
    }
}

Operands castTo(Call& call, int elemType)
{
    const Operand& x = call.required(0);
    if (elemType == kString)
        call.fail("makes strings, which cannot be computed with");
    Operand made = narrowed(call, x, elemType);
    made.elemType = elemType;
    return {made};
}

Operands castOperator(Call& call)
{
    return {passDynamic(call, castTo(call, int(call.i("to", kFloat32))).at(0))};
}

Operands castLike(Call& call)
{
    const Operand& like = call.required(1);
    return castTo(call, like.elemType ? like.elemType : elemTypeOf(call.trace.type(like)));
}

template<Name kind>
Operands compare(Call& call)
{
    Operand made = call.trace.emit(kind.text, {call.required(0), secondFactor(call)});
    made.elemType = kBoolean;
    return {made};
}

constexpr Row kCompareRows[] = {
    {"Equal", compare<"aten::eq">},
    {"Greater", compare<"aten::gt">},
    {"Less", compare<"aten::lt">},
    {"GreaterOrEqual", compare<"aten::ge">},
    {"LessOrEqual", compare<"aten::le">},
    {"And", compare<"aten::logical_and">},
    {"Or", compare<"aten::logical_or">},
    {"Xor", compare<"aten::logical_xor">},
    {"Not", unary<"aten::logical_not">},
    {"Where", where},
    {"IsNaN", unary<"aten::isnan">},
    {"IsInf", isInf},
    {"Cast", castOperator},
    {"CastLike", castLike},
};

} // namespace

std::span<const Row> compareRows()
{
    return kCompareRows;
}

} // namespace bitwright::onnxin
