// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/graph/graph.h"
#include "core/quant/quant_plan.h"

#include <string_view>

namespace bitwright {

/// Whether `text` is a file of encodings rather than a plan.
bool looksLikeEncodings(std::string_view text);

/// The plan that AIMET encodings (layouts 0.6.1 and 1.0.0) describe, by the names of parameters, layers and
/// values of `graph`. Activations keep their range exactly (Estimator::Fixed); weights keep bits, scheme and
/// granularity, and find their ranges by min-max again, because a plan has no range a channel. What the file
/// does not name stays float. Corrupt or InvalidArgument naming the entry; NotFound when no name matches.
Result<QuantPlan> planFromEncodings(const Graph& graph, std::string_view text);

} // namespace bitwright
