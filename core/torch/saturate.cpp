// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/parallel.h"
#include "core/torch/saturate_p.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <string>

namespace bitwright {
namespace {

constexpr int64_t kRowBytes = int64_t(16) << 20; ///< codes that are laid out at a time
constexpr int64_t kColumns = 4096;               ///< columns a worker takes at a time

const c10::IValue& argument(const torch::jit::Node* node, const std::vector<c10::IValue>& arguments,
                            const char* name)
{
    return arguments.at(size_t(*node->schema().argumentIndexWithName(name)));
}

/// Unsigned codes of values on the product's grid.
at::Tensor codesOf(const SaturatingProduct& product, const at::Tensor& values)
{
    const at::Tensor steps = values.to(at::kFloat).div(double(product.inputScale)).round_();
    return steps.add_(int64_t(product.inputZero)).clamp_(0, 255).to(at::kByte);
}

/// What the outputs [first, first + count) lose: int32 [count, columns]. `rows`: codes [summed axis,
/// columns].
at::Tensor losses(const SaturatingProduct& product, int64_t first, int64_t count, const at::Tensor& rows)
{
    const int64_t columns = rows.size(1), pieces = (columns + kColumns - 1) / kColumns;
    const at::Tensor loss = at::empty({count, columns}, at::kInt);
    const uint8_t* codes = rows.data_ptr<uint8_t>();
    int32_t* made = loss.data_ptr<int32_t>();
    parallelFor(count * pieces, [&](int64_t i) {
        const int64_t output = i / pieces, begin = i % pieces * kColumns;
        kernels::pairLoss(codes + begin, size_t(columns), product.pairsOf(first + output),
                          made + output * columns + begin, size_t(std::min(kColumns, columns - begin)));
    });
    product.sums += loss.numel();
    product.changed += at::count_nonzero(loss).item<int64_t>();
    return loss;
}

at::Tensor scaled(const SaturatingProduct& product, int64_t first, const at::Tensor& loss)
{
    const auto scale = [&](int64_t output) {
        return product.weightScale[product.weightScale.size() == 1 ? 0 : size_t(output)] * product.inputScale;
    };
    at::Tensor scales = at::empty({loss.size(0), 1}, at::kFloat);
    for (int64_t i = 0; i < loss.size(0); ++i)
        scales.data_ptr<float>()[i] = scale(first + i);
    return loss.to(at::kFloat).mul_(scales);
}

/// The windows that a convolution reads.
struct Window {
    std::vector<int64_t> kernel, stride, dilation, before, after;
    int64_t groups = 1;
};

std::vector<int64_t> spread(const c10::IValue& value, size_t axes)
{
    std::vector<int64_t> list = value.isInt() ? std::vector<int64_t>{value.toInt()} : value.toIntVector();
    if (list.size() == 1)
        list.resize(axes, list[0]);
    return list;
}

Window windowOf(const torch::jit::Node* node, const std::vector<c10::IValue>& arguments,
                const at::Tensor& weight)
{
    Window window;
    window.kernel = weight.sizes().slice(2).vec();
    const size_t axes = window.kernel.size();
    window.stride = spread(argument(node, arguments, "stride"), axes);
    window.dilation = spread(argument(node, arguments, "dilation"), axes);
    window.groups = argument(node, arguments, "groups").toInt();
    const c10::IValue& padding = argument(node, arguments, "padding");
    if (!padding.isString()) {
        window.before = window.after = spread(padding, axes);
        return window;
    }
    for (size_t i = 0; i < axes; ++i) {
        const int64_t total =
            padding.toStringRef() == "same" ? window.dilation[i] * (window.kernel[i] - 1) : 0;
        window.before.push_back(total / 2);
        window.after.push_back(total - total / 2);
    }
    return window;
}

at::Tensor padded(const at::Tensor& codes, const Window& window, int64_t zero)
{
    std::vector<int64_t> pads; // last axis first
    for (size_t i = window.kernel.size(); i-- > 0;) {
        pads.push_back(window.before[i]);
        pads.push_back(window.after[i]);
    }
    return at::constant_pad_nd(codes, pads, zero).contiguous();
}

/// A view of the padded codes: [kernel..., channel, sample, place...].
at::Tensor windows(const at::Tensor& codes, const Window& window, const at::Tensor& output)
{
    std::vector<int64_t> sizes = window.kernel, strides;
    const size_t axes = window.kernel.size();
    for (size_t i = 0; i < axes; ++i)
        strides.push_back(codes.stride(int64_t(2 + i)) * window.dilation[i]);
    sizes.insert(sizes.end(), {codes.size(1), codes.size(0)});
    strides.insert(strides.end(), {codes.stride(1), codes.stride(0)});
    for (size_t i = 0; i < axes; ++i) {
        sizes.push_back(output.size(int64_t(2 + i)));
        strides.push_back(codes.stride(int64_t(2 + i)) * window.stride[i]);
    }
    return codes.as_strided(sizes, strides);
}

/// Of the samples of `codes`: float [samples, outputs, place...].
at::Tensor convLoss(const SaturatingProduct& product, const Window& window, const at::Tensor& codes,
                    const at::Tensor& output)
{
    const auto axes = int64_t(window.kernel.size());
    const at::Tensor all = windows(padded(codes, window, product.inputZero), window, output);
    const int64_t channels = codes.size(1) / window.groups, outputs = product.outputs / window.groups;
    std::vector<at::Tensor> parts;
    for (int64_t group = 0; group < window.groups; ++group) {
        const at::Tensor own = all.narrow(axes, group * channels, channels).contiguous();
        const int64_t length = channels * c10::multiply_integers(window.kernel);
        const at::Tensor loss = losses(product, group * outputs, outputs, own.view({length, -1}));
        parts.push_back(scaled(product, group * outputs, loss));
    }
    std::vector<int64_t> shape{product.outputs, codes.size(0)};
    shape.insert(shape.end(), output.sizes().begin() + 2, output.sizes().end());
    return at::cat(parts).view(shape).transpose(0, 1);
}

at::Tensor saturatedConv(const SaturatingProduct& product, const torch::jit::Node* node,
                         const std::vector<c10::IValue>& arguments, const at::Tensor& output)
{
    const at::Tensor weight = arguments.at(1).toTensor();
    const Window window = windowOf(node, arguments, weight);
    const at::Tensor input = arguments.at(0).toTensor();
    const bool isUnbatched = input.dim() == weight.dim() - 1;
    const at::Tensor codes = codesOf(product, isUnbatched ? input.unsqueeze(0) : input);
    at::Tensor made = (isUnbatched ? output.unsqueeze(0) : output).clone();
    const int64_t places = c10::multiply_integers(made.sizes().slice(2));
    const int64_t rows = codes.size(1) * c10::multiply_integers(window.kernel);
    const int64_t samples = std::max<int64_t>(1, kRowBytes / std::max<int64_t>(1, rows * places));
    for (int64_t first = 0; first < codes.size(0); first += samples) {
        const int64_t count = std::min(samples, codes.size(0) - first);
        at::Tensor part = made.narrow(0, first, count);
        part += convLoss(product, window, codes.narrow(0, first, count), part).to(part.scalar_type());
    }
    return isUnbatched ? made.squeeze(0) : made;
}

at::Tensor saturatedMatrix(const SaturatingProduct& product, const at::Tensor& input,
                           const at::Tensor& output)
{
    const at::Tensor codes = codesOf(product, input.reshape({-1, input.size(-1)}));
    const at::Tensor made = output.clone(at::MemoryFormat::Contiguous);
    const at::Tensor rows = made.view({-1, product.outputs});
    const int64_t most = std::max<int64_t>(1, kRowBytes / std::max<int64_t>(1, codes.size(1)));
    for (int64_t first = 0; first < codes.size(0); first += most) {
        const int64_t count = std::min(most, codes.size(0) - first);
        const at::Tensor loss =
            losses(product, 0, product.outputs, codes.narrow(0, first, count).t().contiguous());
        at::Tensor part = rows.narrow(0, first, count);
        part += scaled(product, 0, loss).t().to(part.scalar_type());
    }
    return made;
}

} // namespace

at::Tensor saturated(const SaturatingProduct& product, const torch::jit::Node* node,
                     const std::vector<c10::IValue>& arguments, const at::Tensor& output)
{
    if (output.numel() == 0)
        return output;
    const std::string kind = node->kind().toQualString();
    if (kind.find("conv") != std::string::npos)
        return saturatedConv(product, node, arguments, output);
    const at::Tensor input = arguments.at(kind == "aten::addmm" ? 1 : 0).toTensor();
    const bool isProduct =
        input.dim() > 0 && output.size(-1) == product.outputs &&
        output.numel() / product.outputs == input.numel() / std::max<int64_t>(1, input.size(-1));
    return isProduct ? saturatedMatrix(product, input, output) : output; // the constant is on the left
}

} // namespace bitwright
