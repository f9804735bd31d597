// SPDX-License-Identifier: GPL-3.0-or-later
// Parts of tensors: slices, gathers, scatters.
#include "core/torch/onnx/simple_rows_p.h"
#include "core/torch/onnx/tensor_proto_p.h"

#include <ATen/ATen.h>

#include <limits>

namespace bitwright::onnxin {
namespace {

constexpr const char* kIndexScript = R"(
def count_from_front(index, size: int):
    return torch.where(index < 0, index + size, index)

def gather_many(x, index, axis: int):
    flat = torch.index_select(x, axis, index.reshape([-1]))
    shape: List[int] = []
    for i in range(axis):
        shape.append(x.size(i))
    for i in range(index.dim()):
        shape.append(index.size(i))
    for i in range(axis + 1, x.dim()):
        shape.append(x.size(i))
    return flat.reshape(shape)

def linear_index(index, shape: List[int], first: int):
    result = torch.zeros_like(index.select(-1, 0))
    for i in range(index.size(-1)):
        one = index.select(-1, i)
        size = shape[first + i]
        one = torch.where(one < 0, one + size, one)
        result = result * size + one
    return result

def gather_nd(x, index, batch: int):
    k = index.size(-1)
    rows = 1
    for i in range(batch):
        rows = rows * x.size(i)
    inner = 1
    for i in range(batch, batch + k):
        inner = inner * x.size(i)
    linear = linear_index(index, x.size(), batch).reshape([rows, -1])
    linear = linear + torch.arange(rows).unsqueeze(1) * inner
    shape: List[int] = []
    for i in range(index.dim() - 1):
        shape.append(index.size(i))
    rest: List[int] = []
    for i in range(batch + k, x.dim()):
        rest.append(x.size(i))
    flat = x.reshape([rows * inner] + rest)
    return torch.index_select(flat, 0, linear.reshape([-1])).reshape(shape + rest)

def scatter_nd(x, index, updates, mode: str):
    k = index.size(-1)
    inner = 1
    for i in range(k):
        inner = inner * x.size(i)
    linear = linear_index(index, x.size(), 0).reshape([-1])
    flat = x.reshape([inner, -1])
    values = updates.reshape([linear.numel(), -1])
    place = linear.unsqueeze(1).expand(values.size())
    if mode == "none":
        flat = flat.scatter(0, place, values)
    elif mode == "add":
        flat = flat.scatter_reduce(0, place, values, "sum")
    elif mode == "mul":
        flat = flat.scatter_reduce(0, place, values, "prod")
    elif mode == "max":
        flat = flat.scatter_reduce(0, place, values, "amax")
    else:
        flat = flat.scatter_reduce(0, place, values, "amin")
    return flat.reshape(x.size())

def reverse_sequence(x, lengths, time: int, batch: int):
    steps = x.size(time)
    t = torch.arange(steps).unsqueeze(0)
    n = lengths.unsqueeze(1)
    index = torch.where(t < n, n - 1 - t, t)
    if time < batch:
        index = index.t()
    shape: List[int] = []
    for i in range(x.dim()):
        if i == time or i == batch:
            shape.append(x.size(i))
        else:
            shape.append(1)
    return torch.gather(x, time, index.reshape(shape).expand(x.size()))

def one_hot(index, depth: int, on, off, axis: int):
    index = torch.remainder(index, depth).unsqueeze(axis)
    shape: List[int] = []
    for i in range(index.dim()):
        shape.append(1)
    shape[axis] = depth
    return torch.where(index == torch.arange(depth).reshape(shape), on, off)

def compress(x, keep, axis: int):
    index = torch.nonzero(keep).reshape([-1])
    return torch.index_select(x, axis, index)

def backwards(x, axis: int, start: int, count: int, step: int):
    index = torch.arange(count) * step + start
    return torch.index_select(x, axis, index)
)";

struct Bounds {
    std::vector<int64_t> axes, steps;
    Numbers starts, ends;
};

Bounds boundsOf(Call& call)
{
    Bounds bounds;
    const auto numbers = [&](const char* name) {
        Numbers list;
        for (const int64_t one : call.ints(name))
            list.emplace_back(one);
        return list;
    };
    const bool byInput = call.version >= 10;
    bounds.starts = byInput ? call.trace.numbersOf(call.required(1)) : numbers("starts");
    bounds.ends = byInput ? call.trace.numbersOf(call.required(2)) : numbers("ends");
    if (!byInput)
        bounds.axes = call.ints("axes");
    else if (call.has(3))
        bounds.axes = call.knownInts(3, "axes");
    if (byInput && call.has(4))
        bounds.steps = call.knownInts(4, "steps");
    if (bounds.axes.empty())
        for (size_t i = 0; i < bounds.starts.size(); ++i)
            bounds.axes.push_back(int64_t(i));
    bounds.steps.resize(bounds.axes.size(), 1);
    if (bounds.starts.size() != bounds.axes.size() || bounds.ends.size() != bounds.axes.size())
        call.fail("has another number of starts, ends and axes");
    return bounds;
}

/// With a negative step, which LibTorch's slices do not know.
Operand sliceBackwards(Call& call, const Operand& x, int64_t axis, const Number& start, const Number& end,
                       int64_t step)
{
    const Number size = call.trace.dim(x, axis);
    if (!size.isKnown() || !start.isKnown() || !end.isKnown())
        call.fail("runs backwards over an axis of any size, which is not supported");
    const int64_t n = size.toInt();
    int64_t first = start.toInt(), last = end.toInt();
    first = std::clamp<int64_t>(first < 0 ? first + n : first, 0, n - 1);
    last = last < 0 ? std::max<int64_t>(last < -n ? -1 : last + n, -1) : std::min(last, n);
    const int64_t count = last >= first ? 0 : (first - last - step - 1) / -step;
    if (step == -1 && first == n - 1 && last == -1)
        return call.trace.emit("aten::flip", {x, std::vector<int64_t>{axis}});
    return call.trace.call(kIndexScript, "backwards", {x, axis, first, count, step});
}

Operands slice(Call& call)
{
    Operand made = call.required(0);
    const Bounds bounds = boundsOf(call);
    for (size_t i = 0; i < bounds.axes.size(); ++i) {
        const int64_t axis = call.axisOf(bounds.axes[i], call.rank());
        const int64_t step = bounds.steps[i];
        if (step == 0)
            call.fail("has a step of zero");
        if (step < 0) {
            made = sliceBackwards(call, made, axis, bounds.starts[i], bounds.ends[i], step);
            continue;
        }
        const Number end =
            bounds.ends[i].isKnown() && bounds.ends[i].toInt() > std::numeric_limits<int32_t>::max()
                ? Number(std::numeric_limits<int64_t>::max())
                : bounds.ends[i];
        const bool isAll = step == 1 && bounds.starts[i].isKnown(0) && end.isKnown() &&
                           end.toInt() == std::numeric_limits<int64_t>::max();
        if (!isAll)
            made = call.trace.emit("aten::slice", {made, axis, bounds.starts[i], end, step});
    }
    return {made};
}

/// Indices from the front, as int64.
Operand fromFront(Call& call, const Operand& index, const Number& size)
{
    const Operand wide = cast(call.trace, index, c10::kLong);
    if (wide.isConstant() && (wide.tensor.numel() == 0 || wide.tensor.min().item<int64_t>() >= 0))
        return wide;
    return call.trace.call(kIndexScript, "count_from_front", {wide, size});
}

Operands gather(Call& call)
{
    const Operand &x = call.required(0), &index = call.required(1);
    const int64_t axis = call.axis("axis", 0, call.rank());
    if (index.isConstant() && index.tensor.numel() == 1) {
        int64_t at = index.tensor.item<int64_t>();
        Operand made = call.trace.emit("aten::select", {x, axis, at});
        for (int64_t i = 0; i < index.tensor.dim(); ++i)
            made = call.trace.emit("aten::unsqueeze", {made, axis});
        return {made};
    }
    const bool isEmbedding = axis == 0 && x.isConstant() && x.tensor.dim() == 2 &&
                             c10::isFloatingType(call.trace.type(x)) && !index.isConstant();
    if (isEmbedding) {
        const Operand wide = cast(call.trace, index, c10::kLong);
        return {call.trace.emit("aten::embedding", {x, wide, -1, false, false})};
    }
    const Operand wide = fromFront(call, index, call.trace.dim(x, axis));
    if (call.rank(1) == 1)
        return {call.trace.emit("aten::index_select", {x, axis, wide})};
    return {call.trace.call(kIndexScript, "gather_many", {x, wide, axis})};
}

Operands gatherElements(Call& call)
{
    const int64_t axis = call.axis("axis", 0, call.rank());
    const Operand index = fromFront(call, call.required(1), call.trace.dim(call.required(0), axis));
    return {call.trace.emit("aten::gather", {call.in(0), axis, index})};
}

Operands gatherNd(Call& call)
{
    const Operand index = cast(call.trace, call.required(1), c10::kLong);
    return {call.trace.call(kIndexScript, "gather_nd", {call.required(0), index, call.i("batch_dims", 0)})};
}

Operands scatterElements(Call& call)
{
    const int64_t axis = call.axis("axis", 0, call.rank());
    const Operand index = fromFront(call, call.required(1), call.trace.dim(call.required(0), axis));
    const std::string mode = call.s("reduction", "none");
    if (mode == "none")
        return {call.trace.emit("aten::scatter", {call.in(0), axis, index, call.required(2)})};
    const char* reduce = mode == "add" ? "sum" : mode == "mul" ? "prod" : mode == "max" ? "amax" : "amin";
    return {call.trace.emit("aten::scatter_reduce", {call.in(0), axis, index, call.required(2), reduce})};
}

Operands scatterNd(Call& call)
{
    const Operand index = cast(call.trace, call.required(1), c10::kLong);
    const std::string mode = call.s("reduction", "none");
    return {call.trace.call(kIndexScript, "scatter_nd",
                            {call.required(0), index, call.required(2), Arg(c10::IValue(mode))})};
}

Operands compress(Call& call)
{
    Operand x = call.required(0);
    int64_t axis = 0;
    if (call.hasAttribute("axis"))
        axis = call.axis("axis", 0, call.rank());
    else
        x = call.trace.emit("aten::reshape", {x, std::vector<int64_t>{-1}});
    return {call.trace.call(kIndexScript, "compress", {x, call.required(1), axis})};
}

Operands oneHot(Call& call)
{
    const int64_t rank = call.trace.rank(call.required(0)) + 1;
    const int64_t axis = call.axis("axis", -1, rank);
    Number depth = call.trace.numbersOf(call.required(1)).at(0);
    if (!depth.isKnown() || depth.known.isDouble())
        depth = depth.isKnown() ? Number(depth.toInt()) : call.trace.number("aten::Int", {depth});
    const Operand index = cast(call.trace, call.in(0), c10::kLong);
    return {call.trace.call(kIndexScript, "one_hot",
                            {index, depth, call.trace.emit("aten::select", {call.required(2), 0, 1}),
                             call.trace.emit("aten::select", {call.in(2), 0, 0}), axis})};
}

Operands topK(Call& call)
{
    const Operand& x = call.required(0);
    const Number k =
        call.version < 10 ? Number(call.i("k", 1)) : call.trace.numbersOf(call.required(1)).at(0);
    const int64_t axis = call.axis("axis", -1, call.rank());
    const bool largest = call.version < 11 || call.i("largest", 1) != 0;
    return call.trace.emitAll("aten::topk", {x, k, axis, largest, true});
}

Operands nonZero(Call& call)
{
    return {call.trace.emit("aten::t", {call.trace.emit("aten::nonzero", {call.required(0)})})};
}

Operands trilu(Call& call)
{
    const Number k = call.has(1) ? call.trace.numbersOf(call.in(1)).at(0) : Number(0);
    return {call.trace.emit(call.i("upper", 1) ? "aten::triu" : "aten::tril", {call.required(0), k})};
}

Operands reverseSequence(Call& call)
{
    const Operand lengths = cast(call.trace, call.required(1), c10::kLong);
    return {call.trace.call(kIndexScript, "reverse_sequence",
                            {call.required(0), lengths, call.i("time_axis", 0), call.i("batch_axis", 1)})};
}

constexpr Row kIndexRows[] = {
    {"Slice", slice},
    {"Gather", gather},
    {"GatherElements", gatherElements},
    {"GatherND", gatherNd},
    {"Scatter", scatterElements},
    {"ScatterElements", scatterElements},
    {"ScatterND", scatterNd},
    {"Compress", compress},
    {"OneHot", oneHot},
    {"TopK", topK},
    {"NonZero", nonZero},
    {"Trilu", trilu},
    {"ReverseSequence", reverseSequence},
};

} // namespace

std::span<const Row> indexRows()
{
    return kIndexRows;
}

} // namespace bitwright::onnxin
