// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/graph/graph.h"
#include "core/quant/quant_params.h"
#include "core/quant/quant_plan.h"

namespace bitwright {

/// `params` with every scale as a plan's fixed range gives it back.
QuantParams asRanges(const QuantSpec& spec, QuantParams params);
/// `plan` with the ranges of `resolved` as fixed ones, where a spec has ranges on a uniform grid.
QuantPlan withFixedRanges(QuantPlan plan, const Graph& graph, const ResolvedPlan& resolved);

} // namespace bitwright
