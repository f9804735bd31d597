// SPDX-License-Identifier: GPL-3.0-or-later
// Activation functions.
#include "core/torch/onnx_write/writer_p.h"

#include <cmath>

namespace bitwright::onnx_write {
namespace {

float numberOf(const Op& op, const char* name, double fallback)
{
    return float(op.has(name) ? op.number(name) : fallback);
}

void clip(const Op& op, const std::string& lo, const std::string& hi)
{
    op.give(op.main("Clip", {op.like(0), lo, hi}));
}

/// An upper bound, not below the end of the grid behind it.
std::string above(const Op& op, double bound)
{
    return op.scalar(std::max(bound, double(op.w.upper.value_or(-INFINITY))));
}

void relu6(Op& op, const char*)
{
    clip(op, op.scalar(0), above(op, 6));
}

void hardtanh(Op& op, const char*)
{
    clip(op, op.scalar(op.number("min_val")), above(op, op.number("max_val")));
}

void clamp(Op& op, const char*)
{
    const auto bound = [&](const char* name) -> std::string {
        const c10::FunctionSchema* schema = op.node->maybeSchema();
        if (!schema->argumentIndexWithName(name) || !op.has(name))
            return {};
        Term& term = op.arg(name);
        if (term.isTensor && term.rank() > 0)
            op.w.refuse("A clamp has a bound for every element");
        const bool isUpper = std::string(name) == "max" && !term.data && term.at[0].isScalar();
        return isUpper ? above(op, op.number(name)) : op.w.nameAs(term, op.out[0]->type);
    };
    const std::string lo = bound("min"), hi = bound("max");
    const c10::IValue& zero = op.has("min") && !op.arg("min").data ? op.arg("min").at[0] : c10::IValue();
    if (hi.empty() && zero.isScalar() && zero.toScalar().toDouble() == 0 &&
        c10::isFloatingType(op.out[0]->type))
        return op.give(op.main("Relu", {op.like(0)}));
    clip(op, lo, hi);
}

void gelu(Op& op, const char*)
{
    const std::string x = op.w.unmerged(op.like(0)); // a Gelu has one input
    const bool isTanh = op.has("approximate") && op.constant(op.index("approximate")).toStringRef() == "tanh";
    std::string inner;
    if (isTanh) {
        const std::string cube = op.help("Mul", {op.help("Mul", {x, x}), x});
        const std::string sum = op.help("Add", {x, op.help("Mul", {cube, op.scalar(0.044715)})});
        inner = op.help("Tanh", {op.help("Mul", {sum, op.scalar(std::sqrt(2 / M_PI))})});
    } else {
        inner = op.help("Erf", {op.help("Div", {x, op.scalar(std::sqrt(2.0))})});
    }
    // The order of x * (1 + erf) * 0.5 is the one that runtimes recognise as Gelu.
    const std::string product = op.help("Mul", {x, op.help("Add", {inner, op.scalar(1)})});
    op.give(op.main("Mul", {product, op.scalar(0.5)}));
}

void silu(Op& op, const char*)
{
    const std::string x = op.like(0);
    op.give(op.main("Mul", {x, op.help("Sigmoid", {x})}));
}

void mish(Op& op, const char*)
{
    const std::string x = op.like(0);
    op.give(op.main("Mul", {x, op.help("Tanh", {op.help("Softplus", {x})})}));
}

/// scale * (x > 0 ? x : alpha * (exp(x * input_scale) - 1))
void elu(Op& op, const char*)
{
    const float scale = numberOf(op, "scale", 1), inputScale = numberOf(op, "input_scale", 1);
    if (inputScale != 1)
        op.w.refuse("An ELU with a scale of its input has no ONNX operator");
    const Attributes attributes{{"alpha", numberOf(op, "alpha", 1)}};
    if (scale == 1)
        return op.give(op.main("Elu", {op.like(0)}, attributes));
    op.give(op.main("Mul", {op.help("Elu", {op.like(0)}, attributes), op.scalar(scale)}));
}

void selu(Op& op, const char*)
{
    op.give(op.main("Selu", {op.like(0)}, {{"alpha", 1.6732632423543772f}, {"gamma", 1.0507009873554805f}}));
}

void celu(Op& op, const char*)
{
    op.give(op.main("Celu", {op.like(0)}, {{"alpha", numberOf(op, "alpha", 1)}}));
}

void leakyRelu(Op& op, const char*)
{
    op.give(op.main("LeakyRelu", {op.like(0)}, {{"alpha", numberOf(op, "negative_slope", 0.01)}}));
}

void rrelu(Op& op, const char*)
{
    if (op.flag("training"))
        op.w.refuse("The model draws random slopes");
    const auto slope = float((op.number("lower") + op.number("upper")) / 2);
    op.give(op.main("LeakyRelu", {op.like(0)}, {{"alpha", slope}}));
}

/// The slope of every channel runs along axis 1.
void prelu(Op& op, const char*)
{
    Term& slope = *op.in[1];
    std::string value = op.w.name(slope);
    const size_t behind = op.in[0]->rank() < 2 ? 0 : op.in[0]->rank() - 2;
    if (behind > 0 && slope.rank() == 1) {
        Shape shape{slope.shape[0][0]};
        shape.resize(1 + behind, 1);
        value = op.help("Reshape", {value, op.w.b.ints(shape)});
    }
    op.give(op.main("PRelu", {op.like(0), value}));
}

void hardsigmoid(Op& op, const char*)
{
    op.give(op.main("HardSigmoid", {op.like(0)}, {{"alpha", float(1 / 6.0)}, {"beta", 0.5f}}));
}

void hardswish(Op& op, const char*)
{
    const std::string x = op.like(0);
    if (op.w.opset >= 14)
        return op.give(op.main("HardSwish", {x}));
    const std::string gate = op.help("HardSigmoid", {x}, {{"alpha", float(1 / 6.0)}, {"beta", 0.5f}});
    op.give(op.main("Mul", {x, gate}));
}

void softplus(Op& op, const char*)
{
    const double beta = numberOf(op, "beta", 1);
    const std::string x = op.like(0);
    if (beta == 1)
        return op.give(op.main("Softplus", {x}));
    op.give(op.main("Div", {op.help("Softplus", {op.help("Mul", {x, op.scalar(beta)})}), op.scalar(beta)}));
}

void logSigmoid(Op& op, const char*)
{
    op.give(op.main("Neg", {op.help("Softplus", {op.help("Neg", {op.like(0)})})}));
}

void shrink(Op& op, const char* kind)
{
    const float lambda = numberOf(op, "lambd", 0.5);
    const bool isSoft = std::string(kind) == "soft";
    op.give(op.main("Shrink", {op.like(0)}, {{"lambd", lambda}, {"bias", isSoft ? lambda : 0.0f}}));
}

void threshold(Op& op, const char*)
{
    const std::string x = op.like(0);
    const std::string isAbove = op.help("Greater", {x, op.scalar(op.number("threshold"))});
    op.give(op.main("Where", {isAbove, x, op.scalar(op.number("value"))}));
}

void glu(Op& op, const char*)
{
    const int64_t axis = op.axes({op.integer("dim")}, op.in[0]->rank())[0];
    const int64_t half = op.out[0]->shape[0][size_t(axis)];
    const auto parts = op.w.b.nodes("Split", {op.x(0), op.w.b.ints({half, half})}, {{"axis", axis}},
                                    op.w.base + "/Split", 2);
    op.give(op.main("Mul", {parts[0], op.help("Sigmoid", {parts[1]})}));
}

/// ONNX Runtime's integer softmax takes 1 / scale for a whole number, and is off by steps of its output.
void softmax(Op& op, const char* type)
{
    op.give(op.main(type, {op.w.unmerged(op.like(0))}, {{"axis", op.integer("dim")}}));
}

} // namespace

Rows activationRows()
{
    return {{"aten::relu6", relu6},
            {"aten::hardtanh", hardtanh},
            {"aten::clamp", clamp},
            {"aten::clip", clamp},
            {"aten::clamp_min", clamp},
            {"aten::clamp_max", clamp},
            {"aten::gelu", gelu},
            {"aten::silu", silu},
            {"aten::mish", mish},
            {"aten::elu", elu},
            {"aten::selu", selu},
            {"aten::celu", celu},
            {"aten::leaky_relu", leakyRelu},
            {"aten::rrelu", rrelu},
            {"aten::prelu", prelu},
            {"aten::hardsigmoid", hardsigmoid},
            {"aten::hardswish", hardswish},
            {"aten::softplus", softplus},
            {"aten::log_sigmoid", logSigmoid},
            {"aten::hardshrink", shrink, "hard"},
            {"aten::softshrink", shrink, "soft"},
            {"aten::threshold", threshold},
            {"aten::glu", glu},
            {"aten::softmax", softmax, "Softmax"},
            {"aten::_softmax", softmax, "Softmax"},
            {"aten::log_softmax", softmax, "LogSoftmax"},
            {"aten::_log_softmax", softmax, "LogSoftmax"}};
}

} // namespace bitwright::onnx_write
