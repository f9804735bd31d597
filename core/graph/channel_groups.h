// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/graph/graph.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace bitwright {

/// Channels among which the weakest can be chosen: those of one layer, or of several layers that are added to
/// each other, joined and then added, read in groups, ...
struct ChannelGroup {
    std::vector<LayerId> producers; ///< layers that compute them from all their inputs, in execution order
    std::vector<int32_t> channels;  ///< ascending

    bool operator==(const ChannelGroup&) const = default;
};

/// What leaves a model together. A channel is a number from 0; whatever carries it goes when it goes.
struct ChannelMap {
    using Channels = std::vector<int32_t>; ///< of every index along an axis; kNone = always stays
    struct Axis {
        int axis = 0;
        bool made = false; ///< computes the channels (of a bias, of a norm's vectors, too); else reads them
        Channels channels;
    };
    struct Place {
        size_t axis = 0;
        Channels channels;
    };

    int32_t count = 0; ///< of channels that can be removed
    std::vector<ChannelGroup> groups;
    std::map<std::string, std::vector<Axis>> parameters;
    std::map<ValueId, Place> values;
    std::vector<std::string> others; ///< layers with weights all of whose output channels stay
};

/// Follows the channels of every convolution and linear layer through the graph: through activations,
/// pooling, flattening, batch-norm and depthwise filters, through sums and products (whose inputs' channels
/// become one), concatenations and convolutions in groups (which lose as many of each). Channels stay that
/// reach one of `outputs`, or an operator of which it is not known what it does to them; in a graph with
/// branches or loops all do. (The dependency graph of Fang et al. 2023, "DepGraph: Towards Any Structural
/// Pruning".)
ChannelMap channelMap(const Graph& graph, const std::vector<ValueId>& outputs);

} // namespace bitwright
