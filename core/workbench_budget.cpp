// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workbench_budget.h"

#include "core/base/result.h"
#include "core/quant/with_bits.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace bitwright::workbench {
namespace {

/// Every weight in integers at `bits`.
QuantPlan withWeightsAt(const Graph& graph, QuantPlan plan, int bits)
{
    for (const Layer& layer : graph.layers) {
        const QuantSpec& spec = plan.weights(layer.name);
        if (!layer.weights.empty() && spec.format == Format::Int)
            plan.setWeights(layer.name, withBits(spec, bits));
    }
    return plan;
}

/// Cells of mode Local: SQNR of the weight itself.
Result<SensitivityTable> weightNoise(const Model& model, const BudgetInput& input, Progress& progress)
{
    SensitivityTable table;
    for (const int bits : input.bits) {
        const QuantPlan plan = withWeightsAt(model.graph(), input.plan, bits);
        BITWRIGHT_TRY(const std::vector<LayerReport> layers,
                      analyze(*model.runner, plan, {}, input.sweep, progress));
        for (const LayerReport& layer : layers)
            if (layer.weight) {
                SensitivityCell cell;
                cell.layer = layer.name;
                cell.bits = bits;
                cell.mode = SensitivityMode::Local;
                cell.outputSqnrDb = layer.weight->error.sqnrDb();
                table.cells.push_back(cell);
            }
    }
    return table;
}

constexpr double kAnyBits = 32;

class Search {
public:
    Search(const Model& model, const BudgetInput& input, Progress& progress)
        : m_model(model)
        , m_input(input)
        , m_progress(progress)
    {
    }

    Result<Proposal> run();

private:
    Result<void> prepare();
    Result<Proposal> at(double averageBits);
    /// The fewest bits there are, which are still too many.
    Result<Proposal> least(const std::string& missed);
    Result<Proposal> withinBits();
    Result<Proposal> withinBytes();
    Result<Proposal> withinDrop();
    Result<double> drop(Proposal& proposal);

