// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calib/fixed_ranges.h"

#include "core/calib/activation_sites.h"
#include "core/calib/weight_ranges.h"

#include <optional>

namespace bitwright {
namespace {

/// The grids of `params` as ranges behind `spec`'s list.
void appendRanges(const QuantParams& params, QuantSpec& spec)
{
    for (size_t i = 0; i < params.scale.size(); ++i) {
        const Range range =
            rangeOfGrid(spec, {params.scale[i], i < params.zeroPoint.size() ? params.zeroPoint[i] : 0});
        spec.ranges.push_back({range.lo, range.hi});
    }
}

QuantSpec fixedSpec(const QuantSpec& spec)
{
    QuantSpec fixed = spec;
    fixed.estimator = Estimator::Fixed;
    fixed.parameter = 0;
    fixed.rangeLo = fixed.rangeHi = 0;
    fixed.ranges.clear();
    return fixed;
}

/// One range stands in rangeLo and rangeHi, where people look for it.
QuantSpec tidy(QuantSpec spec)
{
    if (spec.ranges.size() == 1) {
        spec.rangeLo = spec.ranges[0][0];
        spec.rangeHi = spec.ranges[0][1];
        spec.ranges.clear();
    }
    return spec;
}

std::optional<QuantSpec> fixedWeights(const Layer& layer, const QuantSpec& spec, const ResolvedPlan& resolved)
{
    QuantSpec fixed = fixedSpec(spec);
    for (const WeightRef& weight : layer.weights) {
        const auto found = resolved.weights.find(weight.parameter);
        if (found == resolved.weights.end() || found->second.format != Format::Int ||
            scalesOf(weight, spec) != int64_t(found->second.scale.size()))
            return std::nullopt;
        appendRanges(found->second, fixed);
    }
    return tidy(std::move(fixed));
}

} // namespace

QuantParams asRanges(const QuantSpec& spec, QuantParams params)
{
    if (params.format != Format::Int)
        return params;
    for (size_t i = 0; i < params.scale.size(); ++i) {
        const Grid grid = gridFromRange(spec, rangeOfGrid(spec, {params.scale[i], params.zeroPoint[i]}));
        params.scale[i] = grid.scale;
        params.zeroPoint[i] = grid.zeroPoint;
    }
    return params;
}

QuantPlan withFixedRanges(QuantPlan plan, const Graph& graph, const ResolvedPlan& resolved)
{
    const QuantPlan before = plan;
    for (const Layer& layer : graph.layers)
        if (const QuantSpec& spec = before.weights(layer.name);
            !layer.weights.empty() && spec.format == Format::Int)
            if (auto fixed = fixedWeights(layer, spec, resolved))
                plan.setWeights(layer.name, std::move(fixed));
    for (const ActivationSite& site : activationSites(graph)) {
        const auto found = resolved.activations.find(site.value);
        if (found == resolved.activations.end() || found->second.dynamic ||
            found->second.params.format != Format::Int)
            continue;
        QuantSpec fixed = fixedSpec(before.activations(site.name));
        appendRanges(found->second.params, fixed);
        plan.setActivations(site.name, tidy(std::move(fixed)));
    }
    return plan;
}

} // namespace bitwright
