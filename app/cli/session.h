// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/options.h"
#include "app/cli/progress_bar.h"
#include "core/workbench.h"

#include <nlohmann/json.hpp>

#include <memory>
#include <string>

namespace bitwright::cli {

/// One run of a verb: opens what the options name, remembers how everything was resolved. Each piece is
/// opened when it is first asked for.
class Session {
public:
    explicit Session(const Options& options);

    const Options& options() const { return m_options; }
    ProgressBar& progress() { return m_progress; }
    /// The options as resolved so far, for the "options" of the JSON.
    const nlohmann::ordered_json& resolved() const { return m_resolved; }

    /// Options that need a graph are refused for a file that holds weights only.
    Result<std::shared_ptr<const Model>> model();
    /// For verbs that run the model: one sentence where the file holds weights only.
    Result<std::shared_ptr<const Model>> modelWithGraph();
    /// Fills in the hash of a model that opened without.
    Result<void> hashModel();
    /// The model if it is open already, else nullptr.
    const Model* openedModel() const { return m_model.get(); }
    /// The evaluation split in stored order; random data without --data (a note says so).
    Result<SampleSource> evaluationSource(int64_t defaultLimit);
    /// The train split where the source has one, else the evaluation split; the first `limit` after the
    /// seeded shuffle.
    Result<SampleSource> calibrationSource(int64_t limit);
    /// For verbs that measure only: --split and --limit mean the calibration data.
    Result<SampleSource> measuringSource(int64_t defaultLimit);
    Result<QuantPlan> plan();
    /// Calibrates over calibrationSource(--calib-limit). Cancelled when interrupted.
    Result<CalibrationResult> calibration();
    /// "10,000 images 28x28x1 (IDX), 10 classes" or what random data is used.
    std::string dataDescription() const { return m_dataDescription; }
    /// Names of the classes as the data or the model say; may be empty.
    std::vector<std::string> classes() const;

private:
    Result<std::shared_ptr<const Dataset>> openSplit(const std::string& split);
    /// The shape of the data's samples where neither option nor sidecar give the model's.
    Result<OpenOptions> resolvedOpenOptions();
    Result<void> refuseGraphOptions() const;
    void describeRandom(int64_t samples);
    Result<QuantPlan> basePlan();
    void checkPlan(const QuantPlan& plan);

    const Options& m_options;
    ProgressBar m_progress;
    nlohmann::ordered_json m_resolved;
    std::shared_ptr<const Model> m_model;
    std::shared_ptr<const Dataset> m_data;
    std::string m_dataDescription;
};

} // namespace bitwright::cli
