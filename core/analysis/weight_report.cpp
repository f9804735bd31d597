// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/analyze.h"
#include "core/analysis/cost.h"
#include "core/analysis/error_metrics.h"
#include "core/analysis/report_rows.h"
#include "core/calib/weight_ranges.h"
#include "core/calib/weight_rows.h"

#include <algorithm>

namespace bitwright {

Result<SiteReport> weightSiteReport(const ModelRunner& runner, const WeightRef& site, const QuantSpec& spec,
                                    const QuantParams& params)
{
    BITWRIGHT_TRY(const Tensor weight, runner.parameter(site.parameter));
    SiteReport report;
    report.spec = spec;
    report.params = params;
    report.elements = weight.size();
    report.bytes = packedBytes(weight.size(), params);
    const int64_t rows = weight.dim() > 0 ? weight.shape()[0] : 1;
    const bool isWhole = params.scale.size() > 1 && params.axis != 0; // scales run across the rows
    const auto add = [&](const Tensor& part, int64_t first) {
        const int64_t count = part.dim() > 0 ? part.shape()[0] : 1;
        report.zeros += std::ranges::count(part.floats(), 0.0f);
        report.error.add(quantizationError(part, paramsOfRows(params, rows, first, count)));
    };
    if (isWhole)
        add(weight.toFloat(), 0);
    else
        forEachFloatRows(weight, add);
    return report;
}

void setWeightReports(LayerReport& row, std::vector<SiteReport> tensors)
{
    row.weightTensors = std::move(tensors);
    if (row.weightTensors.empty())
        return;
    SiteReport all = row.weightTensors.front();
    for (size_t i = 1; i < row.weightTensors.size(); ++i) {
        all.error.add(row.weightTensors[i].error);
        all.elements += row.weightTensors[i].elements;
        all.bytes += row.weightTensors[i].bytes;
        all.zeros += row.weightTensors[i].zeros;
    }
    row.weight = std::move(all);
}

Result<LayerReport> weightReport(const ModelRunner& runner, const Layer& layer, const QuantPlan& plan)
{
    const QuantSpec& spec = plan.weights(layer.name);
    Tensor pool;
    if (spec.granularity == Granularity::Model && !spec.isFloat32()) {
        Progress silent;
        BITWRIGHT_TRY(pool, modelPool(runner, plan, silent));
    }
    LayerReport row;
    row.name = layer.name;
    row.layer = layer.id;
    BITWRIGHT_TRY(const std::vector<QuantParams> params, resolveLayerWeights(runner, layer, spec, pool));
    std::vector<SiteReport> tensors;
    for (size_t i = 0; i < params.size(); ++i) {
        BITWRIGHT_TRY(SiteReport report, weightSiteReport(runner, layer.weights[i], spec, params[i]));
        tensors.push_back(std::move(report));
    }
    setWeightReports(row, std::move(tensors));
    return row;
}

} // namespace bitwright
