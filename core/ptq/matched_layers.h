// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ptq/channel_moments.h"
#include "core/ptq/repair.h"

#include <functional>
#include <string>
#include <vector>

namespace bitwright {

/// A layer whose channels can be moved by a bias of its own.
struct MatchedLayer {
    const Layer* layer = nullptr;
    ValueId output = kNone; ///< of the operator itself, before its activation
    int axis = 1;           ///< of the channels in it
    std::string bias;       ///< parameter, one element a channel, read by nobody else
};

/// Convolutions and linear layers in execution order; `notes` says which others with weights were left out.
std::vector<MatchedLayer> matchedLayers(const Graph& graph, std::vector<std::string>& notes);

/// The quantized model while its layers are changed one after another.
struct Matching {
    const RepairJob& job;
    ResolvedPlan resolved;
    RunConfig config;                         ///< quantized weights, changed biases
    std::map<std::string, Tensor> parameters; ///< changed, in float

    /// A parameter as it is now, in float.
    Result<Tensor> parameter(const std::string& name) const;
    /// Moments of one layer's output in the quantized model as it is now.
    Result<ChannelMoments> measure(const MatchedLayer& layer, Progress& progress) const;
    /// Adds float mean minus quantized mean to the bias.
    Result<void> moveBias(const MatchedLayer& layer, const ChannelMoments& floating,
                          const ChannelMoments& quantized);
};

/// Measures the float model once, then calls `change` for every layer in order with its float moments. The
/// ranges of activations are those of the plan for the model as it came, and fixed in the result.
using LayerChange =
    std::function<Result<void>(Matching&, const MatchedLayer&, const ChannelMoments& floating, Progress&)>;
Result<Repair> matchLayers(const RepairJob& job, const std::string& what, const LayerChange& change,
                           Progress& progress);

} // namespace bitwright
