// SPDX-License-Identifier: GPL-3.0-or-later
// Quantized operators.
//
// An integer tensor remembers the float value that it encodes (Operand::encoding). What reads it goes on with
// that, so the graph becomes a float graph and the rounding to integers, which nobody reads any more,
// disappears; where and how the file rounded is noted with the reader.
#include "core/torch/onnx/dynamic_p.h"
#include "core/torch/onnx/quantized_p.h"
#include "core/torch/onnx/reader_p.h"
#include "core/torch/onnx/simple_rows_p.h"
#include "core/torch/onnx/tensor_proto_p.h"

#include <ATen/ATen.h>
#include <torch/csrc/jit/ir/constants.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace bitwright::onnxin {

const char* const kQuantizedScript = R"(
def quantize(x, scale, zero, low: int, high: int, dtype: int):
    q = torch.round(x / scale) + zero.to(x.dtype)
    return torch.clamp(q, low, high).to(dtype)

def dequantize(q, scale, zero):
    return (q.to(6) - zero.to(6)) * scale

def dynamic_quantize(x):
    high = torch.clamp(torch.amax(x), 0.0)
    low = torch.clamp(torch.amin(x), None, 0.0)
    scale = (high - low) / 255.0
    scale = torch.where(scale == 0.0, torch.ones_like(scale), scale)
    zero = torch.clamp(torch.round(-low / scale), 0, 255)
    q = torch.clamp(torch.round(x / scale) + zero, 0, 255)
    return q.to(0), scale, zero.to(0)

def blocks(x, axis: int, size: int, count: int):
    return torch.repeat_interleave(x, size, axis).narrow(axis, 0, count)
)";

IntegerRange rangeOf(int elemType)
{
    switch (elemType) {
    case kInt8:
        return {-128, 127};
    case kUint16:
        return {0, 65535};
    case kInt16:
        return {-32768, 32767};
    case kInt4:
        return {-8, 7};
    case kUint4:
        return {0, 15};
    case kInt32:
        return {INT32_MIN, INT32_MAX};
    default:
        return {0, 255};
    }
}

int elemTypeOf(const Call& call, const Operand& operand)
{
    return operand.elemType ? operand.elemType : elemTypeOf(call.trace.type(operand));
}

/// One factor a channel, shaped so that it multiplies along `axis`.
Operand alongAxis(Call& call, const Operand& factors, int64_t axis, int64_t rank)
{
    if (call.trace.rank(factors) != 1 || call.trace.elements(factors) == 1)
        return call.trace.rank(factors) == 0 || call.trace.rank(factors) != 1
                   ? factors
                   : call.trace.emit("aten::reshape", {factors, std::vector<int64_t>()});
    std::vector<int64_t> shape(size_t(rank), 1);
    shape.at(size_t(axis)) = call.trace.elements(factors);
    return call.trace.emit("aten::reshape", {factors, shape});
}

namespace {

/// Looks back through the graph, where a value comes from.
class NeverNegative {
public:
    /// The value is never negative: made so, or made of such ones.
    bool holds(const torch::jit::Value* value, int depth = 0)
    {
        constexpr int kDeepest = 64;
        static const std::set<std::string> positive = {
            "aten::relu", "aten::sigmoid", "aten::softmax", "aten::relu6", "aten::hardsigmoid",
            "aten::exp",  "aten::abs",     "aten::sqrt",    "aten::norm",  "aten::softplus"};
        static const std::set<std::string> moves = {"aten::max_pool1d",
                                                    "aten::max_pool2d",
                                                    "aten::max_pool3d",
                                                    "aten::reshape",
                                                    "aten::flatten",
                                                    "aten::permute",
                                                    "aten::transpose",
                                                    "aten::squeeze",
                                                    "aten::unsqueeze",
                                                    "aten::slice",
                                                    "aten::select",
                                                    "aten::expand",
                                                    "aten::avg_pool1d",
                                                    "aten::avg_pool2d",
                                                    "aten::avg_pool3d",
                                                    "aten::adaptive_avg_pool1d",
                                                    "aten::adaptive_avg_pool2d",
                                                    "aten::adaptive_avg_pool3d",
                                                    "aten::mean",
                                                    "aten::sum",
                                                    "aten::amax",
                                                    "aten::repeat",
                                                    "aten::split_with_sizes",
                                                    "aten::chunk",
                                                    "aten::upsample_nearest2d",
                                                    "aten::upsample_bilinear2d",
                                                    "aten::contiguous",
                                                    "aten::index_select",
                                                    "prim::ListUnpack",
                                                    "aten::cat"};
        static const std::set<std::string> keeps = {"aten::add", "aten::mul", "aten::div", "aten::pow",
                                                    "prim::ListConstruct"};
        const torch::jit::Node* node = value->node();
        const std::string kind = node->kind().toQualString();
        const bool isInput = node->kind() == c10::prim::Param && depth == 0; // what comes in is as it is
        if (isInput || positive.count(kind) || isEvenPower(node) || !m_seen.insert(value).second)
            return true;
        if (kind == "aten::hardtanh" || kind == "aten::clamp") {
            const auto low = torch::jit::toIValue(node->input(1));
            return low && low->isScalar() && low->toScalar().toDouble() >= 0;
        }
        if (depth == kDeepest)
            return false;
        if (moves.count(kind))
            return holds(node->input(0), depth + 1);
        return keeps.count(kind) &&
               std::all_of(node->inputs().begin(), node->inputs().end(),
                           [&](const torch::jit::Value* input) { return holdsOfInput(input, depth + 1); });
    }

private:
    static bool isEvenPower(const torch::jit::Node* node)
    {
        if (node->kind() == c10::aten::mul)
            return node->input(0) == node->input(1);
        const auto exponent =
            node->kind() == c10::aten::pow ? torch::jit::toIValue(node->input(1)) : c10::nullopt;
        return exponent && exponent->isScalar() && std::fmod(exponent->toScalar().toDouble(), 2) == 0;
    }

