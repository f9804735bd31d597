// SPDX-License-Identifier: GPL-3.0-or-later
// Pools.
#include "core/torch/onnx/simple_rows_p.h"
#include "core/torch/onnx/window_p.h"

#include <limits>

namespace bitwright::onnxin {
namespace {

constexpr const char* kPoolScript = R"(
def whole_indices(index, x, column_major: bool):
    # LibTorch counts inside one plane; ONNX counts in the whole tensor.
    spatial = x.dim() - 2
    rest = index
    plane = 1
    for i in range(spatial):
        plane = plane * x.size(2 + i)
    result = torch.zeros_like(index)
    for k in range(spatial):
        i = spatial - 1 - k
        factor = 1
        if column_major:
            for j in range(i):
                factor = factor * x.size(2 + j)
        else:
            for j in range(i + 1, spatial):
                factor = factor * x.size(2 + j)
        result = result + torch.remainder(rest, x.size(2 + i)) * factor
        rest = torch.div(rest, x.size(2 + i), rounding_mode="floor")
    planes = torch.arange(x.size(0) * x.size(1)) * plane
    shape = [x.size(0), x.size(1)]
    for i in range(spatial):
        shape.append(1)
    return result + planes.reshape(shape)

def lp_pool(x, p: float, y, count: float):
    return torch.pow(y * count, 1.0 / p)

def lp_norm(x, axes: List[int], p: float, keep: bool):
    return torch.pow(torch.sum(torch.pow(torch.abs(x), p), axes, keep), 1.0 / p)

def unpool(x, index, out: List[int]):
    total = 1
    for s in out:
        total = total * s
    y = torch.zeros([total], dtype=x.dtype)
    return y.scatter(0, index.flatten(), x.flatten()).reshape(out)
)";

std::vector<int64_t> spatialAxes(int64_t rank)
{
    std::vector<int64_t> axes;
    for (int64_t i = 2; i < rank; ++i)
        axes.push_back(i);
    return axes;
}

Operands maxPool(Call& call)
{
    Operand x = call.required(0);
    const auto type = call.trace.type(x);
    const Window window = windowOf(call, x, {});
    std::vector<int64_t> padding(window.kernel.size(), 0);
    bool fits = window.isSymmetric();
    for (size_t i = 0; fits && i < padding.size(); ++i)
        fits = 2 * window.begins[i].toInt() <= window.kernel[i];
    const Operand original = x;
    if (!c10::isFloatingType(type))
        x = cast(call.trace, x, c10::kFloat);
    if (fits)
        padding = window.padding();
    else
        x = padded(call, x, window, -std::numeric_limits<double>::infinity());
    const bool wantsIndices = call.wants(1);
    std::string kind = spatialKind(call, "aten::max_pool", int64_t(window.kernel.size()));
    if (wantsIndices)
        kind += "_with_indices";
    const std::string single =
        wantsIndices && window.kernel.size() == 1 ? "aten::max_pool1d_with_indices" : kind;
    Operands made = call.trace.emitAll(single.c_str(), {x, window.kernel, window.strides, padding,
                                                        window.dilations, call.i("ceil_mode", 0) != 0});
    made[0] = cast(call.trace, made[0], type);
    if (!wantsIndices)
        return made;
    if (!window.isSymmetric())
        call.fail("gives indices under asymmetric padding, which is not supported");
    made[1] =
        call.trace.call(kPoolScript, "whole_indices", {made[1], original, call.i("storage_order", 0) == 1});
    return made;
}

/// LibTorch pads both sides alike and up to half a kernel; the rest is padded first. What then counts as an
/// element is found by pooling ones.
Operands averagePool(Call& call)
{
    const Operand x = call.required(0);
    const Window window = windowOf(call, x, {});
    const bool countsPadding = call.i("count_include_pad", 0) != 0;
    const bool ceil = call.i("ceil_mode", 0) != 0;
    bool fits = window.isSymmetric();
    for (size_t i = 0; i < window.kernel.size(); ++i) {
        fits = fits && 2 * window.begins[i].toInt() <= window.kernel[i];
        if (window.dilations[i] != 1)
            call.fail("is dilated, which is not supported");
    }
    const std::string kind = spatialKind(call, "aten::avg_pool", int64_t(window.kernel.size()));
    const std::vector<int64_t> none(window.kernel.size(), 0);
    const auto pool = [&](const Operand& what, const std::vector<int64_t>& padding) {
        return call.trace.emit(kind.c_str(),
                               {what, window.kernel, window.strides, padding, ceil, countsPadding});
    };
    if (fits)
        return {pool(x, window.padding())};
    const Operand sum = pool(padded(call, x, window, 0.0), none);
    if (countsPadding)
        return {sum};
    const Operand ones = call.trace.emit("aten::ones_like", {x});
    return {call.trace.emit("aten::div", {sum, pool(padded(call, ones, window, 0.0), none)})};
}

Operands globalAveragePool(Call& call)
{
    const int64_t rank = call.trace.rank(call.required(0));
    if (rank >= 3 && rank <= 5) {
        const std::string kind = spatialKind(call, "aten::adaptive_avg_pool", rank - 2);
        return {call.trace.emit(kind.c_str(), {call.in(0), std::vector<int64_t>(size_t(rank) - 2, 1)})};
    }
    return {call.trace.emit("aten::mean", {call.in(0), spatialAxes(rank), true})};
}

Operands globalMaxPool(Call& call)
{
    const auto axes = spatialAxes(call.trace.rank(call.required(0)));
    return {axes.empty() ? call.in(0) : call.trace.emit("aten::amax", {call.in(0), axes, true})};
}

double exponentOf(const Call& call)
{
    const auto* given = call.attribute("p");
    return given && given->has_f() ? double(given->f()) : double(call.i("p", 2));
}

Operands lpPool(Call& call)
{
    const double p = exponentOf(call);
    const Window window = windowOf(call, call.required(0), {});
    const Operand powers = call.trace.emit("aten::pow", {call.trace.emit("aten::abs", {call.in(0)}), p});
    const std::string kind = spatialKind(call, "aten::avg_pool", int64_t(window.kernel.size()));
    const std::vector<int64_t> none(window.kernel.size(), 0);
    double count = 1;
    for (const int64_t size : window.kernel)
        count *= double(size);
    const Operand mean =
        call.trace.emit(kind.c_str(), {padded(call, powers, window, 0.0), window.kernel, window.strides, none,
                                       call.i("ceil_mode", 0) != 0, true});
    return {call.trace.call(kPoolScript, "lp_pool", {call.in(0), p, mean, count})};
}

Operands globalLpPool(Call& call)
{
    const double p = exponentOf(call);
    return {call.trace.call(kPoolScript, "lp_norm", {call.required(0), spatialAxes(call.rank()), p, true})};
}

Operands maxUnpool(Call& call)
{
    const Operand& x = call.required(0);
    const Window window = windowOf(call, x, {});
    Trace& trace = call.trace;
    Numbers pooled = {trace.dim(x, 0), trace.dim(x, 1)}; // what the indices count in
    for (size_t i = 0; i < window.kernel.size(); ++i) {
        const Number steps = trace.number("aten::sub", {trace.dim(x, int64_t(i) + 2), 1});
        const Number span = trace.number("aten::mul", {steps, window.strides[i]});
        const int64_t rest = window.kernel[i] - window.begins[i].toInt() - window.ends[i].toInt();
        pooled.push_back(trace.number("aten::add", {span, rest}));
    }
    const Operand core = trace.call(kPoolScript, "unpool", {x, call.required(1), pooled});
    if (!call.has(2))
        return {core};
    const Numbers out = trace.numbersOf(call.in(2)); // larger: the rest is zero
    Numbers amounts;
    for (size_t i = window.kernel.size(); i-- > 0;) {
        amounts.push_back(0);
        amounts.push_back(trace.number("aten::sub", {out.at(i + 2), pooled[i + 2]}));
    }
    return {trace.emit("aten::constant_pad_nd", {core, amounts, 0.0})};
}

constexpr Row kPoolRows[] = {
    {"MaxPool", maxPool},
    {"AveragePool", averagePool},
    {"GlobalAveragePool", globalAveragePool},
    {"GlobalMaxPool", globalMaxPool},
    {"LpPool", lpPool},
    {"GlobalLpPool", globalLpPool},
    {"MaxUnpool", maxUnpool},
};

} // namespace

std::span<const Row> poolRows()
{
    return kPoolRows;
}

} // namespace bitwright::onnxin