    const Model& m_model;
    const BudgetInput& m_input;
    Progress& m_progress;
    CalibrationResult m_calibration;
    SensitivityTable m_table;
    std::vector<BudgetTrial> m_trials;
};

Result<void> Search::prepare()
{
    if (!m_model.hasGraph()) {
        BITWRIGHT_TRY(m_table, weightNoise(m_model, m_input, m_progress));
        return {};
    }
    BITWRIGHT_TRY(m_calibration, calibrate(*m_model.runner, m_input.calibration, m_progress));
    if (m_calibration.partial)
        return cancelledError();
    SensitivityOptions options;
    options.bits = m_input.bits;
    options.what = {SensitivityWhat::Weights};
    options.classes = classCount(m_model, m_input.sweep);
    BITWRIGHT_TRY(m_table, sensitivity(*m_model.runner, m_input.plan, m_calibration, m_input.sweep, options,
                                       m_progress));
    return m_table.partial ? Result<void>(cancelledError()) : Result<void>();
}

Result<Proposal> Search::at(double averageBits)
{
    Proposal proposal;
    BITWRIGHT_TRY(proposal.made, planWithinBudget(m_model.graph(), m_table, m_input.plan, averageBits));
    BITWRIGHT_TRY(proposal.cost, cost(m_model, proposal.made.plan, m_calibration, m_progress));
    return proposal;
}

Result<Proposal> Search::least(const std::string& missed)
{
    BITWRIGHT_TRY(Proposal proposal, at(leastAverageBits(m_model.graph(), m_table, m_input.plan)));
    proposal.missed = missed;
    return proposal;
}

Result<Proposal> Search::withinBits()
{
    auto proposal = at(*m_input.target.averageBits);
    if (proposal || proposal.error().code != Error::InvalidArgument)
        return proposal;
    return least(proposal.error().message);
}

// Scales, biases and what stays in float come on top of the bits, and hardly change with them.
Result<Proposal> Search::withinBytes()
{
    constexpr int kRounds = 8;
    const int64_t most = *m_input.target.bytes;
    BITWRIGHT_TRY(Proposal proposal, at(kAnyBits));
    for (int round = 0; proposal.cost.quantizedBytes > most; ++round) {
        const int64_t excess = 8 * (proposal.cost.quantizedBytes - most);
        const int64_t bits = proposal.made.bits - excess;
        auto next = at(std::max(double(bits) / double(std::max<int64_t>(proposal.made.weights, 1)), 0.0));
        if (!next && next.error().code != Error::InvalidArgument)
            return next.error();
        if (!next || round == kRounds)
            return least("The weights cannot be as small as " + std::to_string(most) +
                         " bytes with these bits; allow fewer bits, coarser scales or a larger file.");
        proposal = *std::move(next);
    }
    return proposal;
}

Result<double> Search::drop(Proposal& proposal)
{
    BITWRIGHT_TRY(EvaluateResult result,
                  evaluate(m_model, proposal.made.plan, m_calibration, m_input.evaluation, m_progress));
    const Evaluation& e = result.evaluation;
    if (e.partial)
        return cancelledError();
    const double points = 100 * (e.floating.top1.value_or(0) - e.quantized.top1.value_or(0));
    m_trials.push_back({proposal.made.averageBits(), points, result.cost.quantizedBytes});
    proposal.evaluation = std::move(result);
    return points;
}

Result<Proposal> Search::withinDrop()
{
    constexpr double kClose = 0.1;
    BITWRIGHT_TRY(Proposal best, at(kAnyBits));
    BITWRIGHT_TRY(const double smallest, drop(best));
    const double allowed = *m_input.target.maxDrop;
    if (!(smallest <= allowed)) {
        char text[160];
        std::snprintf(text, sizeof text, "Top-1 drops by %.2f points with the most bits; allowed were %.2f.",
                      smallest, allowed);
        best.missed = text;
        return best;
    }
    double low = *std::min_element(m_input.bits.begin(), m_input.bits.end()),
           high = best.made.averageBits(); // the drop hardly ever rises with the bits
    while (high - low > kClose) {
        const double middle = (low + high) / 2;
        auto next = at(middle);
        if (!next && next.error().code != Error::InvalidArgument)
            return next.error();
        bool met = false;
        if (next) {
            BITWRIGHT_TRY(const double points, drop(*next));
            met = points <= allowed;
        }
        if (met) {
            high = std::min(middle, next->made.averageBits());
            best = *std::move(next);
        } else
            low = middle;
    }
    return best;
}

Result<Proposal> Search::run()
{
    BITWRIGHT_CHECK(prepare());
    const BudgetTarget& target = m_input.target;
    BITWRIGHT_TRY(Proposal proposal, target.maxDrop ? withinDrop()
                                     : target.bytes ? withinBytes()
                                                    : withinBits());
    if (m_model.hasGraph() && !proposal.evaluation) {
        BITWRIGHT_TRY(proposal.evaluation,
                      evaluate(m_model, proposal.made.plan, m_calibration, m_input.evaluation, m_progress));
        if (proposal.evaluation->evaluation.partial)
            return cancelledError();
    }
    proposal.trials = std::move(m_trials);
    return proposal;
}

} // namespace

Result<Proposal> proposePlan(const Model& model, const BudgetInput& input, Progress& progress)
{
    const BudgetTarget& target = input.target;
    if (input.bits.empty() || int(target.averageBits.has_value()) + int(target.bytes.has_value()) +
                                      int(target.maxDrop.has_value()) !=
                                  1)
        return Error{Error::InvalidArgument, "Give one target: average bits, bytes, or points of top-1.", {}};
    if (!std::isfinite(target.averageBits.value_or(0)) || !std::isfinite(target.maxDrop.value_or(0)))
        return Error{Error::InvalidArgument, "A target must be a finite number.", {}};
    if (target.maxDrop) {
        BITWRIGHT_CHECK(needsGraph(model));
        if (!input.evaluation.dataset || !input.evaluation.dataset->hasLabels())
            return Error{
                Error::InvalidArgument, "A limit on the loss of accuracy needs data with labels.", {}};
    }
    return Search(model, input, progress).run();
}

} // namespace bitwright::workbench
