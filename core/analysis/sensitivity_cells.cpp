// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/sensitivity_cells.h"

#include "core/calib/activation_sites.h"
#include "core/calib/calibrate.h"
#include "core/calib/weight_ranges.h"
#include "core/quant/quantize.h"
#include "core/quant/with_bits.h"

namespace bitwright {
namespace {

class Planner {
public:
    Planner(const ModelRunner& runner, const QuantPlan& plan, const CalibrationResult& calibration,
            const SensitivityOptions& options, Progress& progress)
        : m_runner(runner)
        , m_graph(runner.graph())
        , m_plan(plan)
        , m_calibration(calibration)
        , m_options(options)
        , m_progress(progress)
    {
    }

    Result<PlannedSweep> all()
    {
        BITWRIGHT_TRY(m_pool, modelPool(m_runner, m_plan, m_progress));
        for (const SensitivityMode mode : m_options.modes)
            for (const SensitivityWhat what : m_options.what)
                if (mode == SensitivityMode::Cumulative)
                    continue;
                else if (mode == SensitivityMode::DisableOne)
                    BITWRIGHT_CHECK(addDisabled(what));
                else if (what == SensitivityWhat::Activations)
                    BITWRIGHT_CHECK(addActivations(mode));
                else
                    BITWRIGHT_CHECK(addWeights(mode));
        return std::move(m_sweep);
    }

private:
    bool isAsked(const std::string& name) const
    {
        return m_options.layers.empty() || m_options.layers.count(name) > 0;
    }

    PlannedCell& add(const std::string& name, SensitivityWhat what, int bits, SensitivityMode mode)
    {
        PlannedCell planned;
        planned.cell.layer = name;
        planned.cell.what = what;
        planned.cell.bits = bits;
        planned.cell.mode = mode;
        return m_sweep.cells.emplace_back(std::move(planned));
    }

    Result<void> addWeights(SensitivityMode mode)
    {
        for (const Layer& layer : m_graph.layers) {
            if (layer.weights.empty() || !isAsked(layer.name))
                continue;
            for (const int bits : m_options.bits) {
                if (m_progress.cancelled())
                    return cancelledError();
                const QuantSpec spec = withBits(m_plan.weights(layer.name), bits);
                BITWRIGHT_TRY(const auto params, resolveLayerWeights(m_runner, layer, spec, m_pool));
                PlannedCell& planned = add(layer.name, SensitivityWhat::Weights, bits, mode);
                for (size_t i = 0; i < params.size(); ++i) {
                    planned.weights.emplace(layer.weights[i].parameter, params[i]);
                    planned.bytes += elementCount(layer.weights[i].shape) * int64_t(sizeof(float));
                }
                if (mode == SensitivityMode::Local)
                    planned.local = planned.variant.stopAt = layer.output;
            }
        }
        return {};
    }

    Result<void> addActivations(SensitivityMode mode)
    {
        for (const ActivationSite& site : activationSites(m_graph)) {
            const auto stats = m_calibration.activations.find(site.value);
            if (stats == m_calibration.activations.end() || stats->second.isEmpty() || !isAsked(site.name))
                continue;
            for (const int bits : m_options.bits) {
                if (m_progress.cancelled())
                    return cancelledError();
                PlannedCell& planned = add(site.name, SensitivityWhat::Activations, bits, mode);
                planned.variant.changes.activations[site.value] =
                    resolveActivation(stats->second, withBits(m_plan.activations(site.name), bits));
                planned.runs = mode != SensitivityMode::Local;
                planned.local = planned.runs ? kNone : site.value;
            }
        }
        return {};
    }

    Result<void> addDisabled(SensitivityWhat what)
    {
        if (m_options.bits.empty())
            return {};
        const size_t first = m_sweep.bases.size();
        for (const int bits : m_options.bits) {
            BITWRIGHT_TRY(const ResolvedPlan resolved,
                          resolvePlan(m_runner, planAtBits(m_plan, what, bits), m_calibration, m_progress));
            BITWRIGHT_TRY(RunConfig config, makeRunConfig(m_runner, resolved, m_progress));
            m_sweep.bases.push_back({what, bits, std::move(config)});
        }
        what == SensitivityWhat::Weights ? addDisabledWeights(first) : addDisabledActivations(first);
        return {};
    }

    /// Cells of one site for all bases from `first` on.
    template<typename Change>
    void addDisabledSite(const std::string& name, size_t first, Change&& change)
    {
        for (size_t i = first; i < m_sweep.bases.size(); ++i) {
            PlannedCell& planned =
                add(name, m_sweep.bases[i].what, m_sweep.bases[i].bits, SensitivityMode::DisableOne);
            planned.base = i + 1;
            change(planned.variant);
        }
    }

    void addDisabledActivations(size_t first)
    {
        for (const ActivationSite& site : activationSites(m_graph))
            if (isAsked(site.name) && m_sweep.bases[first].config.activations.count(site.value))
                addDisabledSite(site.name, first,
                                [&](Variant& variant) { variant.removeActivations.insert(site.value); });
    }

    void addDisabledWeights(size_t first)
    {
        for (const Layer& layer : m_graph.layers) {
            std::set<std::string> names;
            for (const WeightRef& site : layer.weights)
                if (m_sweep.bases[first].config.weights.count(site.parameter))
                    names.insert(site.parameter);
            if (!names.empty() && isAsked(layer.name))
                addDisabledSite(layer.name, first, [&](Variant& variant) { variant.removeWeights = names; });
        }
    }

    const ModelRunner& m_runner;
    const Graph& m_graph;
    const QuantPlan& m_plan;
    const CalibrationResult& m_calibration;
    const SensitivityOptions& m_options;
    Progress& m_progress;
    Tensor m_pool;
    PlannedSweep m_sweep;
};

} // namespace

QuantPlan planAtBits(QuantPlan plan, SensitivityWhat what, int bits)
{
    const auto change = [bits](QuantSpec& spec) {
        if (!spec.isFloat32())
            spec = withBits(spec, bits);
    };
    const bool weights = what == SensitivityWhat::Weights;
    change(weights ? plan.defaultWeights : plan.defaultActivations);
    for (auto& [name, layer] : plan.layers)
        if (auto& spec = weights ? layer.weights : layer.activations)
            change(*spec);
    return plan;
}

Result<PlannedSweep> planSweep(const ModelRunner& runner, const QuantPlan& plan,
                               const CalibrationResult& calibration, const SensitivityOptions& options,
                               Progress& progress)
{
    return Planner(runner, plan, calibration, options, progress).all();
}

Result<Variant> makeVariant(const ModelRunner& runner, const PlannedCell& cell)
{
    Variant variant = cell.variant;
    for (const auto& [name, params] : cell.weights) {
        BITWRIGHT_TRY(const Tensor weight, runner.parameter(name));
        variant.changes.weights[name] = fakeQuantize(weight.toFloat(), params);
    }
    return variant;
}

} // namespace bitwright
