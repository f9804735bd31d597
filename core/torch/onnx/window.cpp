// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/onnx/window_p.h"

#include <algorithm>

namespace bitwright::onnxin {
namespace {

std::vector<int64_t> listOr(Call& call, const char* name, size_t count, int64_t otherwise)
{
    std::vector<int64_t> list = call.ints(name);
    if (list.empty())
        list.assign(count, otherwise);
    if (list.size() != count)
        call.fail(std::string("has ") + std::to_string(list.size()) + " " + name + " for " +
                  std::to_string(count) + " axes");
    constexpr int64_t kMost = 1 << 20;
    for (const int64_t one : list)
        if (one < 1 || one > kMost)
            call.fail(std::string("has an impossible value in ") + name);
    return list;
}

/// What must be added so that the output has ceil(size / stride) elements.
Number samePadding(Call& call, const Number& size, int64_t extent, int64_t stride)
{
    Trace& trace = call.trace;
    const Number out =
        trace.number("aten::floordiv", {trace.number("aten::add", {size, stride - 1}), stride});
    const Number covered = trace.number(
        "aten::add", {trace.number("aten::mul", {trace.number("aten::sub", {out, 1}), stride}), extent});
    return trace.number("prim::max", {trace.number("aten::sub", {covered, size}), 0});
}

} // namespace

bool Window::isSymmetric() const
{
    for (size_t i = 0; i < begins.size(); ++i)
        if (!begins[i].isKnown() || !ends[i].isKnown() || begins[i].toInt() != ends[i].toInt() ||
            begins[i].toInt() < 0)
            return false;
    return true;
}

bool Window::isUnpadded() const
{
    const auto isZero = [](const Number& n) { return n.isKnown(0); };
    return std::all_of(begins.begin(), begins.end(), isZero) && std::all_of(ends.begin(), ends.end(), isZero);
}

std::vector<int64_t> Window::padding() const
{
    std::vector<int64_t> list;
    for (const Number& number : begins)
        list.push_back(number.toInt());
    return list;
}

Window windowOf(Call& call, const Operand& x, std::vector<int64_t> kernel)
{
    const int64_t spatial = call.trace.rank(x) - 2;
    if (spatial < 1)
        call.fail("needs a tensor of at least three dimensions");
    const size_t count = size_t(spatial);
    Window window;
    window.kernel = kernel.empty() ? listOr(call, "kernel_shape", count, 1) : std::move(kernel);
    if (window.kernel.size() != count)
        call.fail("has a kernel for another number of axes than its input has");
    window.strides = listOr(call, "strides", count, 1);
    window.dilations = listOr(call, "dilations", count, 1);
    const std::string mode = call.s("auto_pad", "NOTSET");
    const std::vector<int64_t> pads = call.ints("pads");
    if (mode == "NOTSET" && !pads.empty() && pads.size() != 2 * count)
        call.fail("has " + std::to_string(pads.size()) + " pads for " + std::to_string(count) + " axes");
    for (size_t i = 0; i < count; ++i) {
        Number begin = 0, end = 0;
        if (mode == "SAME_UPPER" || mode == "SAME_LOWER") {
            const int64_t extent = (window.kernel[i] - 1) * window.dilations[i] + 1;
            const Number all =
                samePadding(call, call.trace.dim(x, int64_t(i) + 2), extent, window.strides[i]);
            const Number half = call.trace.number("aten::floordiv", {all, 2});
            const Number rest = call.trace.number("aten::sub", {all, half});
            begin = mode == "SAME_UPPER" ? half : rest;
            end = mode == "SAME_UPPER" ? rest : half;
        } else if (mode == "NOTSET" && !pads.empty()) {
            begin = pads[i];
            end = pads[i + count];
        }
        window.begins.push_back(begin);
        window.ends.push_back(end);
    }
    return window;
}

Operand padded(Call& call, const Operand& x, const Window& window, double value)
{
    if (window.isUnpadded())
        return x;
    Numbers amounts;
    for (size_t i = window.begins.size(); i-- > 0;) {
        amounts.push_back(window.begins[i]);
        amounts.push_back(window.ends[i]);
    }
    return call.trace.emit("aten::constant_pad_nd", {x, amounts, value});
}

std::string spatialKind(Call& call, const char* kind, int64_t spatial)
{
    if (spatial > 3)
        call.fail("works on " + std::to_string(spatial) + " spatial axes; LibTorch knows up to three");
    return kind + std::to_string(spatial) + "d";
}

} // namespace bitwright::onnxin
