// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/graph/graph.h"
#include "core/quant/quant_plan.h"

namespace bitwright {

/// `plan` under the layer names of `to`, whose layers are those of `from` in the same order, as a file that
/// was written from `from` gives them. Internal when they are not.
Result<QuantPlan> renamedPlan(const QuantPlan& plan, const Graph& from, const Graph& to);

} // namespace bitwright
