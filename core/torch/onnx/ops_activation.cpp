// SPDX-License-Identifier: GPL-3.0-or-later
// Activations.
#include "core/torch/onnx/simple_rows_p.h"

#include <ATen/ATen.h>

namespace bitwright::onnxin {
namespace {

constexpr const char* kActivationScript = R"(
def thresholded_relu(x, alpha: float):
    return torch.threshold(x, alpha, 0.0)

def scaled_elu(x, alpha: float, gamma: float):
    return torch.elu(x, alpha) * gamma

def hard_sigmoid(x, alpha: float, beta: float):
    return torch.clamp(x * alpha + beta, 0.0, 1.0)

def shrink(x, bias: float, lambd: float):
    y = x.to(6)
    zero = torch.zeros_like(y)
    r = torch.where(y < -lambd, y + bias, torch.where(y > lambd, y - bias, zero))
    return r.to(x.dtype)

def flat_softmax(x, axis: int, logarithm: bool):
    shape = x.size()
    rows = 1
    for i in range(axis):
        rows = rows * shape[i]
    flat = x.reshape([rows, -1])
    if logarithm:
        y = torch.log_softmax(flat, 1)
    else:
        y = torch.softmax(flat, 1)
    return y.reshape(shape)

def hardmax(x, axis: int):
    index = torch.argmax(x, axis, True)
    return torch.zeros_like(x).scatter(axis, index, 1.0)

def flat_hardmax(x, axis: int):
    flat = torch.flatten(x, axis)
    index = torch.argmax(flat, -1, True)
    return torch.zeros_like(flat).scatter(-1, index, 1.0).reshape(x.size())

def prelu(x, slope):
    return torch.where(x < 0, x * slope, x)
)";

Operands leakyRelu(Call& call)
{
    return {call.trace.emit("aten::leaky_relu", {call.required(0), call.f("alpha", 0.01)})};
}

Operands elu(Call& call)
{
    return {call.trace.emit("aten::elu", {call.required(0), call.f("alpha", 1.0)})};
}

Operands celu(Call& call)
{
    return {call.trace.emit("aten::celu", {call.required(0), call.f("alpha", 1.0)})};
}

Operands selu(Call& call)
{
    constexpr double kAlpha = 1.6732632423543772, kGamma = 1.0507009873554805;
    const double alpha = call.f("alpha", kAlpha), gamma = call.f("gamma", kGamma);
    if (std::abs(alpha - kAlpha) < 1e-6 && std::abs(gamma - kGamma) < 1e-6)
        return unary<"aten::selu">(call);
    return {call.trace.call(kActivationScript, "scaled_elu", {call.required(0), alpha, gamma})};
}

Operands gelu(Call& call)
{
    const bool tanh = call.s("approximate", "none") == "tanh";
    return {call.trace.emit("aten::gelu", {call.required(0)}, {{"approximate", tanh ? "tanh" : "none"}})};
}

Operands softplus(Call& call)
{
    return {call.trace.emit("aten::softplus", {call.required(0), 1, 20})};
}

Operands softsign(Call& call)
{
    const Operand one = call.trace.emit("aten::add", {call.trace.emit("aten::abs", {call.required(0)}), 1});
    return {call.trace.emit("aten::div", {call.in(0), one})};
}

Operands hardSigmoid(Call& call)
{
    const double alpha = call.f("alpha", 0.2), beta = call.f("beta", 0.5);
    if (std::abs(alpha - 1.0 / 6) < 1e-4 && std::abs(beta - 0.5) < 1e-6)
        return unary<"aten::hardsigmoid">(call);
    return {call.trace.call(kActivationScript, "hard_sigmoid", {call.required(0), alpha, beta})};
}

Operands thresholdedRelu(Call& call)
{
    return {call.trace.call(kActivationScript, "thresholded_relu", {call.required(0), call.f("alpha", 1.0)})};
}

Operands shrink(Call& call)
{
    return {call.trace.call(kActivationScript, "shrink",
                            {call.required(0), call.f("bias", 0.0), call.f("lambd", 0.5)})};
}

/// Before opset 13 the axes from `axis` on were one.
Operands softmaxOf(Call& call, bool logarithm)
{
    const int64_t rank = call.rank();
    const bool isFlat = call.version < 13;
    const int64_t axis = call.axis("axis", isFlat ? 1 : -1, rank);
    bool isOne = !isFlat || axis == rank - 1 || rank == 0;
    if (!isOne) {
        isOne = true; // the rest has one element
        for (int64_t i = axis + 1; i < rank; ++i)
            isOne &= call.trace.dim(call.in(0), i).isKnown(1);
    }
    if (!isOne)
        return {call.trace.call(kActivationScript, "flat_softmax", {call.in(0), axis, logarithm})};
    return {call.trace.emit(logarithm ? "aten::log_softmax" : "aten::softmax",
                            {call.required(0), axis, nullptr})};
}

Operands softmax(Call& call)
{
    return softmaxOf(call, false);
}

Operands logSoftmax(Call& call)
{
    return softmaxOf(call, true);
}

Operands hardmax(Call& call)
{
    const bool isFlat = call.version < 13;
    const int64_t axis = call.axis("axis", isFlat ? 1 : -1, call.rank());
    return {call.trace.call(kActivationScript, isFlat ? "flat_hardmax" : "hardmax", {call.in(0), axis})};
}

/// LibTorch's own wants one slope a channel; ONNX broadcasts.
Operands prelu(Call& call)
{
    const Operand x = call.required(0);
    Operand slope = call.required(1);
    const int64_t rank = call.trace.rank(x);
    const std::vector<int64_t> sizes = call.trace.exampleSizes(slope);
    const int64_t count = call.trace.elements(slope);
    if (call.version < 7 && sizes.size() == 1 && rank > 2 && count > 1)
        for (int64_t i = 2; i < rank; ++i)
            slope = call.trace.emit("aten::unsqueeze", {slope, -1});
    const std::vector<int64_t> aligned = call.trace.exampleSizes(slope);
    const bool perChannel =
        rank >= 2 && (count == 1 || (int64_t(aligned.size()) >= rank - 1 &&
                                     aligned[aligned.size() - size_t(rank) + 1] == count &&
                                     call.trace.dim(x, 1).isKnown(count)));
    if (perChannel && slope.isConstant())
        return {call.trace.emit("aten::prelu",
                                {x, call.trace.emit("aten::reshape", {slope, std::vector<int64_t>{-1}})})};
    return {call.trace.call(kActivationScript, "prelu", {x, slope})};
}

constexpr Row kActivationRows[] = {
    {"Relu", unary<"aten::relu">},
    {"Sigmoid", unary<"aten::sigmoid">},
    {"Tanh", unary<"aten::tanh">},
    {"HardSwish", unary<"aten::hardswish">},
    {"Mish", unary<"aten::mish">},
    {"LeakyRelu", leakyRelu},
    {"Elu", elu},
    {"Celu", celu},
    {"Selu", selu},
    {"Gelu", gelu},
    {"Softplus", softplus},
    {"Softsign", softsign},
    {"HardSigmoid", hardSigmoid},
    {"ThresholdedRelu", thresholdedRelu},
    {"Shrink", shrink},
    {"Softmax", softmax},
    {"LogSoftmax", logSoftmax},
    {"Hardmax", hardmax},
    {"PRelu", prelu},
};

} // namespace

std::span<const Row> activationRows()
{
    return kActivationRows;
}

} // namespace bitwright::onnxin
