// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/parallel.h"
#include "core/quant/entry_layout.h"
#include "core/quant/quantize.h"
#include "core/tensor/train_kernels.h"
#include "core/torch/train/fake_quantize_p.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

#include <mutex>

namespace bitwright {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// Elements a task; the pieces and the order of their sums do not depend on the number of threads.
constexpr int64_t kPiece = 1 << 15;

/// What the backward pass has to know beside tensors.
struct GridCall : torch::CustomClassHolder {
    QuantParams params;
    ScaleGradient kind = ScaleGradient::None;
    double gradientScale = 1;
};

at::Tensor quantized(const at::Tensor& x, const QuantParams& params)
{
    const at::Tensor dense = x.detach().to(c10::kFloat).contiguous();
    at::Tensor out = at::empty_like(dense);
    fakeQuantize(dense.data_ptr<float>(), out.data_ptr<float>(), dense.sizes().vec(), params);
    return out.to(x.scalar_type());
}

struct EntrySums {
    int64_t entry;
    kernels::GradientSums sums;
};

/// gx and, for every scale, the sums of kernels::GradientSums.
std::vector<kernels::GradientSums> backwardPass(const at::Tensor& x, const at::Tensor& g, at::Tensor& gx,
                                                const QuantParams& p)
{
    EntryLayout layout = entryLayout(x.sizes().vec(), p.axis, p.group);
    if (int64_t(p.scale.size()) < layout.entries())
        layout = entryLayout(x.sizes().vec(), -1, 0);
    const float *px = x.data_ptr<float>(), *pg = g.data_ptr<float>();
    float* out = gx.data_ptr<float>();
    const int64_t size = layout.size(), pieces = (size + kPiece - 1) / kPiece;
    std::vector<std::vector<EntrySums>> found(static_cast<size_t>(pieces));
    parallelFor(pieces, [&](int64_t piece) {
        const int64_t begin = piece * kPiece, end = std::min(begin + kPiece, size);
        forEachRun(layout, begin, end, [&](int64_t entry, int64_t offset, int64_t length) {
            const kernels::IntGrid grid{p.scale[size_t(entry)], p.zeroPoint[size_t(entry)], p.qmin, p.qmax};
            found[size_t(piece)].push_back(
                {entry, kernels::fakeQuantizeIntBackward(px + offset, pg + offset, out + offset,
                                                         size_t(length), grid)});
        });
    });
    std::vector<kernels::GradientSums> sums(size_t(layout.entries()));
    for (const auto& piece : found)
        for (const EntrySums& run : piece)
            sums[size_t(run.entry)].add(run.sums);
    return sums;
}

float scaleGradient(const kernels::GradientSums& sums, const GridCall& call, size_t entry)
{
    const QuantParams& p = call.params;
    const double z = call.kind == ScaleGradient::Plus ? 0 : p.zeroPoint[entry];
    const double inside = call.kind == ScaleGradient::Clip ? 0 : sums.inside;
    return float(call.gradientScale * (inside + (p.qmin - z) * sums.below + (p.qmax - z) * sums.above));
}

class QuantizeFunction : public torch::autograd::Function<QuantizeFunction> {
public:
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& scale,
                              const at::Tensor& offset, const c10::intrusive_ptr<GridCall>& call)
    {
        (void)scale;
        (void)offset;
        context->save_for_backward({x});
        context->saved_data["call"] = c10::IValue::make_capsule(call);
        return quantized(x, call->params);
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients)
    {
        const auto held = context->saved_data["call"].toCapsule();
        const auto& call = static_cast<const GridCall&>(*held);
        const at::Tensor original = context->get_saved_variables()[0];
        const at::Tensor x = original.to(c10::kFloat).contiguous();
        const at::Tensor g = gradients[0].to(c10::kFloat).contiguous();
        at::Tensor gx = at::empty_like(x);
        const auto sums = backwardPass(x, g, gx, call.params);
        at::Tensor scale, offset;
        if (call.kind != ScaleGradient::None) {
            std::vector<float> values(sums.size());
            for (size_t i = 0; i < sums.size(); ++i)
                values[i] = scaleGradient(sums[i], call, i);
            scale = fromVector(values);
        }
        if (call.kind == ScaleGradient::Plus) {
            std::vector<float> values(sums.size());
            for (size_t i = 0; i < sums.size(); ++i)
                values[i] = float(call.gradientScale * (sums[i].below + sums[i].above));
            offset = fromVector(values);
        }
        return {gx.to(original.scalar_type()), scale, offset, at::Tensor()};
    }
};

