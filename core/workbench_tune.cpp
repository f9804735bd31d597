// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workbench_tune.h"

#include "core/base/atomic_file.h"
#include "core/graph/channel_place.h"
#include "core/quant/renamed_plan.h"
#include "core/run/workers.h"
#include "core/workbench_files.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>

namespace bitwright::workbench {
namespace {

namespace fs = std::filesystem;

Result<const Backend*> trainingBackend(const Model& model)
{
    for (const Backend& backend : backends())
        if (backend.name == model.format && backend.trainer)
            return &backend;
    return Error{Error::Unsupported, "Models of the format " + model.format + " cannot be trained.",
                 model.path};
}

/// What the original's sidecar says holds for the tuned file as well.
Result<void> writeSidecar(const Model& model, const std::string& out)
{
    const Sidecar& sidecar = model.sidecar;
    if (sidecar.preprocess == Preprocess{} && sidecar.classes.empty() && sidecar.inputShape.empty())
        return {};
    nlohmann::ordered_json json = {{"preprocess", preprocessToJson(sidecar.preprocess)},
                                   {"classes", sidecar.classes}};
    if (!sidecar.inputShape.empty())
        json["input_shape"] = sidecar.inputShape;
    return writeFileAtomically(fs::path(out).replace_extension(".json").string(), json.dump(2) + "\n");
}

Result<void> writeFiles(const Model& model, const Backend& backend, const std::string& out,
                        TuneResult& result, Progress& progress)
{
    if (!backend.save)
        return Error{Error::Unsupported, "Tuned models of the format " + model.format + " cannot be written.",
                     out};
    progress.begin("Writing the tuned model", 0);
    const std::string provenance = "Bitwright " BITWRIGHT_VERSION ", tuned from " +
                                   fs::path(model.path).filename().string() + " (sha256 " + model.sha256 +
                                   ")";
    BITWRIGHT_CHECK(backend.save(*result.training.runner, out, provenance, progress));
    BITWRIGHT_CHECK(writeSidecar(model, out));
    BITWRIGHT_TRY(result.model, openModel(out, optionsLike(model), progress));
    BITWRIGHT_TRY(result.plan,
                  renamedPlan(result.plan, result.training.runner->graph(), result.model->graph()));
    result.plan.modelSha256 = result.model->sha256;
    BITWRIGHT_CHECK(writeFileAtomically(tunedPlanPath(out), planToJson(result.plan)));
    for (const std::string& path : {out, tunedPlanPath(out)}) {
        BITWRIGHT_TRY(ExportedFile file, describeFile(path, path));
        result.files.push_back(std::move(file));
    }
    return {};
}

struct Measuring {
    const SampleSource &calibration, &evaluation;
};

Result<EvaluateResult> evaluated(const Model& model, const QuantPlan& plan, const Measuring& sources,
                                 CalibrationResult& calibration, Progress& progress)
{
    BITWRIGHT_TRY(calibration, calibrate(*model.runner, sources.calibration, progress));
    if (calibration.partial)
        return cancelledError();
    BITWRIGHT_TRY(EvaluateResult result, evaluate(model, plan, calibration, sources.evaluation, progress));
    if (result.evaluation.partial)
        return cancelledError();
    return result;
}

Result<std::vector<LayerSparsity>> sparsityOf(const ModelRunner& runner)
{
    std::vector<LayerSparsity> all;
    for (const Layer& layer : runner.graph().layers) {
        LayerSparsity row{layer.name};
        for (const WeightRef& reference : layer.weights) {
            BITWRIGHT_TRY(const Tensor weight, runner.parameter(reference.parameter));
            const Tensor floats = weight.toFloat();
            row.elements += floats.size();
            row.zeros += std::ranges::count(floats.floats(), 0.0f);
        }
        if (row.elements > 0)
            all.push_back(row);
    }
    return all;
}

/// Layers that pruning left alone, and why.
std::vector<std::string> pruningNotes(const Graph& graph, const PruneOptions& options)
{
    std::vector<std::string> notes;
    for (const Layer& layer : graph.layers)
        for (const WeightRef& weight : layer.weights) {
            if (options.kind == PruneOptions::None || options.kind == PruneOptions::Channels)
                continue;
            if (!isPrunable(layer))
                notes.push_back(layer.name + " is not pruned: " +
                                (isDepthwise(layer)
                                     ? "depthwise filters are few and each is all of its channel."
                                     : "it is no product."));
            else if (const std::string reason = whyNotPruned(weight, options); !reason.empty())
                notes.push_back(layer.name + " is not pruned: it " + reason + ".");
        }
    return notes;
}

/// `changed` (another runner of the same graph) under `plan` against `model` in float.
Result<Evaluation> againstOriginal(const Model& model, const ModelRunner& changed, const QuantPlan& plan,
                                   const Measuring& sources, int64_t classes, Progress& progress)
{
    BITWRIGHT_TRY(const CalibrationResult calibration, calibrate(changed, sources.calibration, progress));
    BITWRIGHT_TRY(const ResolvedPlan resolved, resolvePlan(changed, plan, calibration, progress));
    BITWRIGHT_TRY(RunConfig config, makeRunConfig(changed, resolved, progress));
    for (const Parameter& parameter : changed.graph().parameters) {
        BITWRIGHT_TRY(const Tensor value, changed.parameter(parameter.name));
        if (value.dtype() == DType::F32)
            config.weights.emplace(parameter.name, value);
    }
    BITWRIGHT_TRY(Evaluation result,
                  bitwright::evaluate(*model.runner, config, sources.evaluation, classes, progress));
    if (result.partial)
        return cancelledError();
    return result;
}

} // namespace

std::string tunedPlanPath(const std::string& out)
{
    return fs::path(out).replace_extension(".plan.json").string();
}

Result<TrainOptions> tuneOptions(const Model& model, const QuantPlan& plan, const TrainData& train,
                                 const std::string& preset)
{
    const int64_t samples = train.size();
    return presetOptions(preset, trainFacts(model.graph(), plan, train.dataset.get(), samples));
}

Result<int64_t> tuneMemory(const Model& model, const TrainJob& job)
{
    BITWRIGHT_TRY(const Backend* backend, trainingBackend(model));
    BITWRIGHT_TRY(const auto trainer, backend->trainer(*model.runner, job));
    return trainer->memoryBytes();
}

Result<TuneResult> tune(const Model& model, const TuneInput& input, const TrainListener& listener,
                        const TrainControl& control, Progress& progress)
{
    BITWRIGHT_CHECK(refuseOwnFile(model.path, input.out));
    BITWRIGHT_TRY(const Backend* backend, trainingBackend(model));
    BITWRIGHT_CHECK(validate(input.options));
    const Measuring sources{input.calibration, input.evaluation};
    TuneResult result;
    CalibrationResult calibration;
    BITWRIGHT_TRY(result.before, evaluated(model, input.plan, sources, calibration, progress));
    BITWRIGHT_TRY(ResolvedPlan resolved, resolvePlan(*model.runner, input.plan, calibration, progress));
    BITWRIGHT_TRY(const auto trainer,
                  backend->trainer(*model.runner, {input.plan, std::move(resolved), input.train,
                                                   input.validation, input.options}));
    BITWRIGHT_TRY(result.training, trainer->train(listener, control, progress));
    if (result.training.cancelled && input.out.empty())
        return cancelledError();
    result.plan = result.training.plan;
    result.notes = result.training.notes;
    for (std::string& note : pruningNotes(model.graph(), input.options.prune))
        result.notes.push_back(std::move(note));
    auto tuned = std::make_shared<Model>(model);
    tuned->runner = result.training.runner;
    result.model = std::move(tuned);
    Progress rest; // `progress` of a cancelled run would end what keeps the best epoch
    const bool cancelled = result.training.cancelled;
    if (!input.out.empty() && workers().isFirst())
        BITWRIGHT_CHECK(writeFiles(model, *backend, input.out, result, cancelled ? rest : progress));
    BITWRIGHT_TRY(result.sparsity, sparsityOf(*result.model->runner));
    if (cancelled)
        return result;
    BITWRIGHT_TRY(result.after, evaluated(*result.model, result.plan, sources, calibration, progress));
    return result;
}

Result<TuneResult> repair(const Model& model, const RepairInput& input, Progress& progress)
{
    BITWRIGHT_CHECK(refuseOwnFile(model.path, input.out));
    BITWRIGHT_TRY(const Backend* backend, trainingBackend(model));
    const Measuring sources{input.calibration, input.evaluation};
    TuneResult result;
    CalibrationResult calibration;
    BITWRIGHT_TRY(result.before, evaluated(model, input.plan, sources, calibration, progress));
    const auto begun = std::chrono::steady_clock::now();
    BITWRIGHT_TRY(Repaired repaired,
                  bitwright::repair(*model.runner, input.plan, input.calibration, input.methods, progress));
    result.training.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    result.training.runner = repaired.runner;
    result.training.plan = result.plan = std::move(repaired.plan);
    result.notes = std::move(repaired.notes);
    const int64_t classes = int64_t(result.before.evaluation.quantized.confusion.size());
    BITWRIGHT_TRY(result.original,
                  againstOriginal(model, *repaired.runner, result.plan, sources, classes, progress));
    auto changed = std::make_shared<Model>(model);
    changed->runner = repaired.runner;
    result.model = std::move(changed);
    if (!input.out.empty() && workers().isFirst())
        BITWRIGHT_CHECK(writeFiles(model, *backend, input.out, result, progress));
    BITWRIGHT_TRY(result.sparsity, sparsityOf(*result.model->runner));
    BITWRIGHT_TRY(result.after, evaluated(*result.model, result.plan, sources, calibration, progress));
    return result;
}

} // namespace bitwright::workbench
