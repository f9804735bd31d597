// SPDX-License-Identifier: GPL-3.0-or-later
// Reductions.
#include "core/torch/onnx/simple_rows_p.h"

#include <numeric>

namespace bitwright::onnxin {
namespace {

constexpr const char* kReduceScript = R"(
def arg_last(x, axis: int, keep: bool, largest: bool):
    flipped = torch.flip(x, [axis])
    if largest:
        index = torch.argmax(flipped, axis, keep)
    else:
        index = torch.argmin(flipped, axis, keep)
    return x.size(axis) - 1 - index

def cumulative(x, axis: int, exclusive: bool, reverse: bool):
    y = x
    if reverse:
        y = torch.flip(y, [axis])
    z = torch.cumsum(y, axis, dtype=x.dtype)
    if exclusive:
        z = z - y
    if reverse:
        z = torch.flip(z, [axis])
    return z
)";

struct Axes {
    std::vector<int64_t> list;
    bool keep = true;
    bool idle = false; ///< no axes, and that means none
};

Axes axesOf(Call& call, int inputSince)
{
    Axes axes;
    const int64_t rank = call.trace.rank(call.required(0));
    axes.keep = call.i("keepdims", 1) != 0;
    axes.list = call.version >= inputSince ? call.axes(1) : call.ints("axes");
    axes.idle = axes.list.empty() && call.i("noop_with_empty_axes", 0) != 0;
    for (int64_t& axis : axes.list)
        axis = call.axisOf(axis, rank);
    // From the end, where that is one axis: as LibTorch's models write it, for tensors of any rank.
    if (axes.list.size() == 1 && axes.list[0] == rank - 1 && rank > 1)
        axes.list[0] = -1;
    if (axes.list.empty()) {
        axes.list.resize(size_t(rank));
        std::iota(axes.list.begin(), axes.list.end(), 0);
    }
    return axes;
}

template<Name kind, int inputSince>
Operands reduce(Call& call)
{
    const Axes axes = axesOf(call, inputSince);
    if (axes.idle)
        return {call.in(0)};
    const auto type = call.trace.type(call.in(0));
    if (axes.list.empty()) // a number has nothing to reduce
        return {call.in(0)};
    return {cast(call.trace, call.trace.emit(kind.text, {call.in(0), axes.list, axes.keep}), type)};
}

Operands mean(Call& call)
{
    const auto type = call.trace.type(call.required(0));
    if (!c10::isFloatingType(type))
        call.inputs[0] = cast(call.trace, call.in(0), c10::kFloat);
    const Operand made = reduce<"aten::mean", 18>(call).at(0);
    return {cast(call.trace, made, type)};
}

Operands product(Call& call)
{
    const Axes axes = axesOf(call, 18);
    Operand made = call.in(0);
    std::vector<int64_t> list = axes.list;
    std::sort(list.rbegin(), list.rend());
    const auto type = call.trace.type(made);
    for (const int64_t axis : list)
        if (!axes.idle)
            made = call.trace.emit("aten::prod", {made, axis, axes.keep}, {{"dtype", type}});
    return {made};
}

Operands absoluteSum(Call& call)
{
    call.inputs[0] = call.trace.emit("aten::abs", {call.required(0)});
    return reduce<"aten::sum", 18>(call);
}

Operands squareSum(Call& call)
{
    call.inputs[0] = call.trace.emit("aten::mul", {call.required(0), call.in(0)});
    return reduce<"aten::sum", 18>(call);
}

Operands euclidean(Call& call)
{
    const auto type = call.trace.type(call.required(0));
    const Operand root = call.trace.emit("aten::sqrt", {squareSum(call).at(0)});
    return {cast(call.trace, root, type)};
}

Operands logSum(Call& call)
{
    return {call.trace.emit("aten::log", {reduce<"aten::sum", 18>(call).at(0)})};
}

Operands argExtreme(Call& call, bool largest)
{
    const Operand& x = call.required(0);
    const int64_t axis = call.axis("axis", 0, call.rank());
    const bool keep = call.i("keepdims", 1) != 0;
    if (call.i("select_last_index", 0))
        return {call.trace.call(kReduceScript, "arg_last", {x, axis, keep, largest})};
    return {call.trace.emit(largest ? "aten::argmax" : "aten::argmin", {x, axis, keep})};
}

Operands argMax(Call& call)
{
    return argExtreme(call, true);
}

Operands argMin(Call& call)
{
    return argExtreme(call, false);
}

Operands cumulativeSum(Call& call)
{
    const int64_t axis =
        call.axisOf(int64_t(call.knownNumber(1, 0, "axis")), call.trace.rank(call.required(0)));
    const bool exclusive = call.i("exclusive", 0), reverse = call.i("reverse", 0);
    if (!exclusive && !reverse)
        return {
            call.trace.emit("aten::cumsum", {call.in(0), axis}, {{"dtype", call.trace.type(call.in(0))}})};
    return {call.trace.call(kReduceScript, "cumulative", {call.in(0), axis, exclusive, reverse})};
}

constexpr Row kReduceRows[] = {
    {"ReduceSum", reduce<"aten::sum", 13>},
    {"ReduceMean", mean},
    {"ReduceMax", reduce<"aten::amax", 18>},
    {"ReduceMin", reduce<"aten::amin", 18>},
    {"ReduceProd", product},
    {"ReduceL1", absoluteSum},
    {"ReduceL2", euclidean},
    {"ReduceSumSquare", squareSum},
    {"ReduceLogSum", logSum},
    {"ReduceLogSumExp", reduce<"aten::logsumexp", 18>},
    {"ArgMax", argMax},
    {"ArgMin", argMin},
    {"CumSum", cumulativeSum},
};

} // namespace

std::span<const Row> reduceRows()
{
    return kReduceRows;
}

} // namespace bitwright::onnxin
