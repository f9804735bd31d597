// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/graph/channel_groups.h"

#include "core/graph/channel_place.h"
#include "core/graph/channel_sets_p.h"

#include <algorithm>
#include <optional>
#include <set>

namespace bitwright {
namespace {

using Channels = ChannelMap::Channels;
using Place = ChannelMap::Place;

class Flow {
public:
    explicit Flow(const Graph& graph)
        : m_graph(graph)
    {
        for (const Layer& layer : graph.layers)
            if (layer.node != kNone)
                m_layerOf[layer.node] = &layer;
    }

    void run(const std::vector<ValueId>& outputs)
    {
        std::set<ValueId> ends(outputs.begin(), outputs.end());
        for (const Node& node : m_graph.nodes)
            ends.insert(node.outputs.begin(), node.outputs.end());
        for (const Node& node : m_graph.nodes) {
            step(node);
            for (const ValueId input : node.inputs)
                ends.erase(input); // what nobody reads is an output, too
        }
        ends.insert(outputs.begin(), outputs.end());
        for (const ValueId value : ends)
            fix(value);
        for (const std::string& name : m_unknown)
            for (ChannelMap::Axis& axis : m_parameters[name])
                m_sets.fix(axis.channels);
    }

    ChannelMap map();

private:
    const Shape& shapeOf(ValueId value) const { return m_graph.values[size_t(value)].shape; }

    void step(const Node& node)
    {
        static const std::set<std::string_view> onlySizes = {"aten::size", "aten::dim", "aten::len",
                                                             "prim::dtype", "prim::device"};
        if (onlySizes.count(node.kind))
            return;
        const OpTraits* traits = opTraits(node.kind);
        const auto layer = m_layerOf.find(node.id);
        bool known = false;
        if (layer != m_layerOf.end() && hasOneWeight(*layer->second))
            known = throughProduct(*layer->second, node);
        else if (node.kind == "prim::ListConstruct")
            known = true; // whoever reads the list reads the elements
        else if (traits && traits->op == OpKind::Concat)
            known = throughConcat(node);
        else if (traits && (traits->op == OpKind::Add || traits->op == OpKind::Mul))
            known = throughElements(node);
        else if (traits)
            known = throughOne(node, *traits);
        if (known)
            return;
        for (const ValueId input : node.inputs)
            fix(input);
        m_unknown.insert(node.parameters.begin(), node.parameters.end());
    }

    /// The value's channels, or those of the elements of a list, stay.
    void fix(ValueId value)
    {
        if (const auto place = m_places.find(value); place != m_places.end())
            m_sets.fix(place->second.channels);
        for (const ValueId element : elementsOf(value))
            fix(element);
    }

    std::vector<ValueId> elementsOf(ValueId list) const
    {
        const NodeId producer = m_graph.values[size_t(list)].producer;
        if (producer == kNone || m_graph.nodes[size_t(producer)].kind != "prim::ListConstruct")
            return {};
        return m_graph.nodes[size_t(producer)].inputs;
    }

    /// Whatever else is known of this axis of this parameter now holds for `channels`, too.
    void carry(const std::string& parameter, int axis, bool made, const Channels& channels)
    {
        std::vector<ChannelMap::Axis>& axes = m_parameters[parameter];
        for (ChannelMap::Axis& known : axes)
            if (known.axis == axis) {
                m_sets.join(known.channels, channels);
                known.made |= made;
                return;
            }
        axes.push_back({axis, made, channels});
    }

    /// The channels of the only tensor that the product reads, where it has them along its channel axis.
    Channels inputsOf(const Layer& layer, const Node& node)
    {
        const Shape& shape = shapeOf(node.inputs[0]);
        const size_t axis = layer.op == OpKind::Linear ? shape.size() - 1 : 1;
        const auto place = m_places.find(node.inputs[0]);
        if (place == m_places.end())
            return Channels(size_t(shape[axis]), kNone);
        if (place->second.axis == axis)
            return place->second.channels;
        m_sets.fix(place->second.channels);
        return Channels(size_t(shape[axis]), kNone);
    }

