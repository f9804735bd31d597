// SPDX-License-Identifier: GPL-3.0-or-later
// Normalizations.
#include "core/torch/onnx_write/writer_p.h"

#include <ATen/ATen.h>

#include <numeric>

namespace bitwright::onnx_write {
namespace {

/// `value` * weight + bias where they exist; both are seen as `shape`.
std::string affine(const Op& op, std::string value, const Shape& shape)
{
    const auto factor = [&](const char* name) {
        return op.help("Reshape", {op.w.name(op.arg(name)), op.w.b.ints(shape)});
    };
    if (op.has("weight"))
        value = op.help("Mul", {value, factor("weight")});
    if (op.has("bias"))
        value = op.help("Add", {value, factor("bias")});
    return value;
}

std::string filled(const Op& op, int64_t count, float value)
{
    return op.w.b.tensor(at::full({count}, value), {});
}

void layerNorm(Op& op, const char*)
{
    const auto normalized = int64_t(op.integers("normalized_shape").size());
    const int64_t first = int64_t(op.in[0]->rank()) - normalized;
    const Shape size(op.in[0]->shape[0].begin() + first, op.in[0]->shape[0].end());
    const std::string x = op.like(0);
    if (op.w.opset >= 17) {
        const std::string weight =
            op.has("weight") ? op.w.name(op.arg("weight")) : op.w.b.tensor(at::ones(size), {});
        const std::string bias = op.has("bias") ? op.w.name(op.arg("bias")) : std::string();
        return op.give(op.main("LayerNormalization", {x, weight, bias},
                               {{"axis", -normalized}, {"epsilon", float(op.number("eps"))}}));
    }
    std::vector<int64_t> axes(static_cast<size_t>(normalized));
    std::iota(axes.begin(), axes.end(), first);
    const std::string centred = op.help("Sub", {x, op.reduce("ReduceMean", x, axes, true)});
    const std::string squares = op.help("Pow", {centred, op.w.b.floatScalar(2)});
    const std::string sum =
        op.help("Add", {op.reduce("ReduceMean", squares, axes, true), op.scalar(op.number("eps"))});
    op.give(affine(op, op.main("Div", {centred, op.help("Sqrt", {sum})}), size));
}

Shape channelShape(const Op& op)
{
    Shape shape(op.in[0]->rank(), 1);
    shape[1] = op.in[0]->shape[0][1];
    return shape;
}

/// Every group is a channel of an instance normalization.
void groupNorm(Op& op, const char*)
{
    const int64_t groups = op.integer("num_groups");
    const std::string grouped = op.help("Reshape", {op.like(0), op.w.b.ints({0, groups, -1})});
    const std::string made =
        op.main("InstanceNormalization", {grouped, filled(op, groups, 1), filled(op, groups, 0)},
                {{"epsilon", float(op.number("eps"))}});
    const std::string whole = op.w.keepsSizes ? op.help("Reshape", {made, op.help("Shape", {op.like(0)})})
                                              : op.reshape(made, {}, op.in[0]->shape);
    op.give(affine(op, whole, channelShape(op)));
}

std::string orFilled(const Op& op, const char* name, float value)
{
    return op.has(name) ? op.w.name(op.arg(name)) : filled(op, op.in[0]->shape[0][1], value);
}

void batchNorm(Op& op, const char*)
{
    if (op.flag("training"))
        op.w.refuse("A batch normalization uses the statistics of the batch");
    op.give(op.main("BatchNormalization",
                    {op.like(0), orFilled(op, "weight", 1), orFilled(op, "bias", 0),
                     orFilled(op, "running_mean", 0), orFilled(op, "running_var", 1)},
                    {{"epsilon", float(op.number("eps"))}}));
}

void instanceNorm(Op& op, const char*)
{
    if (!op.flag("use_input_stats"))
        return op.give(op.main("BatchNormalization",
                               {op.like(0), orFilled(op, "weight", 1), orFilled(op, "bias", 0),
                                orFilled(op, "running_mean", 0), orFilled(op, "running_var", 1)},
                               {{"epsilon", float(op.number("eps"))}}));
    op.give(op.main("InstanceNormalization", {op.like(0), orFilled(op, "weight", 1), orFilled(op, "bias", 0)},
                    {{"epsilon", float(op.number("eps"))}}));
}

} // namespace

Rows normRows()
{
    return {{"aten::layer_norm", layerNorm},
            {"aten::group_norm", groupNorm},
            {"aten::batch_norm", batchNorm},
            {"aten::instance_norm", instanceNorm}};
}

} // namespace bitwright::onnx_write
