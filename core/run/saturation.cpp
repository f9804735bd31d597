// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/saturation.h"

#include "core/quant/quantize.h"
#include "core/run/integer_products.h"

#include <algorithm>

namespace bitwright {
namespace {

/// Positions of the weight's elements in the order of the sums: [outputs][summed axis].
struct SumOrder {
    int64_t outputs = 0, length = 0;
    std::vector<int64_t> offsets; ///< of the summed axis
    int64_t outputStride = 0;
};

/// [outputs, channels of a group, kernel...]: kernel positions outside, channels inside.
SumOrder convOrder(const Shape& shape)
{
    const int64_t channels = shape[1],
                  positions = elementCount(shape) / std::max<int64_t>(shape[0] * channels, 1);
    SumOrder order{shape[0], channels * positions, {}, channels * positions};
    for (int64_t position = 0; position < positions; ++position)
        for (int64_t channel = 0; channel < channels; ++channel)
            order.offsets.push_back(channel * positions + position);
    return order;
}

SumOrder matrixOrder(const WeightRef& weight)
{
    const bool isRows = weight.channelAxis == 0; // an output a row
    const int64_t rows = weight.shape[0], columns = weight.shape[1];
    SumOrder order{isRows ? rows : columns, isRows ? columns : rows, {}, isRows ? columns : 1};
    for (int64_t i = 0; i < order.length; ++i)
        order.offsets.push_back(i * (isRows ? 1 : columns));
    return order;
}

/// A filter for each channel over two axes has a kernel of its own.
bool hasDepthwiseKernel(const Layer& layer)
{
    const Shape& weight = layer.weights[0].shape;
    const bool isPlane = layer.op == OpKind::Conv && weight.size() == 4 && weight[1] == 1;
    return isPlane && layer.inputShapes[0].size() == 4 && layer.inputShapes[0][1] == weight[0];
}

/// ONNX Runtime merges a convolution only with the quantizer behind it; products give floats as well.
bool isMerged(const Layer& layer, const ResolvedPlan& plan)
{
    return layer.op != OpKind::Conv || outputGrid(layer, plan);
}

/// False for a layer that reads a part of a stored matrix: its weight is computed, and the layer in float.
bool readsWhole(const Layer& layer, const SumOrder& order)
{
    const Shape& output = layer.outputShape;
    if (layer.op != OpKind::Conv)
        return !output.empty() && output.back() == order.outputs;
    const size_t rank = layer.weights[0].shape.size(); // an axis less without a batch
    return output.size() + 1 >= rank && output[output.size() + 1 - rank] == order.outputs;
}

std::optional<SumOrder> sumOrder(const Layer& layer)
{
    const WeightRef& weight = layer.weights[0];
    if (layer.inputShapes.empty() || elementCount(weight.shape) == 0)
        return {};
    if (layer.op == OpKind::Conv && weight.shape.size() >= 3 && weight.channelAxis == 0)
        return convOrder(weight.shape);
    const bool isMatrix = layer.op != OpKind::Conv && weight.shape.size() == 2;
    const bool hasAxis = weight.channelAxis == 0 || weight.channelAxis == 1;
    return isMatrix && hasAxis ? std::optional(matrixOrder(weight)) : std::nullopt;
}

void addPairs(const std::vector<int32_t>& codes, const SumOrder& order, SaturatingProduct& product)
{
    for (int64_t output = 0; output < order.outputs; ++output) {
        product.begin.push_back(product.pairs.size());
        const int32_t* own = codes.data() + output * order.outputStride;
        for (int64_t i = 0; i + 1 < order.length; i += 2) {
            const auto first = int8_t(own[order.offsets[size_t(i)]]);
            const auto second = int8_t(own[order.offsets[size_t(i) + 1]]);
            if (kernels::canSaturate(first, second))
                product.pairs.push_back({int32_t(i), first, second});
        }
    }
    product.begin.push_back(product.pairs.size());
    product.outputs = order.outputs;
    const int64_t all = order.outputs * ((order.length + 1) / 2);
    product.risk = all > 0 ? double(product.pairs.size()) / double(all) : 0;
}

} // namespace

Result<SaturatingProducts> saturatingProducts(const ModelRunner& runner, const ResolvedPlan& plan)
{
    SaturatingProducts made;
    for (const Layer& layer : runner.graph().layers) {
        const auto integers = integerProduct(runner.graph(), layer, plan, false);
        const bool isSigned = integers && integers->weight->qmin >= -128 && integers->weight->qmax <= 127;
        const auto order = isSigned ? sumOrder(layer) : std::nullopt;
        if (!order || !readsWhole(layer, *order) || hasDepthwiseKernel(layer) || !isMerged(layer, plan))
            continue;
        const QuantParams& weight = *integers->weight;
        const bool fits = weight.scale.size() == 1 || int64_t(weight.scale.size()) == order->outputs;
        if (!fits)
            continue;
        BITWRIGHT_TRY(const Tensor values, runner.parameter(layer.weights[0].parameter));
        auto product = std::make_shared<SaturatingProduct>();
        product->layer = layer.name;
        product->inputScale = integers->input->scale[0];
        product->inputZero = integers->input->zeroPoint.at(0) + unsignedShift(*integers->input);
        product->weightScale = weight.scale;
        addPairs(quantizeToCodes(values.toFloat(), weight), *order, *product);
        if (!product->pairs.empty())
            made[layer.node] = std::move(product);
    }
    return made;
}

} // namespace bitwright
