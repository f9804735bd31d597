// SPDX-License-Identifier: GPL-3.0-or-later
// Runs single nodes of a graph that is still being built.
#pragma once

#include "core/torch/guard_p.h"

#include <ATen/core/ivalue.h>
#include <torch/csrc/jit/ir/ir.h>

#include <unordered_map>

namespace bitwright::onnxin {

using Samples = std::unordered_map<const torch::jit::Value*, c10::IValue>;

/// Puts what `node` makes from the samples of its inputs into `samples`. Throws what LibTorch throws.
/// `sizesOnly`: see runForSizes.
void runNode(const torch::jit::Node* node, Samples& samples, const StopCheck& stop, bool sizesOnly = false);

} // namespace bitwright::onnxin
