// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/compare_models.h"
#include "core/workbench.h"

namespace bitwright::workbench {

/// Opens `floatPath` and compares `model` under its plan with it, layer by layer (see compareModels).
Result<std::vector<LayerPair>> compareWithFloat(const Model& model, const QuantPlan& plan,
                                                const CalibrationResult& calibration,
                                                const std::string& floatPath, const OpenOptions& options,
                                                const SampleSource& source, Progress& progress);

/// `model` whose float side in evaluate() is the float model at `floatPath`.
Result<std::shared_ptr<const Model>> againstFloatModel(const Model& model, const std::string& floatPath,
                                                       const OpenOptions& options, Progress& progress);

} // namespace bitwright::workbench
