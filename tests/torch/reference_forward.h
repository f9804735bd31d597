// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/tensor.h"

#include <string>
#include <vector>

namespace bitwright::test {

/// LibTorch's own module.forward of a TorchScript file in eval mode; what the runner is compared with.
/// Outputs flattened out of tuples, lists and dicts, as F32. Tuple arguments take the next tensors.
std::vector<Tensor> referenceForward(const std::string& path, const std::vector<Tensor>& inputs);
/// Mean seconds of `repeats` forwards after warm-up, without gradients.
double referenceSeconds(const std::string& path, const std::vector<Tensor>& inputs, int repeats);

} // namespace bitwright::test
