// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calib/activation_sites.h"

#include "core/quant/quant_plan.h"
#include "core/quant/quantize.h"

#include <algorithm>
#include <set>

namespace bitwright {
namespace {

bool isFloating(const Value& value)
{
    return value.isTensor && (value.dtype == DType::F32 || value.dtype == DType::F64 ||
                              value.dtype == DType::F16 || value.dtype == DType::BF16);
}

int layerChannelAxis(const Layer& layer, int rank, const std::vector<int>& axes)
{
    switch (layer.op) {
    case OpKind::Linear:
    case OpKind::Embedding:
    case OpKind::Recurrent:
    case OpKind::MatMul:
        return rank - 1;
    case OpKind::Norm:
        return layer.label.find("layer") == std::string::npos ? 1 : rank - 1;
    case OpKind::Conv:
    case OpKind::ConvTranspose:
    case OpKind::BatchNorm:
    case OpKind::Pool:
        return 1;
    default:
        return layer.inputs.empty() || layer.inputs.front() == kNone ? 1 : axes[size_t(layer.inputs.front())];
    }
}

} // namespace

std::vector<int> activationChannelAxes(const Graph& graph)
{
    std::vector<int> axes(graph.values.size(), 1);
    size_t nextNode = 0;
    // Values between layers (reshapes, poolings) follow the first input of their node while the rank stays.
    const auto passOn = [&](size_t end) {
        for (; nextNode < end; ++nextNode) {
            const Node& node = graph.nodes[nextNode];
            for (const ValueId out : node.outputs) {
                const bool sameRank =
                    !node.inputs.empty() && graph.values[size_t(node.inputs[0])].shape.size() ==
                                                graph.values[size_t(out)].shape.size();
                axes[size_t(out)] = sameRank ? axes[size_t(node.inputs[0])] : 1;
            }
        }
    };
    for (const Layer& layer : graph.layers) {
        NodeId last = layer.node;
        for (const NodeId fused : layer.fused)
            last = std::max(last, fused);
        passOn(size_t(last + 1));
        if (layer.output == kNone)
            continue;
        const int rank = int(graph.values[size_t(layer.output)].shape.size());
        const int axis = layerChannelAxis(layer, rank, axes);
        axes[size_t(layer.output)] = rank < 2 ? -1 : std::clamp(axis, 1, rank - 1);
    }
    return axes;
}

std::vector<ActivationSite> activationSites(const Graph& graph)
{
    const std::vector<int> axes = activationChannelAxes(graph);
    std::vector<ActivationSite> sites;
    std::set<ValueId> seen;
    const auto add = [&](ActivationSite site) {
        if (site.value == kNone || !isFloating(graph.values[size_t(site.value)]) ||
            !seen.insert(site.value).second)
            return;
        site.channelAxis = axes[size_t(site.value)];
        site.batched = graph.values[size_t(site.value)].batched;
        sites.push_back(std::move(site));
    };
    for (size_t i = 0; i < graph.inputs.size(); ++i)
        add({graph.inputs[i], inputLayerName(i), kNone, i});
    for (const Layer& layer : graph.layers)
        if (layer.op != OpKind::Passthrough && layer.op != OpKind::Opaque)
            add({layer.output, layer.name, layer.id});
    return sites;
}

QuantParams activationParams(const Tensor& x, const ActivationQuantizer& quantizer)
{
    return quantizer.dynamic ? paramsFromValues(quantizer.spec, x, -1) : quantizer.params;
}

Tensor quantizeActivation(const Tensor& x, const ActivationQuantizer& quantizer)
{
    return fakeQuantize(x, activationParams(x, quantizer));
}

} // namespace bitwright
