// SPDX-License-Identifier: GPL-3.0-or-later
// Operators that give the same elements another shape.
#include "core/torch/onnx_write/writer_p.h"

#include <algorithm>
#include <numeric>

namespace bitwright::onnx_write {
namespace {

/// View, flatten, squeeze, ...: the shape that came out in the example, the batch left open.
void reshape(Op& op, const char*)
{
    if (op.in[0]->type != op.out[0]->type)
        op.w.refuse("A view reads elements as another type");
    if (op.in[0]->shape == op.out[0]->shape) {
        op.out[0]->grid = op.in[0]->grid;
        return op.give(op.x(0));
    }
    op.give(op.reshape(op.x(0), op.in[0]->shape, op.out[0]->shape, true));
}

/// By their own operators, as a Reshape to one row and -1 may stand for a batch of one sample.
void unsqueeze(Op& op, const char*)
{
    const int64_t axis = op.axes({op.integer("dim")}, op.out[0]->rank())[0];
    op.give(op.main("Unsqueeze", {op.x(0), op.w.b.ints({axis})}));
}

void squeeze(Op& op, const char* type)
{
    const Term& input = *op.in[0];
    if (op.in.size() < 2 || input.rank() != op.out[0]->rank() + 1)
        return reshape(op, type);
    const int64_t axis = op.axes({op.integer("dim")}, input.rank())[0];
    op.give(op.main("Squeeze", {op.x(0), op.w.b.ints({axis})}));
}

std::vector<int64_t> identity(size_t rank)
{
    std::vector<int64_t> order(rank);
    std::iota(order.begin(), order.end(), 0);
    return order;
}

void permuted(Op& op, const std::vector<int64_t>& order)
{
    if (order == identity(order.size())) {
        op.out[0]->grid = op.in[0]->grid;
        return op.give(op.x(0));
    }
    op.give(op.main("Transpose", {op.x(0)}, {{"perm", order}}));
}

void swapped(Op& op, const char* first, const char* second)
{
    auto order = identity(op.in[0]->rank());
    std::swap(order[size_t(op.axes({op.integer(first)}, order.size())[0])],
              order[size_t(op.axes({op.integer(second)}, order.size())[0])]);
    permuted(op, order);
}

void transpose(Op& op, const char*)
{
    swapped(op, "dim0", "dim1");
}

void swapAxes(Op& op, const char*)
{
    swapped(op, "axis0", "axis1");
}

void turned(Op& op, const char*)
{
    auto order = identity(op.in[0]->rank());
    std::reverse(order.begin(), order.end());
    permuted(op, order);
}

void permute(Op& op, const char*)
{
    std::vector<int64_t> order = op.integers("dims");
    for (int64_t& axis : order)
        axis += axis < 0 ? int64_t(order.size()) : 0;
    permuted(op, order);
}

void movedim(Op& op, const char*)
{
    const auto rank = int64_t(op.in[0]->rank());
    const auto positive = [&](std::vector<int64_t> axes) {
        for (int64_t& axis : axes)
            axis += axis < 0 ? rank : 0;
        return axes;
    };
    const auto source = positive(op.integers("source")), target = positive(op.integers("destination"));
    std::vector<int64_t> order(size_t(rank), -1), rest;
    for (size_t i = 0; i < source.size(); ++i)
        order[size_t(target[i])] = source[i];
    for (int64_t axis = 0; axis < rank; ++axis)
        if (std::find(source.begin(), source.end(), axis) == source.end())
            rest.push_back(axis);
    for (int64_t& axis : order)
        if (axis < 0) {
            axis = rest.front();
            rest.erase(rest.begin());
        }
    permuted(op, order);
}

/// Sizes that the input has already are 1 in ONNX's Expand, so that a batch passes through.
void expand(Op& op, const char*)
{
    if (op.in[0]->shape == op.out[0]->shape) {
        op.out[0]->grid = op.in[0]->grid;
        return op.give(op.x(0));
    }
    std::array<Shape, 2> target = op.out[0]->shape;
    const size_t added = target[0].size() - op.in[0]->rank();
    for (size_t i = 0; i < op.in[0]->rank(); ++i)
        for (size_t k = 0; k < 2; ++k)
            if (op.in[0]->shape[0][i] == op.out[0]->shape[0][added + i] &&
                op.in[0]->shape[1][i] == op.out[0]->shape[1][added + i])
                target[k][added + i] = 1;
    op.give(op.main("Expand", {op.x(0), op.w.shapeVector(target)}));
}

void repeat(Op& op, const char*)
{
    const Shape& in = op.in[0]->shape[0];
    const Shape& out = op.out[0]->shape[0];
    const size_t added = out.size() - in.size();
    std::array<Shape, 2> before = op.in[0]->shape, times;
    for (size_t k = 0; k < 2; ++k) {
        before[k].insert(before[k].begin(), added, 1);
        for (size_t i = 0; i < out.size(); ++i)
            times[k].push_back(op.out[0]->shape[k][i] / std::max<int64_t>(before[k][i], 1));
    }
    const std::string value = added ? op.reshape(op.x(0), op.in[0]->shape, before) : op.x(0);
    op.give(op.main("Tile", {value, op.w.shapeVector(times)}));
}

/// torch.cat, torch.stack
void concatenate(Op& op, const Terms& parts, int64_t axis, bool stacks)
{
    std::vector<std::string> inputs;
    std::optional<Grid> grid;
    for (const TermPtr& part : parts) {
        if (!stacks && part->rank() == 1 && part->shape[0][0] == 0 && op.out[0]->rank() > 1)
            continue; // PyTorch lets an empty list stand for nothing
        std::string value = op.w.nameAs(*part, op.out[0]->type);
        if (stacks)
            value = op.help("Unsqueeze", {value, op.w.b.ints({axis})});
        inputs.push_back(value);
    }
    op.give(op.main("Concat", inputs, {{"axis", axis}}));
}

void cat(Op& op, const char*)
{
    concatenate(op, op.in[0]->elements, op.axes({op.integer("dim")}, op.out[0]->rank())[0], false);
}

void stack(Op& op, const char*)
{
    concatenate(op, op.in[0]->elements, op.axes({op.integer("dim")}, op.out[0]->rank())[0], true);
}

void hstack(Op& op, const char*)
{
    concatenate(op, op.in[0]->elements, op.out[0]->rank() > 1 ? 1 : 0, false);
}

void vstack(Op& op, const char*)
{
    concatenate(op, op.in[0]->elements, 0, op.in[0]->elements.at(0)->rank() < 2);
}

/// [N, C r r, H, W] <-> [N, C, H r, W r]
void pixelShuffle(Op& op, const char* type)
{
    const bool isDown = std::string(type) == "SpaceToDepth";
    const int64_t block = op.integer(isDown ? "downscale_factor" : "upscale_factor");
    if (!isDown)
        return op.give(
            op.main("DepthToSpace", {op.x(0)}, {{"blocksize", block}, {"mode", std::string("CRD")}}));
    std::array<Shape, 2> parts;
    for (size_t k = 0; k < 2; ++k) {
        const Shape& in = op.in[0]->shape[k];
        parts[k] = {in[0], in[1], in[2] / block, block, in[3] / block, block};
    }
    const std::string split = op.reshape(op.x(0), op.in[0]->shape, parts);
    const std::string turned =
        op.help("Transpose", {split}, {{"perm", std::vector<int64_t>{0, 1, 3, 5, 2, 4}}});
    op.give(op.reshape(turned, {}, op.out[0]->shape, true));
}

void channelShuffle(Op& op, const char*)
{
    const int64_t groups = op.integer("groups");
    std::array<Shape, 2> parts;
    for (size_t k = 0; k < 2; ++k) {
        const Shape& in = op.in[0]->shape[k];
        parts[k] = {in[0], groups, in[1] / groups};
        parts[k].insert(parts[k].end(), in.begin() + 2, in.end());
    }
    auto order = identity(parts[0].size());
    std::swap(order[1], order[2]);
    const std::string turned =
        op.help("Transpose", {op.reshape(op.x(0), op.in[0]->shape, parts)}, {{"perm", order}});
    op.give(op.reshape(turned, {}, op.out[0]->shape, true));
}

} // namespace

Rows shapeRows()
{
    Rows rows{{"aten::transpose", transpose, "", true},
              {"aten::swapdims", transpose, "", true},
              {"aten::swapaxes", swapAxes, "", true},
              {"aten::t", turned, "", true},
              {"aten::numpy_T", turned, "", true},
              {"aten::permute", permute, "", true},
              {"aten::movedim", movedim, "", true},
              {"aten::expand", expand, "", true},
              {"aten::expand_as", expand, "", true},
              {"aten::broadcast_to", expand, "", true},
              {"aten::repeat", repeat, "", true},
              {"aten::tile", repeat, "", true},
              {"aten::cat", cat},
              {"aten::concat", cat},
              {"aten::stack", stack},
              {"aten::hstack", hstack},
              {"aten::vstack", vstack},
              {"aten::pixel_shuffle", pixelShuffle, "DepthToSpace", true},
              {"aten::pixel_unshuffle", pixelShuffle, "SpaceToDepth", true},
              {"aten::channel_shuffle", channelShuffle, "", true}};
    rows.push_back({"aten::squeeze", squeeze, "", true});
    rows.push_back({"aten::unsqueeze", unsqueeze, "", true});
    for (const char* kind :
         {"aten::view", "aten::_reshape_alias", "aten::reshape", "aten::view_as", "aten::reshape_as",
          "aten::flatten", "aten::unflatten", "aten::atleast_2d", "aten::ravel", "aten::_unsafe_view"})
        rows.push_back({kind, reshape, "", true});
    return rows;
}

} // namespace bitwright::onnx_write
