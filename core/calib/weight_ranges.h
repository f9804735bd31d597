// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/quant/quant_params.h"
#include "core/quant/quant_plan.h"
#include "core/run/backend.h"

#include <vector>

namespace bitwright {

/// Parameters whose spec says Granularity::Model, joined to one flat tensor: they share one scale. Made once
/// for a plan. Null when no weight asks for it.
Result<Tensor> modelPool(const ModelRunner& runner, const QuantPlan& plan, Progress& progress);

/// Params of every weight of `layer` under `spec` in the order of Layer::weights. `pool` (see modelPool) is
/// read for Granularity::Model; with a null pool such a spec gives each weight its own scale.
Result<std::vector<QuantParams>> resolveLayerWeights(const ModelRunner& runner, const Layer& layer,
                                                     const QuantSpec& spec, const Tensor& pool);

/// How many scales `spec` gives a weight.
int64_t scalesOf(const WeightRef& site, const QuantSpec& spec);

} // namespace bitwright
