// SPDX-License-Identifier: GPL-3.0-or-later
// Batch-norm over the batch of all workers.
#pragma once

#include <ATen/core/Tensor.h>

namespace bitwright {

/// gamma, beta, mean and var have one element a channel (dimension 1 of x). With `batch`, the statistics are
/// those of the batch, in its whole over all workers, and the running ones follow them.
struct NormCall {
    at::Tensor gamma, beta, mean, var;
    bool batch = false;
    double momentum = 0.1, eps = 1e-5;
};
/// at::batch_norm; differentiable in x, gamma and beta.
at::Tensor normalized(const at::Tensor& x, const NormCall& call);

} // namespace bitwright
