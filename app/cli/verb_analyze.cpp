// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/format.h"
#include "app/cli/table.h"
#include "app/cli/verb.h"
#include "app/cli/verbs.h"
#include "core/io/json_results.h"
#include "core/workbench_compare.h"

#include <CLI/CLI.hpp>

#include <cmath>
#include <ostream>

namespace bitwright::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr int64_t kDefaultLimit = 256;

std::string specText(const std::optional<SiteReport>& site)
{
    return site ? describe(site->spec) : "-";
}

std::string sqnrText(const std::optional<SiteReport>& site)
{
    return site ? text::decibels(site->error.sqnrDb()) : "-";
}

std::string clippedText(const std::optional<SiteReport>& site)
{
    return site ? text::percent(site->error.clippedShare()) : "-";
}

void print(const std::vector<LayerReport>& layers, std::ostream& out)
{
    Table table({{"layer"},
                 {"weights"},
                 {"SQNR", Table::Right},
                 {"clipped", Table::Right},
                 {"bytes", Table::Right},
                 {"activations"},
                 {"SQNR", Table::Right},
                 {"clipped", Table::Right},
                 {"cumulative", Table::Right}});
    for (const LayerReport& row : layers)
        table.add({row.name, specText(row.weight), sqnrText(row.weight), clippedText(row.weight),
                   row.weight ? text::count(row.weight->bytes) : "-", specText(row.activation),
                   sqnrText(row.activation), clippedText(row.activation),
                   text::decibels(row.cumulativeSqnrDb)});
    table.print(out);
    out << "\nSQNR is local (a tensor by its own quantizer); cumulative is float against the whole plan at "
           "that "
           "output.\n";
}

struct AnalyzeOptions : Options {
    std::string floatModel; ///< a float model to compare with as well; "" = none
};

/// The layers against those of the float model that was given: under "float_model", and in a table of its
/// own.
Result<std::vector<LayerPair>> againstFloat(Session& session, const AnalyzeOptions& options,
                                            const Model& model, const QuantPlan& plan,
                                            const CalibrationResult& calibration, const SampleSource& source)
{
    if (options.floatModel.empty())
        return std::vector<LayerPair>();
    return workbench::compareWithFloat(model, plan, calibration, options.floatModel, openOptions(options),
                                       source, session.progress());
}

Json pairsJson(const std::vector<LayerPair>& pairs)
{
    const auto decibel = [](const std::optional<ErrorSums>& sums) {
        return sums && std::isfinite(sums->sqnrDb()) ? Json(sums->sqnrDb()) : Json();
    };
    Json rows = Json::array();
    for (const LayerPair& pair : pairs)
        rows.push_back({{"name", pair.name},
                        {"float_name", pair.reference.empty() ? Json() : Json(pair.reference)},
                        {"weight_sqnr_db", decibel(pair.weight)},
                        {"output_sqnr_db", decibel(pair.output)}});
    return rows;
}

void print(const std::vector<LayerPair>& pairs, std::ostream& out)
{
    if (pairs.empty())
        return;
    const auto text = [](const std::optional<ErrorSums>& sums) {
        return sums ? text::decibels(sums->sqnrDb()) : std::string("-");
    };
    Table table({{"layer"}, {"of the float model"}, {"weights", Table::Right}, {"output", Table::Right}});
    for (const LayerPair& pair : pairs)
        table.add(
            {pair.name, pair.reference.empty() ? "-" : pair.reference, text(pair.weight), text(pair.output)});
    out << "\nAgainst the float model (SQNR):\n";
    table.print(out);
}

Result<Outcome> analyzeVerb(Session& session, const AnalyzeOptions& options)
{
    BITWRIGHT_TRY(const auto model, session.model());
    BITWRIGHT_TRY(const QuantPlan plan, session.plan());
    BITWRIGHT_TRY(const CalibrationResult calibration, session.calibration());
    BITWRIGHT_TRY(const SampleSource source, session.evaluationSource(kDefaultLimit));
    BITWRIGHT_TRY(auto layers, analyze(*model->runner, plan, calibration, source, session.progress()));
    BITWRIGHT_TRY(auto pairs, againstFloat(session, options, *model, plan, calibration, source));
    Outcome outcome;
    outcome.json = analyzeJson(layers);
    std::optional<Cost> cost;
    if (!model->hasGraph()) { // there is no evaluation that would say it
        BITWRIGHT_TRY(cost, workbench::cost(*model, plan, calibration, session.progress()));
        outcome.json["size"] = sizeJson(*cost);
    }
    if (!pairs.empty())
        outcome.json["float_model"] = pairsJson(pairs);
    outcome.print = [layers = std::move(layers), pairs = std::move(pairs), cost](std::ostream& out) {
        print(layers, out);
        if (cost)
            out << "size: " << sizeLine(*cost) << "\n";
        print(pairs, out);
    };
    return outcome;
}

} // namespace

void addAnalyze(CLI::App& program, Run& run)
{
    const auto options = std::make_shared<AnalyzeOptions>();
    CLI::App* verb = program.add_subcommand("analyze", "Error of every weight and activation under a plan");
    addModelOptions(*verb, *options);
    addDataOptions(*verb, *options,
                   "First N samples to measure errors on; default: " + std::to_string(kDefaultLimit));
    addPlanOptions(*verb, *options);
    verb->add_option(
            "--float", options->floatModel,
            "A float model to compare with, layer by layer: the one that a quantized MODEL was made from")
        ->type_name("MODEL")
        ->group("Target");
    verb->callback([options, &run] {
        run = [options](const std::string&) {
            return runVerb(*options, Sharing::Workers,
                           [&](Session& session) { return analyzeVerb(session, *options); });
        };
    });
}

} // namespace bitwright::cli
