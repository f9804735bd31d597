// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/analyze.h"

#include <vector>

namespace bitwright {

/// Local error of one weight under params that are already decided.
Result<SiteReport> weightSiteReport(const ModelRunner& runner, const WeightRef& site, const QuantSpec& spec,
                                    const QuantParams& params);
/// Fills `weightTensors` and, as their sum, `weight`.
void setWeightReports(LayerReport& row, std::vector<SiteReport> tensors);

} // namespace bitwright
