// SPDX-License-Identifier: GPL-3.0-or-later
// Operators of the domain com.microsoft, which ONNX Runtime's quantizer and optimizer write.
#include "core/torch/onnx/quantized_p.h"
#include "core/torch/onnx/reader_p.h"
#include "core/torch/onnx/simple_rows_p.h"

#include <ATen/ATen.h>

namespace bitwright::onnxin {
namespace {

constexpr const char* kMicrosoftScript = R"(
def quick_gelu(x, alpha: float):
    return x * torch.sigmoid(x * alpha)

def unpack_nbits(q, bits: int, rows: int, columns: int):
    # [rows, blocks, bytes] of packed codes, low bits first.
    per = 8 // bits
    parts: List[Tensor] = []
    for i in range(per):
        parts = parts + [torch.bitwise_and(torch.bitwise_right_shift(q.to(3), i * bits), (1 << bits) - 1)]
    return torch.stack(parts, -1).reshape([rows, -1])[:, :columns]
)";

Operands runAs(Call& call, const char* op, Operands inputs)
{
    Call inner{call.trace, call.reader, call.node, 21, std::move(inputs)};
    return converterOf("", op)(inner);
}

/// The float value of the input at `first`, whose scale and zero point follow it.
Operand realOf(Call& call, size_t first, int64_t axis = 1)
{
    return dequantized(call, call.required(first), call.required(first + 1), call.in(first + 2), axis);
}

Operands quantized(Call& call, const Operand& y, size_t scale, int64_t axis = 1)
{
    const int type =
        call.has(scale + 1) ? elemTypeOf(call, call.in(scale + 1)) : elemTypeOf(call, call.in(0));
    return {quantizeTo(call, y, call.required(scale), call.in(scale + 1), type, axis)};
}

template<Name kind>
Operands qBinary(Call& call)
{
    return quantized(call, call.trace.emit(kind.text, {realOf(call, 0), realOf(call, 3)}), 6);
}

/// One input, the same operator on floats.
template<Name op>
Operands qUnary(Call& call)
{
    return quantized(call, runAs(call, op.text, {realOf(call, 0)}).at(0), 3);
}

Operands qGemm(Call& call)
{
    const Operand a = realOf(call, 0);
    const bool transB = call.i("transB", 0) != 0;
    const Operand b = realOf(call, 3, transB ? 0 : 1);
    Operands inputs = {a, b};
    if (call.has(6)) {
        const double alpha = call.f("alpha", 1);
        Operand scale = call.trace.emit("aten::mul", {call.in(1), call.in(4)});
        scale = call.trace.emit("aten::mul", {scale, alpha});
        inputs.push_back(dequantized(call, call.in(6), scale, {}, call.rank(6) - 1));
        inputs.back().name = call.in(6).name;
    }
    const Operand y = runAs(call, "Gemm", std::move(inputs)).at(0);
    return call.has(7) ? quantized(call, y, 7) : Operands{y};
}

Operands qConcat(Call& call)
{
    Operands parts;
    for (size_t i = 2; i + 1 < call.inputs.size(); i += 3)
        parts.push_back(realOf(call, i));
    if (parts.empty())
        call.fail("has nothing to join");
    const int64_t axis = call.axis("axis", 0, call.trace.rank(parts[0]));
    const Operand y = call.trace.emit("aten::cat", {parts, axis});
    return {quantizeTo(call, y, call.required(0), call.in(1), elemTypeOf(call, call.required(2)), 1)};
}

Operands qGlobalAveragePool(Call& call)
{
    if (call.i("channels_last", 0) == 0)
        return qUnary<"GlobalAveragePool">(call);
    const Operand x = realOf(call, 0);
    const int64_t rank = call.trace.rank(x);
    std::vector<int64_t> axes;
    for (int64_t i = 1; i + 1 < rank; ++i)
        axes.push_back(i);
    return quantized(call, call.trace.emit("aten::mean", {x, axes, true}), 3);
}

/// Quantizing the left factor on the fly: in float, the plain product with the dequantized matrix.
Operands dynamicMatMul(Call& call)
{
    const Operand b = dequantized(call, call.required(1), call.required(2), call.in(3), 1);
    const Operand y = runAs(call, "MatMul", {call.required(0), b}).at(0);
    return {call.has(4) ? runAs(call, "Add", {y, call.in(4)}).at(0) : y};
}

/// The float matrices of a recurrent operator, [directions, gates * hidden, inputs], from codes whose last two
/// axes are swapped and scales and zero points of [directions] or [directions, gates * hidden].
Operand recurrentWeight(Call& call, size_t codes, size_t scale)
{
    const Operand& q = call.required(codes);
    if (!q.isConstant() || q.tensor.dim() != 3 || !call.required(scale).isConstant() ||
        (call.has(scale + 1) && !call.in(scale + 1).isConstant()))
        call.fail("computes its weights at run time, which is not supported");
    const int64_t directions = q.tensor.size(0);
    const Operand turned = call.trace.emit("aten::contiguous", {call.trace.emit("aten::transpose", {q, 1, 2})});
    const auto factors = [&](size_t i, std::vector<int64_t> sizes) {
        return call.has(i) ? call.trace.emit("aten::reshape", {call.in(i), std::move(sizes)}) : Operand();
    };
    Operand weight = turned;
    weight.elemType = q.elemType;
    weight.name = q.name;
    if (directions == 1)
        return dequantized(call, weight, factors(scale, {-1}), factors(scale + 1, {-1}), 1);
    // The grids of two directions are too many for one constant: they stay in the numbers alone.
    const auto spread = [&](size_t i) {
        return cast(call.trace, factors(i, {directions, -1, 1}), c10::kFloat);
    };
    Operand real = cast(call.trace, weight, c10::kFloat);
    if (call.has(scale + 1))
        real = call.trace.emit("aten::sub", {real, spread(scale + 1)});
    real = call.trace.emit("aten::mul", {real, spread(scale)});
    real.name = q.name;
    return real;
}

Operands dynamicLstm(Call& call)
{
    const Operand w = recurrentWeight(call, 1, 8), r = recurrentWeight(call, 2, 10);
    Operands inputs = {call.required(0), w, r};
    for (size_t i = 3; i < 8; ++i)
        inputs.push_back(call.in(i));
    return runAs(call, "LSTM", std::move(inputs));
}

Operands matMulIntegerToFloat(Call& call)
{
    const Operand a = dequantized(call, call.required(0), call.required(2), call.in(4), 0);
    const Operand b = dequantized(call, call.required(1), call.required(3), call.in(5), 1);
    const Operand y = runAs(call, "MatMul", {a, b}).at(0);
    return {call.has(6) ? runAs(call, "Add", {y, call.in(6)}).at(0) : y};
}

Operands activated(Call& call, Operand y)
{
    const std::string activation = call.s("activation", "");
    if (activation.empty())
        return {y};
    const std::vector<double> numbers = call.floats("activation_params");
    if (activation == "LeakyRelu")
        return {call.trace.emit("aten::leaky_relu", {y, numbers.empty() ? 0.01 : numbers[0]})};
    if (activation == "Clip" && numbers.size() == 2)
        return {call.trace.emit("aten::hardtanh", {y, numbers[0], numbers[1]})};
    const Convert converter = converterOf("", activation);
    if (!converter)
        call.fail("has the activation " + activation + ", which is not supported");
    return runAs(call, activation.c_str(), {y});
}

Operands fusedConv(Call& call)
{
    Operand y = runAs(call, "Conv", {call.required(0), call.required(1), call.in(2)}).at(0);
    if (call.has(3))
        y = call.trace.emit("aten::add", {y, call.in(3)});
    return activated(call, y);
}

Operands fusedGemm(Call& call)
{
    return activated(call, runAs(call, "Gemm", call.inputs).at(0));
}

Operands fusedMatMul(Call& call)
{
    Operand a = call.required(0), b = call.required(1);
    if (call.i("transA", 0))
        a = call.trace.emit("aten::transpose", {a, -2, -1});
    if (call.i("transB", 0))
        b = call.trace.emit("aten::transpose", {b, -2, -1});
    const Operand y = runAs(call, "MatMul", {a, b}).at(0);
    const double alpha = call.f("alpha", 1);
    return {alpha == 1 ? y : call.trace.emit("aten::mul", {y, alpha})};
}

Operand withBias(Call& call)
{
    return call.has(1) ? call.trace.emit("aten::add", {call.required(0), call.in(1)}) : call.required(0);
}

Operands biasGelu(Call& call)
{
    return {call.trace.emit("aten::gelu", {withBias(call)}, {{"approximate", "none"}})};
}

Operands fastGelu(Call& call)
{
    return {call.trace.emit("aten::gelu", {withBias(call)}, {{"approximate", "tanh"}})};
}

Operands quickGelu(Call& call)
{
    return {call.trace.call(kMicrosoftScript, "quick_gelu", {call.required(0), call.f("alpha", 1.702)})};
}

Operands skipLayerNorm(Call& call)
{
    Operand sum = call.trace.emit("aten::add", {call.required(0), call.required(1)});
    if (call.has(4))
        sum = call.trace.emit("aten::add", {sum, call.in(4)});
    const Operand y = runAs(call, "LayerNormalization", {sum, call.required(2), call.in(3)}).at(0);
    return {y, Operand(), Operand(), sum};
}

/// Weights of 2, 4 or 8 bits in blocks along the inputs.
Operands matMulNBits(Call& call)
{
    const int64_t bits = call.i("bits", 4), size = call.i("block_size", 32);
    const int64_t k = call.i("K", 0), n = call.i("N", 0);
    if ((bits != 2 && bits != 4 && bits != 8) || k < 1 || n < 1 || size < 1 ||
        !call.required(1).isConstant() || !call.required(2).isConstant() ||
        (call.has(4) && call.trace.elements(call.in(4)) > 0))
        call.fail("has a layout that is not supported");
    Trace& trace = call.trace;
    const int64_t blocks = (k + size - 1) / size;
    const Operand codes =
        trace.emit("aten::to", {trace.call(kMicrosoftScript, "unpack_nbits", {call.in(1), bits, n, k}),
                                c10::kFloat, false, false, nullptr});
    const auto spread = [&](const Operand& factors) {
        const Operand table = trace.emit("aten::reshape", {factors, std::vector<int64_t>{n, blocks}});
        return trace.call(kQuantizedScript, "blocks", {table, 1, size, k});
    };
    Operand zero = constant(at::full({n, blocks}, double(int64_t(1) << (bits - 1)), at::kFloat));
    if (call.has(3) && c10::isFloatingType(trace.type(call.in(3))))
        zero = call.in(3);
    else if (call.has(3))
        zero = cast(trace,
                    trace.call(kMicrosoftScript, "unpack_nbits",
                               {trace.emit("aten::reshape", {call.in(3), std::vector<int64_t>{n, -1}}), bits,
                                n, blocks}),
                    c10::kFloat);
    Operand weight =
        trace.emit("aten::mul", {trace.emit("aten::sub", {codes, spread(zero)}), spread(call.in(2))});
    weight.name = call.in(1).name;
    return {trace.emit("aten::linear", {call.required(0), weight, call.in(5)})};
}

constexpr Row kMicrosoftRows[] = {
    {"QLinearAdd", qBinary<"aten::add">},
    {"QLinearMul", qBinary<"aten::mul">},
    {"QLinearLeakyRelu", qUnary<"LeakyRelu">},
    {"QLinearSigmoid", qUnary<"Sigmoid">},
    {"QLinearSoftmax", qUnary<"Softmax">},
    {"QLinearAveragePool", qUnary<"AveragePool">},
    {"QLinearGlobalAveragePool", qGlobalAveragePool},
    {"QLinearReduceMean", qUnary<"ReduceMean">},
    {"QLinearConcat", qConcat},
    {"QGemm", qGemm},
    {"DynamicQuantizeMatMul", dynamicMatMul},
    {"DynamicQuantizeLSTM", dynamicLstm},
    {"MatMulIntegerToFloat", matMulIntegerToFloat},
    {"FusedConv", fusedConv},
    {"FusedGemm", fusedGemm},
    {"FusedMatMul", fusedMatMul},
    {"BiasGelu", biasGelu},
    {"FastGelu", fastGelu},
    {"QuickGelu", quickGelu},
    {"SkipLayerNormalization", skipLayerNorm},
    {"MatMulNBits", matMulNBits},
};

} // namespace

std::span<const Row> microsoftRows()
{
    return kMicrosoftRows;
}

} // namespace bitwright::onnxin
