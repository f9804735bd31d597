// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace bitwright {

/// What a node does, independent of the format that the model came from.
enum class OpKind {
    Conv, ConvTranspose, Linear, Embedding, Recurrent, MatMul, // with weights, or products of activations
    Add, Mul, Concat, Softmax, Norm, BatchNorm, Pool, Activation, Elementwise, // own output range
    Passthrough, // moves or selects values, so the output has the precision of its input (view, max_pool, ...)
    Opaque       // runs, but is not quantized (shape arithmetic, control flow, integer ops)
};

/// Name for the user and the JSON: "conv", "linear", ...
const char* opKindName(OpKind kind);

/// What an operator does to the channels of its (only) data input.
enum class ChannelEffect {
    Mixes,  ///< anything, or unknown
    Keeps,  ///< channel c of the output comes from channel c of the input alone
    Scales, ///< and f(k x) = k f(x) for k > 0, element by element
    Window  ///< the same over windows of the axes behind the channels: pooling, resizing, flattening
};

/// Everything that Bitwright knows about one operator.
struct OpTraits {
    std::string_view kind;      ///< "aten::conv2d"
    OpKind op = OpKind::Opaque;
    std::string_view label;     ///< short name for the layer table: "conv2d"
    int weightInput = -1;       ///< input index of the weight, -1 = none
    int biasInput = -1;
    int channelAxis = -1;       ///< axis of the weight that is the output channel
    int inputAxis = -1;         ///< axis of the weight along which groups of per-group quantization run
    bool fusable = false;       ///< an activation that runtimes fuse behind the layer before it
    ChannelEffect channels = ChannelEffect::Mixes;
};

/// The row of `kind`, or nullptr for an operator without one (it still runs; it is not a layer).
const OpTraits* opTraits(std::string_view kind);

} // namespace bitwright
