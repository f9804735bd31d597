// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calib/calibrate.h"

#include "core/calib/activation_sites.h"
#include "core/calib/flat_stats.h"
#include "core/run/workers.h"

#include <algorithm>
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

/// A sample of a site, for the moving average, which depends on their order.
struct SeenSample {
    int64_t value, position;
    float min, max;
};

/// The sites of one model while their statistics grow.
class Collector {
public:
    explicit Collector(const Graph& graph)
    {
        for (ActivationSite& site : activationSites(graph)) {
            if (site.layer != kNone)
                m_observed.insert(site.value);
            m_sites.emplace(site.value, std::move(site));
        }
    }

    const std::set<ValueId>& observed() const { return m_observed; }

    /// What comes now belongs to the samples [first, first + count) of the calibration.
    void beginBatch(int64_t first, int64_t count)
    {
        m_first = first;
        m_count = count;
    }

    /// Batches are cut where a prefix ends, so that prefixes do not depend on the batch size; values without
    /// a batch dimension count as a whole.
    void add(ValueId value, const Tensor& tensor)
    {
        const ActivationSite& site = m_sites.at(value);
        const Tensor floats = tensor.toFloat();
        TensorStats& stats = m_activations[value];
        closePrefixes(value, m_first);
        const bool rows = site.batched && !tensor.shape().empty() && tensor.shape()[0] % m_count == 0;
        const int64_t perSample = rows ? tensor.shape()[0] / m_count : 0;
        if (!rows)
            remember(value, m_first, addToStats(stats, floats, site.channelAxis, site.batched));
        for (int64_t done = 0; done < m_count;) {
            const int64_t count = std::min(m_count - done, m_nextPrefix[value] - m_first - done);
            if (rows)
                remember(value, m_first + done,
                         addToStats(stats, rowsOf(floats, done * perSample, (done + count) * perSample),
                                    site.channelAxis, true));
            done += count;
            closePrefixes(value, m_first + done);
        }
    }

    void addInputs(const Graph& graph, const Batch& batch)
    {
        for (size_t i = 0; i < graph.inputs.size() && i < batch.size(); ++i)
            if (m_sites.count(graph.inputs[i]))
                add(graph.inputs[i], batch[i]);
    }

    const std::vector<SeenSample>& seen() const { return m_seen; }

    /// Shapes of one sample: the batch size must not show in the result.
    CalibrationResult finish(int64_t samples)
    {
        CalibrationResult result;
        result.samples = samples;
        for (const auto& [value, stats] : m_activations)
            closePrefixes(value, samples);
        closeShapes(m_activations);
        result.activations = std::move(m_activations);
        for (auto& [end, stats] : m_prefixes) {
            if (end >= samples)
                break;
            closeShapes(stats);
            result.prefixes.push_back({end, std::move(stats)});
        }
        return result;
    }

private:
    void remember(ValueId value, int64_t position, const std::vector<SampleExtremes>& samples)
    {
        if (workers().isAlone())
            return;
        for (const auto& [min, max] : samples)
            m_seen.push_back({value, position++, min, max});
    }

    /// Keeps the statistics as they are for every prefix that ends at `position` or before it.
    void closePrefixes(ValueId value, int64_t position)
    {
        int64_t& end = m_nextPrefix.emplace(value, 1).first->second;
        for (; end <= position; end *= 2)
            m_prefixes[end].emplace(value, withoutChannels(m_activations[value]));
    }

    void closeShapes(std::map<ValueId, TensorStats>& all) const
    {
        for (auto& [value, stats] : all)
            if (m_sites.at(value).batched && !stats.shape.empty())
                stats.shape[0] = 1;
    }

