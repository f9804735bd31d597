// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/format.h"
#include "app/cli/table.h"
#include "app/cli/verb.h"
#include "app/cli/verbs.h"
#include "core/io/json_results.h"
#include "core/workbench_compare.h"
#include "core/workbench_saturation.h"

#include <CLI/CLI.hpp>

#include <ostream>

namespace bitwright::cli {
namespace {

struct EvaluateOptions : Options {
    std::optional<double> maxDrop; ///< points of top-1
    std::string floatModel;        ///< what counts as float; "" = the model itself
    bool saturate = false;         ///< add products in 16 bits, too
};

/// Points of top-1 that quantization costs; empty without labels.
std::optional<double> drop(const Evaluation& evaluation)
{
    if (!evaluation.floating.top1 || !evaluation.quantized.top1)
        return std::nullopt;
    return 100 * (*evaluation.floating.top1 - *evaluation.quantized.top1);
}

void addShare(Table& table, const char* name, std::optional<double> a, std::optional<double> b)
{
    const bool both = a && b;
    table.add(
        {name, text::percent(a), text::percent(b), both ? fixedText(100 * (*b - *a), 2) + " points" : "-"});
}

void printQuality(const Evaluation& e, std::ostream& out)
{
    Table table({{""}, {"float", Table::Right}, {"quantized", Table::Right}, {"difference", Table::Right}});
    addShare(table, "top-1", e.floating.top1, e.quantized.top1);
    addShare(table, "top-5", e.floating.top5, e.quantized.top5);
    addShare(table, "precision (macro)", e.floating.macroPrecision, e.quantized.macroPrecision);
    addShare(table, "recall (macro)", e.floating.macroRecall, e.quantized.macroRecall);
    addShare(table, "F1 (macro)", e.floating.macroF1, e.quantized.macroF1);
    const bool both = e.floating.loss && e.quantized.loss;
    table.add({"loss (nat)", fixedText(e.floating.loss, 4), fixedText(e.quantized.loss, 4),
               both ? fixedText(*e.quantized.loss - *e.floating.loss, 4) : "-"});
    table.print(out);
}

void print(const workbench::EvaluateResult& result, std::ostream& out)
{
    const Evaluation& e = result.evaluation;
    const Cost& cost = result.cost;
    if (e.floating.top1)
        printQuality(e, out);
    else
        out << "No labels: accuracy is unknown.\n";
    out << "\nsamples      " << text::count(e.floating.samples) << (e.partial ? " (interrupted)" : "")
        << "\nagreement    " << text::percent(e.agreement) << " equal top-1"
        << "\noutput SQNR  " << text::decibels(e.outputSqnrDb) << "\nsize         " << sizeLine(cost)
        << "\noperations   " << text::magnitude(double(cost.macs), "MAC") << ", "
        << text::magnitude(cost.bops, "BOP") << "\nenergy       "
        << text::magnitude(cost.energyPj / 1e12, "J") << " a sample (" << energyTableName() << ")\n";
}

void printSaturation(const Evaluation& exact, const workbench::Saturation& saturation, std::ostream& out)
{
    out << "\non x86 without VNNI (products of u8 and s8 added in 16 bits):\n";
    Table table(
        {{""}, {"quantized", Table::Right}, {"saturated", Table::Right}, {"difference", Table::Right}});
    addShare(table, "top-1", exact.quantized.top1, saturation.evaluation.quantized.top1);
    addShare(table, "agreement", exact.agreement, saturation.evaluation.agreement);
    table.add({"output SQNR", text::decibels(exact.outputSqnrDb),
               text::decibels(saturation.evaluation.outputSqnrDb),
               fixedText(saturation.evaluation.outputSqnrDb - exact.outputSqnrDb, 2) + " dB"});
    table.print(out);
    if (saturation.layers.empty())
        out << "No layer can saturate.\n";
    Table layers({{"layer"}, {"pairs that can", Table::Right}, {"outputs changed", Table::Right}});
    for (const workbench::SaturatedLayer& layer : saturation.layers)
        layers.add({text::printable(layer.layer), text::percent(layer.risk), text::percent(layer.changed)});
    if (!saturation.layers.empty())
        layers.print(out);
}

nlohmann::ordered_json saturationJson(const workbench::Saturation& saturation)
{
    const nlohmann::ordered_json whole = evaluateJson(saturation.evaluation, {});
    nlohmann::ordered_json json = whole.at("quantized");
    json.erase("confusion");
    json["agreement"] = whole.at("agreement");
    json["output_sqnr_db"] = whole.at("output_sqnr_db");
    json["layers"] = nlohmann::ordered_json::array();
    for (const workbench::SaturatedLayer& layer : saturation.layers)
        json["layers"].push_back(
            {{"name", layer.layer}, {"pairs_at_risk", layer.risk}, {"outputs_changed", layer.changed}});
    return json;
}

/// Exit code 3 where the drop is larger than allowed.
Result<void> checkTarget(const EvaluateOptions& options, const Evaluation& evaluation, Outcome& outcome)
{
    if (!options.maxDrop || evaluation.partial)
        return {};
    const std::optional<double> points = drop(evaluation);
    if (!points)
        return Error{Error::InvalidArgument, "--max-drop needs data with labels.", {}};
    outcome.targetMissed = *points > *options.maxDrop;
    outcome.missed =
        "top-1 drops by " + fixedText(points, 2) + " points; allowed were " + fixedText(options.maxDrop, 2);
    outcome.json["max_drop"] = *options.maxDrop;
    outcome.json["drop"] = *points;
    return {};
}

Result<Outcome> evaluateVerb(Session& session, const EvaluateOptions& options)
{
    BITWRIGHT_TRY(auto model, session.modelWithGraph());
    BITWRIGHT_TRY(const QuantPlan plan, session.plan());
    BITWRIGHT_TRY(const CalibrationResult calibration, session.calibration());
    BITWRIGHT_TRY(const SampleSource source, session.evaluationSource(-1));
    if (!options.floatModel.empty()) {
        BITWRIGHT_TRY(model, workbench::againstFloatModel(*model, options.floatModel, openOptions(options),
                                                          session.progress()));
    }
    BITWRIGHT_TRY(auto result, workbench::evaluate(*model, plan, calibration, source, session.progress()));
    Outcome outcome;
    outcome.json = evaluateJson(result.evaluation, result.cost);
    std::optional<workbench::Saturation> saturated;
    if (options.saturate && !result.evaluation.partial) {
        BITWRIGHT_TRY(saturated,
                      workbench::evaluateSaturated(*model, plan, calibration, source, session.progress()));
    }
    const Evaluation& last = saturated ? saturated->evaluation : result.evaluation;
    outcome.partial = result.evaluation.partial || last.partial;
    if (saturated)
        outcome.json["saturation"] = saturationJson(*saturated);
    BITWRIGHT_CHECK(checkTarget(options, last, outcome));
    outcome.print = [result = std::move(result), saturated = std::move(saturated)](std::ostream& out) {
        print(result, out);
        if (saturated)
            printSaturation(result.evaluation, *saturated, out);
    };
    return outcome;
}

} // namespace

void addEvaluate(CLI::App& program, Run& run)
{
    const auto options = std::make_shared<EvaluateOptions>();
    CLI::App* verb = program.add_subcommand("evaluate", "Accuracy, size and cost: float against quantized");
    addModelOptions(*verb, *options);
    addDataOptions(*verb, *options, "First N samples in stored order; default: all");
    addPlanOptions(*verb, *options);
    verb->add_option("--float", options->floatModel,
                     "The float model to compare with: the one that a quantized MODEL was made from")
        ->type_name("MODEL")
        ->group("Target");
    verb->add_flag("--saturate-int16", options->saturate,
                   "Also as ONNX Runtime computes it on x86 processors without VNNI, where pairs of u8 x s8 "
                   "products saturate at 16 bits")
        ->group("Target");
    verb->add_option("--max-drop", options->maxDrop,
                     "Exit with 3 if top-1 drops by more than this many points (with --saturate-int16: "
                     "saturated)")
        ->check(numberFrom())
        ->type_name("POINTS")
        ->group("Target");
    verb->callback([options, &run] {
        run = [options](const std::string&) {
            return runVerb(*options, Sharing::Workers,
                           [&](Session& session) { return evaluateVerb(session, *options); });
        };
    });
}

} // namespace bitwright::cli
