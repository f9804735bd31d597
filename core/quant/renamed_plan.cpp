// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/renamed_plan.h"

namespace bitwright {

Result<QuantPlan> renamedPlan(const QuantPlan& plan, const Graph& from, const Graph& to)
{
    bool same = from.layers.size() == to.layers.size();
    for (size_t i = 0; same && i < from.layers.size(); ++i)
        same = from.layers[i].op == to.layers[i].op &&
               from.layers[i].outputShape.size() == to.layers[i].outputShape.size();
    if (!same)
        return Error{Error::Internal, "The written model has other layers than the tuned one.", {}};
    QuantPlan made = plan;
    made.layers.clear();
    for (const auto& [name, layer] : plan.layers)
        if (!from.findLayer(name))
            made.layers[name] = layer; // inputs
    for (size_t i = 0; i < from.layers.size(); ++i)
        if (const auto found = plan.layers.find(from.layers[i].name); found != plan.layers.end())
            made.layers[to.layers[i].name] = found->second;
    return made;
}

} // namespace bitwright
