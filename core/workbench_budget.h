// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/budget.h"
#include "core/workbench.h"

namespace bitwright::workbench {

/// What a proposed plan must keep to; one of them is set.
struct BudgetTarget {
    std::optional<double> averageBits; ///< of the weights that have bits, without scales
    std::optional<int64_t> bytes;      ///< Cost::quantizedBytes
    std::optional<double> maxDrop;     ///< points of top-1 against float; as few bits as it allows
};

struct BudgetInput {
    QuantPlan plan; ///< everything but the bits of weights; locked layers keep theirs
    std::vector<int> bits{8, 6, 4, 3, 2};
    SampleSource calibration, sweep, evaluation; ///< not used for files without a graph
    BudgetTarget target;
};

/// One plan that was evaluated on the way to `maxDrop`.
struct BudgetTrial {
    double averageBits = 0, drop = 0; ///< drop in points of top-1
    int64_t bytes = 0;
};

struct Proposal {
    BudgetPlan made;
    Cost cost;
    std::optional<EvaluateResult> evaluation; ///< nothing for files without a graph
    std::vector<BudgetTrial> trials;          ///< in the order in which they were evaluated
    std::string missed;                       ///< why the target cannot be met: then this comes closest to it
};

/// InvalidArgument when the target is none.
/// Bits for the weights of every layer that do least damage within the target (planWithinBudget). What each
/// layer costs at each width is swept (enable-one, weights); for files without a graph it is the noise of the
/// weight itself against its signal. maxDrop is found by bisection over the average, to a tenth of a bit.
/// InvalidArgument when the target cannot be met by any bits (but for maxDrop: see Proposal::met), or when
/// maxDrop is asked for without labels.
Result<Proposal> proposePlan(const Model& model, const BudgetInput& input, Progress& progress);

} // namespace bitwright::workbench
