// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/compare_models.h"

#include <map>
#include <set>

namespace bitwright {
namespace {

using Kind = std::pair<std::string, std::vector<Shape>>;

Kind kindOf(const Layer& layer)
{
    Kind kind{layer.label, {}};
    for (const WeightRef& weight : layer.weights)
        kind.second.push_back(weight.shape);
    return kind;
}

/// Index of the reference's layer for each layer; -1 where there is none.
std::vector<int64_t> paired(const Graph& graph, const Graph& reference)
{
    std::vector<int64_t> pairs(graph.layers.size(), -1);
    std::set<LayerId> taken;
    for (const Layer& layer : graph.layers)
        if (const Layer* other = reference.findLayer(layer.name); other && other->op == layer.op) {
            pairs[size_t(layer.id)] = other->id;
            taken.insert(other->id);
        }
    std::map<Kind, std::vector<LayerId>> left;
    for (const Layer& layer : reference.layers)
        if (!taken.count(layer.id))
            left[kindOf(layer)].push_back(layer.id);
    for (const Layer& layer : graph.layers) {
        std::vector<LayerId>& candidates = left[kindOf(layer)];
        if (pairs[size_t(layer.id)] >= 0 || candidates.empty())
            continue;
        pairs[size_t(layer.id)] = candidates.front();
        candidates.erase(candidates.begin());
    }
    return pairs;
}

Result<std::optional<ErrorSums>> weightError(const ModelRunner& model, const RunConfig& config,
                                             const Layer& layer, const ModelRunner& reference,
                                             const Layer& other)
{
    ErrorSums sums;
    for (size_t i = 0; i < layer.weights.size() && i < other.weights.size(); ++i) {
        if (layer.weights[i].shape != other.weights[i].shape)
            return std::optional<ErrorSums>();
        const std::string& name = layer.weights[i].parameter;
        BITWRIGHT_TRY(Tensor own, model.parameter(name));
        if (const auto quantized = config.weights.find(name); quantized != config.weights.end())
            own = quantized->second;
        BITWRIGHT_TRY(const Tensor original, reference.parameter(other.weights[i].parameter));
        sums.add(compare(original.toFloat().floats(), own.toFloat().floats()));
    }
    return sums.count > 0 ? std::optional(sums) : std::nullopt;
}

class Comparison {
public:
    Comparison(const ModelRunner& model, const ModelRunner& reference)
        : m_model(model)
        , m_reference(reference)
        , m_pairs(paired(model.graph(), reference.graph()))
    {
        for (const Layer& layer : model.graph().layers) {
            LayerPair row{layer.name, {}, {}, {}};
            if (const Layer* other = otherOf(layer)) {
                row.reference = other->name;
                if (layer.output != kNone && other->output != kNone) {
                    m_observed.insert(layer.output);
                    m_observedReference.insert(other->output);
                }
            }
            rows.push_back(std::move(row));
        }
    }

    std::vector<LayerPair> rows;

    Result<void> addWeights(const RunConfig& config)
    {
        for (const Layer& layer : m_model.graph().layers)
            if (const Layer* other = otherOf(layer)) {
                BITWRIGHT_TRY(rows[size_t(layer.id)].weight,
                              weightError(m_model, config, layer, m_reference, *other));
            }
        return {};
    }

    Result<void> addBatch(const Batch& batch, const RunConfig& config, Progress& progress)
    {
        std::map<ValueId, Tensor> original;
        BITWRIGHT_TRY(const auto first,
                      m_reference.run(
                          batch, {}, m_observedReference,
                          [&](ValueId id, const Tensor& value) { original[id] = value; }, progress));
        std::map<ValueId, Tensor> made;
        BITWRIGHT_TRY(const auto second,
                      m_model.run(
                          batch, config, m_observed,
                          [&](ValueId id, const Tensor& value) { made[id] = value; }, progress));
        for (const Layer& layer : m_model.graph().layers) {
            const Layer* other = otherOf(layer);
            const auto own = made.find(layer.output);
            const auto theirs = other ? original.find(other->output) : original.end();
            if (own == made.end() || theirs == original.end() ||
                own->second.shape() != theirs->second.shape())
                continue;
            ErrorSums sums = rows[size_t(layer.id)].output.value_or(ErrorSums());
            sums.add(compare(theirs->second.toFloat().floats(), own->second.toFloat().floats()));
            rows[size_t(layer.id)].output = sums;
        }
        return {};
    }

private:
    const Layer* otherOf(const Layer& layer) const
    {
        const int64_t other = m_pairs[size_t(layer.id)];
        return other < 0 ? nullptr : &m_reference.graph().layers[size_t(other)];
    }

    const ModelRunner& m_model;
    const ModelRunner& m_reference;
    std::vector<int64_t> m_pairs;
    std::set<ValueId> m_observed, m_observedReference;
};

} // namespace

Result<std::vector<LayerPair>> compareModels(const ModelRunner& model, const QuantPlan& plan,
                                             const CalibrationResult& calibration,
                                             const ModelRunner& reference, const SampleSource& source,
                                             Progress& progress)
{
    BITWRIGHT_TRY(const ResolvedPlan resolved, resolvePlan(model, plan, calibration, progress));
    BITWRIGHT_TRY(const RunConfig config, makeRunConfig(model, resolved, progress));
    Comparison comparison(model, reference);
    BITWRIGHT_CHECK(comparison.addWeights(config));
    progress.begin("Comparing with the float model", sampleCount(source));
    BITWRIGHT_CHECK(forEachBatch(model, source, progress,
                                 [&](const Batch& batch, const std::vector<int64_t>&) -> Result<void> {
                                     return comparison.addBatch(batch, config, progress);
                                 }));
    return std::move(comparison.rows);
}

} // namespace bitwright
