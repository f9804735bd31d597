// SPDX-License-Identifier: GPL-3.0-or-later
// Tables.
#include "core/torch/onnx_write/writer_p.h"

#include <ATen/ATen.h>

namespace bitwright::onnx_write {
namespace {

void embedding(Op& op, const char*)
{
    const std::string table = op.w.weightAndBias(*op.in[0], nullptr, *op.in[1]).first;
    op.give(op.main("Gather", {table, op.w.nameAs(*op.in[1], c10::kLong)}, {{"axis", int64_t(0)}}));
}

/// Length of the bags when all are equal, else 0.
int64_t bagLength(const Term& offsets, const Term& indices)
{
    int64_t length = 0;
    for (size_t k = 0; k < 2; ++k) {
        const at::Tensor starts = offsets.at[k].toTensor().to(at::kLong);
        const int64_t bags = starts.numel(), all = elementCount(indices.shape[k]);
        if (bags == 0 || all % bags != 0 || (k == 1 && all / bags != length))
            return 0;
        length = all / bags;
        if (!at::equal(starts, at::arange(bags, at::kLong) * length))
            return 0;
    }
    return length;
}

void embeddingBag(Op& op, const char*)
{
    Term& indices = op.arg("indices");
    Term& offsets = op.arg("offsets");
    const int64_t length = offsets.data ? 0 : bagLength(offsets, indices);
    if (length == 0 || op.has("per_sample_weights"))
        op.w.refuse("An embedding bag has bags of different sizes or weights");
    const std::string table = op.w.weightAndBias(op.arg("weight"), nullptr, indices).first;
    std::array<Shape, 2> shape;
    for (size_t k = 0; k < 2; ++k)
        shape[k] = {elementCount(indices.shape[k]) / length, length};
    const std::string bags = op.reshape(op.w.nameAs(indices, c10::kLong), indices.shape, shape);
    const std::string rows = op.help("Gather", {table, bags}, {{"axis", int64_t(0)}});
    const int64_t mode = op.integer("mode");
    op.give(op.reduce(mode == 0   ? "ReduceSum"
                      : mode == 1 ? "ReduceMean"
                                  : "ReduceMax",
                      rows, {1}, false, true));
}

} // namespace

Rows embeddingRows()
{
    return {{"aten::embedding", embedding}, {"aten::embedding_bag", embeddingBag}};
}

} // namespace bitwright::onnx_write
