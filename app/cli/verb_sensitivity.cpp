// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/format.h"
#include "app/cli/table.h"
#include "app/cli/verb.h"
#include "app/cli/verbs.h"
#include "core/io/json_results.h"

#include <CLI/CLI.hpp>

#include <map>
#include <ostream>

namespace bitwright::cli {
namespace {

constexpr int64_t kDefaultLimit = 1000;

struct SweepOptions : Options {
    SensitivityOptions sweep;
    bool quick = false;
};

const std::map<std::string, SensitivityWhat> kWhat = {{"weights", SensitivityWhat::Weights},
                                                      {"activations", SensitivityWhat::Activations}};
const std::map<std::string, SensitivityMode> kModes = {{"enable-one", SensitivityMode::EnableOne},
                                                       {"disable-one", SensitivityMode::DisableOne}};

void print(const SensitivityTable& result, std::ostream& out)
{
    Table table({{"layer"},
                 {"what"},
                 {"mode"},
                 {"bits", Table::Right},
                 {"output SQNR", Table::Right},
                 {"KL (nat)", Table::Right},
                 {"top-1", Table::Right},
                 {"loss (nat)", Table::Right}});
    for (const SensitivityCell& cell : result.cells)
        table.add({cell.layer, sensitivityWhatName(cell.what), sensitivityModeName(cell.mode),
                   std::to_string(cell.bits), text::decibels(cell.outputSqnrDb),
                   cell.kl ? numberText(*cell.kl) : "-", text::percent(cell.top1), fixedText(cell.loss, 4)});
    table.print(out);
    out << "\nfloat top-1 " << text::percent(result.baseline.top1);
    for (const SensitivityBase& base : result.bases)
        out << ", plan with " << base.bits << "-bit " << sensitivityWhatName(base.what) << " "
            << text::percent(base.quality.top1);
    out << ", over " << text::count(result.samples) << " samples" << (result.partial ? " (interrupted)" : "")
        << "\n";
}

Result<Outcome> sweep(Session& session, const SweepOptions& options)
{
    BITWRIGHT_TRY(const auto model, session.modelWithGraph());
    BITWRIGHT_TRY(const QuantPlan plan, session.plan());
    BITWRIGHT_TRY(const CalibrationResult calibration, session.calibration());
    BITWRIGHT_TRY(const SampleSource source, session.evaluationSource(kDefaultLimit));
    SensitivityOptions how = options.sweep;
    how.classes = int64_t(session.classes().size());
    if (options.quick)
        how.modes = {SensitivityMode::Local};
    BITWRIGHT_TRY(auto table,
                  sensitivity(*model->runner, plan, calibration, source, how, session.progress()));
    Outcome outcome;
    outcome.json = sensitivityJson(table);
    outcome.partial = table.partial;
    outcome.print = [table = std::move(table)](std::ostream& out) { print(table, out); };
    return outcome;
}

void addSweepOptions(CLI::App& verb, SweepOptions& options)
{
    const std::string group = "Sweep";
    verb.add_option("--bits", options.sweep.bits, "Bit-widths to try; default: 8,6,4,3,2")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->check(CLI::Range(1, 16))
        ->type_name("LIST")
        ->group(group);
    verb.add_option("--what", options.sweep.what, "weights, activations or both; default: both")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->transform(CLI::CheckedTransformer(kWhat))
        ->type_name("LIST")
        ->group(group);
    CLI::Option* mode =
        verb.add_option("--mode", options.sweep.modes,
                        "enable-one: everything else float; disable-one: the whole plan at those "
                        "bits, one layer float; default: enable-one")
            ->delimiter(',')
            ->allow_extra_args(false)
            ->transform(CLI::CheckedTransformer(kModes))
            ->type_name("LIST")
            ->group(group);
    verb.add_flag("--quick", options.quick,
                  "Weights only, SQNR at the layer's own output: an estimate, much faster")
        ->excludes(mode)
        ->group(group);
}

} // namespace

void addSensitivity(CLI::App& program, Run& run)
{
    const auto options = std::make_shared<SweepOptions>();
    CLI::App* verb =
        program.add_subcommand("sensitivity", "What each layer costs at each bit-width, one at a time");
    addModelOptions(*verb, *options);
    addDataOptions(*verb, *options,
                   "First N samples in stored order; default: " + std::to_string(kDefaultLimit));
    addPlanOptions(*verb, *options);
    addSweepOptions(*verb, *options);
    verb->callback([options, &run] {
        run = [options](const std::string&) {
            return runVerb(*options, Sharing::Workers,
                           [&](Session& session) { return sweep(session, *options); });
        };
    });
}

} // namespace bitwright::cli
