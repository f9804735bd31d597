// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>
#include <torch/csrc/jit/ir/ir.h>

#include <cstdint>
#include <string>
#include <vector>

namespace bitwright {

/// How the file rounds one value of the graph, or one initializer.
struct FileEncoding {
    const torch::jit::Value* value = nullptr; ///< null for an initializer
    std::string initializer;
    std::vector<int64_t> sizes; ///< of the initializer as the file has it
    at::Tensor scale, zeroPoint;
    int axis = -1;     ///< -1 = per tensor
    int64_t block = 0; ///< elements along `axis` that share a scale; 0 = none
    int64_t low = 0, high = 255;
};

} // namespace bitwright
