// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/tensor.h"
#include "core/torch/passes_p.h"

#include <c10/core/ScalarType.h>

#include <vector>

namespace bitwright {

/// What the operators that read an input say about it.
struct InputHint {
    c10::ScalarType type = c10::kFloat;
    std::vector<Shape> shapes; ///< to try, in this order; without batch; never empty
    size_t batchAxis = 0;
    int64_t indexLimit = 0; ///< rows of the embedding that the input indexes
};

InputHint hintFor(const LiftedGraph& lifted, const torch::jit::Value* input);

} // namespace bitwright
