// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/graph/graph.h"
#include "core/quant/quant_params.h"
#include "core/tensor/tensor.h"

#include <optional>
#include <string>
#include <vector>

namespace bitwright {

/// A tensor that flows and can be quantized: a model input or the output of a layer.
struct ActivationSite {
    ValueId value = kNone;
    std::string name;      ///< under which a plan holds its spec: the layer's, or inputLayerName(i)
    LayerId layer = kNone; ///< kNone for a model input
    size_t input = 0;      ///< position among the model's inputs, when it is one
    int channelAxis = 1;   ///< see activationChannelAxes
    bool batched = false;  ///< dimension 0 holds samples
};

/// All sites that hold floating numbers, inputs first, layers in execution order; a value that several
/// layers give out appears once, under the first.
std::vector<ActivationSite> activationSites(const Graph& graph);

/// Axis of the channels of every value: 1, as images and vectors have it ([n, c], [n, c, h, w]), but the last
/// one for what linear, embedding, recurrent and layer-norm layers give out ([n, tokens, c]). Layers that
/// only combine tensors (add, mul, activation, softmax, ...) follow their first input.
std::vector<int> activationChannelAxes(const Graph& graph);

/// `x` after `quantizer`, exactly as an executor does it: with its params, or, for a dynamic one, with those
/// of the min-max range of the whole tensor. `x` must be F32.
Tensor quantizeActivation(const Tensor& x, const ActivationQuantizer& quantizer);
/// The params that quantizeActivation uses on `x`.
QuantParams activationParams(const Tensor& x, const ActivationQuantizer& quantizer);

} // namespace bitwright
