// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/budget.h"

#include "core/quant/with_bits.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace bitwright {
namespace {

struct Choice {
    int bits = 0;
    double damage = 0;
};

/// A layer whose bits are to be chosen: its lower convex hull, fewest bits first.
struct Candidate {
    std::string name;
    int64_t elements = 0;
    std::vector<Choice> hull;
    size_t chosen = 0;
};

/// Going from one point of a hull to the next.
struct Step {
    size_t candidate = 0, to = 0;
    int64_t cost = 0;
    double gain = 0; ///< damage saved for each bit
};

double damageOf(const SensitivityCell& cell, bool byDivergence)
{
    return byDivergence ? std::max(*cell.kl, 0.0) : std::pow(10, -cell.outputSqnrDb / 10);
}

/// What more bits save falls along it; choices that cost more and save nothing are not on it.
std::vector<Choice> lowerHull(std::vector<Choice> choices)
{
    std::sort(choices.begin(), choices.end(),
              [](const Choice& a, const Choice& b) { return a.bits < b.bits; });
    std::vector<Choice> hull;
    const auto slope = [](const Choice& a, const Choice& b) {
        return (a.damage - b.damage) / (b.bits - a.bits);
    };
    for (const Choice& next : choices) {
        while (hull.size() > 1 && slope(hull.back(), next) >= slope(hull[hull.size() - 2], hull.back()))
            hull.pop_back();
        if (hull.empty() || next.damage < hull.back().damage)
            hull.push_back(next);
    }
    return hull;
}

/// Elements of weights that no layer before has counted.
int64_t ownElements(const Layer& layer, std::set<std::string>& seen)
{
    int64_t elements = 0;
    for (const WeightRef& weight : layer.weights)
        if (seen.insert(weight.parameter).second)
            elements += elementCount(weight.shape);
    return elements;
}

std::map<std::string, std::vector<Choice>> sweptChoices(const SensitivityTable& table)
{
    const bool isSwept = std::any_of(table.cells.begin(), table.cells.end(), [](const auto& cell) {
        return cell.mode == SensitivityMode::EnableOne;
    });
    const auto mode = isSwept ? SensitivityMode::EnableOne : SensitivityMode::Local;
    const auto isOfWeights = [mode](const SensitivityCell& cell) {
        return cell.mode == mode && cell.what == SensitivityWhat::Weights && !std::isnan(cell.outputSqnrDb);
    };
    const bool byDivergence = std::all_of(table.cells.begin(), table.cells.end(), [&](const auto& cell) {
        return !isOfWeights(cell) || cell.kl.has_value();
    });
    std::map<std::string, std::vector<Choice>> choices;
    for (const SensitivityCell& cell : table.cells)
        if (isOfWeights(cell))
            choices[cell.layer].push_back({cell.bits, damageOf(cell, byDivergence)});
    return choices;
}

class Budget {
public:
    Budget(const Graph& graph, const SensitivityTable& table, const QuantPlan& plan)
    {
        m_made.plan = plan;
        std::map<std::string, std::vector<Choice>> choices = sweptChoices(table);
        std::set<std::string> seen;
        for (const Layer& layer : graph.layers) {
            const QuantSpec& spec = plan.weights(layer.name);
            const int64_t elements = ownElements(layer, seen);
            if (elements == 0 || spec.isFloat32())
                continue;
            m_made.weights += elements;
            const auto swept = choices.find(layer.name);
            const bool isFree =
                swept != choices.end() && !plan.locked(layer.name) && spec.format == Format::Int;
            if (!isFree) {
                m_made.bits += elements * spec.storedBits();
                continue;
            }
            m_candidates.push_back({layer.name, elements, lowerHull(std::move(swept->second))});
            m_made.bits += elements * m_candidates.back().hull.front().bits;
        }
    }

    bool hasChoice() const { return !m_candidates.empty(); }
    double least() const { return m_made.averageBits(); }

    BudgetPlan within(double averageBits)
    {
        constexpr double kMostBits = 64; // no weight has more
        const int64_t most =
            int64_t(std::floor(std::min(averageBits, kMostBits) * double(m_made.weights) + 1e-6));
        for (const Step& step : steps()) {
            Candidate& candidate = m_candidates[step.candidate];
            // A layer that could not take a step does not take those behind it either.
            if (candidate.chosen + 1 != step.to || m_made.bits + step.cost > most)
                continue;
            candidate.chosen = step.to;
            m_made.bits += step.cost;
        }
        for (const Candidate& candidate : m_candidates) {
            const QuantSpec& spec = m_made.plan.weights(candidate.name);
            const int bits = candidate.hull[candidate.chosen].bits;
            if (spec.bits == bits)
                continue;
            ++m_made.changed;
            m_made.plan.setWeights(candidate.name, withBits(spec, bits));
        }
        return m_made;
    }

private:
    std::vector<Step> steps() const
    {
        std::vector<Step> all;
        for (size_t i = 0; i < m_candidates.size(); ++i) {
            const Candidate& c = m_candidates[i];
            for (size_t to = 1; to < c.hull.size(); ++to) {
                const int64_t cost = c.elements * (c.hull[to].bits - c.hull[to - 1].bits);
                all.push_back({i, to, cost, (c.hull[to - 1].damage - c.hull[to].damage) / double(cost)});
            }
        }
        // Along a hull the gain falls, so that a layer's steps stay in order.
        std::stable_sort(all.begin(), all.end(),
                         [](const Step& a, const Step& b) { return a.gain > b.gain; });
        return all;
    }

    std::vector<Candidate> m_candidates;
    BudgetPlan m_made;
};

} // namespace

Result<BudgetPlan> planWithinBudget(const Graph& graph, const SensitivityTable& table, const QuantPlan& plan,
                                    double averageBits)
{
    Budget budget(graph, table, plan);
    if (!budget.hasChoice())
        return Error{
            Error::Unsupported,
            sweptChoices(table).empty()
                ? "There is nothing to choose from: run the sensitivity sweep (enable one, weights) first."
                : "There is nothing to choose from: every layer of the sweep is locked or does not have "
                  "integer weights.",
            {}};
    if (!(averageBits >= budget.least() - 1e-9)) { // NaN, too
        char least[32];
        std::snprintf(least, sizeof least, "%.2f", budget.least());
        return Error{Error::InvalidArgument,
                     std::string("The budget is too small: the weights take at least ") + least +
                         " bits on average with what is locked and was swept.",
                     {}};
    }
    return budget.within(averageBits);
}

double leastAverageBits(const Graph& graph, const SensitivityTable& table, const QuantPlan& plan)
{
    return Budget(graph, table, plan).least();
}

} // namespace bitwright