    std::map<ValueId, ActivationSite> m_sites;
    std::map<ValueId, TensorStats> m_activations;
    std::map<ValueId, int64_t> m_nextPrefix; ///< where the next prefix ends
    std::map<int64_t, std::map<ValueId, TensorStats>> m_prefixes;
    std::vector<SeenSample> m_seen; ///< empty without other workers: it grows with the samples
    std::set<ValueId> m_observed;
    int64_t m_first = 0, m_count = 1;
};

void merge(std::map<ValueId, TensorStats>& all, const std::map<ValueId, TensorStats>& part)
{
    for (const auto& [value, stats] : part)
        mergeStats(all[value], stats);
}

/// The moving averages that one process would have got.
void replayAverages(CalibrationResult& result, std::vector<SeenSample> seen)
{
    std::stable_sort(seen.begin(), seen.end(), [](const SeenSample& a, const SeenSample& b) {
        return std::pair(a.value, a.position) < std::pair(b.value, b.position);
    });
    size_t at = 0;
    for (auto& [value, stats] : result.activations) {
        const auto keep = [&, &stats = stats, value = value](CalibrationPrefix& prefix) {
            const auto kept = prefix.activations.find(value);
            if (kept == prefix.activations.end())
                return;
            kept->second.emaMin = stats.emaMin;
            kept->second.emaMax = stats.emaMax;
            kept->second.samples = stats.samples;
        };
        auto prefix = result.prefixes.begin();
        for (; at < seen.size() && seen[at].value == value; ++at) {
            for (; prefix != result.prefixes.end() && prefix->samples <= seen[at].position; ++prefix)
                keep(*prefix);
            addToAverage(stats, {seen[at].min, seen[at].max});
        }
        std::for_each(prefix, result.prefixes.end(), keep);
    }
}

/// What all workers together have seen.
Result<CalibrationResult> joined(const CalibrationResult& own, const std::vector<SeenSample>& ownSeen)
{
    std::string bytes = flatBytes(own);
    putAll(bytes, ownSeen);
    BITWRIGHT_TRY(const std::vector<std::string> parts, workers().gather(bytes));
    CalibrationResult all;
    std::vector<SeenSample> seen;
    for (const std::string& part : parts) {
        std::string_view rest = part;
        BITWRIGHT_TRY(const CalibrationResult other, takeFlatBytes(rest));
        std::vector<SeenSample> samples;
        if (!takeAll(rest, samples) ||
            (!all.prefixes.empty() && all.prefixes.size() != other.prefixes.size()))
            return strangeWorker();
        all.samples = other.samples;
        merge(all.activations, other.activations);
        all.prefixes.resize(other.prefixes.size());
        for (size_t i = 0; i < other.prefixes.size(); ++i) {
            all.prefixes[i].samples = other.prefixes[i].samples;
            merge(all.prefixes[i].activations, other.prefixes[i].activations);
        }
        seen.insert(seen.end(), samples.begin(), samples.end());
    }
    replayAverages(all, std::move(seen));
    return all;
}

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
    Collector collector(runner.graph());
    int64_t samples = 0;
    progress.begin("Calibrating", sampleCount(source));
    const auto body = [&](int64_t first, const Batch& batch, const std::vector<int64_t>&) -> Result<void> {
        const int64_t count = std::min(std::max<int64_t>(1, source.batchSize), sampleCount(source) - first);
        collector.beginBatch(first, count);
        collector.addInputs(runner.graph(), batch);
        const Observer observer = [&](ValueId value, const Tensor& x) { collector.add(value, x); };
        BITWRIGHT_CHECK(runner.run(batch, {}, collector.observed(), observer, progress));
        samples = first + count;
        return {};
    };
    const Result<void> done = forEachOwnBatch(runner, source, progress, body);
    if (!done && (done.error().code != Error::Cancelled || samples == 0 || !workers().isAlone()))
        return done.error();
    if (!workers().isAlone())
        return joined(collector.finish(sampleCount(source)), collector.seen());
    CalibrationResult result = collector.finish(samples);
    result.partial = !done;
    return result;
}

} // namespace bitwright
