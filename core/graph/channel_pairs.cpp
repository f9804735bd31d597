// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/graph/channel_pairs.h"

#include "core/graph/channel_place.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>

namespace bitwright {
namespace {

/// How often the graph reads values and parameters.
struct Reads {
    std::map<ValueId, std::vector<NodeId>> ofValue;
    std::map<std::string, int> ofParameter;
    bool branches = false;

    explicit Reads(const Graph& graph)
    {
        for (const Node& node : graph.nodes) {
            for (const ValueId input : node.inputs)
                ofValue[input].push_back(node.id);
            for (const std::string& parameter : node.parameters)
                ++ofParameter[parameter];
            branches |= node.kind == "prim::If" || node.kind == "prim::Loop";
        }
    }

    bool owns(const Layer& layer) const
    {
        const auto once = [&](const std::string& name) {
            const auto found = ofParameter.find(name);
            return found != ofParameter.end() && found->second == 1;
        };
        return std::all_of(layer.biases.begin(), layer.biases.end(), once) &&
               std::all_of(layer.weights.begin(), layer.weights.end(),
                           [&](const WeightRef& weight) { return once(weight.parameter); });
    }
};

class Follower {
public:
    explicit Follower(const Graph& graph)
        : m_graph(graph)
        , m_reads(graph)
    {
        for (const Layer& layer : graph.layers)
            if (hasOneWeight(layer))
                m_layerOf[layer.node] = layer.id;
    }

    bool branches() const { return m_reads.branches; }

    std::optional<ChannelPair> pairOf(const Layer& first) const
    {
        if (!hasOneWeight(first) || !m_reads.owns(first) ||
            m_graph.nodes[size_t(first.node)].outputs.size() != 1)
            return std::nullopt;
        ChannelPlace place{m_graph.nodes[size_t(first.node)].outputs[0], 1, 1};
        const Shape& shape = m_graph.values[size_t(place.value)].shape;
        if (shape.size() < 2)
            return std::nullopt;
        place.axis = first.op == OpKind::Linear ? shape.size() - 1 : 1;
        ChannelPair pair;
        pair.first = first.id;
        pair.channels = shape[place.axis];
        if (first.weights[0].shape[size_t(first.weights[0].channelAxis)] != pair.channels)
            return std::nullopt; // transposed convolution in groups
        return follow(first, place, pair);
    }

private:
    std::optional<ChannelPair> follow(const Layer& first, ChannelPlace place, ChannelPair pair) const
    {
        for (;;) {
            const auto readers = m_reads.ofValue.find(place.value);
            if (readers == m_reads.ofValue.end() || readers->second.size() != 1)
                return std::nullopt;
            const Node& node = m_graph.nodes[size_t(readers->second[0])];
            if (const auto layer = m_layerOf.find(node.id); layer != m_layerOf.end())
                return ends(m_graph.layers[size_t(layer->second)], place, pair) ? std::optional(pair)
                                                                                : std::nullopt;
            const OpTraits* traits = opTraits(node.kind);
            if (!traits || traits->channels == ChannelEffect::Mixes)
                return std::nullopt;
            if (traits->channels == ChannelEffect::Keeps) {
                const bool relu6 = first.activation == "relu6" &&
                                   std::count(first.fused.begin(), first.fused.end(), node.id) > 0;
                if (!relu6)
                    return std::nullopt;
                pair.cap = 6;
            }
            const auto next = placeBehind(m_graph, node, place);
            if (!next)
                return std::nullopt;
            place = *next;
        }
    }

    bool ends(const Layer& second, const ChannelPlace& place, ChannelPair& pair) const
    {
        const Shape& shape = m_graph.values[size_t(place.value)].shape;
        const WeightRef& weight = second.weights[0];
        const int64_t inputs = weight.shape[size_t(weight.inputAxis)];
        pair.second = second.id;
        pair.spread = place.spread;
        if (m_graph.nodes[size_t(second.node)].inputs.size() != 1 || !m_reads.owns(second))
            return false;
        if (second.op == OpKind::Linear)
            return place.axis + 1 == shape.size() && inputs == pair.channels * pair.spread;
        if (place.axis != 1 || shape.size() < 3 || pair.spread != 1)
            return false;
        if (second.op == OpKind::ConvTranspose)
            return inputs == pair.channels;
        const int64_t outputs = weight.shape[size_t(weight.channelAxis)];
        return inputs > 0 && pair.channels % inputs == 0 && outputs % (pair.channels / inputs) == 0;
    }

    const Graph& m_graph;
    Reads m_reads;
    std::map<NodeId, LayerId> m_layerOf;
};

/// For every element of a row-major tensor, its index along `axis`.
std::vector<int32_t> indicesAlong(const Shape& shape, int axis)
{
    std::vector<int32_t> indices(size_t(elementCount(shape)));
    const int64_t inner = elementCount({shape.begin() + axis + 1, shape.end()}), size = shape[size_t(axis)];
    for (size_t e = 0; e < indices.size(); ++e)
        indices[e] = int32_t(int64_t(e) / inner % size);
    return indices;
}

} // namespace

std::vector<ChannelPair> channelPairs(const Graph& graph)
{
    const Follower follower(graph);
    std::vector<ChannelPair> pairs;
    if (follower.branches())
        return pairs;
    for (const Layer& layer : graph.layers)
        if (const auto pair = follower.pairOf(layer))
            pairs.push_back(*pair);
    return pairs;
}

std::vector<int32_t> outputChannels(const Layer& layer)
{
    return indicesAlong(layer.weights[0].shape, layer.weights[0].channelAxis);
}

std::vector<int32_t> inputChannels(const Graph& graph, const ChannelPair& pair)
{
    const Layer& second = graph.layers[size_t(pair.second)];
    const WeightRef& weight = second.weights[0];
    std::vector<int32_t> channels = indicesAlong(weight.shape, weight.inputAxis);
    const int64_t inputs = weight.shape[size_t(weight.inputAxis)];
    if (second.op == OpKind::Conv && inputs != pair.channels) {
        const std::vector<int32_t> rows = indicesAlong(weight.shape, weight.channelAxis);
        const int64_t perGroup = weight.shape[size_t(weight.channelAxis)] / (pair.channels / inputs);
        for (size_t e = 0; e < channels.size(); ++e)
            channels[e] += int32_t(rows[e] / perGroup * inputs);
    }
    for (int32_t& channel : channels)
        channel = int32_t(channel / pair.spread);
    return channels;
}

} // namespace bitwright
