// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/graph/graph.h"

#include <algorithm>

namespace bitwright {

const Layer* Graph::findLayer(const std::string& name) const
{
    const auto it =
        std::find_if(layers.begin(), layers.end(), [&](const Layer& l) { return l.name == name; });
    return it == layers.end() ? nullptr : &*it;
}

const Parameter* Graph::findParameter(const std::string& name) const
{
    const auto it = std::find_if(parameters.begin(), parameters.end(),
                                 [&](const Parameter& p) { return p.name == name; });
    return it == parameters.end() ? nullptr : &*it;
}

const Layer* Graph::layerOfOutput(ValueId value) const
{
    const auto it =
        std::find_if(layers.begin(), layers.end(), [&](const Layer& l) { return l.output == value; });
    return it == layers.end() ? nullptr : &*it;
}

GraphTotals totals(const Graph& graph)
{
    GraphTotals sum;
    for (const Layer& layer : graph.layers)
        sum.macs += layer.macs;
    for (const Parameter& parameter : graph.parameters) {
        const int64_t count = elementCount(parameter.shape);
        if (!parameter.isBuffer)
            sum.params += count;
        sum.bytes += count * dtypeBytes(parameter.dtype);
    }
    return sum;
}

} // namespace bitwright
