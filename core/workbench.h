// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/analyze.h"
#include "core/analysis/cost.h"
#include "core/analysis/evaluate.h"
#include "core/analysis/sensitivity.h"
#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/calib/calibrate.h"
#include "core/io/export_result.h"
#include "core/quant/quant_plan.h"
#include "core/run/backend.h"
#include "core/run/dataset.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace bitwright {

/// An opened model: immutable and shared, so a job keeps what it started with.
struct Model {
    std::string path, sha256, format; ///< format: "torchscript"; sha256: see withSha256
    int64_t fileBytes = 0;
    Sidecar sidecar;
    std::shared_ptr<const ModelRunner> runner;

    const Graph& graph() const { return runner->graph(); }
    /// False for files that hold weights only: nothing that needs a run applies to them.
    bool hasGraph() const { return !graph().nodes.empty() || !graph().outputNames.empty(); }
};

/// The porter. Every verb of the window and of the command line is one of these functions: values in,
/// values out, synchronous, cancellable. They call the rooms and hold no state.
namespace workbench {

/// Recognises the file by content and reads it with its sidecar. Without `options.inputShapes` the
/// sidecar's are used.
Result<std::shared_ptr<const Model>> openModel(const std::string& path, const OpenOptions& options,
                                               Progress& progress);
/// openModel leaves the hash of large files of weights empty, since 20 GB would take a minute; this makes up
/// for it.
Result<std::shared_ptr<const Model>> withSha256(std::shared_ptr<const Model> model);
/// Why nothing that needs a run can be done with `model`, and how to get one with which it can; nothing where
/// it has a graph.
Result<void> needsGraph(const Model& model);
Result<std::shared_ptr<const Dataset>> openData(const std::string& path, const DataOptions& options,
                                                const Model* model, Progress& progress);

/// Samples to calibrate with (seeded shuffle) and to evaluate on (stored order); limit < 0 = all.
SampleSource calibrationSource(std::shared_ptr<const Dataset> data, int64_t limit, int64_t batch,
                               uint64_t seed);
SampleSource evaluationSource(std::shared_ptr<const Dataset> data, int64_t limit, int64_t batch,
                              uint64_t seed);

/// Classes of the labels; 0 lets an evaluation take the number of outputs.
int64_t classCount(const Model& model, const SampleSource& source);

struct StatsResult {
    CalibrationResult calibration;
    std::vector<std::pair<std::string, TensorStats>> weights; ///< parameter name, with channels
};
/// Weight statistics, and with a source those of the activations.
Result<StatsResult> stats(const Model& model, const SampleSource* source, Progress& progress);

/// Resolves the plan and runs float against quantized; with the cost of the plan.
struct EvaluateResult {
    Evaluation evaluation;
    Cost cost;
};
Result<EvaluateResult> evaluate(const Model& model, const QuantPlan& plan,
                                const CalibrationResult& calibration, const SampleSource& source,
                                Progress& progress);
Result<Cost> cost(const Model& model, const QuantPlan& plan, const CalibrationResult& calibration,
                  Progress& progress);

/// Reads a plan file, or AIMET encodings (0.6.1 and 1.0.0) whose names are those of `model`.
Result<QuantPlan> readPlan(const Model& model, const std::string& path);

/// Formats that exportModel writes, with one sentence each for menus and help.
struct ExportFormat {
    std::string name, description, suffix;
};
std::vector<ExportFormat> exportFormats();
/// Those that apply to `model`: without a graph no format that runs.
std::vector<ExportFormat> exportFormats(const Model& model);

using bitwright::ExportedFile;
using bitwright::ExportResult;
using bitwright::Parity;

/// What some formats ask beyond the plan.
struct ExportOptions {
    int opset = 0; ///< ONNX: version of the operators; 0 = the lowest that holds the plan
    ExportTarget target = ExportTarget::OnnxRuntime; ///< ONNX
    bool reduceRange = false; ///< 8-bit weights become 7-bit: no overflow of 16-bit sums without VNNI
};

/// Resolves the plan, writes `path` (atomically: an earlier file stays when anything fails) and, for formats
/// that run, opens the written file again and compares it with the simulation over `paritySource`.
/// InvalidArgument names the known formats.
Result<ExportResult> exportModel(const Model& model, const QuantPlan& plan,
                                 const CalibrationResult& calibration, const std::string& format,
                                 const std::string& path, const SampleSource& paritySource,
                                 Progress& progress, const ExportOptions& options = {});

/// One self-contained HTML file of everything known about the plan.
struct ReportInput {
    const Model* model = nullptr;
    const QuantPlan* plan = nullptr;
    const CalibrationResult* calibration = nullptr;
    const std::vector<LayerReport>* layers = nullptr;
    const EvaluateResult* evaluation = nullptr;    ///< may be null
    const Cost* cost = nullptr;                    ///< where there is no evaluation; may be null
    const SensitivityTable* sensitivity = nullptr; ///< may be null
    std::string dataDescription;
    std::string command; ///< how it was made; may be empty
};
Result<ExportedFile> writeReport(const ReportInput& input, const std::string& path);

} // namespace workbench
} // namespace bitwright
