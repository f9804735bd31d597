// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calib/calibrate.h"

#include "core/calib/activation_sites.h"

#include <algorithm>

namespace bitwright {
namespace {

/// The sites of one model while their statistics grow.
class Collector {
public:
    Collector(const Graph& graph, std::map<ValueId, TensorStats>& stats)
        : m_stats(stats)
    {
        for (ActivationSite& site : activationSites(graph)) {
            if (site.layer != kNone)
                m_observed.insert(site.value);
            m_sites.emplace(site.value, std::move(site));
        }
    }

    const std::set<ValueId>& observed() const { return m_observed; }

    void add(ValueId value, const Tensor& tensor)
    {
        const ActivationSite& site = m_sites.at(value);
        addToStats(m_stats[value], tensor.toFloat(), site.channelAxis, site.batched);
    }

    void addInputs(const Graph& graph, const Batch& batch)
    {
        for (size_t i = 0; i < graph.inputs.size() && i < batch.size(); ++i)
            if (m_sites.count(graph.inputs[i]))
                add(graph.inputs[i], batch[i]);
    }

    /// Shapes of one sample: the batch size must not show in the result.
    void finish()
    {
        for (auto& [value, stats] : m_stats)
            if (m_sites.at(value).batched && !stats.shape.empty())
                stats.shape[0] = 1;
    }

private:
    std::map<ValueId, TensorStats>& m_stats;
    std::map<ValueId, ActivationSite> m_sites;
    std::set<ValueId> m_observed;
};

} // namespace

Result<CalibrationResult> calibrate(const ModelRunner& runner, const SampleSource& source, Progress& progress)
{
    if (sampleCount(source) == 0)
        return Error{Error::InvalidArgument, "There are no samples to calibrate with.", {}};
    CalibrationResult result;
    Collector collector(runner.graph(), result.activations);
    progress.begin("Calibrating", sampleCount(source));
    const auto body = [&](const Batch& batch, const std::vector<int64_t>&) -> Result<void> {
        collector.addInputs(runner.graph(), batch);
        const Observer observer = [&](ValueId value, const Tensor& x) { collector.add(value, x); };
        BITWRIGHT_CHECK(runner.run(batch, {}, collector.observed(), observer, progress));
        result.samples =
            std::min(result.samples + std::max<int64_t>(1, source.batchSize), sampleCount(source));
        return {};
    };
    const Result<void> done = forEachBatch(runner, source, progress, body);
    if (!done && (done.error().code != Error::Cancelled || result.samples == 0))
        return done.error();
    collector.finish();
    result.partial = !done;
    return result;
}

} // namespace bitwright
