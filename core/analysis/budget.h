// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/sensitivity.h"
#include "core/graph/graph.h"
#include "core/quant/quant_plan.h"

#include <cstdint>

namespace bitwright {

/// A plan that keeps the weights within a budget.
struct BudgetPlan {
    QuantPlan plan;
    int64_t bits = 0;    ///< of all weights that have bits to choose or keep, without scales
    int64_t weights = 0; ///< how many elements that are
    int changed = 0;     ///< layers whose bits are others than before

    double averageBits() const { return weights > 0 ? double(bits) / double(weights) : 0; }
};

/// Bits for the weights of every layer so that they have at most `averageBits` each on average, and the
/// damage that they do together, the sum of what each does alone (enable-one cells of `table`: divergence
/// where all have one, noise at the output otherwise; Local cells where nothing else was swept), is small.
/// Only the bit-widths of the sweep are taken; layers that are locked, in float, or were not swept keep what
/// they have.
///
/// From the least bits on, the step that saves most damage for each bit it costs is taken while it fits: on
/// the lower convex hulls of the layers that is the optimum of the relaxed problem (Dantzig 1957; Sinha and
/// Zoltners 1979, multiple-choice knapsack), and at most one step of one layer away from that of the real
/// one. Unsupported without a sweep; InvalidArgument, with the least that is possible, when the budget is too
/// small or no number.
Result<BudgetPlan> planWithinBudget(const Graph& graph, const SensitivityTable& table, const QuantPlan& plan,
                                    double averageBits);

/// The smallest budget that is possible.
double leastAverageBits(const Graph& graph, const SensitivityTable& table, const QuantPlan& plan);

} // namespace bitwright
