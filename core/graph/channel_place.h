// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/graph/graph.h"

#include <optional>

namespace bitwright {

/// Where the channels of a layer's output are in a value behind it.
struct ChannelPlace {
    ValueId value = kNone;
    size_t axis = 1;
    int64_t spread = 1; ///< neighbouring indices that are one channel (flattened windows)
};

/// The same behind a node that reads only this value and keeps channels apart (see ChannelEffect); nothing
/// where the sizes do not tell.
std::optional<ChannelPlace> placeBehind(const Graph& graph, const Node& node, const ChannelPlace& place);

/// A product with one weight of known axes and at most one bias.
bool hasOneWeight(const Layer& layer);
/// One filter a channel.
bool isDepthwise(const Layer& layer);

} // namespace bitwright
