// SPDX-License-Identifier: GPL-3.0-or-later
// Convolutions.
#include "core/torch/onnx_write/writer_p.h"

namespace bitwright::onnx_write {
namespace {

std::vector<int64_t> full(std::vector<int64_t> list, size_t spatial, int64_t fallback)
{
    if (list.empty())
        list.push_back(fallback);
    if (list.size() == 1)
        list.resize(spatial, list[0]);
    return list;
}

/// Begin of every axis, then end of every axis.
std::vector<int64_t> pads(const Op& op, const Shape& kernel, const std::vector<int64_t>& dilation)
{
    const size_t spatial = kernel.size();
    std::vector<int64_t> made(2 * spatial, 0);
    const c10::IValue& given = op.constant(op.index("padding"));
    if (given.isString()) {
        for (size_t i = 0; i < spatial && given.toStringRef() == "same"; ++i) {
            const int64_t total = dilation[i] * (kernel[i] - 1);
            made[i] = total / 2;
            made[spatial + i] = total - total / 2;
        }
        return made;
    }
    const auto both = full(op.integers("padding"), spatial, 0);
    for (size_t i = 0; i < spatial; ++i)
        made[i] = made[spatial + i] = both[i];
    return made;
}

std::optional<bool> transposedFlag(const Op& op)
{
    return op.has("transposed") ? std::optional(op.flag("transposed")) : std::nullopt;
}

void conv(Op& op, const char* type)
{
    Term& weight = *op.in[1];
    const size_t spatial = weight.rank() - 2;
    const bool isTransposed = transposedFlag(op).value_or(std::string(type) == "ConvTranspose");
    const Shape kernel(weight.shape[0].begin() + 2, weight.shape[0].end());
    const auto dilation = full(op.integers("dilation"), spatial, 1);
    Attributes attributes{{"kernel_shape", kernel},
                          {"strides", full(op.integers("stride"), spatial, 1)},
                          {"dilations", dilation},
                          {"pads", pads(op, kernel, dilation)},
                          {"group", op.integer("groups")}};
    if (isTransposed && op.has("output_padding"))
        attributes.push_back({"output_padding", full(op.integers("output_padding"), spatial, 0)});
    Term* bias = op.has("bias") ? &op.arg("bias") : nullptr;
    const bool isUnbatched = op.in[0]->rank() == spatial + 1;
    const auto [weightName, biasName] = op.w.weightAndBias(weight, bias, *op.in[0]);
    std::string input = op.w.layerInput(op.x(0), weightName);
    if (isUnbatched)
        input = op.help("Unsqueeze", {input, op.w.b.ints({0})});
    std::string made =
        op.main(isTransposed ? "ConvTranspose" : "Conv", {input, weightName, biasName}, attributes);
    if (isUnbatched)
        made = op.help("Squeeze", {made, op.w.b.ints({0})});
    op.give(made);
}

} // namespace

Rows convRows()
{
    return {{"aten::conv1d", conv, "Conv"},
            {"aten::conv2d", conv, "Conv"},
            {"aten::conv3d", conv, "Conv"},
            {"aten::_convolution", conv, "Conv"},
            {"aten::convolution", conv, "Conv"},
            {"aten::_convolution_mode", conv, "Conv"},
            {"aten::conv_transpose1d", conv, "ConvTranspose"},
            {"aten::conv_transpose2d", conv, "ConvTranspose"},
            {"aten::conv_transpose3d", conv, "ConvTranspose"}};
}

} // namespace bitwright::onnx_write
