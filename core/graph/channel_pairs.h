// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/graph/graph.h"

#include <limits>
#include <vector>

namespace bitwright {

/// Two layers of which the second alone reads what the first gives out, through nothing but operators that
/// scale with their input (f(k x) = k f(x) for k > 0, channel by channel: ReLU, pooling, flattening, ...).
/// Multiplying channel c of the first's weight and bias by k and dividing what the second multiplies with
/// channel c by k leaves the function as it is. No other node reads the weights or biases involved.
struct ChannelPair {
    LayerId first = kNone, second = kNone;
    int64_t channels = 0; ///< of the first's output
    int64_t spread = 1;   ///< neighbouring inputs of the second that are one channel (flattened windows)
    /// ReLU6 lies between: true while scaled values stay below it.
    double cap = std::numeric_limits<double>::infinity();

    bool operator==(const ChannelPair&) const = default;
};

/// All pairs in execution order. None for a graph with branches and loops (prim::If, prim::Loop), whose inner
/// reads it does not describe. Layers with one weight each: convolutions of any kind, linear.
std::vector<ChannelPair> channelPairs(const Graph& graph);

/// For every element of the layer's weight (row-major), the output channel that it belongs to.
std::vector<int32_t> outputChannels(const Layer& layer);
/// For every element of the second's weight, the channel of the first that it multiplies.
std::vector<int32_t> inputChannels(const Graph& graph, const ChannelPair& pair);

} // namespace bitwright