class ThroughFunction : public torch::autograd::Function<ThroughFunction> {
public:
    static at::Tensor forward(AutogradContext*, const at::Tensor&, const at::Tensor& value)
    {
        return value.clone();
    }
    static variable_list backward(AutogradContext*, const variable_list& gradients)
    {
        return {gradients[0], at::Tensor()};
    }
};

/// Any format: x cut to the range, rounded in the forward pass only.
at::Tensor generic(const at::Tensor& x, const QuantParams& params)
{
    const at::Tensor value = quantized(x, params);
    const bool bounded =
        params.format == Format::Minifloat || params.format == Format::Log2 || params.format == Format::Int;
    if (!bounded)
        return straightThrough(x, value);
    std::vector<float> lo, hi;
    for (size_t i = 0; i < params.scale.size(); ++i) {
        lo.push_back(params.range(i).lo);
        hi.push_back(params.range(i).hi);
    }
    const at::Tensor low = spreadEntries(fromVector(lo), params, x.sizes()).to(x.scalar_type());
    const at::Tensor high = spreadEntries(fromVector(hi), params, x.sizes()).to(x.scalar_type());
    return straightThrough(at::minimum(at::maximum(x, low), high), value);
}

} // namespace

at::Tensor fakeQuantizeGrad(const at::Tensor& x, const QuantParams& params, ScaleGradient kind,
                            const at::Tensor& scale, const at::Tensor& offset, double gradientScale)
{
    if (params.format == Format::Float32 || !x.is_floating_point() || x.numel() == 0)
        return x;
    if (params.format != Format::Int)
        return generic(x, params);
    auto call = c10::make_intrusive<GridCall>();
    call->params = params;
    call->params.zeroPoint.resize(params.scale.size());
    call->kind = kind;
    call->gradientScale = gradientScale;
    // LibTorch asks every argument for its device, so what is not given must be a tensor all the same.
    const at::Tensor nothing = at::empty({0});
    return QuantizeFunction::apply(x, scale.defined() ? scale : nothing, offset.defined() ? offset : nothing,
                                   call);
}

at::Tensor straightThrough(const at::Tensor& through, const at::Tensor& value)
{
    return ThroughFunction::apply(through, value.detach());
}

at::Tensor spreadEntries(const at::Tensor& entries, const QuantParams& params, at::IntArrayRef shape)
{
    if (entries.numel() == 1)
        return entries.reshape({});
    const EntryLayout layout = entryLayout(shape.vec(), params.axis, params.group);
    if (layout.groups == 1) {
        std::vector<int64_t> sizes(shape.size(), 1);
        sizes[size_t(params.axis)] = -1;
        return entries.view(sizes);
    }
    std::vector<int64_t> index(size_t(layout.size()));
    forEachRun(layout, 0, layout.size(), [&](int64_t entry, int64_t offset, int64_t length) {
        std::fill_n(index.begin() + offset, length, entry);
    });
    return entries.index_select(0, at::tensor(index)).view(shape);
}

at::Tensor entryMeanAbs(const at::Tensor& x, const QuantParams& params)
{
    const at::Tensor dense = x.detach().to(c10::kFloat).contiguous();
    EntryLayout layout = entryLayout(dense.sizes().vec(), params.axis, params.group);
    if (int64_t(params.scale.size()) < layout.entries())
        layout = entryLayout(dense.sizes().vec(), -1, 0);
    std::vector<float> means(size_t(layout.entries()));
    const float* values = dense.data_ptr<float>();
    parallelFor(layout.entries(), [&](int64_t entry) {
        double sum = 0;
        int64_t count = 0;
        forEachPiece(layout, entry, [&](int64_t, int64_t offset, int64_t length) {
            for (int64_t i = offset; i < offset + length; ++i)
                sum += std::abs(double(values[i]));
            count += length;
        });
        means[size_t(entry)] = float(sum / double(std::max<int64_t>(count, 1)));
    });
    return fromVector(means);
}

std::vector<float> toVector(const at::Tensor& tensor)
{
    const at::Tensor dense = tensor.detach().to(c10::kFloat).contiguous();
    const float* data = dense.data_ptr<float>();
    return {data, data + dense.numel()};
}

at::Tensor fromVector(const std::vector<float>& values)
{
    return at::tensor(c10::ArrayRef<float>(values));
}

} // namespace bitwright
