// SPDX-License-Identifier: GPL-3.0-or-later
// What training leaves behind: float parameters of the folded graph and the ranges as a plan holds them.
#include "core/calib/calibrate.h"
#include "core/calib/fixed_ranges.h"
#include "core/torch/tensor_bridge_p.h"
#include "core/torch/train/train_graph_p.h"

#include <ATen/ATen.h>

#include <numeric>

namespace bitwright {

bool foldsByScale(const QuantSpec& spec, const QuantParams& params)
{
    return params.format == Format::Int && spec.scheme != Scheme::PowerOfTwo &&
           params.rounding == Rounding::HalfEven && params.axis >= 0 &&
           (spec.granularity == Granularity::Channel || spec.granularity == Granularity::Group);
}

QuantParams TrainGraph::deployedParams(const WeightSite& site,
                                       const std::map<std::string, at::Tensor>& parameters) const
{
    const SiteQuantizer& quantizer = *m_sites[site.site];
    QuantParams params = quantizer.params(seen(site));
    if (params.format != Format::Int) {
        const auto resolved =
            resolveWeight(floatFromTorch(parameters.at(site.name)), site.reference, quantizer.site().spec);
        return resolved ? *resolved : params;
    }
    const LiveNorm* norm = m_variables.normOfWeight(site.name);
    if (norm && norm->rawCodes) {
        const at::Tensor factor = foldFactor(m_variables.tensorsOf(*norm));
        const int64_t perChannel = int64_t(params.scale.size()) / factor.numel();
        for (size_t i = 0; i < params.scale.size(); ++i)
            params.scale[i] = float(double(params.scale[i]) * factor[int64_t(i) / perChannel].item<double>());
    }
    return asRanges(quantizer.site().spec, std::move(params));
}

at::Tensor TrainGraph::exported(const WeightSite& site) const
{
    const LiveNorm* norm = m_variables.normOfWeight(site.name);
    const at::Tensor weight = m_variables.get(site.name).detach();
    if (!norm || norm->rawCodes)
        return m_sites[site.site]->exported(weight);
    const at::Tensor factor = m_variables.weightFactor(*norm);
    const at::Tensor made = m_sites[site.site]->exported(weight * factor);
    // Methods that leave the weight alone must not round it.
    return made.equal(weight * factor) ? weight
                                       : made / at::where(factor == 0, at::ones_like(factor), factor);
}

TrainGraph::Deployed TrainGraph::deployed() const
{
    const at::NoGradGuard none;
    Deployed result;
    std::map<std::string, at::Tensor> weights;
    for (const WeightSite& site : m_weights) {
        const at::Tensor mask = m_masks.of(site.name);
        weights[site.name] = mask.defined() ? exported(site) * mask : exported(site);
    }
    result.parameters = m_variables.deployed(weights);
    result.own = m_variables.leaves();
    result.own.insert(m_variables.statistics().begin(), m_variables.statistics().end());
    for (const auto& [name, weight] : weights)
        result.own[name] = weight;
    for (const WeightSite& site : m_weights)
        result.plan.weights[site.name] = deployedParams(site, result.parameters);
    for (const auto& [id, index] : m_activations) {
        const SiteQuantizer& quantizer = *m_sites[index];
        ActivationQuantizer& made = result.plan.activations[id];
        made.spec = quantizer.site().spec;
        made.dynamic = quantizer.site().dynamic;
        made.params = made.dynamic ? quantizer.site().start : asRanges(made.spec, quantizer.params({}));
    }
    return result;
}

std::vector<SiteScale> TrainGraph::scales() const
{
    std::vector<SiteScale> all;
    const auto mean = [](const auto& values) {
        return values.empty() ? 0.0
                              : std::accumulate(values.begin(), values.end(), 0.0) / double(values.size());
    };
    const auto add = [&](const SiteQuantizer& quantizer, const QuantParams& params) {
        if (params.format == Format::Int)
            all.push_back({quantizer.site().layer, quantizer.site().weight, mean(params.scale),
                           mean(params.zeroPoint)});
    };
    for (const WeightSite& site : m_weights)
        add(*m_sites[site.site], m_sites[site.site]->params(seen(site)));
    for (const auto& [id, index] : m_activations)
        if (!m_sites[index]->site().dynamic)
            add(*m_sites[index], m_sites[index]->params({}));
    return all;
}

} // namespace bitwright
