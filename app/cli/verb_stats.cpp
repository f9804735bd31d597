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

void addRow(Table& table, const std::string& site, const char* kind, const TensorStats& stats)
{
    const Moments& all = stats.all;
    const bool any = all.count > 0;
    const auto number = [&](double value) { return any ? numberText(value) : std::string("-"); };
    table.add({site, kind, text::sizes(stats.shape), text::count(all.count), number(all.min), number(all.max),
               number(all.mean()), number(all.std()),
               any ? text::percent(double(stats.zeros) / double(all.count)) : "-"});
}

void print(const Model& model, const workbench::StatsResult& result, std::ostream& out)
{
    Table table({{"tensor"},
                 {"kind"},
                 {"shape"},
                 {"values", Table::Right},
                 {"min", Table::Right},
                 {"max", Table::Right},
                 {"mean", Table::Right},
                 {"std", Table::Right},
                 {"zeros", Table::Right}});
    for (const auto& [parameter, stats] : result.weights)
        addRow(table, parameter, "weight", stats);
    for (const auto& [id, stats] : result.calibration.activations) {
        const Value& value = model.graph().values[size_t(id)];
        addRow(table, value.name, value.producer == kNone ? "input" : "activation", stats);
    }
    table.print(out);
    if (result.calibration.samples > 0)
        out << "\nactivations over " << text::count(result.calibration.samples) << " samples\n";
}

Result<Outcome> stats(Session& session)
{
    BITWRIGHT_TRY(const auto model, session.model());
    std::optional<SampleSource> source;
    if (!session.options().data.empty()) {
        BITWRIGHT_TRY(source, session.measuringSource(-1));
    }
    auto result = workbench::stats(*model, source ? &*source : nullptr, session.progress());
    if (!result)
        return result.error();
    const auto shared = std::make_shared<workbench::StatsResult>(*std::move(result));
    Outcome outcome;
    outcome.json = statsJson(model->graph(), shared->calibration, shared->weights);
    outcome.partial = shared->calibration.partial;
    outcome.print = [model, shared](std::ostream& out) { print(*model, *shared, out); };
    return outcome;
}

} // namespace

void addStats(CLI::App& program, Run& run)
{
    const auto options = std::make_shared<Options>();
    CLI::App* verb = program.add_subcommand(
        "stats",
        "Statistics of the weights and, with --data, of the activations (train split unless --split)");
    addModelOptions(*verb, *options);
    addDataOptions(*verb, *options, "First N samples after the seeded shuffle; default: all");
    verb->add_option("--calib-limit", options->limit, "The same as --limit here")
        ->check(CLI::PositiveNumber)
        ->type_name("N")
        ->group("Data");
    verb->callback([options, &run] {
        run = [options](const std::string&) { return runVerb(*options, Sharing::Workers, stats); };
    });
}

} // namespace bitwright::cli
