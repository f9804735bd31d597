// SPDX-License-Identifier: GPL-3.0-or-later
// Before: y = depthwise(act(norm(conv(x)))), where the channels of act(...) may differ a hundredfold in range
// and share one scale. After: gain and shift of channel c times k_c, depthwise filter c divided by k_c, so
// that all channels reach as far as the widest (Nagel et al. 2019, "Data-Free Quantization Through Weight
// Equalization and Bias Correction", for the one pair of layers where it costs the second nothing: a
// per-channel scale takes it up). Training cannot find this itself: behind the filter the function does not
// change, only the rounding error does. Conditions: those of a ChannelPair.
#include "core/graph/channel_pairs.h"
#include "core/graph/channel_place.h"
#include "core/torch/train/variables_p.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>

namespace bitwright {
namespace {

/// Standard deviations that count as the reach of a normalized channel.
constexpr double kReach = 3;
/// Largest factor: beyond it a channel is dead rather than narrow.
constexpr double kMost = 256;
/// Of ReLU6, so that scaled channels stay clear of its upper end.
constexpr double kRoom = 5;

bool ownsParameters(const LiveNorm& norm, const std::vector<LiveNorm>& all)
{
    const auto shares = [&](const LiveNorm& other) {
        return &other != &norm &&
               (other.folded.gamma == norm.folded.gamma || other.folded.beta == norm.folded.beta);
    };
    return std::none_of(all.begin(), all.end(), shares);
}

} // namespace

void Variables::equalize(const Graph& graph)
{
    const at::NoGradGuard none;
    for (const ChannelPair& pair : channelPairs(graph)) {
        const Layer &first = graph.layers[size_t(pair.first)], &second = graph.layers[size_t(pair.second)];
        const LiveNorm* norm = normOfWeight(first.weights[0].parameter);
        const at::Tensor filter = get(second.weights[0].parameter);
        if (!isDepthwise(second) || !norm || !filter.defined() || !ownsParameters(*norm, m_norms))
            continue;
        const at::Tensor gain = get(norm->folded.gamma), shift = get(norm->folded.beta);
        if (!gain.defined() || !shift.defined() || gain.numel() != filter.size(0) ||
            pair.channels != filter.size(0))
            continue;
        const bool oneSided = first.activation == "relu" || first.activation == "relu6";
        const at::Tensor middle = oneSided ? shift.detach() : shift.abs();
        // At least one deviation: what ReLU cuts nearly always must not be blown up by what it lets through.
        const at::Tensor reach = at::maximum(middle + gain.abs() * kReach, gain.abs()).to(c10::kDouble);
        double top = reach.max().item<double>();
        if (std::isfinite(pair.cap))
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
