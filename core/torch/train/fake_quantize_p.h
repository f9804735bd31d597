// SPDX-License-Identifier: GPL-3.0-or-later
// Fake quantization that gradients pass through: what every training method is made of.
#pragma once

#include "core/quant/quant_params.h"

#include <ATen/core/Tensor.h>

namespace bitwright {

/// Which gradient the scale of an integer grid gets. With v = x / s, r = round(v), n = qmin, p = qmax, and g
/// the gradient of the result, summed over the elements of each scale:
enum class ScaleGradient {
    None, ///< straight-through estimator: the range is given
    Lsq,  ///< g (r - v) inside, g (n - z) below, g (p - z) above (Esser et al. 2020, eq. 3)
    Plus, ///< as Lsq with n and p for the ends; the offset gets g outside (Bhalgat et al. 2020, eq. 6)
    Clip  ///< g (n - z) below, g (p - z) above: the gradient of a clipping level (Choi et al. 2018, eq. 3)
};

/// Quantizes `x` under `params` exactly as fakeQuantize() does; the gradient of x passes inside the grid and
/// is 0 outside. With `scale` (float32, one value for each of params.scale, which must hold the same numbers)
/// the gradient of the scale times `gradientScale`; with ScaleGradient::Plus that of `offset`, too.
/// Only for Format::Int with another gradient than None; other formats pass where x is in params.range().
at::Tensor fakeQuantizeGrad(const at::Tensor& x, const QuantParams& params,
                            ScaleGradient kind = ScaleGradient::None, const at::Tensor& scale = {},
                            const at::Tensor& offset = {}, double gradientScale = 1);

/// `value` in the forward pass, the gradient goes to `through` unchanged.
at::Tensor straightThrough(const at::Tensor& through, const at::Tensor& value);

/// One value for each scale of `params` spread over a tensor of `shape` so that it can be broadcast.
/// Differentiable.
at::Tensor spreadEntries(const at::Tensor& entries, const QuantParams& params, at::IntArrayRef shape);

/// Sum, mean of |x| of the elements of every scale of `params`, float32 [scales]. No gradient.
at::Tensor entryMeanAbs(const at::Tensor& x, const QuantParams& params);

std::vector<float> toVector(const at::Tensor& tensor);
at::Tensor fromVector(const std::vector<float>& values);

} // namespace bitwright
