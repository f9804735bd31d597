// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/graph/channel_place.h"

#include <algorithm>

namespace bitwright {
namespace {

/// Through a reshape: the first two sizes stay, or everything behind the channels joins them.
std::optional<ChannelPlace> throughReshape(const Shape& in, const Shape& out, ChannelPlace place)
{
    if (in == out)
        return place;
    if (place.axis != 1 || in.size() < 2 || out.size() < 2 || in[0] != out[0])
        return std::nullopt;
    if (in[1] == out[1])
        return place;
    const int64_t rest = elementCount({in.begin() + 2, in.end()});
    if (out.size() != 2 || out[1] != in[1] * rest)
        return std::nullopt;
    place.spread *= rest;
    return place;
}

/// Through pooling, resizing or a mean: the axes behind the channels may shrink, grow or go.
std::optional<ChannelPlace> throughWindow(const Shape& in, const Shape& out, const ChannelPlace& place)
{
    if (place.axis != 1 || in.size() < 3 || out.size() < 2 || in[0] != out[0] || in[1] != out[1])
        return std::nullopt;
    // Where an axis is gone and another one is as long as the channels, sizes do not say which.
    if (out.size() < in.size() && std::count(in.begin() + 2, in.end(), in[1]) > 0)
        return std::nullopt;
    return place;
}

bool isReshape(const OpTraits& traits)
{
    return traits.label == "view" || traits.label == "reshape" || traits.label == "flatten" ||
           traits.label == "squeeze";
}

} // namespace

std::optional<ChannelPlace> placeBehind(const Graph& graph, const Node& node, const ChannelPlace& place)
{
    const OpTraits* traits = opTraits(node.kind);
    if (!traits || traits->channels == ChannelEffect::Mixes || node.inputs.size() != 1 ||
        node.outputs.size() != 1)
        return std::nullopt;
    const Shape& in = graph.values[size_t(place.value)].shape;
    const Shape& out = graph.values[size_t(node.outputs[0])].shape;
    std::optional<ChannelPlace> next;
    if (traits->channels != ChannelEffect::Window)
        next = in == out ? std::optional(place) : std::nullopt;
    else
        next = isReshape(*traits) ? throughReshape(in, out, place) : throughWindow(in, out, place);
    if (next)
        next->value = node.outputs[0];
    return next;
}

bool hasOneWeight(const Layer& layer)
{
    return (layer.op == OpKind::Conv || layer.op == OpKind::ConvTranspose || layer.op == OpKind::Linear) &&
           layer.node != kNone && layer.weights.size() == 1 && layer.biases.size() <= 1 &&
           layer.weights[0].channelAxis >= 0 && layer.weights[0].inputAxis >= 0;
}

bool isDepthwise(const Layer& layer)
{
    if (layer.op != OpKind::Conv || layer.weights.size() != 1 || layer.weights[0].shape.size() < 3)
        return false;
    const Shape& shape = layer.weights[0].shape;
    // A filter of one input channel is an ordinary one where there is no other channel.
    const bool single =
        !layer.inputShapes.empty() && layer.inputShapes[0].size() > 1 && layer.inputShapes[0][1] == 1;
    return shape[1] == 1 && shape[0] > 1 && !single;
}

} // namespace bitwright
