// SPDX-License-Identifier: GPL-3.0-or-later
// What 16-bit sums of two products take away from a layer's output.
#pragma once

#include "core/run/saturation.h"

#include <ATen/core/ivalue.h>
#include <torch/csrc/jit/ir/ir.h>

#include <vector>

namespace bitwright {

/// `output` of `node` (a convolution or product with a constant) as `product` computes it. `arguments` are
/// the node's inputs; the input lies on the product's grid. Throws c10::Error.
at::Tensor saturated(const SaturatingProduct& product, const torch::jit::Node* node,
                     const std::vector<c10::IValue>& arguments, const at::Tensor& output);

} // namespace bitwright