    bool holdsOfInput(const torch::jit::Value* input, int depth)
    {
        const auto known = torch::jit::toIValue(input);
        if (!known)
            return holds(input, depth);
        if (known->isTensor())
            return known->toTensor().ge(0).all().item<bool>();
        return known->isScalar() && known->toScalar().toDouble() >= 0;
    }

    std::set<const torch::jit::Value*> m_seen; ///< one that does not hold ends the search
};

/// A grid that begins at zero cuts what is negative: quantizers drop the ReLU in front of it.
Operand cutAtZero(Call& call, const Operand& real, const Operand& zero, const IntegerRange& range)
{
    const bool beginsAtZero =
        real.isGraph() &&
        (zero ? zero.isConstant() && zero.tensor.eq(range.low).all().item<bool>() : range.low == 0);
    return beginsAtZero && !NeverNegative().holds(real.value) ? call.trace.emit("aten::relu", {real}) : real;
}

} // namespace

Operand quantizeTo(Call& call, const Operand& given, const Operand& scale, const Operand& zero, int elemType,
                   int64_t axis)
{
    const int64_t rank = call.trace.rank(given);
    const IntegerRange range = rangeOf(elemType);
    const Operand real = cutAtZero(call, given, zero, range);
    const Operand fitScale = alongAxis(call, scale, axis, rank);
    const Operand fitZero =
        zero ? alongAxis(call, zero, axis, rank) : constant(at::zeros({}, scalarTypeOf(elemType)));
    Operand made = call.trace.call(kQuantizedScript, "quantize",
                                   {real, fitScale, fitZero, range.low, range.high, scalarTypeOf(elemType)});
    made.elemType = elemType;
    if (!scale.isConstant() || !fitZero.isConstant() || real.isConstant())
        return made;
    const at::Tensor zeros = zero ? zero.tensor : at::zeros({}, at::kLong);
    const bool perTensor = scale.tensor.numel() == 1;
    made.encoding =
        std::make_shared<Encoding>(Encoding{real, scale.tensor, zeros, perTensor ? -1 : int(axis)});
    call.reader.noteEncoding(real, *made.encoding, range);
    return made;
}

Operand dequantized(Call& call, const Operand& q, const Operand& scale, const Operand& zero, int64_t axis,
                    int64_t block)
{
    const bool isOwn = q.encoding && scale.isConstant() && at::equal(q.encoding->scale, scale.tensor);
    if (isOwn)
        return q.encoding->real;
    const auto spread = [&](const Operand& factors) {
        if (!factors || block <= 0 || call.trace.rank(factors) <= 1)
            return factors ? alongAxis(call, factors, axis, call.trace.rank(q)) : factors;
        const Number count = call.trace.dim(q, axis);
        return call.trace.call(kQuantizedScript, "blocks", {factors, axis, block, count});
    };
    const Operand fitZero = zero ? spread(zero) : constant(at::zeros({}, at::kFloat));
    Operand made = call.trace.call(kQuantizedScript, "dequantize", {q, spread(scale), fitZero});
    made.elemType = kFloat32;
    if (!q.isConstant() || !scale.isConstant())
        return made;
    made.name = q.name;
    const bool perTensor = scale.tensor.numel() == 1;
    const Encoding encoding{{}, scale.tensor, zero ? zero.tensor : at::Tensor(), perTensor ? -1 : int(axis)};
    made.rounded = call.reader.noteEncoding(made, encoding, rangeOf(elemTypeOf(call, q)), block);
    return made;
}

