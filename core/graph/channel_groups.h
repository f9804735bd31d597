// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/graph/channel_pairs.h"

#include <string>
#include <vector>

namespace bitwright {

/// Channels that leave a model together or not at all: those of one layer, of the depthwise filters behind
/// it, and what reads them.
struct ChannelGroup {
    std::vector<LayerId> producers;   ///< lose output channels: the first layer, then depthwise filters
    std::vector<ChannelPair> readers; ///< the seconds lose input channels; depthwise ones are producers, too
    int64_t channels = 0;
};

/// All groups in execution order. `others` names the layers with weights whose output channels are in none:
/// they are added to, joined with or read beside others, come in groups, or leave the model.
std::vector<ChannelGroup> channelGroups(const Graph& graph, std::vector<std::string>& others);

/// A group and the channels that stay, ascending.
struct KeptChannels {
    ChannelGroup group;
    std::vector<int64_t> kept;
};

} // namespace bitwright