    bool throughProduct(const Layer& layer, const Node& node)
    {
        if (node.inputs.size() != 1 || node.outputs.size() != 1 || shapeOf(node.inputs[0]).size() < 2 ||
            node.parameters.size() != layer.weights.size() + layer.biases.size())
            return false;
        const Channels in = inputsOf(layer, node);
        const WeightRef& weight = layer.weights[0];
        const Shape& shape = shapeOf(node.outputs[0]);
        const size_t axis = layer.op == OpKind::Linear ? shape.size() - 1 : 1;
        const int64_t rows = weight.shape[size_t(weight.channelAxis)],
                      columns = weight.shape[size_t(weight.inputAxis)];
        if (columns <= 0 || int64_t(in.size()) % columns != 0 || shape[axis] != rows)
            return false;
        const int64_t groups = int64_t(in.size()) / columns;
        if (groups > 1 && layer.op != OpKind::Conv)
            return false;
        const Channels out = isDepthwise(layer) ? repeated(in, rows / groups) : outputsInGroups(rows, groups);
        if (!isDepthwise(layer)) {
            for (size_t i = size_t(columns); i < in.size(); ++i)
                m_sets.join(in[i % size_t(columns)], in[i]);
            carry(weight.parameter, weight.inputAxis, false, {in.begin(), in.begin() + columns});
            for (const int32_t channel : out)
                m_producers.push_back({channel, layer.id});
        }
        carry(weight.parameter, weight.channelAxis, true, out);
        for (const std::string& bias : layer.biases)
            carry(bias, int(m_graph.findParameter(bias)->shape.size()) - 1, true, out);
        m_places[node.outputs[0]] = {axis, out};
        return true;
    }

    /// New channels; the same in every group, so that the groups stay equally large.
    Channels outputsInGroups(int64_t rows, int64_t groups)
    {
        const Channels one = m_sets.add(rows / groups);
        Channels all;
        for (int64_t group = 0; group < groups; ++group)
            all.insert(all.end(), one.begin(), one.end());
        return all;
    }

    static Channels repeated(const Channels& channels, int64_t times)
    {
        Channels all;
        for (const int32_t channel : channels)
            all.insert(all.end(), size_t(times), channel);
        return all;
    }

    bool throughOne(const Node& node, const OpTraits& traits)
    {
        if (node.inputs.size() != 1 || node.outputs.size() != 1)
            return false;
        const auto place = m_places.find(node.inputs[0]);
        if (place == m_places.end())
            return false;
        Place next = place->second;
        if (traits.op == OpKind::BatchNorm) {
            if (next.axis != 1)
                return false;
        } else {
            const auto behind = placeBehind(m_graph, node, {node.inputs[0], next.axis, 1});
            if (!behind)
                return false;
            next = {behind->axis, repeated(next.channels, behind->spread)};
        }
        for (const std::string& name : node.parameters) {
            const Shape& shape = m_graph.findParameter(name)->shape;
            if (elementCount(shape) == 1)
                continue;
            if (shape.size() != 1 || shape[0] != int64_t(next.channels.size()))
                return false;
            carry(name, 0, true, next.channels);
        }
        m_places[node.outputs[0]] = std::move(next);
        return true;
    }

    /// Sums and products element by element, with NumPy's broadcasting.
    bool throughElements(const Node& node)
    {
        if (node.outputs.size() != 1)
            return false;
        for (const std::string& name : node.parameters)
            if (elementCount(m_graph.findParameter(name)->shape) != 1)
                return false;
        const size_t rank = shapeOf(node.outputs[0]).size();
        Place result;
        for (const ValueId input : node.inputs)
            if (const auto place = m_places.find(input); place != m_places.end()) {
                const size_t axis = place->second.axis + rank - shapeOf(input).size();
                if (place->second.channels.size() == 1) { // one for all channels of the others
                    m_sets.fix(place->second.channels);
                    continue;
                }
                if (!result.channels.empty() && axis != result.axis)
                    return false;
                if (!result.channels.empty())
                    m_sets.join(result.channels, place->second.channels);
                result = {axis, place->second.channels};
            }
        for (const ValueId input : node.inputs) {
            const Shape& shape = shapeOf(input);
            const size_t missing = rank - std::min(rank, shape.size());
            if (m_graph.values[size_t(input)].isTensor && !m_places.count(input) &&
                !result.channels.empty() && result.axis >= missing && !shape.empty() &&
                shape[result.axis - missing] != 1)
                return false;
        }
        if (!result.channels.empty())
            m_places[node.outputs[0]] = std::move(result);
        return true;
    }

