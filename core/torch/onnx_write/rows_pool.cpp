// SPDX-License-Identifier: GPL-3.0-or-later
// Pooling.
#include "core/torch/onnx_write/writer_p.h"

namespace bitwright::onnx_write {
namespace {

struct Window {
    std::vector<int64_t> kernel, stride, padding, dilation;
    bool roundsUp = false;
};

/// "adaptive_max_pool2d", "max_pool2d_with_indices"
size_t spatialRank(const Op& op)
{
    const std::string kind = op.node->kind().toUnqualString();
    return size_t(kind.at(kind.find("pool") + 4) - '0');
}

std::vector<int64_t> full(std::vector<int64_t> list, const std::vector<int64_t>& fallback)
{
    if (list.empty())
        return fallback;
    if (list.size() == 1)
        list.resize(fallback.size(), list[0]);
    return list;
}

Window windowOf(const Op& op, size_t spatial)
{
    Window window;
    window.kernel = full(op.integers("kernel_size"), std::vector<int64_t>(spatial, 1));
    window.stride = full(op.integers("stride"), window.kernel);
    window.padding = full(op.integers("padding"), std::vector<int64_t>(spatial, 0));
    window.roundsUp = op.flag("ceil_mode");
    return window;
}

std::vector<int64_t> twice(const std::vector<int64_t>& padding)
{
    std::vector<int64_t> pads = padding;
    pads.insert(pads.end(), padding.begin(), padding.end());
    return pads;
}

/// Inputs without a batch get one for the operator.
std::string batched(const Op& op, size_t spatial)
{
    const std::string value = op.like(0);
    return op.in[0]->rank() == spatial + 1 ? op.help("Unsqueeze", {value, op.w.b.ints({0})}) : value;
}

void give(Op& op, size_t spatial, const std::string& made)
{
    op.give(op.in[0]->rank() == spatial + 1 ? op.help("Squeeze", {made, op.w.b.ints({0})}) : made);
}

/// ONNX rounds up without PyTorch's rule that no window may start in the padding behind the input: where the
/// two differ the border is made by hand (largest negative numbers never win).
Attributes attributesOf(const Op& op, const Window& window)
{
    if (window.roundsUp && op.w.keepsSizes)
        op.w.refuse("Whether ONNX rounds a pooling up as PyTorch does depends on the size");
    for (size_t i = 0; i < window.kernel.size() && window.roundsUp; ++i) {
        const int64_t size = op.in[0]->dims()[op.in[0]->rank() - window.kernel.size() + i];
        const int64_t given = op.out[0]->dims()[op.out[0]->rank() - window.kernel.size() + i];
        const int64_t dilation = window.dilation.empty() ? 1 : window.dilation[i];
        const int64_t span = size + 2 * window.padding[i] - dilation * (window.kernel[i] - 1) - 1;
        if (given != (span + window.stride[i] - 1) / window.stride[i] + 1)
            op.w.refuse("A pooling rounds its size up in a way that ONNX does not");
    }
    return {{"kernel_shape", window.kernel},
            {"strides", window.stride},
            {"pads", twice(window.padding)},
            {"ceil_mode", int64_t(window.roundsUp)}};
}

void maxPool(Op& op, const char*)
{
    const size_t spatial = spatialRank(op);
    Window window = windowOf(op, spatial);
    window.dilation = full(op.integers("dilation"), std::vector<int64_t>(spatial, 1));
    Attributes attributes = attributesOf(op, window);
    attributes.push_back({"dilations", window.dilation});
    give(op, spatial, op.main("MaxPool", {batched(op, spatial)}, attributes));
}

void averagePool(Op& op, const char*)
{
    const size_t spatial = spatialRank(op);
    if (op.has("divisor_override"))
        op.w.refuse("An average pooling with a divisor of its own has no ONNX operator");
    const Window window = windowOf(op, spatial);
    Attributes attributes = attributesOf(op, window);
    attributes.push_back({"count_include_pad", int64_t(op.flag("count_include_pad"))});
    give(op, spatial, op.main("AveragePool", {batched(op, spatial)}, attributes));
}

/// Adaptive pooling whose windows are equal is plain pooling; to a single cell it is global.
void adaptive(Op& op, const char* type)
{
    const size_t spatial = spatialRank(op), rank = op.in[0]->rank();
    const bool isMax = std::string(type) == "MaxPool";
    bool isGlobal = true, isEven = true;
    std::vector<int64_t> kernel;
    for (size_t i = rank - spatial; i < rank; ++i) {
        const int64_t in = op.in[0]->dims()[i], out = op.out[0]->dims()[i];
        isGlobal &= out == 1;
        isEven &= in > 0 && out > 0 && in % out == 0;
        kernel.push_back(out > 0 ? in / out : 1);
    }
    if (isGlobal)
        return give(op, spatial,
                    op.main(isMax ? "GlobalMaxPool" : "GlobalAveragePool", {batched(op, spatial)}));
    if (!isEven)
        op.w.refuse("An adaptive pooling has windows of different sizes");
    give(op, spatial, op.main(type, {batched(op, spatial)}, {{"kernel_shape", kernel}, {"strides", kernel}}));
}

} // namespace

Rows poolRows()
{
    Rows rows;
    for (const char* kind : {"aten::max_pool1d", "aten::max_pool2d", "aten::max_pool3d"})
        rows.push_back({kind, maxPool, "", true});
    rows.push_back({"aten::max_pool2d_with_indices", maxPool, "", true});
    for (const char* kind : {"aten::avg_pool1d", "aten::avg_pool2d", "aten::avg_pool3d"})
        rows.push_back({kind, averagePool});
    for (const char* kind :
         {"aten::adaptive_avg_pool1d", "aten::adaptive_avg_pool2d", "aten::adaptive_avg_pool3d"})
        rows.push_back({kind, adaptive, "AveragePool"});
    for (const char* kind :
         {"aten::adaptive_max_pool1d", "aten::adaptive_max_pool2d", "aten::adaptive_max_pool3d"})
        rows.push_back({kind, adaptive, "MaxPool", true});
    return rows;
}

} // namespace bitwright::onnx_write
