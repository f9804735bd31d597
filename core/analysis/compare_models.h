// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/error_metrics.h"
#include "core/calib/calibrate.h"

#include <optional>
#include <string>
#include <vector>

namespace bitwright {

/// One layer of a model under its plan against the same layer of another, float model.
struct LayerPair {
    std::string name, reference; ///< names of the two layers; `reference` is empty where there is none
    std::optional<ErrorSums> weight, output;
};

/// Layers with the same name belong together; the others in order of execution among those of the same kind
/// with weights of the same shapes. Both run over `source`; a layer's output is taken before its quantizer. A
/// layer whose output has another shape in the other model has no output error.
Result<std::vector<LayerPair>> compareModels(const ModelRunner& model, const QuantPlan& plan,
                                             const CalibrationResult& calibration,
                                             const ModelRunner& reference, const SampleSource& source,
                                             Progress& progress);

} // namespace bitwright
