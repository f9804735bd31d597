// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/error_metrics.h"
#include "core/calib/calibrate.h"

#include <optional>
#include <string>
#include <vector>

namespace bitwright {

/// Error of one site by its own quantizer alone (local error).
struct SiteReport {
    QuantSpec spec;
    QuantParams params;
    ErrorSums error;
    int64_t elements = 0;
    int64_t zeros = 0;      ///< of a weight: elements that are exactly 0 before they are quantized
    int64_t bytes = 0;      ///< packed, with scales and zero points (weights); 0 for activations

    bool operator==(const SiteReport&) const = default;
};

/// One row of the layer table. `name` is a layer's, or inputLayerName(i).
struct LayerReport {
    std::string name;
    LayerId layer = kNone;                 ///< kNone for a model input
    std::optional<SiteReport> weight;      ///< all weights of the layer together (params of the first)
    std::vector<SiteReport> weightTensors; ///< one per Layer::weights
    std::optional<SiteReport> activation;  ///< empty when there are no statistics or it stays unquantized
    std::optional<double> cumulativeSqnrDb; ///< float against the whole plan, at this layer's output

    bool operator==(const LayerReport&) const = default;
};

/// Local error of a layer's weights. Reads the weight once; fast enough to follow an edit (150 ms for
/// 5 M elements).
Result<LayerReport> weightReport(const ModelRunner& runner, const Layer& layer, const QuantPlan& plan);
/// Expected local error of an activation from its statistics (no forward pass).
SiteReport activationReport(const TensorStats& stats, const QuantSpec& spec);

/// Rows of all inputs and layers in execution order: local weight errors (exact), local activation errors
/// and cumulative errors (both measured over `source` in one lockstep pass; left out without a graph).
Result<std::vector<LayerReport>> analyze(const ModelRunner& runner, const QuantPlan& plan,
                                         const CalibrationResult& calibration, const SampleSource& source,
                                         Progress& progress);

} // namespace bitwright
