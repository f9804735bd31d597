// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/quant/quant_plan.h"

#include <algorithm>

namespace bitwright {

/// Whether the plan says of a layer something else than its defaults; an entry may repeat them.
inline bool weightsDeviate(const QuantPlan& plan, const LayerPlan& layer)
{
    return layer.weights && *layer.weights != plan.defaultWeights;
}
inline bool activationsDeviate(const QuantPlan& plan, const LayerPlan& layer)
{
    return layer.activations && *layer.activations != plan.defaultActivations;
}
/// Layers of which it does.
inline qsizetype exceptionCount(const QuantPlan& plan)
{
    return std::count_if(plan.layers.begin(), plan.layers.end(), [&plan](const auto& entry) {
        return weightsDeviate(plan, entry.second) || activationsDeviate(plan, entry.second);
    });
}

} // namespace bitwright
