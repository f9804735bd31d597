// SPDX-License-Identifier: GPL-3.0-or-later
// Arithmetic, comparisons and logic of two operands.
#include "core/torch/onnx_write/writer_p.h"

#include <ATen/ATen.h>

#include <cmath>

namespace bitwright::onnx_write {
namespace {

bool hasArgument(const Op& op, const char* name)
{
    const c10::FunctionSchema* schema = op.node->maybeSchema();
    return schema && schema->argumentIndexWithName(name);
}

/// The second operand times alpha.
std::string scaled(const Op& op, size_t i)
{
    const std::string value = op.like(i);
    const double alpha = hasArgument(op, "alpha") ? op.number("alpha") : 1;
    return alpha == 1 ? value : op.help("Mul", {value, op.scalar(alpha)});
}

void arithmetic(Op& op, const char* type)
{
    op.give(op.main(type, {op.like(0), scaled(op, 1)}));
}

void rsub(Op& op, const char*)
{
    op.give(op.main("Sub", {op.like(1), scaled(op, 0)}));
}

void product(Op& op, const char*)
{
    if (op.out[0]->type == c10::kBool)
        return op.give(op.main("And", {op.like(0), op.like(1)}));
    op.give(op.main("Mul", {op.like(0), op.like(1)}));
}

std::string floored(const Op& op, const std::string& quotient, bool isMain)
{
    return isMain ? op.main("Floor", {quotient}) : op.help("Floor", {quotient});
}

/// Quotient rounded down. Integers go through float32, which is exact below 2^24.
void floorDivide(Op& op, const char*)
{
    const c10::ScalarType type = op.out[0]->type;
    const std::string quotient =
        op.help("Div", {op.w.nameAs(*op.in[0], c10::kFloat), op.w.nameAs(*op.in[1], c10::kFloat)});
    op.give(op.w.cast(floored(op, quotient, true), c10::kFloat, type));
}

void divide(Op& op, const char*)
{
    const bool rounds = hasArgument(op, "rounding_mode") && op.has("rounding_mode");
    if (!rounds)
        return op.give(op.main("Div", {op.like(0), op.like(1)}));
    if (op.constant(op.index("rounding_mode")).toStringRef() == "floor")
        return floorDivide(op, "");
    const std::string quotient = op.help("Div", {op.like(0), op.like(1)});
    if (!c10::isFloatingType(op.out[0]->type))
        return op.give(quotient); // ONNX truncates integers
    const std::string size = op.help("Floor", {op.help("Abs", {quotient})});
    op.give(op.main("Mul", {op.help("Sign", {quotient}), size}));
}

/// a - b floor(a / b)
void remainder(Op& op, const char*)
{
    if (!c10::isFloatingType(op.out[0]->type))
        return op.give(op.main("Mod", {op.like(0), op.like(1)}));
    const std::string a = op.like(0), b = op.like(1);
    const std::string whole = floored(op, op.help("Div", {a, b}), false);
    op.give(op.main("Sub", {a, op.help("Mul", {b, whole})}));
}

void fmod(Op& op, const char*)
{
    op.give(op.main("Mod", {op.like(0), op.like(1)}, {{"fmod", int64_t(1)}}));
}

/// The type in which two operands are compared: numbers follow tensors of their category.
c10::ScalarType common(const Term& a, const Term& b)
{
    if (a.isTensor == b.isTensor)
        return c10::promoteTypes(a.type, b.type);
    const Term& tensor = a.isTensor ? a : b;
    const Term& number = a.isTensor ? b : a;
    const bool lifts = c10::isFloatingType(number.type) && !c10::isFloatingType(tensor.type);
    return lifts ? c10::kFloat : tensor.type == c10::kBool ? number.type : tensor.type;
}

/// A term that is a Python float is described as float32 already; comparing bool needs a number.
void compare(Op& op, const char* type)
{
    c10::ScalarType shared = common(*op.in[0], *op.in[1]);
    const std::string wanted = type;
    if (shared == c10::kBool && wanted != "Equal" && wanted != "NotEqual")
        shared = c10::kInt;
    const std::string a = op.w.nameAs(*op.in[0], shared), b = op.w.nameAs(*op.in[1], shared);
    if (wanted == "NotEqual")
        return op.give(op.main("Not", {op.help("Equal", {a, b})}));
    op.give(op.main(type, {a, b}));
}

void logic(Op& op, const char* type)
{
    if (op.out[0]->type != c10::kBool)
        op.w.refuse("Bitwise logic on integers has no operator in ONNX below opset 18");
    op.give(op.main(type, {op.w.nameAs(*op.in[0], c10::kBool), op.w.nameAs(*op.in[1], c10::kBool)}));
}

/// input + value * tensor1 (* or /) tensor2
void addc(Op& op, const char* type)
{
    std::string term = op.help(type, {op.like(1), op.like(2)});
    if (op.number("value") != 1)
        term = op.help("Mul", {term, op.scalar(op.number("value"))});
    op.give(op.main("Add", {op.like(0), term}));
}

void lerp(Op& op, const char*)
{
    const std::string start = op.like(0);
    const std::string way = op.help("Sub", {op.like(1), start});
    op.give(op.main("Add", {start, op.help("Mul", {op.like(2), way})}));
}

void where(Op& op, const char*)
{
    op.give(op.main("Where", {op.w.nameAs(*op.in[0], c10::kBool), op.like(1), op.like(2)}));
}

void maskedFill(Op& op, const char*)
{
    op.give(op.main("Where", {op.w.nameAs(*op.in[1], c10::kBool), op.like(2), op.like(0)}));
}

/// Of two tensors; of one along an axis: rows_reduce.cpp asks.
void extremum(Op& op, const char* type)
{
    op.give(op.main(type, {op.like(0), op.like(1)}));
}

void atan2(Op& op, const char*)
{
    const std::string y = op.like(0), x = op.like(1);
    const std::string angle = op.help("Atan", {op.help("Div", {y, x})});
    const std::string isLeft = op.help("Less", {x, op.scalar(0)}),
                      isBelow = op.help("Less", {y, op.scalar(0)});
    const std::string turn = op.help("Where", {isBelow, op.scalar(-M_PI), op.scalar(M_PI)});
    op.give(op.main("Add", {angle, op.help("Where", {isLeft, turn, op.scalar(0)})}));
}

} // namespace

Rows binaryRows()
{
    return {{"aten::add", arithmetic, "Add"},
            {"aten::sub", arithmetic, "Sub"},
            {"aten::rsub", rsub},
            {"aten::mul", product},
            {"aten::multiply", product},
            {"aten::div", divide},
            {"aten::true_divide", divide},
            {"aten::divide", divide},
            {"aten::floor_divide", floorDivide},
            {"aten::floordiv", floorDivide},
            {"aten::remainder", remainder},
            {"aten::fmod", fmod},
            {"aten::pow", arithmetic, "Pow"},
            {"aten::maximum", extremum, "Max"},
            {"aten::minimum", extremum, "Min"},
            {"aten::eq", compare, "Equal"},
            {"aten::ne", compare, "NotEqual"},
            {"aten::lt", compare, "Less"},
            {"aten::le", compare, "LessOrEqual"},
            {"aten::gt", compare, "Greater"},
            {"aten::ge", compare, "GreaterOrEqual"},
            {"aten::logical_and", logic, "And"},
            {"aten::logical_or", logic, "Or"},
            {"aten::logical_xor", logic, "Xor"},
            {"aten::__and__", logic, "And"},
            {"aten::__or__", logic, "Or"},
            {"aten::__xor__", logic, "Xor"},
            {"aten::bitwise_and", logic, "And"},
            {"aten::bitwise_or", logic, "Or"},
            {"aten::addcmul", addc, "Mul"},
            {"aten::addcdiv", addc, "Div"},
            {"aten::lerp", lerp},
            {"aten::atan2", atan2},
            {"aten::where", where},
            {"aten::masked_fill", maskedFill}};
}

} // namespace bitwright::onnx_write
