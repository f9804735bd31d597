// SPDX-License-Identifier: GPL-3.0-or-later
// Elements chosen by indices.
#include "core/torch/onnx_write/writer_p.h"

#include <ATen/ATen.h>

#include <numeric>

namespace bitwright::onnx_write {
namespace {

/// A list of positions; a mask becomes one where it is known.
std::string positions(const Op& op, Term& index)
{
    if (index.type != c10::kBool && index.type != c10::kByte)
        return op.w.nameAs(index, c10::kLong);
    if (!index.isConstant() || index.rank() != 1)
        op.w.refuse("A selection by a mask that the data decides has no fixed size");
    return op.w.b.tensor(index.at[0].toTensor().nonzero().squeeze(1), {});
}

/// Several index tensors side by side: GatherND over the axes that they stand for.
void gatherMany(Op& op, const Terms& indices, size_t first, size_t count)
{
    const size_t rank = op.in[0]->rank();
    std::vector<int64_t> order;
    for (size_t i = first; i < first + count; ++i)
        order.push_back(int64_t(i));
    for (size_t i = 0; i < rank; ++i)
        if (i < first || i >= first + count)
            order.push_back(int64_t(i));
    const std::string front = first ? op.help("Transpose", {op.x(0)}, {{"perm", order}}) : op.x(0);
    const size_t indexRank = op.out[0]->rank() - (rank - count);
    std::array<Shape, 2> shape;
    for (size_t k = 0; k < 2; ++k)
        shape[k].assign(op.out[0]->shape[k].begin() + int64_t(first),
                        op.out[0]->shape[k].begin() + int64_t(first + indexRank));
    std::vector<std::string> parts;
    for (size_t i = first; i < first + count; ++i) {
        const std::string wide = op.help("Expand", {positions(op, *indices[i]), op.w.shapeVector(shape)});
        parts.push_back(op.help("Unsqueeze", {wide, op.w.b.ints({-1})}));
    }
    const std::string all = op.help("Concat", parts, {{"axis", int64_t(-1)}});
    std::string made = op.main("GatherND", {front, all});
    if (first) {
        std::vector<int64_t> back;
        for (size_t i = 0; i < first; ++i)
            back.push_back(int64_t(indexRank + i));
        for (size_t i = 0; i < indexRank; ++i)
            back.push_back(int64_t(i));
        for (size_t i = indexRank + first; i < op.out[0]->rank(); ++i)
            back.push_back(int64_t(i));
        made = op.help("Transpose", {made}, {{"perm", back}});
    }
    op.give(made);
}

void index(Op& op, const char*)
{
    const Terms& indices = op.in[1]->elements;
    std::vector<size_t> used;
    for (size_t i = 0; i < indices.size(); ++i)
        if (!indices[i]->isNone())
            used.push_back(i);
    if (used.size() == 1)
        return op.give(
            op.main("Gather", {op.x(0), positions(op, *indices[used[0]])}, {{"axis", int64_t(used[0])}}));
    if (used.empty() || used.back() - used.front() + 1 != used.size())
        op.w.refuse("An index skips axes, which has no ONNX operator");
    gatherMany(op, indices, used.front(), used.size());
}

void indexSelect(Op& op, const char*)
{
    op.give(op.main("Gather", {op.x(0), op.w.nameAs(op.arg("index"), c10::kLong)},
                    {{"axis", op.integer("dim")}}));
}

void gather(Op& op, const char*)
{
    op.give(op.main("GatherElements", {op.x(0), op.w.nameAs(op.arg("index"), c10::kLong)},
                    {{"axis", op.integer("dim")}}));
}

void take(Op& op, const char*)
{
    const std::string flat = op.help("Reshape", {op.x(0), op.w.b.ints({-1})});
    op.give(op.main("Gather", {flat, op.w.nameAs(op.arg("index"), c10::kLong)}, {{"axis", int64_t(0)}}));
}

/// A whole slice along one axis becomes another tensor, as x[:, i] = y does.
void selectScatter(Op& op, const char*)
{
    const int64_t axis = op.axes({op.integer("dim")}, op.in[0]->rank())[0];
    const int64_t size = op.in[0]->dims()[size_t(axis)];
    if (size < 0)
        op.w.refuse("An assignment along the batch cannot be written as ONNX");
    at::Tensor mask = at::zeros({size}, at::kBool);
    mask[op.integer("index")] = true;
    Shape shape(op.in[0]->rank(), 1);
    shape[size_t(axis)] = size;
    const std::string part = op.help("Unsqueeze", {op.like(1), op.w.b.ints({axis})});
    op.give(op.main("Where", {op.w.b.tensor(mask.view(shape), {}), part, op.like(0)}));
}

void scatter(Op& op, const char*)
{
    Term& source = *op.in[3];
    std::string updates = op.w.nameAs(source, op.out[0]->type);
    if (!source.isTensor || source.rank() == 0)
        updates = op.help("Expand", {updates, op.w.shapeVector(op.in[2]->shape)});
    op.give(op.main("ScatterElements", {op.like(0), op.w.nameAs(*op.in[2], c10::kLong), updates},
                    {{"axis", op.integer("dim")}}));
}

/// Upper or lower triangle of the last two axes.
void triangle(Op& op, const char* type)
{
    const Shape dims = op.in[0]->dims();
    const int64_t rows = dims[dims.size() - 2], columns = dims.back();
    if (rows < 0 || columns < 0)
        op.w.refuse("A triangle over the batch cannot be written as ONNX");
    const at::Tensor ones = at::ones({rows, columns}, at::kBool);
    const int64_t diagonal = op.integer("diagonal");
    const at::Tensor mask = std::string(type) == "upper" ? ones.triu(diagonal) : ones.tril(diagonal);
    op.give(op.main("Where", {op.w.b.tensor(mask, {}), op.like(0), op.scalar(0)}));
}

} // namespace

Rows indexRows()
{
    return {{"aten::index", index, "", true},        {"aten::index_select", indexSelect, "", true},
            {"aten::gather", gather, "", true},      {"aten::take", take, "", true},
            {"aten::select_scatter", selectScatter}, {"aten::scatter", scatter},
            {"aten::triu", triangle, "upper"},       {"aten::tril", triangle, "lower"}};
}

} // namespace bitwright::onnx_write
