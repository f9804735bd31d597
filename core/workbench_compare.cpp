// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workbench_compare.h"

#include "core/run/reference_runner.h"

namespace bitwright::workbench {

Result<std::vector<LayerPair>> compareWithFloat(const Model& model, const QuantPlan& plan,
                                                const CalibrationResult& calibration,
                                                const std::string& floatPath, const OpenOptions& options,
                                                const SampleSource& source, Progress& progress)
{
    BITWRIGHT_TRY(const auto reference, openModel(floatPath, options, progress));
    return compareModels(*model.runner, plan, calibration, *reference->runner, source, progress);
}

Result<std::shared_ptr<const Model>> againstFloatModel(const Model& model, const std::string& floatPath,
                                                       const OpenOptions& options, Progress& progress)
{
    BITWRIGHT_TRY(const auto reference, openModel(floatPath, options, progress));
    auto paired = std::make_shared<Model>(model);
    paired->runner = withReference(model.runner, reference->runner);
    return std::shared_ptr<const Model>(std::move(paired));
}

} // namespace bitwright::workbench
