// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/backend.h"

#include <string>
#include <vector>

namespace bitwright {

/// The bias of a layer that an integer kernel computes: it is added to the 32-bit sum of products, so it has
/// to be a multiple of (scale of the input) * (scale of the weight).
struct IntegerBias {
    std::string layer, parameter;
    Tensor values;    ///< rounded
    double steps = 0; ///< largest change, in steps of the layer's output grid; 0 when that is not quantized
};

/// The biases of convolutions and linear layers whose input and weight are 8-bit under `plan`, as integer
/// kernels have them. `packsFourBits`: weights of up to 4 bits have no integer kernel.
Result<std::vector<IntegerBias>> integerBiases(const ModelRunner& runner, const ResolvedPlan& plan,
                                               bool packsFourBits);

} // namespace bitwright
