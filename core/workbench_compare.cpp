// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workbench_compare.h"

namespace bitwright::workbench {

Result<std::vector<LayerPair>> compareWithFloat(const Model& model, const QuantPlan& plan,
                                                const CalibrationResult& calibration,
                                                const std::string& floatPath, const OpenOptions& options,
                                                const SampleSource& source, Progress& progress)
{
    BITWRIGHT_TRY(const auto reference, openModel(floatPath, options, progress));
    return compareModels(*model.runner, plan, calibration, *reference->runner, source, progress);
}

} // namespace bitwright::workbench