namespace {

int64_t axisOf(Call& call)
{
    const int64_t rank = call.rank(), given = call.i("axis", 1);
    return rank == 0 ? 0 : std::clamp<int64_t>(given < 0 ? given + rank : given, 0, rank - 1);
}

Operands quantizeLinear(Call& call)
{
    const Operand &x = call.required(0), &scale = call.required(1), &zero = call.in(2);
    const int declared = int(call.i("output_dtype", 0));
    const int type = zero ? elemTypeOf(call, zero) : declared ? declared : int(kUint8);
    if (type >= kFloat8E4M3FN && type <= kFloat8E5M2FNUZ)
        call.fail("quantizes to " + elemTypeName(type) + ", which is not supported");
    if (call.trace.rank(scale) > 1)
        call.fail("quantizes in blocks at run time, which is not supported");
    return {quantizeTo(call, cast(call.trace, x, c10::kFloat), scale, zero, type, axisOf(call))};
}

Operands dequantizeLinear(Call& call)
{
    return {dequantized(call, call.required(0), call.required(1), call.in(2), axisOf(call),
                        call.i("block_size", 0))};
}

Operands dynamicQuantizeLinear(Call& call)
{
    return markDynamic(call.trace.callAll(kQuantizedScript, "dynamic_quantize", {call.required(0)}),
                       call.in(0));
}

Operand centered(Call& call, const Operand& q, const Operand& zero, int64_t axis)
{
    const Operand real = cast(call.trace, q, c10::kFloat);
    if (!zero)
        return real;
    const Operand fit = alongAxis(call, cast(call.trace, zero, c10::kFloat), axis, call.trace.rank(q));
    return call.trace.emit("aten::sub", {real, fit});
}

/// A product of integers, exact in float64.
Operands integerProduct(Call& call, const char* op)
{
    const bool isConv = std::string(op) == "Conv";
    Operands inputs;
    const int64_t rank = call.trace.rank(call.required(0));
    inputs.push_back(centered(call, call.in(0), call.in(2), isConv ? 1 : std::max<int64_t>(rank - 2, 0)));
    inputs.push_back(centered(call, call.required(1), call.in(3), isConv ? 0 : call.rank(1) - 1));
    for (Operand& input : inputs)
        input = cast(call.trace, input, c10::kDouble);
    Call inner{call.trace, call.reader, call.node, call.version, inputs};
    const Operand made = converterOf("", op)(inner).at(0);
    return {cast(call.trace, made, c10::kInt)};
}

Operands convInteger(Call& call)
{
    return markProduct(call, integerProduct(call, "Conv"));
}

Operands matMulInteger(Call& call)
{
    return markProduct(call, integerProduct(call, "MatMul"));
}

/// y = quantize(op(dequantize(x), dequantize(w), dequantize(bias)))
Operands qLinearConv(Call& call)
{
    const Operand x = dequantized(call, call.required(0), call.required(1), call.in(2), 1);
    const Operand w = dequantized(call, call.required(3), call.required(4), call.in(5), 0);
    Operands inputs = {x, w};
    if (call.has(8)) {
        const Operand scale = call.trace.emit("aten::mul", {call.in(1), call.in(4)});
        inputs.push_back(dequantized(call, call.in(8), scale, {}, 0));
        inputs.back().name = call.in(8).name;
    }
    Call inner{call.trace, call.reader, call.node, call.version, inputs};
    const Operand y = converterOf("", "Conv")(inner).at(0);
    return {quantizeTo(call, y, call.required(6), call.in(7), elemTypeOf(call, call.required(7)), 1)};
}

Operands qLinearMatMul(Call& call)
{
    const Operand a = dequantized(call, call.required(0), call.required(1), call.in(2),
                                  std::max<int64_t>(call.rank(0) - 2, 0));
    const Operand b = dequantized(call, call.required(3), call.required(4), call.in(5), call.rank(3) - 1);
    Call inner{call.trace, call.reader, call.node, call.version, {a, b}};
    const Operand y = converterOf("", "MatMul")(inner).at(0);
    return {quantizeTo(call, y, call.required(6), call.in(7), elemTypeOf(call, call.required(7)), 0)};
}

constexpr Row kQuantizedRows[] = {
    {"QuantizeLinear", quantizeLinear},
    {"DequantizeLinear", dequantizeLinear},
    {"DynamicQuantizeLinear", dynamicQuantizeLinear},
    {"ConvInteger", convInteger},
    {"MatMulInteger", matMulInteger},
    {"QLinearConv", qLinearConv},
    {"QLinearMatMul", qLinearMatMul},
};

} // namespace

std::span<const Row> quantizedRows()
{
    return kQuantizedRows;
}

} // namespace bitwright::onnxin
