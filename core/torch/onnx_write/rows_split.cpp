// SPDX-License-Identifier: GPL-3.0-or-later
// Parts of tensors.
#include "core/torch/onnx_write/writer_p.h"

#include <ATen/ATen.h>

#include <limits>

namespace bitwright::onnx_write {
namespace {

std::string slice(const Op& op, const std::string& value, int64_t axis, const std::string& begin,
                  const std::string& end, int64_t step, bool isMain)
{
    const std::vector<std::string> inputs{value, begin, end, op.w.b.ints({axis}), op.w.b.ints({step})};
    return isMain ? op.main("Slice", inputs) : op.help("Slice", inputs);
}

/// A bound as a 1-D value; computed where it follows the batch or the data.
std::string bound(const Op& op, const char* name, int64_t fallback)
{
    if (!op.has(name))
        return op.w.b.ints({fallback});
    Term& term = op.arg(name);
    if (term.isConstant())
        return op.w.b.ints({term.at[0].toInt()});
    return op.help("Unsqueeze", {op.w.nameAs(term, c10::kLong), op.w.b.ints({0})});
}

void sliced(Op& op, const char*)
{
    const int64_t axis = op.axes({op.integer("dim")}, op.in[0]->rank())[0];
    if (op.in[0]->shape == op.out[0]->shape && op.integer("step") == 1) {
        op.out[0]->grid = op.in[0]->grid;
        return op.give(op.x(0)); // [:]
    }
    op.give(slice(op, op.x(0), axis, bound(op, "start", 0),
                  bound(op, "end", std::numeric_limits<int64_t>::max()), op.integer("step"), true));
}

void select(Op& op, const char*)
{
    const int64_t axis = op.axes({op.integer("dim")}, op.in[0]->rank())[0];
    op.give(op.main("Gather", {op.x(0), op.w.nameAs(op.arg("index"), c10::kLong)}, {{"axis", axis}}));
}

void narrow(Op& op, const char*)
{
    const int64_t axis = op.axes({op.integer("dim")}, op.in[0]->rank())[0];
    const int64_t begin = op.integer("start"), length = op.integer("length");
    op.give(slice(op, op.x(0), axis, op.w.b.ints({begin}), op.w.b.ints({begin + length}), 1, true));
}

/// chunk, split, tensor_split: the sizes that came out in the example.
void split(Op& op, const char*)
{
    const bool isNode = op.out.size() > 1; // prim::ConstantChunk
    Terms parts = isNode ? op.out : op.out[0]->elements;
    const int64_t given =
        op.node->hasAttribute(c10::attr::dim) ? op.node->i(c10::attr::dim) : op.integer("dim");
    const int64_t axis = op.axes({given}, op.in[0]->rank())[0];
    if (parts.size() == 1) {
        parts[0]->grid = op.in[0]->grid;
        parts[0]->name = op.x(0);
        return;
    }
    std::array<Shape, 2> sizes;
    for (const TermPtr& part : parts)
        for (size_t k = 0; k < 2; ++k)
            sizes[k].push_back(part->shape[k].at(size_t(axis)));
    const auto names =
        op.w.b.nodes("Split", {op.x(0), op.w.shapeVector(sizes)}, {{"axis", axis}}, op.w.base, parts.size());
    for (size_t i = 0; i < parts.size(); ++i)
        parts[i]->name = names[i];
}

void unbind(Op& op, const char*)
{
    const int64_t axis = op.axes({op.integer("dim")}, op.in[0]->rank())[0];
    Terms& parts = op.out[0]->elements;
    for (size_t i = 0; i < parts.size(); ++i)
        parts[i]->name = op.help("Gather", {op.x(0), op.w.b.intScalar(int64_t(i))}, {{"axis", axis}});
}

void roll(Op& op, const char*)
{
    const auto shifts = op.integers("shifts"), dims = op.integers("dims");
    if (dims.empty())
        op.w.refuse("A roll over all elements has no ONNX operator");
    std::string value = op.x(0);
    for (size_t i = 0; i < dims.size(); ++i) {
        const int64_t axis = op.axes({dims[i]}, op.in[0]->rank())[0];
        const int64_t size = op.in[0]->dims()[size_t(axis)];
        if (size < 0)
            op.w.refuse("A roll along the batch cannot be written as ONNX");
        const int64_t cut = ((size - shifts[i]) % size + size) % size;
        const std::string head = slice(op, value, axis, op.w.b.ints({0}), op.w.b.ints({cut}), 1, false);
        const std::string tail = slice(op, value, axis, op.w.b.ints({cut}), op.w.b.ints({size}), 1, false);
        value = op.help("Concat", {tail, head}, {{"axis", axis}});
    }
    op.give(value);
}

void flip(Op& op, const char*)
{
    const auto axes = op.axes(op.integers("dims"), op.in[0]->rank());
    const std::vector<int64_t> begin(axes.size(), -1), step(axes.size(), -1);
    const std::vector<int64_t> end(axes.size(), std::numeric_limits<int64_t>::min());
    op.give(op.main("Slice",
                    {op.x(0), op.w.b.ints(begin), op.w.b.ints(end), op.w.b.ints(axes), op.w.b.ints(step)}));
}

/// Windows of `size` every `step` elements as a new last axis.
void unfold(Op& op, const char*)
{
    const int64_t axis = op.axes({op.integer("dimension")}, op.in[0]->rank())[0];
    const int64_t size = op.integer("size"), step = op.integer("step");
    const int64_t windows = op.out[0]->dims()[size_t(axis)];
    if (windows < 0)
        op.w.refuse("Windows along the batch cannot be written as ONNX");
    at::Tensor indices = (at::arange(windows, at::kLong) * step).unsqueeze(1) + at::arange(size, at::kLong);
    std::vector<int64_t> order;
    for (int64_t i = 0; i < int64_t(op.out[0]->rank()); ++i)
        if (i != axis + 1)
            order.push_back(i);
    order.push_back(axis + 1);
    const std::string windowed = op.help("Gather", {op.x(0), op.w.b.tensor(indices, {})}, {{"axis", axis}});
    op.give(op.main("Transpose", {windowed}, {{"perm", order}}));
}

} // namespace

Rows splitRows()
{
    return {{"aten::slice", sliced, "", true},        {"aten::select", select, "", true},
            {"aten::narrow", narrow, "", true},       {"aten::chunk", split, "", true},
            {"prim::ConstantChunk", split, "", true}, {"aten::unsafe_chunk", split, "", true},
            {"aten::unsafe_split", split, "", true},  {"aten::unsafe_split_with_sizes", split, "", true},
            {"aten::split", split, "", true},         {"aten::split_with_sizes", split, "", true},
            {"aten::tensor_split", split, "", true},  {"aten::unbind", unbind, "", true},
            {"aten::roll", roll, "", true},           {"aten::flip", flip, "", true},
            {"aten::unfold", unfold, "", true}};
}

} // namespace bitwright::onnx_write
