// SPDX-License-Identifier: GPL-3.0-or-later
// Sums, means, extremes along axes.
#include "core/torch/onnx_write/writer_p.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

namespace bitwright::onnx_write {
namespace {

bool hasArgument(const Op& op, const char* name)
{
    const c10::FunctionSchema* schema = op.node->maybeSchema();
    return schema && schema->argumentIndexWithName(name);
}

std::vector<int64_t> axesOf(const Op& op)
{
    const std::vector<int64_t> given = hasArgument(op, "dim") ? op.integers("dim") : std::vector<int64_t>{};
    return op.axes(given, op.in[0]->rank());
}

bool keeps(const Op& op)
{
    return hasArgument(op, "keepdim") && op.flag("keepdim");
}

/// The mean over all axes behind the channels is global pooling, which has an integer kernel.
bool isGlobalPool(const Op& op, const std::vector<int64_t>& axes)
{
    const size_t rank = op.in[0]->rank();
    return rank >= 3 && axes.size() == rank - 2 && axes.front() == 2 && c10::isFloatingType(op.in[0]->type);
}

void mean(Op& op, const char*)
{
    const auto axes = axesOf(op);
    if (!isGlobalPool(op, axes))
        return op.give(op.reduce("ReduceMean", op.like(0), axes, keeps(op), true));
    const std::string pooled = op.main("GlobalAveragePool", {op.like(0)});
    op.give(keeps(op) ? pooled : op.reshape(pooled, op.in[0]->shape, op.out[0]->shape));
}

void reduce(Op& op, const char* type)
{
    op.give(op.reduce(type, op.like(0), axesOf(op), keeps(op), true));
}

/// max and min: of all elements, of two tensors, or along an axis with the places where they are.
void extreme(Op& op, const char* type)
{
    const bool isMax = std::string(type) == "Max";
    if (op.in.size() == 2 && op.in[1]->isTensor)
        return op.give(op.main(type, {op.like(0), op.like(1)}));
    if (op.in.size() == 2 && !op.in[1]->isTensor) // numbers
        return op.give(op.main(type, {op.like(0), op.like(1)}));
    const auto axes = axesOf(op);
    const bool keep = keeps(op);
    op.give(op.reduce(std::string("Reduce") + type, op.x(0), axes, keep, true));
    if (op.out.size() > 1)
        op.give(op.help(isMax ? "ArgMax" : "ArgMin", {op.x(0)},
                        {{"axis", axes.at(0)}, {"keepdims", int64_t(keep)}}),
                1);
}

void argExtreme(Op& op, const char* type)
{
    std::string value = op.x(0);
    if (!op.has("dim")) {
        value = op.help("Reshape", {value, op.w.b.ints({-1})});
        return op.give(op.main(type, {value}, {{"axis", int64_t(0)}, {"keepdims", int64_t(0)}}));
    }
    op.give(op.main(type, {value}, {{"axis", op.integer("dim")}, {"keepdims", int64_t(keeps(op))}}));
}

/// Variance with the divisor n - correction.
void variance(Op& op, const char* type)
{
    const auto axes = axesOf(op);
    double correction = 1;
    if (hasArgument(op, "correction"))
        correction = op.has("correction") ? op.number("correction") : 1;
    else if (hasArgument(op, "unbiased"))
        correction = op.flag("unbiased") ? 1 : 0;
    double count = 1;
    for (const int64_t axis : axes) {
        if (op.in[0]->dims()[size_t(axis)] < 0)
            op.w.refuse("A variance over the batch cannot be written as ONNX");
        count *= double(op.in[0]->dims()[size_t(axis)]);
    }
    const std::string x = op.like(0);
    const std::string centred = op.help("Sub", {x, op.reduce("ReduceMean", x, axes, true)});
    const std::string squares = op.help("Mul", {centred, centred});
    std::string made = op.reduce("ReduceMean", squares, axes, keeps(op));
    if (correction != 0)
        made = op.help("Mul", {made, op.scalar(count / (count - correction))});
    op.give(std::string(type) == "std" ? op.main("Sqrt", {made}) : made);
}

/// p-norms
void norm(Op& op, const char*)
{
    const char* argument = hasArgument(op, "ord") ? "ord" : "p";
    const double p = op.has(argument) ? op.number(argument) : 2;
    const auto axes = axesOf(op);
    const bool keep = keeps(op);
    const std::string x = op.like(0);
    if (p == 1 || p == 2)
        return op.give(op.reduce(p == 1 ? "ReduceL1" : "ReduceL2", x, axes, keep, true));
    const std::string size = op.help("Abs", {x});
    if (std::isinf(p))
        return op.give(op.reduce(p > 0 ? "ReduceMax" : "ReduceMin", size, axes, keep, true));
    const std::string sum = op.reduce("ReduceSum", op.help("Pow", {size, op.scalar(p)}), axes, keep);
    op.give(op.main("Pow", {sum, op.scalar(1 / p)}));
}

/// The product of what has the length 1 along the axis.
void cosineSimilarity(Op& op, const char*)
{
    const auto rank = int64_t(std::max(op.in[0]->rank(), op.in[1]->rank()));
    const int64_t axis = op.axes({op.integer("dim")}, size_t(rank))[0] - rank; // ranks may differ in front
    const auto size = [&](size_t i) {
        const Shape dims = op.in[i]->dims();
        return int64_t(dims.size()) >= -axis ? dims[size_t(int64_t(dims.size()) + axis)] : 1;
    };
    if (size(0) != size(1))
        op.w.refuse("A cosine similarity repeats one of its tensors along its axis");
    const auto unit = [&](size_t i) {
        const std::string x = op.like(i), length = op.reduce("ReduceL2", x, {axis}, true);
        return op.help("Div", {x, op.help("Max", {length, op.scalar(op.number("eps"))})});
    };
    op.give(op.reduce("ReduceSum", op.help("Mul", {unit(0), unit(1)}), {axis}, false, true));
}

void cumulate(Op& op, const char*)
{
    op.give(op.main("CumSum", {op.like(0), op.w.b.intScalar(op.integer("dim"))}));
}

void topk(Op& op, const char*)
{
    const std::string count = op.w.b.ints({op.integer("k")});
    const auto names = op.w.b.nodes("TopK", {op.x(0), count},
                                    {{"axis", op.integer("dim")},
                                     {"largest", int64_t(op.flag("largest"))},
                                     {"sorted", int64_t(op.flag("sorted"))}},
                                    op.w.base, 2);
    op.give(names[0], 0);
    op.give(names[1], 1);
}

void sorted(Op& op, const char*)
{
    const int64_t axis = op.axes({op.integer("dim")}, op.in[0]->rank())[0];
    const int64_t count = op.in[0]->dims()[size_t(axis)];
    if (count < 0)
        op.w.refuse("The model sorts the samples of a batch");
    const auto names =
        op.w.b.nodes("TopK", {op.x(0), op.w.b.ints({count})},
                     {{"axis", axis}, {"largest", int64_t(op.flag("descending"))}}, op.w.base, 2);
    const bool placesOnly = op.out.size() == 1;
    op.give(names[placesOnly ? 1 : 0], 0);
    if (!placesOnly)
        op.give(names[1], 1);
}

/// any and all: extremes of zeros and ones.
void truth(Op& op, const char* type)
{
    const std::string number = op.w.nameAs(*op.in[0], c10::kInt);
    const std::string made = op.reduce(
        type, op.help("Cast", {number}, {{"to", int64_t(onnx::TensorProto::INT32)}}), axesOf(op), keeps(op));
    op.give(op.main("Cast", {made}, {{"to", int64_t(onnx::TensorProto::BOOL)}}));
}

} // namespace

Rows reduceRows()
{
    return {{"aten::mean", mean},
            {"aten::sum", reduce, "ReduceSum"},
            {"aten::prod", reduce, "ReduceProd"},
            {"aten::amax", reduce, "ReduceMax"},
            {"aten::amin", reduce, "ReduceMin"},
            {"aten::logsumexp", reduce, "ReduceLogSumExp"},
            {"aten::max", extreme, "Max"},
            {"aten::min", extreme, "Min"},
            {"aten::argmax", argExtreme, "ArgMax"},
            {"aten::argmin", argExtreme, "ArgMin"},
            {"aten::var", variance, "var"},
            {"aten::std", variance, "std"},
            {"aten::norm", norm},
            {"aten::linalg_norm", norm},
            {"aten::linalg_vector_norm", norm},
            {"aten::cosine_similarity", cosineSimilarity},
            {"aten::cumsum", cumulate},
            {"aten::topk", topk},
            {"aten::sort", sorted, "", true},
            {"aten::argsort", sorted},
            {"aten::any", truth, "ReduceMax"},
            {"aten::all", truth, "ReduceMin"}};
}

} // namespace bitwright::onnx_write
