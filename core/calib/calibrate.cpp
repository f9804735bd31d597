// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calib/calibrate.h"

#include "core/calib/activation_sites.h"

#include <algorithm>
#include <bit>
#include <iterator>

namespace bitwright {
namespace {

TensorStats withoutChannels(const TensorStats& stats)
{
    TensorStats copy;
    copy.all = stats.all;
    copy.zeros = stats.zeros;
    copy.nonFinite = stats.nonFinite;
    copy.histogram = stats.histogram;
    copy.emaMin = stats.emaMin;
    copy.emaMax = stats.emaMax;
    copy.samples = stats.samples;
    copy.shape = stats.shape;
    return copy;
}

/// Rows [begin, end) of dimension 0; shares the memory.
Tensor rowsOf(const Tensor& tensor, int64_t begin, int64_t end)
{
    Shape shape = tensor.shape();
    const int64_t rowBytes = shape[0] > 0 ? tensor.bytes() / shape[0] : 0;
    shape[0] = end - begin;
    return Tensor::wrap(tensor.dtype(), std::move(shape),
                        static_cast<const char*>(tensor.data()) + begin * rowBytes,
                        std::make_shared<Tensor>(tensor));
}

/// The sites of one model while their statistics grow.
class Collector {
public:
    Collector(const Graph& graph, CalibrationResult& result)
        : m_result(result)
    {
        for (ActivationSite& site : activationSites(graph)) {
            if (site.layer != kNone)
                m_observed.insert(site.value);
            m_sites.emplace(site.value, std::move(site));
        }
    }

    const std::set<ValueId>& observed() const { return m_observed; }

    /// `tensor` belongs to a batch of `samples`. Batches are cut where a prefix ends, so that prefixes do not
    /// depend on the batch size; values without a batch dimension count as a whole.
    void add(ValueId value, const Tensor& tensor, int64_t samples)
    {
        const ActivationSite& site = m_sites.at(value);
        const Tensor floats = tensor.toFloat();
        TensorStats& stats = m_result.activations[value];
        int64_t& seen = m_seen[value];
        const bool rows = site.batched && !tensor.shape().empty() && tensor.shape()[0] % samples == 0;
        const int64_t perSample = rows ? tensor.shape()[0] / samples : 0;
        if (!rows)
            addToStats(stats, floats, site.channelAxis, site.batched);
        for (int64_t done = 0; done < samples;) {
            const auto power = int64_t(std::bit_ceil(uint64_t(seen + 1)));
            const int64_t count = std::min(samples - done, power - seen);
            if (rows)
                addToStats(stats, rowsOf(floats, done * perSample, (done + count) * perSample),
                           site.channelAxis, true);
            done += count;
            seen += count;
            if (seen == power)
                m_prefixes[power].emplace(value, withoutChannels(stats));
        }
    }

    void addInputs(const Graph& graph, const Batch& batch, int64_t samples)
    {
        for (size_t i = 0; i < graph.inputs.size() && i < batch.size(); ++i)
            if (m_sites.count(graph.inputs[i]))
                add(graph.inputs[i], batch[i], samples);
    }

    /// Shapes of one sample: the batch size must not show in the result.
    void finish()
    {
        closeShapes(m_result.activations);
        for (auto& [samples, stats] : m_prefixes) {
            if (samples >= m_result.samples)
                break;
            closeShapes(stats);
            m_result.prefixes.push_back({samples, std::move(stats)});
        }
    }

private:
    void closeShapes(std::map<ValueId, TensorStats>& all) const
    {
        for (auto& [value, stats] : all)
            if (m_sites.at(value).batched && !stats.shape.empty())
                stats.shape[0] = 1;
    }

    CalibrationResult& m_result;
    std::map<ValueId, ActivationSite> m_sites;
    std::map<ValueId, int64_t> m_seen;
    std::map<int64_t, std::map<ValueId, TensorStats>> m_prefixes;
    std::set<ValueId> m_observed;
};

} // namespace

const TensorStats* CalibrationResult::statsAfter(ValueId value, int64_t count) const
{
    const std::map<ValueId, TensorStats>* from = &activations;
    if (count < samples) {
        const auto longer = std::find_if(prefixes.begin(), prefixes.end(),
                                         [count](const CalibrationPrefix& p) { return p.samples > count; });
        if (longer == prefixes.begin())
            return nullptr;
        from = &std::prev(longer)->activations;
    }
    const auto it = from->find(value);
    return it == from->end() || it->second.isEmpty() ? nullptr : &it->second;
}

Result<CalibrationResult> calibrate(const ModelRunner& runner, const SampleSource& source, Progress& progress)
{
    if (sampleCount(source) == 0)
        return Error{Error::InvalidArgument, "There are no samples to calibrate with.", {}};
    CalibrationResult result;
    Collector collector(runner.graph(), result);
    progress.begin("Calibrating", sampleCount(source));
    const auto body = [&](const Batch& batch, const std::vector<int64_t>&) -> Result<void> {
        const int64_t samples =
            batch.empty() || batch[0].shape().empty() ? 1 : std::max<int64_t>(1, batch[0].shape()[0]);
        collector.addInputs(runner.graph(), batch, samples);
        const Observer observer = [&](ValueId value, const Tensor& x) { collector.add(value, x, samples); };
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
