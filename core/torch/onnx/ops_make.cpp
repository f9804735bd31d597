// SPDX-License-Identifier: GPL-3.0-or-later
// What makes tensors: constants, ranges, padding, random numbers.
#include "core/torch/onnx/reader_p.h"
#include "core/torch/onnx/simple_rows_p.h"
#include "core/torch/onnx/tensor_proto_p.h"

#include <ATen/ATen.h>

namespace bitwright::onnxin {
namespace {

constexpr const char* kMakeScript = R"(
def eye_like(rows: int, columns: int, k: int, dtype: int):
    r = torch.arange(rows).unsqueeze(1)
    c = torch.arange(columns).unsqueeze(0)
    return (c - r == k).to(dtype)

def pad_by_index(x, axis: int, before: int, after: int, mode: str):
    n = x.size(axis)
    i = torch.arange(-before, n + after)
    if mode == "edge":
        i = torch.clamp(i, 0, n - 1)
    elif mode == "wrap":
        i = torch.remainder(i, n)
    else:
        period = max(2 * (n - 1), 1)
        i = torch.remainder(i, period)
        i = torch.where(i >= n, period - i, i)
    return torch.index_select(x, axis, i)
)";

/// Larger tensors made out of nothing are a mistake or an attack.
constexpr double kMostElements = double(int64_t(1) << 31);

Operands constantOperator(Call& call)
{
    at::Tensor tensor;
    int elemType = 0;
    if (const auto* value = call.attribute("value"); value && value->has_t()) {
        tensor = call.reader.tensorOf(value->t());
        elemType = value->t().data_type();
    } else if (call.hasAttribute("value_float")) {
        tensor = at::scalar_tensor(call.f("value_float", 0), at::kFloat);
    } else if (call.hasAttribute("value_floats")) {
        tensor = at::tensor(call.floats("value_floats"), at::kFloat);
    } else if (call.hasAttribute("value_int")) {
        tensor = at::scalar_tensor(call.i("value_int", 0), at::kLong);
    } else if (call.hasAttribute("value_ints")) {
        tensor = at::tensor(call.ints("value_ints"), at::kLong);
    } else {
        call.fail("holds no tensor that can be computed with");
    }
    Operand made = constant(tensor);
    made.elemType = elemType;
    return {made};
}

void checkCount(Call& call, const Numbers& sizes)
{
    double count = 1;
    for (const Number& size : sizes) {
        if (size.isKnown() && size.toInt() < 0)
            call.fail("makes a tensor of negative size");
        count *= size.isKnown() ? double(size.toInt()) : 1;
    }
    if (count > kMostElements)
        call.fail("makes a tensor of more than 2^31 elements, which is refused");
}

Operands constantOfShape(Call& call)
{
    const Numbers sizes = call.trace.numbersOf(call.required(0));
    checkCount(call, sizes);
    at::Tensor value = at::zeros({1}, at::kFloat);
    int elemType = kFloat32;
    if (const auto* given = call.attribute("value"); given && given->has_t()) {
        value = call.reader.tensorOf(given->t());
        elemType = given->t().data_type();
    }
    if (value.numel() != 1)
        call.fail("has a value of more than one element");
    const at::Scalar fill = value.item();
    // A bool is no number to LibTorch; the type below makes one of it again.
    const c10::IValue number =
        fill.isFloatingPoint() ? c10::IValue(fill.toDouble()) : c10::IValue(fill.toLong());
    Operand made = call.trace.emit("aten::full", {sizes, Arg(number)}, {{"dtype", value.scalar_type()}});
    made.elemType = elemType;
    return {made};
}

Operands range(Call& call)
{
    Numbers bounds;
    for (size_t i = 0; i < 3; ++i)
        bounds.push_back(call.trace.numbersOf(call.required(i)).at(0));
    const bool isKnown = bounds[0].isKnown() && bounds[1].isKnown() && bounds[2].isKnown();
    if (isKnown && (bounds[2].toDouble() == 0 ||
                    (bounds[1].toDouble() - bounds[0].toDouble()) / bounds[2].toDouble() > kMostElements))
        call.fail("makes a tensor of more than 2^31 elements, which is refused");
    Operand made = call.trace.emit("aten::arange", {bounds[0], bounds[1], bounds[2]},
                                   {{"dtype", call.trace.type(call.in(0))}});
    return {made};
}

Operands eyeLike(Call& call)
{
    const Operand& x = call.required(0);
    const auto type =
        call.hasAttribute("dtype") ? scalarTypeOf(int(call.i("dtype", kFloat32))) : call.trace.type(x);
    return {call.trace.call(kMakeScript, "eye_like",
                            {call.trace.dim(x, 0), call.trace.dim(x, 1), call.i("k", 0), type})};
}

/// [begins..., ends...] of all axes.
Numbers padsOf(Call& call)
{
    Numbers pads;
    if (call.version >= 11) {
        pads = call.trace.numbersOf(call.required(1));
    } else {
        const char* name = call.version < 2 ? "paddings" : "pads";
        for (const int64_t one : call.ints(name))
            pads.emplace_back(one);
    }
    const size_t rank = size_t(call.rank());
    if (call.version < 18 || !call.has(3)) {
        if (pads.size() != 2 * rank)
            call.fail("has " + std::to_string(pads.size()) + " pads for " + std::to_string(rank) + " axes");
        return pads;
    }
    const std::vector<int64_t> axes = call.knownInts(3, "axes");
    Numbers all(2 * rank, Number(0));
    for (size_t i = 0; i < axes.size(); ++i) {
        const size_t axis = size_t(call.axisOf(axes[i], int64_t(rank)));
        all[axis] = pads.at(i);
        all[axis + rank] = pads.at(i + axes.size());
    }
    return all;
}

Operands pad(Call& call)
{
    const Operand& x = call.required(0);
    const std::string mode = call.s("mode", "constant");
    const Numbers pads = padsOf(call);
    const size_t rank = pads.size() / 2;
    Operand made = x;
    if (mode == "constant") {
        Numbers amounts;
        size_t last = rank; // LibTorch counts axes from the last one; idle ones in front are left out
        for (size_t axis = 0; axis < rank && last == rank; ++axis)
            if (!pads[axis].isKnown(0) || !pads[axis + rank].isKnown(0))
                last = axis;
        for (size_t axis = rank; axis-- > last;) {
            amounts.push_back(pads[axis]);
            amounts.push_back(pads[axis + rank]);
        }
        const double value =
            call.version >= 11 ? call.knownNumber(2, 0, "padding value") : call.f("value", 0);
        if (amounts.empty())
            return {x};
        return {call.trace.emit("aten::constant_pad_nd", {x, amounts, value})};
    }
    for (size_t axis = 0; axis < rank; ++axis)
        if (!pads[axis].isKnown(0) || !pads[axis + rank].isKnown(0))
            made =
                call.trace.call(kMakeScript, "pad_by_index",
                                {made, int64_t(axis), pads[axis], pads[axis + rank], Arg(c10::IValue(mode))});
    return {made};
}

/// Random numbers of the right shape and range; which ones they are is nobody's business.
Operands randomLike(Call& call, const Numbers& sizes, c10::ScalarType type, bool isNormal)
{
    checkCount(call, sizes);
    const Operand made = call.trace.emit(isNormal ? "aten::randn" : "aten::rand", {sizes}, {{"dtype", type}});
    const double low = call.f("low", 0), high = call.f("high", 1);
    const double factor = isNormal ? call.f("scale", 1) : high - low;
    const double shift = isNormal ? call.f("mean", 0) : low;
    return {call.trace.emit("aten::add", {call.trace.emit("aten::mul", {made, factor}), shift})};
}

template<bool isNormal>
Operands random(Call& call)
{
    Numbers sizes;
    for (const int64_t size : call.ints("shape"))
        sizes.emplace_back(size);
    return randomLike(call, sizes, scalarTypeOf(int(call.i("dtype", kFloat32))), isNormal);
}

template<bool isNormal>
Operands randomLikeInput(Call& call)
{
    const auto type = call.hasAttribute("dtype") ? scalarTypeOf(int(call.i("dtype", kFloat32)))
                                                 : call.trace.type(call.required(0));
    return randomLike(call, call.trace.dims(call.required(0)), type, isNormal);
}

Operands bernoulli(Call& call)
{
    const auto type = call.hasAttribute("dtype") ? scalarTypeOf(int(call.i("dtype", kFloat32)))
                                                 : call.trace.type(call.required(0));
    const Operand share = call.trace.emit("aten::clamp", {call.in(0), 0.0, 1.0}); // the example's may be none
    return {cast(call.trace, call.trace.emit("aten::bernoulli", {share}), type)};
}

constexpr Row kMakeRows[] = {
    {"Constant", constantOperator},
    {"ConstantOfShape", constantOfShape},
    {"Range", range},
    {"EyeLike", eyeLike},
    {"Pad", pad},
    {"RandomUniform", random<false>},
    {"RandomNormal", random<true>},
    {"RandomUniformLike", randomLikeInput<false>},
    {"RandomNormalLike", randomLikeInput<true>},
    {"Bernoulli", bernoulli},
};

} // namespace

std::span<const Row> makeRows()
{
    return kMakeRows;
}

} // namespace bitwright::onnxin
