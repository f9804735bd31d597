// SPDX-License-Identifier: GPL-3.0-or-later
// Example runs of models with more weights than anybody wants to wait for.
#pragma once

#include <ATen/core/stack.h>
#include <torch/csrc/jit/ir/ir.h>

namespace bitwright {

/// Instead of `operation` of `node`, whose arguments end `stack`: where it is a layer with a large weight whose
/// samples (axis 0 of its input) do not know of each other, LibTorch's kernel runs on no sample at all, so
/// that it checks everything and reads no weight, and numbers between -1 and 1 of the right type and sizes
/// become its result. False, with the stack as it was, for everything else.
bool runForSizes(const torch::jit::Node* node, torch::jit::Operation& operation,
                 torch::jit::Stack& stack);

} // namespace bitwright
