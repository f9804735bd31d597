// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/analyze.h"
#include "core/analysis/cost.h"
#include "core/analysis/evaluate.h"
#include "core/analysis/sensitivity.h"
#include "core/calib/calibrate.h"
#include "core/quant/quant_plan.h"
#include "core/run/backend.h"

#include <string>
#include <vector>

namespace bitwright {

/// What a report shows. Pointers are only read during the call; those marked may be null.
struct ReportData {
    std::string modelPath, modelSha256, modelFormat;
    int64_t modelBytes = 0;
    const ModelRunner* runner = nullptr; ///< weights for the histograms
    const QuantPlan* plan = nullptr;
    const CalibrationResult* calibration = nullptr;
    const std::vector<LayerReport>* layers = nullptr;
    const Evaluation* evaluation = nullptr;        ///< may be null
    const Cost* cost = nullptr;                    ///< may be null
    const SensitivityTable* sensitivity = nullptr; ///< may be null
    std::vector<std::string> classes;              ///< may be shorter than the confusion matrix
    std::string dataDescription, command, date;    ///< sentences; may be empty
};

/// One HTML file that needs nothing else: no scripts, no network, styles and plots inside; follows the
/// reader's light or dark setting and prints. Names are escaped, whatever they hold. Layers come worst first
/// (by their lower local SQNR). The same data gives the same bytes.
Result<std::string> reportHtml(const ReportData& data);

} // namespace bitwright
