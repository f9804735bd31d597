// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/graph/op_traits.h"
#include "core/tensor/tensor.h"

#include <cstdint>
#include <string>
#include <vector>

namespace bitwright {

using NodeId = int32_t;
using ValueId = int32_t;
using LayerId = int32_t;
inline constexpr int32_t kNone = -1;

/// Something that flows: a tensor (or list, number) made by one node. Ids are indices and stable for one
/// model file and one set of import options.
struct Value {
    ValueId id = kNone;
    std::string name;       ///< unique; derived from module path and operator
    bool isTensor = false;
    DType dtype = DType::F32;
    Shape shape;            ///< of the example run, batch included; empty when unknown
    bool batched = false;   ///< dimension 0 follows the batch size
    NodeId producer = kNone; ///< kNone for a model input

    bool operator==(const Value&) const = default;
};

struct Node {
    NodeId id = kNone;      ///< execution order
    std::string kind;       ///< "aten::conv2d"
    std::string scope;      ///< module path that executes it, "layer1.0"
    std::vector<ValueId> inputs;  ///< values only (constants and parameters left out)
    std::vector<ValueId> outputs;
    std::vector<std::string> parameters; ///< names of the parameters it reads

    bool operator==(const Node&) const = default;
};

/// A parameter or buffer of the model.
struct Parameter {
    std::string name;       ///< "layer1.0.conv1.weight", the file's own name
    DType dtype = DType::F32;
    Shape shape;
    bool isBuffer = false;
    std::vector<std::string> aliases; ///< other names of the same (tied) tensor

    bool operator==(const Parameter&) const = default;
};

/// A weight of a layer: a site that can be quantized.
struct WeightRef {
    std::string parameter;  ///< Parameter::name
    Shape shape;
    int channelAxis = 0;    ///< per-channel quantization runs along it
    int inputAxis = 1;      ///< per-group quantization cuts it into groups; -1 = flattened rest

    bool operator==(const WeightRef&) const = default;
};

/// A quantization unit: an operator with the batch-norm folded into it and the activation fused behind it.
struct Layer {
    LayerId id = kNone;
    std::string name;       ///< unique; the module path ("layer1.0.conv1")
    OpKind op = OpKind::Opaque;
    std::string label;      ///< "conv2d", "linear", "lstm", "add"
    NodeId node = kNone;    ///< the operator itself
    std::vector<NodeId> fused; ///< nodes behind it that belong to it
    std::string activation; ///< "relu", "relu6", ... or ""
    std::vector<WeightRef> weights; ///< empty for operators without
    std::vector<std::string> biases; ///< parameter names
    std::vector<ValueId> inputs; ///< tensor inputs
    ValueId output = kNone; ///< behind the fused activation; the layer's activation site
    std::vector<Shape> inputShapes;
    Shape outputShape;
    int64_t params = 0;     ///< elements of weights and biases (a tied tensor counts at its first layer)
    int64_t macs = 0;       ///< multiply-accumulates for one sample

    bool operator==(const Layer&) const = default;
};

/// Torch-free description of a model: what there is, in execution order. Produced by a reader together
/// with the ModelRunner that can execute it.
struct Graph {
    std::vector<Value> values;      ///< index = id
    std::vector<Node> nodes;        ///< index = id
    std::vector<Parameter> parameters;
    std::vector<Layer> layers;      ///< index = id, execution order
    std::vector<ValueId> inputs;    ///< tensor inputs of the model
    std::vector<std::string> outputNames; ///< one per output tensor; "" or dict keys or tuple positions
    std::vector<std::string> unsupported; ///< operators that run but cannot be analysed, one sentence each

    const Layer* findLayer(const std::string& name) const;
    const Parameter* findParameter(const std::string& name) const;
    /// The layer whose activation site is `value`, or nullptr.
    const Layer* layerOfOutput(ValueId value) const;

    bool operator==(const Graph&) const = default;
};

/// Sums over all layers.
struct GraphTotals {
    int64_t params = 0, macs = 0, bytes = 0; ///< bytes: all parameters and buffers as stored
};
GraphTotals totals(const Graph& graph);

} // namespace bitwright
