// SPDX-License-Identifier: GPL-3.0-or-later
// Shapes: what moves values without changing them.
#include "core/torch/onnx/reader_p.h"
#include "core/torch/onnx/simple_rows_p.h"
#include "core/torch/onnx/tensor_proto_p.h"

#include <ATen/ATen.h>
#include <torch/csrc/jit/ir/constants.h>

#include <limits>
#include <numeric>

namespace bitwright::onnxin {
namespace jit = torch::jit;
namespace {

constexpr const char* kShapeScript = R"(
def depth_to_space(x, size: int, column_first: bool):
    n, c, h, w = x.size()
    d = c // (size * size)
    if column_first:
        y = x.reshape([n, d, size, size, h, w]).permute([0, 1, 4, 2, 5, 3])
    else:
        y = x.reshape([n, size, size, d, h, w]).permute([0, 3, 4, 1, 5, 2])
    return y.reshape([n, d, h * size, w * size])

def space_to_depth(x, size: int):
    n, c, h, w = x.size()
    y = x.reshape([n, c, h // size, size, w // size, size]).permute([0, 3, 5, 1, 2, 4])
    return y.reshape([n, c * size * size, h // size, w // size])
)";

Operands identity(Call& call)
{
    return {call.required(0)};
}

Operands shape(Call& call)
{
    const Operand& x = call.required(0);
    const int64_t rank = call.rank();
    const auto clamped = [&](int64_t at) { return std::clamp<int64_t>(at < 0 ? at + rank : at, 0, rank); };
    const int64_t start = clamped(call.i("start", 0)), end = clamped(call.i("end", rank));
    Numbers sizes;
    for (int64_t i = start; i < end; ++i)
        sizes.push_back(call.trace.dim(x, i));
    const std::vector<int64_t> count = {int64_t(sizes.size())};
    Operand made = call.trace.shapeOperand(std::move(sizes), count);
    made.elemType = kInt64;
    return {made};
}

Operands size(Call& call)
{
    Number count = 1;
    for (const Number& one : call.trace.dims(call.required(0)))
        count = call.trace.number("aten::mul", {count, one});
    return {call.trace.shapeOperand({count}, {})};
}

/// A file made for batches of one says so in its shapes. Where that is what the first example has, and the
/// second has more, the batch is what the tensor has.
Number batchOr(Call& call, const Numbers& target, size_t i)
{
    const Operand& x = call.in(0);
    if (i != 0 || !target[0].isKnown() || call.rank() == 0 || target[0].toInt() <= 0)
        return target[i];
    // Rows of [time, batch] flattened may be as many as the time; then another size stands for the batch.
    const bool impliesBatch =
        target[0].toInt() > 1 && std::any_of(target.begin(), target.end(),
                                             [](const Number& n) { return !n.isKnown() || n.isKnown(-1); });
    const Number batch = call.trace.dim(x, 0);
    const bool isBatch =
        !impliesBatch && !batch.isKnown() && call.trace.exampleSizes(x)[0] == target[0].toInt();
    return isBatch ? batch : target[i];
}

/// Folds rows back: reshape(linear(reshape(x, [-1, K])), [..., N]) is linear(x), the layer that exporters
/// split because Gemm takes matrices only. Empty when `folded`, the outer reshape, is something else.
Operand linearOfRows(Call& call, const Operand& rows, const Operand& folded)
{
    Trace& trace = call.trace;
    if (!rows.isGraph() || rows.value->node()->kind() != c10::aten::linear ||
        rows.value->uses().size() != 1 || call.reader.readsOf(rows.value) != 1)
        return {};
    jit::Node* linear = rows.value->node();
    const jit::Node* flat = linear->input(0)->node();
    if (flat->kind() != c10::aten::reshape || linear->owningBlock() != folded.value->node()->owningBlock())
        return {};
    Operand source = folded;
    source.value = flat->input(0);
    const auto rank = size_t(trace.rank(folded));
    if (rank < 3 || size_t(trace.rank(source)) != rank || trace.isLoose(source.value))
        return {};
    for (size_t example = 0; example < trace.examples(); ++example) {
        const std::vector<int64_t>&from = trace.sizesOf(source.value, example),
              &to = trace.sizesOf(folded.value, example);
        const bool isSame = std::equal(from.begin(), from.end() - 1, to.begin()) &&
                            from.back() == trace.sizesOf(linear->input(0), example).back();
        if (!isSame)
            return {};
    }
    Operand made = folded;
    made.value = trace.graph().insert(c10::aten::linear, {source.value, linear->input(1), linear->input(2)});
    setScope(made.value->node(), scopeOf(linear));
    trace.setSamples(made.value, trace.samplesOf(folded.value));
    call.reader.moveEncodings(linear->input(0), source.value);
    return made;
}

Operands reshape(Call& call)
{
    const Operand& x = call.required(0);
    const bool allowZero = call.i("allowzero", 0) != 0;
    Numbers target;
    if (call.version < 5)
        for (const int64_t one : call.ints("shape"))
            target.emplace_back(one);
    else
        target = call.trace.numbersOf(call.required(1));
    Numbers sizes;
    bool isSame = int64_t(target.size()) == call.rank();
    for (size_t i = 0; i < target.size(); ++i) {
        const bool copies = target[i].isKnown(0) && !allowZero;
        if (copies && int64_t(i) >= call.rank())
            call.fail("copies an axis that its input does not have");
        sizes.push_back(copies ? call.trace.dim(x, int64_t(i)) : batchOr(call, target, i));
        if (isSame) {
            const Number old = call.trace.dim(x, int64_t(i));
            isSame = (old.isKnown() && sizes.back().isKnown(old.toInt())) ||
                     (!old.isKnown() && old.value == sizes.back().value);
        }
    }
    if (isSame)
        return {x};
    // One size that the others imply: -1 keeps the graph free of arithmetic.
    const auto isDynamic = [](const Number& n) { return !n.isKnown(); };
    const bool impliesOne = std::none_of(sizes.begin(), sizes.end(),
                                         [](const Number& n) { return n.isKnown(-1) || n.isKnown(0); });
    if (impliesOne && std::count_if(sizes.begin(), sizes.end(), isDynamic) == 1)
        *std::find_if(sizes.begin(), sizes.end(), isDynamic) = Number(-1);
    const Operand made = call.trace.emit("aten::reshape", {x, sizes});
    const Operand merged = made.isGraph() ? linearOfRows(call, x, made) : Operand();
    return {merged ? merged : made};
}

Operands flatten(Call& call)
{
    const int64_t rank = call.rank(), given = call.i("axis", 1), axis = given < 0 ? given + rank : given;
    if (axis < 0 || axis > rank)
        call.fail("names an axis that its input does not have");
    if (rank == 0)
        return {call.trace.emit("aten::reshape", {call.in(0), std::vector<int64_t>{1, 1}})};
    if (axis == 1)
        return {rank == 1   ? call.trace.emit("aten::unsqueeze", {call.in(0), 1})
                : rank == 2 ? call.in(0)
                            : call.trace.emit("aten::flatten", {call.in(0), 1, -1})};
    if (axis == 0)
        return {call.trace.emit("aten::reshape", {call.in(0), std::vector<int64_t>{1, -1}})};
    Number rows = 1;
    for (int64_t i = 0; i < axis; ++i)
        rows = call.trace.number("aten::mul", {rows, call.trace.dim(call.in(0), i)});
    Number columns = 1;
    for (int64_t i = axis; i < rank; ++i)
        columns = call.trace.number("aten::mul", {columns, call.trace.dim(call.in(0), i)});
    return {call.trace.emit("aten::reshape", {call.in(0), Numbers{rows, columns}})};
}

/// The permutation that made `value`, or nothing.
std::vector<int64_t> permutationOf(const jit::Value* value)
{
    if (value->node()->kind() != c10::aten::permute)
        return {};
    const auto known = jit::toIValue(value->node()->input(1));
    return known && known->isIntList() ? known->toIntVector() : std::vector<int64_t>();
}

/// Two permutations in a row are one, or none: what is left of a converter's NHWC and NCHW.
Operand permuted(Call& call, const Operand& x, std::vector<int64_t> order)
{
    Trace& trace = call.trace;
    const auto isIdle = [](const std::vector<int64_t>& list) {
        return std::is_sorted(list.begin(), list.end());
    };
    if (isIdle(order))
        return x;
    const std::vector<int64_t> before = x.isGraph() ? permutationOf(x.value) : std::vector<int64_t>();
    if (before.size() != order.size())
        return trace.emit("aten::permute", {x, order});
    jit::Value* origin = x.value->node()->input(0);
    if (!trace.hasSamples(origin)) { // its example is gone; the permuted one tells it
        std::vector<int64_t> inverse(before.size());
        for (size_t i = 0; i < before.size(); ++i)
            inverse[size_t(before[i])] = int64_t(i);
        std::vector<c10::IValue> samples;
        for (const c10::IValue& sample : trace.samplesOf(x.value))
            samples.emplace_back(sample.toTensor().permute(inverse));
        trace.setSamples(origin, samples);
    }
    std::vector<int64_t> both;
    for (const int64_t axis : order)
        both.push_back(before[size_t(axis)]);
    Operand source = x;
    source.value = origin;
    return isIdle(both) ? source : trace.emit("aten::permute", {source, both});
}

Operands transpose(Call& call)
{
    const int64_t rank = call.trace.rank(call.required(0));
    std::vector<int64_t> order = call.ints("perm");
    if (order.empty()) {
        order.resize(size_t(rank));
        std::iota(order.rbegin(), order.rend(), 0);
    }
    std::vector<int64_t> sorted = order;
    std::sort(sorted.begin(), sorted.end());
    bool isValid = int64_t(order.size()) == rank;
    for (size_t i = 0; isValid && i < sorted.size(); ++i)
        isValid = sorted[i] == int64_t(i);
    if (!isValid)
        call.fail("has a permutation that does not name each axis of its input once");
    return {permuted(call, call.in(0), order)};
}

Operands squeeze(Call& call)
{
    const Operand& x = call.required(0);
    const int64_t rank = call.rank();
    std::vector<int64_t> axes = call.version < 13 ? call.ints("axes") : call.axes(1);
    for (int64_t& axis : axes)
        axis = call.axisOf(axis, rank);
    const bool all = axes.empty() && !(call.version >= 13 ? call.has(1) : call.hasAttribute("axes"));
    const std::vector<int64_t> sizes = call.trace.exampleSizes(x);
    Numbers kept;
    for (int64_t i = 0; i < rank; ++i) {
        const bool named = std::find(axes.begin(), axes.end(), i) != axes.end();
        const Number size = call.trace.dim(x, i);
        if (named && sizes[size_t(i)] != 1)
            call.fail("drops an axis of " + std::to_string(sizes[size_t(i)]) + " elements");
        if (all ? size.isKnown(1) : named)
            axes.push_back(i);
    }
    std::sort(axes.begin(), axes.end());
    axes.erase(std::unique(axes.begin(), axes.end()), axes.end());
    Operand made = x;
    for (size_t i = axes.size(); i-- > 0;) {
        if (call.trace.differs(made, axes[i]))
            call.fail("drops an axis that may have more than one element");
        made = call.trace.emit("aten::squeeze", {made, axes[i]});
    }
    return {made};
}

Operands unsqueeze(Call& call)
{
    Operand made = call.required(0);
    std::vector<int64_t> axes = call.version < 13 ? call.ints("axes") : call.axes(1);
    const int64_t rank = call.rank() + int64_t(axes.size());
    for (int64_t& axis : axes)
        axis = call.axisOf(axis, rank);
    std::sort(axes.begin(), axes.end());
    for (const int64_t axis : axes)
        made = call.trace.emit("aten::unsqueeze", {made, axis});
    return {made};
}

Operands concat(Call& call)
{
    const int64_t axis = call.axis("axis", call.version < 4 ? 1 : 0, call.trace.rank(call.required(0)));
    if (call.inputs.size() == 1)
        return {call.in(0)};
    return {call.trace.emit("aten::cat", {call.inputs, axis})};
}

Operands split(Call& call)
{
    const Operand& x = call.required(0);
    const int64_t axis = call.axis("axis", 0, call.rank());
    std::vector<int64_t> parts = call.version < 13 ? call.ints("split") : std::vector<int64_t>();
    if (call.has(1))
        parts = call.knownInts(1, "parts");
    const Number size = call.trace.dim(x, axis);
    const int64_t count = std::max<int64_t>(int64_t(call.outputs()), 1);
    if (parts.empty()) {
        if (!size.isKnown()) {
            return call.trace.emitAll("aten::chunk", {x, count, axis});
        }
        const int64_t each = (size.toInt() + count - 1) / count;
        for (int64_t i = 0; i < count; ++i)
            parts.push_back(std::clamp<int64_t>(size.toInt() - i * each, 0, each));
    }
    return call.trace.emitAll("aten::split_with_sizes", {x, parts, axis});
}

/// Repeats what a tensor has once; sizes of 1 leave the tensor's.
Operands expand(Call& call)
{
    const Operand& x = call.required(0);
    const Numbers target = call.trace.numbersOf(call.required(1));
    const int64_t rank = call.rank();
    Numbers sizes;
    for (size_t i = 0; i < target.size(); ++i) {
        const int64_t own = int64_t(i) - int64_t(target.size()) + rank;
        if (own < 0) {
            sizes.push_back(target[i]);
            continue;
        }
        const Number size = call.trace.dim(x, own);
        const bool isCopied = target[i].isKnown(1) || (size.isKnown() && !size.isKnown(1));
        if (size.isKnown(1))
            sizes.push_back(target[i]);
        else if (isCopied || (size.value && size.value == target[i].value))
            sizes.push_back(size);
        else if (target[i].isKnown() && call.trace.differs(x, own))
            call.fail("repeats an axis of any size a fixed number of times");
        else
            sizes.push_back(call.trace.number("prim::max", {size, target[i]}));
    }
    for (int64_t i = 0; i < rank - int64_t(target.size()); ++i)
        sizes.insert(sizes.begin() + i, call.trace.dim(x, i));
    return {call.trace.emit("aten::expand", {x, sizes})};
}

Operands tile(Call& call)
{
    if (call.version < 6) { // tiles and axis as inputs
        Numbers repeats(size_t(call.rank()), Number(1));
        repeats.at(size_t(call.knownInts(2, "axis").at(0))) = call.trace.numbersOf(call.required(1)).at(0);
        return {call.trace.emit("aten::repeat", {call.in(0), repeats})};
    }
    return {call.trace.emit("aten::repeat", {call.required(0), call.trace.numbersOf(call.required(1))})};
}

Operands depthToSpace(Call& call)
{
    return {call.trace.call(kShapeScript, "depth_to_space",
                            {call.required(0), call.i("blocksize", 1), call.s("mode", "DCR") == "CRD"})};
}

Operands spaceToDepth(Call& call)
{
    return {call.trace.call(kShapeScript, "space_to_depth", {call.required(0), call.i("blocksize", 1)})};
}

constexpr Row kShapeRows[] = {
    {"Identity", identity},
    {"Shape", shape},
    {"Size", size},
    {"Reshape", reshape},
    {"Flatten", flatten},
    {"Transpose", transpose},
    {"Squeeze", squeeze},
    {"Unsqueeze", unsqueeze},
    {"Concat", concat},
    {"Split", split},
    {"Expand", expand},
    {"Tile", tile},
    {"DepthToSpace", depthToSpace},
    {"SpaceToDepth", spaceToDepth},
};

} // namespace

std::span<const Row> shapeRows()
{
    return kShapeRows;
}

} // namespace bitwright::onnxin
