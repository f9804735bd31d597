// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/tensor.h"

#include <string>
#include <vector>

namespace bitwright::test {

enum class Reference {
    Forward,
    Widened,    ///< all parameters converted to float32 first
    Unoptimized ///< the graph as it is written: the optimizer makes two roundings of addmm's one in 16 bits
};

/// LibTorch's own module.forward of a TorchScript file in eval mode; what the runner is compared with.
/// Outputs flattened out of tuples, lists and dicts, as F32. Tuple arguments take the next tensors.
/// Random numbers are those of the seed 0.
std::vector<Tensor> referenceForward(const std::string& path, const std::vector<Tensor>& inputs,
                                     Reference reference = Reference::Forward);
/// Mean seconds of `repeats` forwards after warm-up, without gradients.
double referenceSeconds(const std::string& path, const std::vector<Tensor>& inputs, int repeats);

} // namespace bitwright::test
