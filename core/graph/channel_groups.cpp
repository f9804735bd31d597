// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/graph/channel_groups.h"

#include <algorithm>
#include <map>
#include <optional>

namespace bitwright {
namespace {

/// Every output channel reads every input channel.
bool isDense(const Layer& layer, int64_t inputs)
{
    const WeightRef& weight = layer.weights[0];
    if (weight.shape[size_t(weight.inputAxis)] != inputs)
        return false;
    return layer.op != OpKind::ConvTranspose ||
           (layer.outputShape.size() > 1 && layer.outputShape[1] == weight.shape[size_t(weight.channelAxis)]);
}

bool startsGroup(const Layer& layer)
{
    if (layer.inputShapes.empty() || layer.inputShapes[0].size() < 2)
        return false;
    return layer.op == OpKind::Linear || isDense(layer, layer.inputShapes[0][1]);
}

std::optional<ChannelGroup> groupOf(const Graph& graph, const Layer& first,
                                    const std::map<LayerId, ChannelPair>& pairs)
{
    ChannelGroup group{{first.id}, {}, 0};
    for (LayerId producer = first.id;;) {
        const auto pair = pairs.find(producer);
        if (pair == pairs.end())
            return std::nullopt;
        group.readers.push_back(pair->second);
        group.channels = pair->second.channels;
        const Layer& second = graph.layers[size_t(pair->second.second)];
        if (!isDepthwise(second))
            return isDense(second, group.channels * pair->second.spread) ? std::optional(group)
                                                                         : std::nullopt;
        if (second.weights[0].shape[0] != group.channels)
            return std::nullopt; // several filters a channel
        producer = second.id;
        group.producers.push_back(producer);
    }
}

} // namespace

std::vector<ChannelGroup> channelGroups(const Graph& graph, std::vector<std::string>& others)
{
    std::map<LayerId, ChannelPair> pairs;
    for (const ChannelPair& pair : channelPairs(graph, true))
        pairs[pair.first] = pair;
    std::vector<ChannelGroup> groups;
    std::vector<bool> grouped(graph.layers.size());
    for (const Layer& layer : graph.layers) {
        if (layer.weights.empty() || grouped[size_t(layer.id)])
            continue;
        const auto group =
            pairs.count(layer.id) && startsGroup(layer) ? groupOf(graph, layer, pairs) : std::nullopt;
        if (!group) {
            others.push_back(layer.name);
            continue;
        }
        for (const LayerId producer : group->producers)
            grouped[size_t(producer)] = true;
        groups.push_back(*group);
    }
    return groups;
}

} // namespace bitwright
