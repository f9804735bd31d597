// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/format.h"
#include "app/cli/table.h"
#include "app/cli/verb.h"
#include "app/cli/verbs.h"
#include "core/base/atomic_file.h"
#include "core/io/json_results.h"
#include "core/run/workers.h"
#include "core/workbench_budget.h"
#include "core/workbench_files.h"

#include <CLI/CLI.hpp>

#include <ostream>

namespace bitwright::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr int64_t kSweepSamples = 500;

struct PlanOptions : Options {
    workbench::BudgetTarget target;
    std::vector<int> bits{8, 6, 4, 3, 2};
    std::string out;
};

/// Bits of a layer's weights; nothing where they are float or there are none.
std::optional<int> bitsOf(const QuantPlan& plan, const Layer& layer)
{
    const QuantSpec& spec = plan.weights(layer.name);
    return layer.weights.empty() || spec.isFloat32() ? std::nullopt : std::optional(spec.storedBits());
}

Json proposalJson(const Model& model, const QuantPlan& before, const workbench::Proposal& proposal)
{
    Json layers = Json::array(), trials = Json::array();
    for (const Layer& layer : model.graph().layers)
        if (const auto bits = bitsOf(proposal.made.plan, layer))
            layers.push_back({{"name", layer.name},
                              {"bits", *bits},
                              {"before", bitsOf(before, layer).value_or(*bits)},
                              {"locked", before.locked(layer.name)}});
    for (const workbench::BudgetTrial& trial : proposal.trials)
        trials.push_back(
            {{"average_bits", trial.averageBits}, {"drop", trial.drop}, {"quantized_bytes", trial.bytes}});
    Json json = {{"average_bits", proposal.made.averageBits()},
                 {"layers", std::move(layers)},
                 {"trials", std::move(trials)}};
    if (proposal.evaluation)
        json.update(evaluateJson(proposal.evaluation->evaluation, proposal.evaluation->cost));
    else
        json["size"] = sizeJson(proposal.cost);
    json["plan"] = Json::parse(planToJson(proposal.made.plan));
    return json;
}

void print(const Model& model, const QuantPlan& before, const workbench::Proposal& proposal,
           std::ostream& out)
{
    Table table({{"layer"}, {"weights", Table::Right}, {"before", Table::Right}, {"bits", Table::Right}});
    for (const Layer& layer : model.graph().layers)
        if (const auto bits = bitsOf(proposal.made.plan, layer))
            table.add({text::printable(layer.name), text::count(layer.params),
                       std::to_string(bitsOf(before, layer).value_or(*bits)),
                       std::to_string(*bits) + (before.locked(layer.name) ? " (locked)" : "")});
    table.print(out);
    out << "\naverage  " << fixedText(proposal.made.averageBits(), 2) << " bits\nsize     "
        << sizeLine(proposal.cost) << "\n";
    if (!proposal.evaluation)
        return;
    const Evaluation& e = proposal.evaluation->evaluation;
    if (e.floating.top1)
        out << "top-1    " << text::percent(e.floating.top1) << " float, " << text::percent(e.quantized.top1)
            << " quantized, over " << text::count(e.floating.samples) << " samples\n";
    out << "SQNR     " << text::decibels(e.outputSqnrDb) << " at the output\n";
}

Result<Outcome> planVerb(Session& session, const PlanOptions& options)
{
    workbench::BudgetInput input;
    BITWRIGHT_TRY(const auto model, session.model());
    BITWRIGHT_CHECK(workbench::refuseOwnFile(model->path, options.out));
    BITWRIGHT_TRY(input.plan, session.plan());
    if (model->hasGraph()) {
        BITWRIGHT_TRY(input.calibration, session.calibrationSource(options.calibLimit));
        BITWRIGHT_TRY(input.evaluation, session.evaluationSource(-1));
        input.sweep = workbench::calibrationSource(input.calibration.dataset, kSweepSamples, options.batch,
                                                   options.seed);
    }
    input.bits = options.bits;
    input.target = options.target;
    BITWRIGHT_TRY(const workbench::Proposal proposal,
                  workbench::proposePlan(*model, input, session.progress()));
    Outcome outcome;
    outcome.json = proposalJson(*model, input.plan, proposal);
    outcome.targetMissed = !proposal.missed.empty();
    outcome.missed = proposal.missed;
    if (!options.out.empty() && workers().isFirst()) {
        QuantPlan plan = proposal.made.plan;
        BITWRIGHT_CHECK(session.hashModel());
        plan.modelSha256 = session.openedModel()->sha256;
        BITWRIGHT_CHECK(writeFileAtomically(options.out, planToJson(plan)));
    }
    outcome.print = [model, before = input.plan, proposal](std::ostream& out) {
        print(*model, before, proposal, out);
    };
    return outcome;
}

void addTargets(CLI::App& verb, PlanOptions& options)
{
    CLI::Option_group* targets =
        verb.add_option_group("Target", "What the plan must keep to, or the exit code is 3; one of");
    targets
        ->add_option("--average-bits", options.target.averageBits,
                     "Bits that the weights may have on average, without scales")
        ->check(numberFrom(1, 16))
        ->type_name("B");
    targets
        ->add_option("--max-bytes", options.target.bytes,
                     "Size of the packed model, scales and biases included")
        ->check(CLI::PositiveNumber)
        ->type_name("N");
    targets
        ->add_option("--max-drop", options.target.maxDrop,
                     "As few bits as cost at most this many points of top-1, found by evaluations")
        ->check(numberFrom())
        ->type_name("POINTS");
    targets->require_option(1);
    verb.add_option("--bits", options.bits, "Bit-widths to choose from; default: 8,6,4,3,2")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->check(CLI::Range(1, 16))
        ->type_name("LIST")
        ->group("Target");
    verb.add_option("--out", options.out, "Plan file to write, for --plan")
        ->type_name("FILE.json")
        ->group("Target");
}

} // namespace

void addPlan(CLI::App& program, Run& run)
{
    const auto options = std::make_shared<PlanOptions>();
    CLI::App* verb = program.add_subcommand(
        "plan", "Choose the bits of every layer's weights for a size or accuracy budget");
    addModelOptions(*verb, *options);
    addDataOptions(*verb, *options, "Samples of the evaluation, in stored order; default: all");
    addPlanOptions(*verb, *options);
    addTargets(*verb, *options);
    verb->callback([options, &run] {
        run = [options](const std::string&) {
            return runVerb(*options, Sharing::Workers,
                           [&](Session& session) { return planVerb(session, *options); });
        };
    });
}

} // namespace bitwright::cli
