// Before: y = depthwise(act(norm(conv(x)))), where the channels of act(...) may differ a hundredfold in range
// and share one scale. After: gain and shift of channel c times k_c, depthwise filter c divided by k_c, so
// that all channels reach as far as the widest (Nagel et al. 2019, "Data-Free Quantization Through Weight
// Equalization and Bias Correction", for the one pair of layers where it costs the second nothing: a
// per-channel scale takes it up). Training cannot find this itself: behind the filter the function does not
// change, only the rounding error does. Conditions: act is ReLU, ReLU6 or nothing, and nobody else reads its
// output. SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/train/variables_p.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>

namespace bitwright {
namespace {

/// Standard deviations that count as the reach of a normalized channel.
constexpr double kReach = 3;
/// Largest factor: beyond it a channel is dead rather than narrow.
constexpr double kMost = 256;
/// Of ReLU6, so that scaled channels stay clear of its upper end.
constexpr double kRoom = 5;

int64_t readers(const Graph& graph, ValueId value)
{
    int64_t count = 0;
    for (const Node& node : graph.nodes)
        count += std::count(node.inputs.begin(), node.inputs.end(), value);
    return count;
}

bool isDepthwise(const Layer& layer)
{
    return layer.op == OpKind::Conv && layer.weights.size() == 1 && layer.weights[0].shape.size() > 2 &&
           layer.weights[0].shape[1] == 1 && layer.weights[0].shape[0] > 1 && layer.inputs.size() == 1;
}

/// The layer whose output `second` alone reads; null when it is none that can be scaled.
const Layer* feeder(const Graph& graph, const Layer& second)
{
    const Layer* first = graph.layerOfOutput(second.inputs[0]);
    const bool scales =
        first && first->weights.size() == 1 &&
        (first->activation.empty() || first->activation == "relu" || first->activation == "relu6");
    return scales && readers(graph, first->output) == 1 ? first : nullptr;
}

bool ownsParameters(const Graph& graph, const LiveNorm& norm, const std::vector<LiveNorm>& all)
{
    const auto shares = [&](const LiveNorm& other) {
        return &other != &norm &&
               (other.folded.gamma == norm.folded.gamma || other.folded.beta == norm.folded.beta);
    };
    const auto reads = std::count_if(graph.layers.begin(), graph.layers.end(), [&](const Layer& layer) {
        return std::any_of(layer.weights.begin(), layer.weights.end(),
                           [&](const WeightRef& w) { return w.parameter == norm.folded.weight; });
    });
    return reads == 1 && std::none_of(all.begin(), all.end(), shares);
}

} // namespace

void Variables::equalize(const Graph& graph)
{
    const at::NoGradGuard none;
    for (const Layer& second : graph.layers) {
        const Layer* first = isDepthwise(second) ? feeder(graph, second) : nullptr;
        const LiveNorm* norm = first ? normOfWeight(first->weights[0].parameter) : nullptr;
        const at::Tensor filter = get(second.weights.empty() ? std::string() : second.weights[0].parameter);
        if (!norm || !filter.defined() || !ownsParameters(graph, *norm, m_norms))
            continue;
        const at::Tensor gain = get(norm->folded.gamma), shift = get(norm->folded.beta);
        if (!gain.defined() || !shift.defined() || gain.numel() != filter.size(0))
            continue;
        const at::Tensor middle = first->activation.empty() ? shift.abs() : shift.detach();
        // At least one deviation: what ReLU cuts nearly always must not be blown up by what it lets through.
        const at::Tensor reach = at::maximum(middle + gain.abs() * kReach, gain.abs()).to(c10::kDouble);
        double top = reach.max().item<double>();
        if (first->activation == "relu6")
            top = std::min(top, kRoom);
        if (!(top > 0))
            continue;
        const at::Tensor factor = at::where(reach > 0, (top / reach).clamp(1, kMost), at::ones_like(reach));
        gain.mul_(factor);
        shift.mul_(factor);
        std::vector<int64_t> shape(size_t(filter.dim()), 1);
        shape[0] = -1;
        filter.div_(factor.to(filter.scalar_type()).view(shape));
        m_equalized[second.weights[0].parameter] = factor;
    }
}

} // namespace bitwright
