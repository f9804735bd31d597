// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ptq/repair.h"
#include "core/run/trainer.h"
#include "core/workbench.h"

#include <optional>
#include <string>
#include <vector>

namespace bitwright::workbench {

/// What tune() needs beside the model.
struct TuneInput {
    QuantPlan plan;
    SampleSource calibration; ///< for the ranges to start from, and for the tuned model's evaluation
    TrainData train;          ///< without the validation samples
    TrainData validation;
    SampleSource evaluation; ///< what `before` and `after` are measured on
    TrainOptions options;
    std::string out; ///< model file to write; "" = none
};

/// How many weights of a layer are exactly 0.
struct LayerSparsity {
    std::string layer;
    int64_t elements = 0, zeros = 0;
};

/// Everything that the training page and `bitwright-cli tune` show.
struct TuneResult {
    TrainResult training;
    EvaluateResult before, after; ///< as workbench::evaluate gives for the plan, and for the tuned model and
                                  ///< plan; `after` is empty when training.cancelled
    /// The tuned model, opened again where it was written, and its plan with the learned ranges.
    std::shared_ptr<const Model> model;
    QuantPlan plan;
    std::vector<ExportedFile> files;     ///< model and plan
    std::vector<std::string> notes;      ///< what was done beside training, and what could not be
    std::vector<LayerSparsity> sparsity; ///< of the tuned model's layers with weights
    /// Of repairs: the quantized result against the float model that they began with (`after` compares it
    /// with the float model of its own weights, which corrected biases have moved).
    std::optional<Evaluation> original;
};

/// Defaults of a preset for this model, plan and data.
Result<TrainOptions> tuneOptions(const Model& model, const QuantPlan& plan, const TrainData& train,
                                 const std::string& preset);
/// Bytes that training will take beside the opened model; needs no data but its size.
Result<int64_t> tuneMemory(const Model& model, const TrainJob& job);

/// Trains the model under the plan (quantization-aware). With `out`: the float model with the tuned weights
/// goes there, the plan with the learned ranges to tunedPlanPath(out), and what evaluate says of the two
/// files is `after`. Cancelled: the last checkpoint is left where options.checkpoint says; with `out` and an
/// epoch that has ended, the best one is written and the result has no `after` (TrainResult::cancelled).
Result<TuneResult> tune(const Model& model, const TuneInput& input, const TrainListener& listener,
                        const TrainControl& control, Progress& progress);

/// What repair() needs beside the model.
struct RepairInput {
    QuantPlan plan;
    std::vector<std::string> methods; ///< names of repairMethods(), in the order in which they are done
    SampleSource calibration, evaluation;
    std::string out; ///< as for tune()
};
/// Improves the weights for the plan without training (core/ptq). The result is that of a training without
/// epochs.
Result<TuneResult> repair(const Model& model, const RepairInput& input, Progress& progress);

/// "a/b.pt" -> "a/b.plan.json".
std::string tunedPlanPath(const std::string& out);

} // namespace bitwright::workbench
