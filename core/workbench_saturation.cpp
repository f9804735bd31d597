// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workbench_saturation.h"

#include "core/run/saturation.h"
#include "core/run/workers.h"

#include <algorithm>

namespace bitwright::workbench {
namespace {

/// What all workers counted together.
Result<std::vector<SaturatedLayer>> layersOf(const SaturatingProducts& products)
{
    std::vector<int64_t> own;
    for (const auto& [node, product] : products)
        own.insert(own.end(), {product->sums, product->changed});
    std::string packed;
    putAll(packed, own);
    BITWRIGHT_TRY(const std::vector<std::string> parts, workers().gather(packed));
    std::vector<int64_t> sums(own.size());
    for (const std::string& part : parts) {
        std::string_view rest = part;
        std::vector<int64_t> counts;
        if (!takeAll(rest, counts) || counts.size() != sums.size())
            return strangeWorker();
        std::transform(sums.begin(), sums.end(), counts.begin(), sums.begin(), std::plus<>());
    }
    std::vector<SaturatedLayer> layers;
    for (const auto& [node, product] : products) {
        const size_t at = 2 * layers.size();
        const double share = sums[at] > 0 ? double(sums[at + 1]) / double(sums[at]) : 0;
        layers.push_back({product->layer, product->risk, share});
    }
    return layers;
}

} // namespace

Result<Saturation> evaluateSaturated(const Model& model, const QuantPlan& plan,
                                     const CalibrationResult& calibration, const SampleSource& source,
                                     Progress& progress)
{
    BITWRIGHT_TRY(const ResolvedPlan resolved, resolvePlan(*model.runner, plan, calibration, progress));
    BITWRIGHT_TRY(RunConfig config, makeRunConfig(*model.runner, resolved, progress));
    BITWRIGHT_TRY(config.saturating, saturatingProducts(*model.runner, resolved));
    Saturation made;
    BITWRIGHT_TRY(made.evaluation,
                  bitwright::evaluate(*model.runner, config, source, classCount(model, source), progress));
    BITWRIGHT_TRY(made.layers, layersOf(config.saturating));
    return made;
}

} // namespace bitwright::workbench
