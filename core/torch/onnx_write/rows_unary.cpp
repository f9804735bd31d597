// SPDX-License-Identifier: GPL-3.0-or-later
// Functions of one tensor.
#include "core/torch/onnx_write/writer_p.h"

#include <cmath>

namespace bitwright::onnx_write {
namespace {

void unary(Op& op, const char* type)
{
    op.give(op.main(type, {op.like(0)}));
}

void same(Op& op, const char*)
{
    op.give(op.w.cast(op.x(0), op.in[0]->type, op.out[0]->type));
    op.out[0]->grid = op.in[0]->grid;
}

/// aten::to, which also rounds to 16-bit floats.
void convert(Op& op, const char*)
{
    std::string value = op.w.cast(op.x(0), op.in[0]->type, op.out[0]->type);
    const c10::ScalarType to = op.out[0]->type;
    const bool rounds = (to == c10::kHalf || to == c10::kBFloat16) && op.in[0]->type != to;
    if (rounds) {
        const auto type = to == c10::kHalf ? onnx::TensorProto::FLOAT16 : onnx::TensorProto::BFLOAT16;
        value = op.help("Cast", {value}, {{"to", int64_t(type)}});
        value = op.help("Cast", {value}, {{"to", int64_t(onnx::TensorProto::FLOAT)}});
    } else {
        op.out[0]->grid = op.in[0]->grid;
    }
    op.give(value);
}

/// A tensor of one element as a number.
void toNumber(Op& op, const char*)
{
    std::string value = op.x(0);
    if (op.in[0]->rank() > 0)
        value = op.help("Reshape", {value, op.w.b.ints({})});
    op.give(op.w.cast(value, op.in[0]->type, op.out[0]->type));
}

void reciprocalOf(Op& op, const char* type)
{
    op.give(op.main("Reciprocal", {op.help(type, {op.like(0)})}));
}

void square(Op& op, const char*)
{
    op.give(op.main("Mul", {op.x(0), op.x(0)}));
}

void logarithm(Op& op, const char* base)
{
    const std::string value = op.help("Log", {op.like(0)});
    op.give(op.main("Mul", {value, op.scalar(1 / std::log(std::string(base) == "2" ? 2.0 : 10.0))}));
}

void expm1(Op& op, const char*)
{
    op.give(op.main("Sub", {op.help("Exp", {op.like(0)}), op.scalar(1)}));
}

void log1p(Op& op, const char*)
{
    op.give(op.main("Log", {op.help("Add", {op.like(0), op.scalar(1)})}));
}

void logicalNot(Op& op, const char*)
{
    op.give(op.main("Not", {op.w.nameAs(*op.in[0], c10::kBool)}));
}

void roundTo(Op& op, const char*)
{
    const c10::FunctionSchema* schema = op.node->maybeSchema();
    if (schema && schema->argumentIndexWithName("decimals") && op.integer("decimals") != 0)
        op.w.refuse("A rounding to decimals has no ONNX operator");
    op.give(op.main("Round", {op.x(0)}));
}

void truncate(Op& op, const char*)
{
    const std::string size = op.help("Floor", {op.help("Abs", {op.x(0)})});
    op.give(op.main("Mul", {op.help("Sign", {op.x(0)}), size}));
}

} // namespace

Rows unaryRows()
{
    Rows rows{{"aten::rsqrt", reciprocalOf, "Sqrt"},
              {"aten::square", square},
              {"aten::log2", logarithm, "2"},
              {"aten::log10", logarithm, "10"},
              {"aten::expm1", expm1},
              {"aten::log1p", log1p},
              {"aten::logical_not", logicalNot},
              {"aten::bitwise_not", logicalNot},
              {"aten::__not__", logicalNot},
              {"aten::round", roundTo},
              {"aten::trunc", truncate},
              {"aten::to", convert},
              {"aten::type_as", convert},
              {"aten::float", convert},
              {"aten::_cast_Float", convert},
              {"aten::_cast_Long", convert},
              {"aten::_cast_Int", convert}};
    for (const auto& [kind, type] :
         {std::pair("aten::exp", "Exp"), {"aten::log", "Log"},         {"aten::sqrt", "Sqrt"},
          {"aten::neg", "Neg"},          {"aten::abs", "Abs"},         {"aten::floor", "Floor"},
          {"aten::ceil", "Ceil"},        {"aten::sign", "Sign"},       {"aten::erf", "Erf"},
          {"aten::sin", "Sin"},          {"aten::cos", "Cos"},         {"aten::tan", "Tan"},
          {"aten::asin", "Asin"},        {"aten::acos", "Acos"},       {"aten::atan", "Atan"},
          {"aten::sinh", "Sinh"},        {"aten::cosh", "Cosh"},       {"aten::asinh", "Asinh"},
          {"aten::acosh", "Acosh"},      {"aten::atanh", "Atanh"},     {"aten::reciprocal", "Reciprocal"},
          {"aten::relu", "Relu"},        {"aten::sigmoid", "Sigmoid"}, {"aten::tanh", "Tanh"},
          {"aten::softsign", "Softsign"}})
        rows.push_back({kind, unary, type});
    for (const auto& [kind, type] : {std::pair("aten::isnan", "IsNaN"), {"aten::isinf", "IsInf"}})
        rows.push_back({kind, [](Op& op, const char* t) { op.give(op.main(t, {op.x(0)})); }, type});
    // What changes nothing in a graph of values: copies, dropout.
    for (const char* kind :
         {"aten::contiguous", "aten::clone", "aten::detach", "aten::alias", "aten::dropout",
          "aten::feature_dropout", "aten::alpha_dropout", "aten::positive", "prim::NumToTensor",
          "aten::lift_fresh", "aten::cpu", "aten::real", "aten::tensor"})
        rows.push_back({kind, same});
    for (const char* kind : {"aten::item", "aten::Int", "aten::Float", "aten::Bool", "aten::FloatImplicit",
                             "aten::IntImplicit", "aten::ScalarImplicit"})
        rows.push_back({kind, toNumber});
    return rows;
}

} // namespace bitwright::onnx_write
