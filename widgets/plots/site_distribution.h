// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/error_metrics.h"
#include "core/calib/tensor_stats.h"
#include "core/quant/quant_params.h"
#include "core/workbench.h"

#include <string>
#include <vector>

namespace bitwright {

/// What the distribution page draws of one tensor: before and after its own quantizer.
struct SiteDistribution {
    std::string name;  ///< parameter or layer name
    TensorStats stats; ///< of the float values
    QuantSpec spec;
    QuantParams params;
    ErrorSums error;
    int64_t bytes = 0;     ///< packed; 0 for activations
    bool expected = false; ///< error expected from statistics, not counted on the values

    /// One quantized value and how many elements have it; empty when there are several scales.
    struct Level {
        double value = 0, count = 0;
    };
    std::vector<Level> levels; ///< ascending
    Histogram quantized;       ///< of the quantized values, when there are no levels
    Range widest, narrowest;   ///< of the ranges of all scales
    bool hasRange = false;
};

/// The `index`-th weight of a layer, with the numbers of its report; cancellable between the steps.
Result<SiteDistribution> weightDistribution(const Model& model, const Layer& layer, size_t index,
                                            const QuantPlan& plan, Progress& progress);
/// From the statistics alone.
Result<SiteDistribution> activationDistribution(const std::string& name, const TensorStats& stats,
                                                const QuantSpec& spec);

} // namespace bitwright
