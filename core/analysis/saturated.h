// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/evaluate.h"

#include <string>
#include <vector>

namespace bitwright {

/// A layer whose sums can leave 16 bits (core/run/saturation.h).
struct SaturatedLayer {
    std::string layer;
    double risk = 0;    ///< share of its pairs of weights that can
    double changed = 0; ///< share of its outputs that did, over the samples
    bool operator==(const SaturatedLayer&) const = default;
};

/// The accuracy to expect of a plan in ONNX Runtime on an x86 processor without VNNI.
struct Saturation {
    Evaluation evaluation;              ///< float against quantized with saturation
    std::vector<SaturatedLayer> layers; ///< in the order of the graph; those without risk are left out
    bool operator==(const Saturation&) const = default;
};

} // namespace bitwright
