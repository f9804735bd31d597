// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/channel_ranges.h"
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
    TensorStats stats; ///< of the float values, without channels
    QuantSpec spec;
    QuantParams params;
    ErrorSums error;
    double clippingMse = 0; ///< the part of the error that comes from values outside their range; weights (Int)
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
    size_t widestEntry = 0; ///< the scale of `widest`

    /// Some values before and after, spread evenly over the tensor (weights) or the bins (activations).
    struct Sample {
        float value = 0, quantized = 0;
    };
    std::vector<Sample> samples;
    ChannelSummary channels;           ///< empty where none are known
    std::vector<double> channelSqnrDb; ///< local error of every channel; weights only
    int64_t channel = -1;              ///< the one channel that everything else is about; -1 = all
};

/// `count` scales from `first` on, with what belongs to them, as params of a tensor [1, n].
QuantParams entryParams(const QuantParams& params, size_t first, size_t count);

/// The `index`-th weight of a layer, with the numbers of its report; cancellable between the steps.
/// `channel`: only that one (ranges and errors of all channels are filled all the same).
Result<SiteDistribution> weightDistribution(const Model& model, const Layer& layer, size_t index,
                                            const QuantPlan& plan, Progress& progress, int64_t channel = -1);
/// The `index`-th weight of a layer as the plan quantizes it (as it is where it stays in float).
Result<Histogram> quantizedHistogram(const Model& model, const Layer& layer, size_t index,
                                     const QuantPlan& plan);
/// From the statistics alone.
Result<SiteDistribution> activationDistribution(const std::string& name, const TensorStats& stats,
                                                const QuantSpec& spec);

} // namespace bitwright
