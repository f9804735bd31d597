// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/format.h"
#include "app/cli/table.h"
#include "app/cli/verb.h"
#include "app/cli/verbs.h"
#include "core/io/json_results.h"

#include <CLI/CLI.hpp>

#include <ostream>

namespace bitwright::cli {
namespace {

constexpr int64_t kDefaultLimit = 256;

std::string specText(const std::optional<SiteReport>& site)
{
    return site ? describe(site->spec) : "-";
}

std::string sqnrText(const std::optional<SiteReport>& site)
{
    return site ? decibelText(site->error.sqnrDb()) : "-";
}

std::string clippedText(const std::optional<SiteReport>& site)
{
    return site ? percentText(site->error.clippedShare()) : "-";
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
                   row.weight ? countText(row.weight->bytes) : "-", specText(row.activation),
                   sqnrText(row.activation), clippedText(row.activation), decibelText(row.cumulativeSqnrDb)});
    table.print(out);
    out << "\nSQNR is local (a tensor by its own quantizer); cumulative is float against the whole plan at "
           "that "
           "output.\n";
}

Result<Outcome> analyzeVerb(Session& session)
{
    BITWRIGHT_TRY(const auto model, session.model());
    BITWRIGHT_TRY(const QuantPlan plan, session.plan());
    BITWRIGHT_TRY(const CalibrationResult calibration, session.calibration());
    BITWRIGHT_TRY(const SampleSource source, session.evaluationSource(kDefaultLimit));
    BITWRIGHT_TRY(auto layers, analyze(*model->runner, plan, calibration, source, session.progress()));
    Outcome outcome;
    outcome.json = analyzeJson(layers);
    outcome.print = [layers = std::move(layers)](std::ostream& out) { print(layers, out); };
    return outcome;
}

} // namespace

void addAnalyze(CLI::App& program, Run& run)
{
    const auto options = std::make_shared<Options>();
    CLI::App* verb = program.add_subcommand("analyze", "Error of every weight and activation under a plan");
    addModelOptions(*verb, *options);
    addDataOptions(*verb, *options,
                   "First N samples to measure errors on; default: " + std::to_string(kDefaultLimit));
    addPlanOptions(*verb, *options);
    verb->callback(
        [options, &run] { run = [options](const std::string&) { return runVerb(*options, analyzeVerb); }; });
}

} // namespace bitwright::cli
