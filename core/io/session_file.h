// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/cost.h"
#include "core/analysis/evaluate.h"
#include "core/analysis/saturated.h"
#include "core/analysis/sensitivity.h"
#include "core/base/result.h"
#include "core/calib/calibrate.h"
#include "core/quant/quant_plan.h"
#include "core/run/dataset.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace bitwright {

/// The file of weights that are not those of the session's model (a training's); empty = they are.
struct SessionWeights {
    std::string path, sha256; ///< absolute path
    bool operator==(const SessionWeights&) const = default;
};

/// An evaluation and the plan that was in force.
struct SessionEvaluation {
    Evaluation evaluation;
    Cost cost;
    QuantPlan plan;
    std::string step; ///< the change that led to the plan, for people; may be empty
    SessionWeights weights = {};
    bool operator==(const SessionEvaluation&) const = default;
};

/// A plan under a name.
struct SessionSnapshot {
    std::string name;
    QuantPlan plan;
    SessionWeights weights = {};
    bool operator==(const SessionSnapshot&) const = default;
};

/// The weights that were opened at first, where the session's model has others by now (a training's).
struct SessionOriginal {
    SessionWeights weights;
    Quality quality; ///< in float on the session's data; no samples = not measured
    bool operator==(const SessionOriginal&) const = default;
};

/// Everything that a piece of work is, apart from the model and the data themselves.
struct SessionData {
    std::string modelPath, modelSha256; ///< absolute path
    std::optional<SessionOriginal> original;
    std::string dataPath;               ///< absolute; empty = none
    DataOptions dataOptions;
    QuantPlan plan;
    std::shared_ptr<const CalibrationResult> calibration; ///< may be null
    /// Names of the values of the graph by ValueId: whether the statistics belong to the graph that is read.
    std::vector<std::string> valueNames;
    std::optional<SessionEvaluation> evaluation;
    std::optional<Saturation> saturation; ///< of the plan and samples of `evaluation`
    std::shared_ptr<const SensitivityTable> sensitivity; ///< may be null
    QuantPlan sweptPlan;                                 ///< whose schemes the sensitivity was measured with
    std::vector<SessionSnapshot> snapshots;
    std::vector<SessionEvaluation> measurements; ///< every plan evaluated so far, in that order
    /// JSON texts of whoever asks for the session, by name ([a-z0-9_-]+): "view", "snapshots".
    std::map<std::string, std::string> texts;
};

/// A `.bitwright` file (HDF5, version 1), bit for bit what was given. The plan is the text of the plan file,
/// statistics are datasets, results are JSON whose numbers read back exactly. Not atomic: see saveSession.
Result<void> writeSession(const std::string& path, const SessionData& session);
/// Corrupt, in one sentence, for anything that is not a whole session; Unsupported for a newer version.
Result<SessionData> readSession(const std::string& path);

} // namespace bitwright
