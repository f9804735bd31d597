// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/integer_bias.h"

#include "core/run/integer_products.h"

#include <algorithm>
#include <cmath>

namespace bitwright {
namespace {

float outputScale(const Layer& layer, const ResolvedPlan& plan)
{
    const auto found = plan.activations.find(layer.output);
    const bool isKnown = found != plan.activations.end() && !found->second.dynamic &&
                         found->second.params.format == Format::Int && found->second.params.scale.size() == 1;
    return isKnown ? found->second.params.scale[0] : 0;
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
        const auto product =
            layer.biases.size() == 1 ? integerProduct(graph, layer, plan, packsFourBits) : std::nullopt;
        if (!product || layer.op == OpKind::MatMul)
            continue;
        BITWRIGHT_TRY(const Tensor bias, runner.parameter(layer.biases[0]));
        const size_t scales = product->weight->scale.size();
        if (bias.dim() == 1 && (scales == 1 || int64_t(scales) == bias.size()))
            made.push_back(rounded(layer, bias.toFloat(), *product->weight, product->input->scale[0],
                                   outputScale(layer, plan)));
    }
    return made;
}

} // namespace bitwright
