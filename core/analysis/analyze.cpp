// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/analyze.h"

#include "core/analysis/error_metrics.h"
#include "core/analysis/report_rows.h"
#include "core/calib/activation_sites.h"

#include <map>

namespace bitwright {
namespace {

/// Errors of one activation site, summed over the batches.
struct SiteErrors {
    ErrorSums local, cumulative;
    Shape shape;
};

/// Measures both errors of every site of a float run and a quantized run in lockstep.
class Lockstep {
public:
    Lockstep(const ModelRunner& runner, const ResolvedPlan& resolved)
        : m_runner(runner)
        , m_resolved(resolved)
        , m_sites(activationSites(runner.graph()))
    {
        for (const ActivationSite& site : m_sites)
            if (site.layer != kNone)
                m_observed.insert(site.value);
    }

    Result<void> add(const Batch& batch, const RunConfig& quantized, Progress& progress)
    {
        for (const ActivationSite& site : m_sites)
            if (site.layer == kNone && site.input < batch.size())
                addPair(site.value, batch[site.input].toFloat(), batch[site.input].toFloat());
        const auto sink = [&](ValueId value, const Tensor& a, const Tensor& b) {
            addPair(value, a.toFloat(), b.toFloat());
        };
        BITWRIGHT_CHECK(m_runner.runPaired(batch, {}, quantized, m_observed, sink, progress));
        return {};
    }

    const SiteErrors* find(ValueId value) const
    {
        const auto it = m_errors.find(value);
        return it == m_errors.end() ? nullptr : &it->second;
    }

private:
    /// `a` float, `b` of the quantized run; both before the site's own quantizer.
    void addPair(ValueId value, const Tensor& a, const Tensor& b)
    {
        SiteErrors& errors = m_errors[value];
        errors.shape = a.shape();
        const auto quantizer = m_resolved.activations.find(value);
        if (quantizer == m_resolved.activations.end()) {
            if (a.size() == b.size())
                errors.cumulative.add(compare(a.floats(), b.floats()));
            return;
        }
        errors.local.add(quantizationError(a, activationParams(a, quantizer->second)));
        if (a.size() == b.size())
            errors.cumulative.add(compare(a.floats(), quantizeActivation(b, quantizer->second).floats()));
    }

    const ModelRunner& m_runner;
    const ResolvedPlan& m_resolved;
    std::vector<ActivationSite> m_sites;
    std::set<ValueId> m_observed;
    std::map<ValueId, SiteErrors> m_errors;
};

Result<LayerReport> weightRow(const ModelRunner& runner, const Layer& layer, const QuantPlan& plan,
                              const ResolvedPlan& resolved)
{
    LayerReport row;
    row.name = layer.name;
    row.layer = layer.id;
    std::vector<SiteReport> tensors;
    for (const WeightRef& site : layer.weights) {
        const auto params = resolved.weights.find(site.parameter);
        const bool quantized = params != resolved.weights.end();
        const QuantSpec spec = quantized ? plan.weights(layer.name) : QuantSpec::float32();
        BITWRIGHT_TRY(SiteReport report,
                      weightSiteReport(runner, site, spec, quantized ? params->second : QuantParams{}));
        tensors.push_back(std::move(report));
    }
    setWeightReports(row, std::move(tensors));
    return row;
}

void setActivation(LayerReport& row, ValueId value, const QuantSpec& spec, const ResolvedPlan& resolved,
                   const Lockstep& lockstep)
{
    const SiteErrors* errors = lockstep.find(value);
    if (!errors)
        return;
    if (errors->cumulative.count > 0)
        row.cumulativeSqnrDb = errors->cumulative.sqnrDb();
    const auto quantizer = resolved.activations.find(value);
    if (quantizer == resolved.activations.end() || errors->local.count == 0)
        return;
    SiteReport report;
    report.spec = spec;
    report.params = quantizer->second.params;
    report.error = errors->local;
    report.elements = elementCount(errors->shape);
    row.activation = std::move(report);
}

Result<void> runLockstep(const ModelRunner& runner, const ResolvedPlan& resolved, const SampleSource& source,
                         Lockstep& lockstep, Progress& progress)
{
    progress.begin("Quantizing weights", int64_t(resolved.weights.size()));
    BITWRIGHT_TRY(const RunConfig quantized, makeRunConfig(runner, resolved, progress));
    progress.begin("Comparing float and quantized", sampleCount(source));
    return forEachBatch(runner, source, progress, [&](const Batch& batch, const std::vector<int64_t>&) {
        return lockstep.add(batch, quantized, progress);
    });
}

} // namespace

Result<std::vector<LayerReport>> analyze(const ModelRunner& runner, const QuantPlan& plan,
                                         const CalibrationResult& calibration, const SampleSource& source,
                                         Progress& progress)
{
    const Graph& graph = runner.graph();
    BITWRIGHT_TRY(const ResolvedPlan resolved, resolvePlan(runner, plan, calibration, progress));
    Lockstep lockstep(runner, resolved);
    const bool weightsOnly = graph.nodes.empty() && graph.inputs.empty();
    if (!weightsOnly)
        BITWRIGHT_CHECK(runLockstep(runner, resolved, source, lockstep, progress));
    std::vector<LayerReport> rows;
    for (size_t i = 0; i < graph.inputs.size(); ++i) {
        LayerReport row;
        row.name = inputLayerName(i);
        setActivation(row, graph.inputs[i], plan.activations(row.name), resolved, lockstep);
        rows.push_back(std::move(row));
    }
    progress.begin("Comparing weights", int64_t(graph.layers.size()));
    for (const Layer& layer : graph.layers) {
        if (progress.cancelled())
            return cancelledError();
        BITWRIGHT_TRY(LayerReport row, weightRow(runner, layer, plan, resolved));
        setActivation(row, layer.output, plan.activations(layer.name), resolved, lockstep);
        rows.push_back(std::move(row));
        progress.advance();
    }
    return rows;
}

} // namespace bitwright
