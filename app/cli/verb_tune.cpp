// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/format.h"
#include "app/cli/table.h"
#include "app/cli/tune_options.h"
#include "app/cli/verb.h"
#include "app/cli/verbs.h"
#include "core/io/json_results.h"
#include "core/workbench_session.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <ostream>

namespace bitwright::cli {
namespace {

using Json = nlohmann::ordered_json;

Json orNull(std::optional<double> value)
{
    return value && std::isfinite(*value) ? Json(*value) : Json(nullptr);
}

Json epochJson(const EpochRecord& record)
{
    Json scales = Json::array();
    for (const SiteScale& s : record.scales)
        scales.push_back({{"layer", s.layer},
                          {"what", s.weight ? "weights" : "activations"},
                          {"scale", s.scale},
                          {"zero_point", s.zeroPoint}});
    return {{"epoch", record.epoch},
            {"loss", orNull(record.loss)},
            {"top1", orNull(record.top1)},
            {"train_top1", orNull(record.trainTop1)},
            {"validation_loss", orNull(record.validationLoss)},
            {"lr", record.lr},
            {"seconds", record.seconds},
            {"scales", std::move(scales)}};
}

/// [0] is before training and stands apart.
Json epochsJson(const std::vector<EpochRecord>& records)
{
    Json all = Json::array();
    for (const EpochRecord& record : records)
        if (record.epoch > 0)
            all.push_back(epochJson(record));
    return all;
}

Json measuredJson(const workbench::EvaluateResult& result)
{
    const Quality& q = result.evaluation.quantized;
    Json json = {{"top1", orNull(q.top1)},
                 {"top5", orNull(q.top5)},
                 {"loss", orNull(q.loss)},
                 {"float_top1", orNull(result.evaluation.floating.top1)}};
    json.update(evaluateJson(result.evaluation, result.cost));
    return json;
}

Json resultJson(const workbench::TuneResult& result)
{
    Json layers = Json::array();
    for (const workbench::LayerSparsity& row : result.sparsity)
        layers.push_back({{"name", row.layer},
                          {"weights", row.elements},
                          {"sparsity", double(row.zeros) / double(row.elements)}});
    Json against = nullptr;
    if (result.original)
        against = {{"agreement", orNull(result.original->agreement)},
                   {"output_sqnr_db", orNull(result.original->outputSqnrDb)}};
    Json files = Json::array();
    for (const ExportedFile& file : result.files)
        files.push_back({{"path", file.path}, {"bytes", file.bytes}, {"sha256", file.sha256}});
    return {{"epochs", epochsJson(result.training.epochs)},
            {"start", result.training.epochs.empty() ? Json(nullptr) : epochJson(result.training.epochs[0])},
            {"best_epoch", result.training.bestEpoch},
            {"before", measuredJson(result.before)},
            {"after", result.training.cancelled ? Json(nullptr) : measuredJson(result.after)},
            {"after_against_original", std::move(against)},
            {"notes", result.notes},
            {"layers", std::move(layers)},
            {"stopped_early", result.training.stopped},
            {"steps", result.training.steps},
            {"training_seconds", result.training.seconds},
            {"files", std::move(files)},
            {"plan", Json::parse(planToJson(result.plan))}};
}

/// A result file named like the tuned model is taken for its sidecar: it holds what a sidecar holds.
void addSidecar(const Sidecar& sidecar, Json& json)
{
    json["preprocess"] = preprocessToJson(sidecar.preprocess);
    json["classes"] = sidecar.classes;
    if (!sidecar.inputShape.empty())
        json["input_shape"] = sidecar.inputShape;
}

void printEpochs(const TrainResult& training, std::ostream& out)
{
    Table epochs({{"epoch", Table::Right},
                  {"loss", Table::Right},
                  {"validation top-1", Table::Right},
                  {"validation loss", Table::Right},
                  {"time", Table::Right}});
    for (const EpochRecord& r : training.epochs)
        epochs.add({std::to_string(r.epoch) + (r.epoch == training.bestEpoch ? " *" : ""),
                    fixedText(r.loss, 4), text::percent(r.top1), fixedText(r.validationLoss, 4),
                    durationText(r.seconds)});
    epochs.print(out);
    out << "(0 = before training, * = kept)\n\n";
}

void printSparsity(const workbench::TuneResult& result, std::ostream& out)
{
    Table table({{"layer"}, {"weights", Table::Right}, {"zero", Table::Right}});
    for (const workbench::LayerSparsity& row : result.sparsity)
        table.add({text::printable(row.layer), text::count(row.elements),
                   text::percent(double(row.zeros) / double(row.elements))});
    table.print(out);
    out << "size " << sizeLine(result.after.cost) << "\n\n";
}

void printAfter(const workbench::TuneResult& result, std::ostream& out)
{
    const Evaluation &before = result.before.evaluation, &after = result.after.evaluation;
    Table table({{""}, {"float", Table::Right}, {"before", Table::Right}, {"after", Table::Right}});
    table.add({"top-1", text::percent(before.floating.top1), text::percent(before.quantized.top1),
               text::percent(after.quantized.top1)});
    table.add({"loss (nat)", fixedText(before.floating.loss, 4), fixedText(before.quantized.loss, 4),
               fixedText(after.quantized.loss, 4)});
    table.add({"output SQNR", "-", text::decibels(before.outputSqnrDb),
               text::decibels(result.original ? result.original->outputSqnrDb : after.outputSqnrDb)});
    table.print(out);
    out << "\n";
    if (std::any_of(result.sparsity.begin(), result.sparsity.end(),
                    [](const auto& row) { return row.zeros > 0; }))
        printSparsity(result, out);
}

void print(const workbench::TuneResult& result, std::ostream& out)
{
    for (const std::string& note : result.notes)
        out << text::printable(note) << "\n";
    if (!result.training.epochs.empty())
        printEpochs(result.training, out);
    if (result.training.cancelled)
        out << "Interrupted; of the epochs that have ended, the best is kept.\n\n";
    else
        printAfter(result, out);
    if (result.training.steps > 0)
        out << text::count(result.training.steps) << " steps in ";
    out << durationText(result.training.seconds) << "\n";
    for (const ExportedFile& file : result.files)
        out << text::printable(file.path) << "  " << text::bytes(file.bytes) << "\n";
}

/// Epochs as they come: for people on standard error, and kept should the run be interrupted.
TrainListener epochListener(Session& session, const TrainOptions& options, std::vector<EpochRecord>& records)
{
    TrainListener listener;
    listener.epoch = [&session, &records, total = options.epochs](const EpochRecord& r) {
        records.push_back(r);
        session.progress().note("epoch " + std::to_string(r.epoch) + " of " + std::to_string(total) +
                                ": loss " + fixedText(r.loss, 4) + ", validation top-1 " +
                                text::percent(r.top1));
    };
    return listener;
}

Result<workbench::TuneInput> tuneInput(Session& session, const TuneOptions& options)
{
    workbench::TuneInput input;
    BITWRIGHT_TRY(const auto model, session.modelWithGraph());
    BITWRIGHT_TRY(input.plan, session.plan());
    BITWRIGHT_TRY(input.calibration, session.calibrationSource(options.calibLimit));
    BITWRIGHT_TRY(input.evaluation, session.evaluationSource(-1));
    TrainData all;
    all.dataset = input.calibration.dataset;
    all.randomSamples = options.trainLimit > 0 ? options.trainLimit : 2048;
    if (all.dataset)
        all.indices = calibrationSubset(all.dataset->size(), options.trainLimit, options.seed);
    if (all.dataset && splitOf(*all.dataset) == splitOf(*input.evaluation.dataset))
        session.progress().note(
            "training and evaluation use the same part of the data, which flatters the result");
    BITWRIGHT_TRY(const TrainOptions defaults,
                  workbench::tuneOptions(*model, input.plan, all, options.preset));
    input.options = applied(options, defaults);
    const TrainSplit split = splitForValidation(all, input.options.batch, options.seed);
    input.train = split.train;
    input.validation = split.validation;
    input.out = options.out;
    return input;
}

/// --method names repairs: no epochs, no labels.
Result<Outcome> repairVerb(Session& session, const TuneOptions& options)
{
    BITWRIGHT_TRY(const auto model, session.modelWithGraph());
    workbench::RepairInput input;
    BITWRIGHT_TRY(input.plan, session.plan());
    BITWRIGHT_TRY(input.calibration, session.calibrationSource(options.calibLimit));
    BITWRIGHT_TRY(input.evaluation, session.evaluationSource(-1));
    input.methods = repairsOf(options);
    input.out = options.out;
    if (options.epochs)
        session.progress().note("repairs have no epochs: --epochs is not used");
    BITWRIGHT_TRY(const workbench::TuneResult result, workbench::repair(*model, input, session.progress()));
    Outcome outcome;
    outcome.json["training"] = {{"method", *options.method},
                                {"calibration_samples", sampleCount(input.calibration)}};
    addSidecar(model->sidecar, outcome.json);
    outcome.json.update(resultJson(result));
    outcome.print = [result](std::ostream& out) { print(result, out); };
    return outcome;
}

/// Few bits at both ends of a model, of its input above all, cost more accuracy than anywhere else.
void noteEnds(Session& session, const Model& model, const QuantPlan& plan)
{
    QuantPlan raised = plan;
    setFirstLast(raised, model.graph(), 8);
    if (trainFacts(model.graph(), plan, nullptr, 0).lowestBits <= 4 && raised != plan)
        session.progress().note("with --first-last 8 the model's input and both ends get 8 bits, which costs "
                                "little and often saves much");
}

Result<Outcome> tuneVerb(Session& session, const TuneOptions& options)
{
    if (!repairsOf(options).empty())
        return repairVerb(session, options);
    BITWRIGHT_TRY(const auto model, session.modelWithGraph());
    BITWRIGHT_TRY(const workbench::TuneInput input, tuneInput(session, options));
    BITWRIGHT_TRY(
        const int64_t memory,
        workbench::tuneMemory(*model, {input.plan, {}, input.train, input.validation, input.options}));
    session.progress().note("training on " + text::count(input.train.size()) + " samples, validating on " +
                            text::count(input.validation.size()) + ", about " + text::bytes(memory) +
                            " of memory");
    noteEnds(session, *model, input.plan);
    Outcome outcome;
    outcome.json["training"] = trainOptionsToJson(input.options);
    outcome.json["training"]["train_samples"] = input.train.size();
    outcome.json["training"]["validation_samples"] = input.validation.size();
    outcome.json["memory_bytes"] = memory;
    addSidecar(model->sidecar, outcome.json);
    std::vector<EpochRecord> records;
    const TrainListener listener = epochListener(session, input.options, records);
    const TrainControl control;
    auto result = workbench::tune(*model, input, listener, control, session.progress());
    if (!result && result.error().code == Error::Cancelled) {
        outcome.json["epochs"] = epochsJson(records);
        outcome.partial = true;
        return outcome;
    }
    if (!result)
        return result.error();
    outcome.partial = result->training.cancelled;
    if (!outcome.partial && options.checkpoint.empty() && options.resume.empty() &&
        !input.options.checkpoint.empty()) {
        std::error_code ignored; // the run has ended: nothing is left to resume
        std::filesystem::remove(input.options.checkpoint, ignored);
    }
    outcome.json.update(resultJson(*result));
    outcome.print = [result = std::move(*result)](std::ostream& out) { print(result, out); };
    return outcome;
}

} // namespace

void addTune(CLI::App& program, Run& run)
{
    const auto options = std::make_shared<TuneOptions>();
    CLI::App* verb = program.add_subcommand(
        "tune", "Quantization-aware training: weights and ranges learn under the plan");
    addModelOptions(*verb, *options);
    addDataOptions(*verb, *options,
                   "Samples of the evaluation before and after, in stored order; default: all");
    addPlanOptions(*verb, *options);
    addTuneOptions(*verb, *options);
    verb->callback([options, verb, &run] {
        options->trainBatch = verb->count("--batch") > 0 ? options->batch : 0;
        if (verb->count("--distill") > 0)
            options->distill = options->distillWeight;
        run = [options](const std::string&) {
            return runVerb(*options, Sharing::Workers,
                           [&](Session& session) { return tuneVerb(session, *options); });
        };
    });
}

} // namespace bitwright::cli