    bool throughConcat(const Node& node)
    {
        if (node.inputs.size() != 1 || node.outputs.size() != 1)
            return false;
        const std::vector<ValueId> parts = elementsOf(node.inputs[0]);
        const Shape& out = shapeOf(node.outputs[0]);
        const auto joined = joinedAxis(parts, out);
        if (!joined)
            return false;
        Place result{size_t(-1), {}};
        for (const ValueId part : parts)
            if (const auto place = m_places.find(part); place != m_places.end()) {
                if (result.axis != size_t(-1) && result.axis != place->second.axis)
                    return false;
                result.axis = place->second.axis;
            }
        if (result.axis == size_t(-1))
            return true;
        for (const ValueId part : parts) {
            const auto place = m_places.find(part);
            const Channels own = place != m_places.end()
                                     ? place->second.channels
                                     : Channels(size_t(shapeOf(part)[result.axis]), kNone);
            if (result.axis == *joined)
                result.channels.insert(result.channels.end(), own.begin(), own.end());
            else if (result.channels.empty())
                result.channels = own;
            else
                m_sets.join(result.channels, own);
        }
        m_places[node.outputs[0]] = std::move(result);
        return true;
    }

    /// The axis along which the parts add up to the whole.
    std::optional<size_t> joinedAxis(const std::vector<ValueId>& parts, const Shape& whole) const
    {
        if (parts.empty())
            return std::nullopt;
        for (size_t axis = 0; axis < whole.size(); ++axis) {
            int64_t sum = 0;
            bool others = true;
            for (const ValueId part : parts) {
                Shape shape = shapeOf(part);
                if (shape.size() != whole.size())
                    return std::nullopt;
                sum += shape[axis];
                shape[axis] = whole[axis];
                others = others && shape == whole;
            }
            if (others && sum == whole[axis])
                return axis;
        }
        return std::nullopt;
    }

    const Graph& m_graph;
    ChannelSets m_sets;
    std::map<NodeId, const Layer*> m_layerOf;
    std::map<ValueId, Place> m_places;
    std::map<std::string, std::vector<ChannelMap::Axis>> m_parameters;
    std::set<std::string> m_unknown; ///< parameters that something else reads, too
    std::vector<std::pair<int32_t, LayerId>> m_producers;
};

/// Groups of layers that share a channel.
std::vector<ChannelGroup> groupsOf(const std::map<int32_t, std::set<LayerId>>& producers)
{
    std::map<LayerId, LayerId> first; // of the group
    const auto root = [&](LayerId layer) {
        while (first.at(layer) != layer)
            layer = first.at(layer);
        return layer;
    };
    for (const auto& [channel, layers] : producers)
        for (const LayerId layer : layers) {
            first.try_emplace(layer, layer);
            const LayerId a = root(*layers.begin()), b = root(layer);
            first[std::max(a, b)] = std::min(a, b);
        }
    std::map<LayerId, ChannelGroup> groups;
    for (const auto& [layer, unused] : first)
        groups[root(layer)].producers.push_back(layer);
    for (const auto& [channel, layers] : producers)
        groups[root(*layers.begin())].channels.push_back(channel);
    std::vector<ChannelGroup> all;
    for (auto& [layer, group] : groups)
        all.push_back(std::move(group));
    return all;
}

ChannelMap Flow::map()
{
    ChannelMap result;
    std::vector<int32_t> numbers(m_sets.size(), kNone);
    std::map<int32_t, std::set<LayerId>> producers;
    std::set<LayerId> removable;
    for (const auto& [channel, layer] : m_producers) {
        if (m_sets.isFixed(channel))
            continue;
        int32_t& number = numbers[size_t(m_sets.find(channel))];
        if (number == kNone)
            number = result.count++;
        producers[number].insert(layer);
        removable.insert(layer);
    }
    const auto renumber = [&](Channels& channels) {
        for (int32_t& channel : channels)
            channel = channel == kNone ? kNone : numbers[size_t(m_sets.find(channel))];
        return std::any_of(channels.begin(), channels.end(), [](int32_t c) { return c != kNone; });
    };
    for (auto& [name, axes] : m_parameters)
        for (ChannelMap::Axis& axis : axes)
            if (renumber(axis.channels))
                result.parameters[name].push_back(axis);
    for (auto& [value, place] : m_places)
        if (renumber(place.channels))
            result.values[value] = place;
    for (const Layer& layer : m_graph.layers)
        if (!layer.weights.empty() && !isDepthwise(layer) && !removable.count(layer.id))
            result.others.push_back(layer.name);
    result.groups = groupsOf(producers);
    return result;
}

} // namespace

ChannelMap channelMap(const Graph& graph, const std::vector<ValueId>& outputs)
{
    Flow flow(graph);
    const bool branches = std::any_of(graph.nodes.begin(), graph.nodes.end(), [](const Node& node) {
        return node.kind == "prim::If" || node.kind == "prim::Loop";
    });
    if (!branches)
        flow.run(outputs);
    return flow.map();
}

} // namespace bitwright
