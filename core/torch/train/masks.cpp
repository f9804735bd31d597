// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/quant_plan.h"
#include "core/torch/guard_p.h"
#include "core/torch/tensor_bridge_p.h"
#include "core/torch/train/masks_p.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

namespace bitwright {
namespace {

/// Steps in which the sparsity rises: sorting all weights costs as much as several steps of training.
constexpr double kStages = 50;

} // namespace

Masks::Masks(const PruneOptions& options, const Graph& graph, const QuantPlan& plan,
             const Variables& variables)
    : m_options(options)
{
    if (options.kind != PruneOptions::Magnitude && options.kind != PruneOptions::TwoOfFour)
        return;
    for (const Layer& layer : graph.layers)
        for (const WeightRef& weight : layer.weights) {
            const at::Tensor leaf = variables.get(weight.parameter);
            if (!isPrunable(layer) || !leaf.defined() || !whyNotPruned(weight, options).empty())
                continue;
            if (plan.weights(layer.name).format == Format::Binary)
                throw Stop{
                    {Error::InvalidArgument,
                     "Binary weights cannot be pruned: the format has no zero. Give the layer another one.",
                     layer.name}};
            m_masks[weight.parameter] = {weight, leaf, at::ones_like(leaf.detach())};
        }
    if (m_masks.empty())
        throw Stop{{Error::InvalidArgument, "No layer of the model can be pruned this way.", "prune"}};
}

void Masks::update(double progress)
{
    if (m_masks.empty())
        return;
    const double part = std::floor(pruneProgress(m_options, progress) * kStages) / kStages;
    if (part > m_part) {
        const at::NoGradGuard none;
        for (auto& [name, mask] : m_masks) {
            const Tensor weight = floatFromTorch(mask.weight.detach() * mask.mask);
            const std::vector<uint8_t> kept = pruneMask(weight.floats(), mask.reference, m_options, part);
            mask.mask.copy_(at::tensor(at::ArrayRef<uint8_t>(kept), c10::kByte).view(mask.mask.sizes()));
        }
        m_part = part;
    }
    apply();
}

void Masks::apply()
{
    const at::NoGradGuard none;
    for (auto& [name, mask] : m_masks)
        mask.weight.mul_(mask.mask);
}

at::Tensor Masks::of(const std::string& weight) const
{
    const auto found = m_masks.find(weight);
    return found == m_masks.end() ? at::Tensor() : found->second.mask;
}

std::vector<at::Tensor> Masks::state() const
{
    std::vector<at::Tensor> all;
    for (const auto& [name, mask] : m_masks)
        all.push_back(mask.mask);
    return all;
}

} // namespace bitwright
