// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/graph/graph.h"
#include "core/quant/quant_params.h"

#include <optional>

namespace bitwright {

/// A layer that runtimes compute from 8-bit integers: its input and its weight lie on such grids.
struct IntegerProduct {
    const QuantParams* weight = nullptr; ///< one scale, or one a channel; one zero point for all
    const QuantParams* input = nullptr;  ///< one scale; of the layer's input or of what that was moved from
};

/// What becomes of a convolution, linear layer or product with a constant under `plan`; empty where the
/// layer stays float. `packsFourBits`: weights of up to 4 bits have no integer kernel.
std::optional<IntegerProduct> integerProduct(const Graph& graph, const Layer& layer, const ResolvedPlan& plan,
                                             bool packsFourBits);

/// At most 256 values, rounded half-even, no groups.
bool isByteGrid(const QuantParams& params);
/// The grid of the layer's output; null when there is none, or no 8-bit one of one scale that is known before
/// the run.
const QuantParams* outputGrid(const Layer& layer, const ResolvedPlan& plan);
/// What has to be added to a grid's codes to make them unsigned: runtimes on x86 compute signed activations
/// that way, or not in integers at all.
int32_t unsignedShift(const QuantParams& params);

} // namespace bitwright
