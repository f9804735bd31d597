// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/precision.h"

#include "core/graph/op_traits.h"

namespace bitwright {

Precision precisionOf(const QuantParams& params)
{
    switch (params.format) {
    case Format::Float32:
        return {32, true};
    case Format::Float16:
    case Format::BFloat16:
        return {16, true};
    case Format::Minifloat:
        return {1 + params.exponentBits + params.mantissaBits, true};
    case Format::Binary:
        return {1, false};
    case Format::Ternary:
        return {2, false};
    case Format::Int:
    case Format::Codebook:
    case Format::Log2:
        break;
    }
    return {params.bits, false};
}

Precision weightPrecision(const ResolvedPlan& resolved, const std::string& parameter)
{
    const auto it = resolved.weights.find(parameter);
    return it == resolved.weights.end() ? Precision{} : precisionOf(it->second);
}

Precision activationPrecision(const Graph& graph, const ResolvedPlan& resolved, ValueId value)
{
    while (value != kNone) {
        const auto it = resolved.activations.find(value);
        if (it != resolved.activations.end())
            return precisionOf(it->second.params);
        const NodeId producer = graph.values[size_t(value)].producer;
        if (producer == kNone)
            break;
        const Node& node = graph.nodes[size_t(producer)];
        const OpTraits* traits = opTraits(node.kind);
        if (!traits || traits->op != OpKind::Passthrough || node.inputs.empty() ||
            node.inputs.front() >= value)
            break;
        value = node.inputs.front();
    }
    return {};
}

} // namespace bitwright
