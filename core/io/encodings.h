// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/graph/graph.h"
#include "core/quant/quant_params.h"

#include <string>
#include <vector>

namespace bitwright {

/// A file in the layout of AIMET's "Encoding Format Specification", version 1.0.0.
struct Encodings {
    std::string json;
    std::vector<std::string> notes; ///< what the format cannot hold, one sentence each
};

/// `version`, `activation_encodings` and `param_encodings` (lists of objects with `name`, `dtype` INT or
/// FLOAT, `bw`, `enc_type` PER_TENSOR / PER_CHANNEL / PER_BLOCK, `is_sym`, `scale`, `offset`, `block_size`),
/// `excluded_layers` (left in float), and, beyond the specification, `producer`.
///
/// Names: parameters by the model's own names; activations by layer name (the tensor behind the layer's fused
/// activation), inputs by "input", "input:1". Offsets follow AIMET: with codes c = 0 ... 2^bw - 1 a value is
/// `scale * (c + offset)`, so offset = -z for asymmetric and unsigned grids and -2^(bw-1) for signed
/// symmetric ones (also for the narrow grid, whose lowest code is then unused). Per-block scales are ordered
/// output channel first, as in the specification.
Encodings makeEncodings(const Graph& graph, const ResolvedPlan& plan, const std::string& modelSha256);

} // namespace bitwright
