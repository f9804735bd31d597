// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/train/variables_p.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <set>

namespace bitwright {
namespace {

/// Weights folded once by a layer at the top level; others (two batch-norms in a row) stay folded.
std::vector<std::pair<const FoldedNorm*, int32_t>> unfoldable(const ImportedModel& model)
{
    std::map<std::string, int> uses;
    for (const FoldedNorm& folded : model.lifted.folded)
        ++uses[folded.weight];
    std::vector<std::pair<const FoldedNorm*, int32_t>> found;
    const auto& instructions = model.program->code.instructions;
    for (const FoldedNorm& folded : model.lifted.folded) {
        const auto at = std::find_if(instructions.begin(), instructions.end(),
                                     [&](const Instruction& i) { return i.node == folded.layer; });
        if (at != instructions.end() && uses[folded.weight] == 1)
            found.emplace_back(&folded, int32_t(at - instructions.begin()));
    }
    return found;
}

/// Parameters that batch-norms of the graph read as running statistics.
std::set<std::string> statisticsOf(const ImportedModel& model)
{
    std::set<std::string> names;
    for (const Instruction& instruction : model.program->code.instructions)
        if (instruction.node->kind() == c10::aten::batch_norm)
            for (const size_t input : {3u, 4u})
                if (const int64_t i = model.lifted.parameterIndex(instruction.node->input(input)); i >= 0)
                    names.insert(model.lifted.parameters[size_t(i)].name);
    return names;
}

} // namespace

Variables::Variables(const ImportedModel& model, bool unfold, const std::vector<std::string>& rawCodes)
    : m_model(model)
{
    const at::NoGradGuard none;
    std::set<std::string> handled;
    std::map<std::string, int> gains;
    for (const FoldedNorm& folded : model.lifted.folded)
        ++gains[folded.gamma];
    if (unfold)
        for (const auto& [folded, stage] : unfoldable(model)) {
            const bool wanted = std::count(rawCodes.begin(), rawCodes.end(), folded->weight) > 0;
            const bool ownGain = folded->gamma.empty() || gains[folded->gamma] == 1;
            addNorm(*folded, stage, wanted && ownGain);
            handled.insert({folded->weight, folded->bias});
        }
    const std::set<std::string> statistics = statisticsOf(model);
    for (const LiftedParameter& parameter : model.lifted.parameters) {
        if (handled.count(parameter.name) || !parameter.tensor.is_floating_point())
            continue;
        if (statistics.count(parameter.name))
            addStatistic(parameter.name, parameter.tensor);
        else if (!parameter.isBuffer)
            addLeaf(parameter.name, parameter.tensor);
    }
    for (auto& [name, leaf] : m_leaves)
        leaf.requires_grad_(true);
}

void Variables::addLeaf(const std::string& name, const at::Tensor& tensor)
{
    if (!name.empty() && tensor.defined() && !m_leaves.count(name))
        m_leaves[name] = tensor.detach().clone(at::MemoryFormat::Contiguous);
}

void Variables::addStatistic(const std::string& name, const at::Tensor& tensor)
{
    if (!name.empty() && tensor.defined() && !m_statistics.count(name))
        m_statistics[name] = tensor.detach().clone(at::MemoryFormat::Contiguous);
}

void Variables::addNorm(const FoldedNorm& folded, int32_t stage, bool rawCodes)
{
    const NormTensors& t = folded.tensors;
    addLeaf(folded.weight, t.weight);
    if (folded.hadBias)
        addLeaf(folded.bias, t.bias);
    addLeaf(folded.gamma, t.gamma);
    addLeaf(folded.beta, t.beta);
    addStatistic(folded.mean, t.mean);
    addStatistic(folded.var, t.var);
    if (rawCodes && t.gamma.defined()) {
        // A channel with a negative gain computes the same with the signs of weight, bias, mean and gain
        // changed.
        const at::Tensor sign = at::where(t.gamma < 0, -at::ones_like(t.gamma), at::ones_like(t.gamma));
        std::vector<int64_t> shape(size_t(t.weight.dim()), 1);
        shape[size_t(t.channelAxis)] = -1;
        m_leaves[folded.weight].mul_(sign.view(shape));
        if (folded.hadBias)
            m_leaves[folded.bias].mul_(sign);
        m_statistics[folded.mean].mul_(sign);
        m_leaves[folded.gamma].mul_(sign);
    }
    m_norms.push_back({folded, stage, rawCodes});
}

const LiveNorm* Variables::normOfWeight(const std::string& weight) const
{
    for (const LiveNorm& norm : m_norms)
        if (norm.folded.weight == weight)
            return &norm;
    return nullptr;
}

at::Tensor Variables::get(const std::string& name) const
{
    if (const auto leaf = m_leaves.find(name); leaf != m_leaves.end())
        return leaf->second;
    const auto statistic = m_statistics.find(name);
    return statistic == m_statistics.end() ? at::Tensor() : statistic->second;
}

NormTensors Variables::tensorsOf(const LiveNorm& norm) const
{
    const FoldedNorm& f = norm.folded;
    return {get(f.weight), f.hadBias ? get(f.bias) : at::Tensor(),
            get(f.gamma),  get(f.beta),
            get(f.mean),   get(f.var),
            f.tensors.eps, f.tensors.channelAxis};
}

at::Tensor Variables::weightFactor(const LiveNorm& norm) const
{
    const at::Tensor weight = get(norm.folded.weight);
    std::vector<int64_t> shape(size_t(weight.dim()), 1);
    shape[size_t(norm.folded.tensors.channelAxis)] = -1;
    return foldFactor(tensorsOf(norm)).to(weight.scalar_type()).view(shape);
}

std::vector<at::Tensor> Variables::state() const
{
    std::vector<at::Tensor> all;
    for (const auto& [name, tensor] : m_leaves)
        all.push_back(tensor);
    for (const auto& [name, tensor] : m_statistics)
        all.push_back(tensor);
    return all;
}

void Variables::project()
{
    const at::NoGradGuard none;
    for (const LiveNorm& norm : m_norms)
        if (norm.rawCodes && !norm.folded.gamma.empty())
            m_leaves.at(norm.folded.gamma).clamp_min_(0);
}

bool Variables::setDeployed(const std::string& name, const at::Tensor& value)
{
    const at::NoGradGuard none;
    for (const LiveNorm& norm : m_norms) {
        if (name == norm.folded.weight) {
            const at::Tensor weight = get(name), factor = weightFactor(norm);
            weight.copy_(at::where(factor == 0, weight, value / factor));
            return true;
        }
        if (name != norm.folded.bias)
            continue;
        const NormTensors t = tensorsOf(norm);
        const at::Tensor factor = foldFactor(t);
        const at::Tensor moved = value.to(c10::kDouble) - foldTensors(t).second.to(c10::kDouble);
        if (t.beta.defined())
            t.beta.add_(moved);
        else
            (t.bias.defined() ? t.bias : t.mean)
                .add_(at::where(factor == 0, at::zeros_like(moved), moved / factor), t.bias.defined() ? 1 : -1);
        return true;
    }
    const at::Tensor own = get(name);
    if (own.defined())
        own.copy_(value);
    return own.defined();
}

std::map<std::string, at::Tensor> Variables::deployed(const std::map<std::string, at::Tensor>& weights) const
{
    const auto exported = [&](const std::string& name) {
        const auto found = weights.find(name);
        return found == weights.end() ? get(name).detach() : found->second;
    };
    std::map<std::string, at::Tensor> all;
    for (const LiftedParameter& parameter : m_model.lifted.parameters)
        if (get(parameter.name).defined())
            all[parameter.name] = exported(parameter.name);
    for (const LiveNorm& norm : m_norms) {
        NormTensors tensors = tensorsOf(norm);
        tensors.weight = exported(norm.folded.weight);
        std::tie(all[norm.folded.weight], all[norm.folded.bias]) = foldTensors(tensors);
    }
    return all;
}

} // namespace bitwright
