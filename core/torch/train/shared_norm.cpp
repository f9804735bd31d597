// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/guard_p.h"
#include "core/torch/train/shared_norm_p.h"
#include "core/torch/workers_p.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

#include <stdexcept>

namespace bitwright {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// All dimensions but the channels.
std::vector<int64_t> reducedAxes(const at::Tensor& x)
{
    std::vector<int64_t> axes{0};
    for (int64_t i = 2; i < x.dim(); ++i)
        axes.push_back(i);
    return axes;
}

at::Tensor alongChannels(const at::Tensor& values, const at::Tensor& x)
{
    std::vector<int64_t> shape(size_t(x.dim()), 1);
    shape[1] = -1;
    return values.to(x.scalar_type()).view(shape);
}

/// Synchronized batch-norm: only the sums of a channel travel between the workers.
struct SharedNorm : torch::autograd::Function<SharedNorm> {
    static at::Tensor forward(AutogradContext* ctx, const at::Tensor& x, const at::Tensor& gamma,
                              const at::Tensor& beta, at::Tensor mean, at::Tensor var, double momentum,
                              double eps)
    {
        const std::vector<int64_t> axes = reducedAxes(x);
        const int64_t channels = x.size(1);
        const at::Tensor wide = x.to(c10::kDouble);
        at::Tensor sums = at::cat({wide.sum(axes), wide.square().sum(axes),
                                   at::full({1}, double(x.numel() / channels), wide.options())});
        sumOverWorkers(sums);
        const double count = sums[2 * channels].item<double>();
        const at::Tensor batchMean = sums.slice(0, 0, channels) / count;
        const at::Tensor batchVar =
            (sums.slice(0, channels, 2 * channels) / count - batchMean.square()).clamp_min(0);
        mean.mul_(1 - momentum).add_(batchMean, momentum);
        var.mul_(1 - momentum).add_(batchVar * (count / std::max(count - 1, 1.0)), momentum);
        const at::Tensor inverse = (batchVar + eps).rsqrt();
        const at::Tensor known = gamma.defined() ? gamma : at::ones_like(mean);
        ctx->save_for_backward({x, known, batchMean, inverse});
        ctx->saved_data["count"] = count;
        ctx->saved_data["has_gamma"] = gamma.defined();
        ctx->saved_data["has_beta"] = beta.defined();
        at::Tensor y = (x - alongChannels(batchMean, x)) * alongChannels(known * inverse, x);
        return beta.defined() ? y.add_(alongChannels(beta, x)) : y;
    }

    static variable_list backward(AutogradContext* ctx, const variable_list& gradients)
    {
        const variable_list saved = ctx->get_saved_variables();
        const at::Tensor &x = saved[0], &gamma = saved[1], &mean = saved[2], &inverse = saved[3];
        const std::vector<int64_t> axes = reducedAxes(x);
        const at::Tensor& dy = gradients[0];
        const at::Tensor unit = (x - alongChannels(mean, x)) * alongChannels(inverse, x);
        const at::Tensor dBeta = dy.to(c10::kDouble).sum(axes),
                         dGamma = (dy * unit).to(c10::kDouble).sum(axes);
        at::Tensor sums = at::cat({dBeta, dGamma});
        try {
            sumOverWorkers(sums);
        } catch (const Stop& stop) { // LibTorch's backward pass lets nothing else through
            throw std::runtime_error(stop.error.message);
        }
        sums /= ctx->saved_data["count"].toDouble();
        const int64_t channels = x.size(1);
        const at::Tensor dx = (dy - alongChannels(sums.slice(0, 0, channels), x) -
                               unit * alongChannels(sums.slice(0, channels), x)) *
                              alongChannels(gamma * inverse, x);
        const auto leaf = [&](const char* has, const at::Tensor& gradient) {
            return ctx->saved_data[has].toBool() ? gradient.to(gamma.scalar_type()) : at::Tensor();
        };
        return {dx, leaf("has_gamma", dGamma), leaf("has_beta", dBeta), {}, {}, {}, {}};
    }
};

} // namespace

at::Tensor normalized(const at::Tensor& x, const NormCall& call)
{
    if (call.batch && !workers().isAlone())
        return SharedNorm::apply(x, call.gamma, call.beta, call.mean, call.var, call.momentum, call.eps);
    return at::batch_norm(x, call.gamma, call.beta, call.mean, call.var, call.batch, call.momentum, call.eps,
                          false);
}

} // namespace bitwright
