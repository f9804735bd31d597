// SPDX-License-Identifier: GPL-3.0-or-later
// Convolutions.
#include "core/torch/onnx/simple_rows_p.h"
#include "core/torch/onnx/window_p.h"

#include <ATen/ATen.h>

namespace bitwright::onnxin {
namespace {

std::vector<int64_t> kernelOf(Call& call, const Operand& weight)
{
    std::vector<int64_t> sizes = call.trace.exampleSizes(weight);
    if (sizes.size() < 3)
        call.fail("has a weight of fewer than three dimensions");
    return {sizes.begin() + 2, sizes.end()};
}

Operands conv(Call& call)
{
    const Operand weight = call.required(1);
    Operand x = call.required(0);
    Window window = windowOf(call, x, kernelOf(call, weight));
    std::vector<int64_t> padding(window.kernel.size(), 0);
    if (window.isSymmetric())
        padding = window.padding();
    else
        x = padded(call, x, window, 0.0);
    const std::string kind = spatialKind(call, "aten::conv", int64_t(window.kernel.size()));
    return {call.trace.emit(kind.c_str(), {x, weight, call.in(2), window.strides, padding, window.dilations,
                                           call.i("group", 1)})};
}

/// Padding of a transposed convolution cuts the output; what LibTorch cannot cut alike on both sides is cut
/// behind it.
struct Cut {
    std::vector<int64_t> padding, outputPadding;
    std::vector<int64_t> begins, ends; ///< to cut (negative: to add) afterwards
};

Cut cutOf(Call& call, const Window& window)
{
    const size_t count = window.kernel.size();
    Cut cut{std::vector<int64_t>(count, 0), call.ints("output_padding"), {}, {}};
    cut.outputPadding.resize(count, 0);
    const std::vector<int64_t> wanted = call.ints("output_shape");
    const std::string mode = call.s("auto_pad", "NOTSET");
    const bool isSame = mode == "SAME_UPPER" || mode == "SAME_LOWER";
    for (size_t i = 0; i < count; ++i) {
        int64_t begin = 0, end = 0;
        if (!wanted.empty() || isSame) {
            const Number size = call.trace.dim(call.in(0), int64_t(i) + 2);
            if (!wanted.empty() && !size.isKnown())
                call.fail("has a fixed output shape for an input of any size");
            const int64_t extent = (window.kernel[i] - 1) * window.dilations[i] + 1;
            const int64_t in = size.isKnown() ? size.toInt() : 1;
            const int64_t target =
                wanted.empty() ? in * window.strides[i] : wanted[wanted.size() - count + i];
            const int64_t all = (in - 1) * window.strides[i] + cut.outputPadding[i] + extent - target;
            begin = mode == "SAME_UPPER" ? all / 2 : all - all / 2;
            if (!wanted.empty() && !isSame)
                begin = all / 2;
            end = all - begin;
        } else if (mode == "NOTSET") {
            begin = window.begins[i].toInt();
            end = window.ends[i].toInt();
        }
        cut.padding[i] = std::max<int64_t>(0, std::min(begin, end));
        cut.begins.push_back(begin - cut.padding[i]);
        cut.ends.push_back(end - cut.padding[i]);
    }
    return cut;
}

Operands convTranspose(Call& call)
{
    const Operand x = call.required(0), weight = call.required(1);
    const std::string mode = call.s("auto_pad", "NOTSET");
    Window window = windowOf(call, x, kernelOf(call, weight));
    Cut cut = cutOf(call, window);
    // LibTorch wants an output padding smaller than stride and dilation.
    std::vector<int64_t> behind(cut.outputPadding.size(), 0);
    for (size_t i = 0; i < behind.size(); ++i)
        if (cut.outputPadding[i] >= std::max(window.strides[i], window.dilations[i])) {
            behind[i] = cut.outputPadding[i];
            cut.outputPadding[i] = 0;
        }
    const std::string kind = spatialKind(call, "aten::conv_transpose", int64_t(window.kernel.size()));
    Operand y = call.trace.emit(kind.c_str(), {x, weight, call.in(2), window.strides, cut.padding,
                                               cut.outputPadding, call.i("group", 1), window.dilations});
    std::vector<int64_t> amounts;
    bool isCut = false;
    for (size_t i = cut.begins.size(); i-- > 0;) {
        amounts.push_back(-cut.begins[i]);
        amounts.push_back(-cut.ends[i] + behind[i]);
        isCut |= amounts.back() != 0 || cut.begins[i] != 0;
    }
    if (isCut)
        y = call.trace.emit("aten::constant_pad_nd", {y, amounts, 0.0});
    return {y};
}

constexpr Row kConvRows[] = {{"Conv", conv}, {"ConvTranspose", convTranspose}};

} // namespace

std::span<const Row> convRows()
{
    return kConvRows;
}

} // namespace bitwright::onnxin
