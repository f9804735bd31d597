// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/integer_bias.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace bitwright {
namespace {

bool isByteGrid(const QuantParams& params)
{
    return params.format == Format::Int && params.group == 0 && params.qmax - params.qmin <= 255 &&
           params.rounding == Rounding::HalfEven;
}

bool pads(const std::string& kind)
{
    return kind == "aten::pad" || kind == "aten::constant_pad_nd";
}

/// The scale on whose grid a value lies: its own quantizer's, or that of what it was moved from.
float inputScale(const Graph& graph, const ResolvedPlan& plan, ValueId value)
{
    for (;;) {
        const auto found = plan.activations.find(value);
        if (found != plan.activations.end()) {
            const QuantParams& params = found->second.params;
            const bool fits = !found->second.dynamic && isByteGrid(params) && params.scale.size() == 1;
            return fits ? params.scale[0] : 0;
        }
        const NodeId producer = graph.values.at(size_t(value)).producer;
        if (producer == kNone)
            return 0;
        const Node& node = graph.nodes.at(size_t(producer));
        const OpTraits* traits = opTraits(node.kind);
        if (!traits || traits->op != OpKind::Passthrough || node.inputs.size() != 1 || pads(node.kind))
            return 0;
        value = node.inputs[0];
    }
}

float outputScale(const Layer& layer, const ResolvedPlan& plan)
{
    const auto found = plan.activations.find(layer.output);
    const bool isKnown = found != plan.activations.end() && !found->second.dynamic &&
                         found->second.params.format == Format::Int && found->second.params.scale.size() == 1;
    return isKnown ? found->second.params.scale[0] : 0;
}

const QuantParams* byteWeight(const Layer& layer, const ResolvedPlan& plan, bool packsFourBits)
{
    const bool isProduct = layer.op == OpKind::Conv || layer.op == OpKind::Linear;
    if (!isProduct || layer.weights.size() != 1 || layer.biases.size() != 1 || layer.inputs.empty())
        return nullptr;
    const auto found = plan.weights.find(layer.weights[0].parameter);
    if (found == plan.weights.end() || !isByteGrid(found->second))
        return nullptr;
    const QuantParams& params = found->second;
    const bool isPacked =
        packsFourBits && ((params.qmin >= -8 && params.qmax <= 7) || (params.qmin >= 0 && params.qmax <= 15));
    const auto& zeros = params.zeroPoint;
    const bool haveOwnZeros =
        std::adjacent_find(zeros.begin(), zeros.end(), std::not_equal_to<>()) != zeros.end();
    return isPacked || haveOwnZeros ? nullptr : &params;
}

IntegerBias rounded(const Layer& layer, const Tensor& bias, const QuantParams& weight, float input,
                    float output)
{
    IntegerBias made{layer.name, layer.biases[0], Tensor::empty(DType::F32, bias.shape()), 0};
    const auto in = bias.floats();
    const auto out = made.values.mutableFloats();
    for (size_t i = 0; i < in.size(); ++i) {
        const size_t channel = weight.scale.size() == 1 ? 0 : i;
        const double step =
            std::max(double(input) * weight.scale[channel], std::fabs(double(in[i])) * 0x1p-30);
        out[i] = float(std::nearbyint(in[i] / step) * step);
        if (output > 0)
            made.steps = std::max(made.steps, std::fabs(double(out[i]) - in[i]) / output);
    }
    return made;
}

} // namespace

Result<std::vector<IntegerBias>> integerBiases(const ModelRunner& runner, const ResolvedPlan& plan,
                                               bool packsFourBits)
{
    std::vector<IntegerBias> made;
    const Graph& graph = runner.graph();
    for (const Layer& layer : graph.layers) {
        const QuantParams* weight = byteWeight(layer, plan, packsFourBits);
        const float input = weight ? inputScale(graph, plan, layer.inputs[0]) : 0;
        if (!weight || !(input > 0))
            continue;
        BITWRIGHT_TRY(const Tensor bias, runner.parameter(layer.biases[0]));
        const bool fits =
            bias.dim() == 1 && (weight->scale.size() == 1 || int64_t(weight->scale.size()) == bias.size());
        if (fits)
            made.push_back(rounded(layer, bias.toFloat(), *weight, input, outputScale(layer, plan)));
    }
    return made;
}

} // namespace bitwright
