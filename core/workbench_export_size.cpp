// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workbench_export_size.h"

#include "core/calib/weight_ranges.h"

#include <map>

namespace bitwright::workbench {
namespace {

/// Bits of the smallest type of the format that holds an element; 32 where it has none.
int containerBits(const QuantSpec& spec, const std::string& format, const ExportOptions& options)
{
    const bool isCode =
        spec.format == Format::Int || spec.format == Format::Binary || spec.format == Format::Ternary;
    const bool isShort = spec.format == Format::Float16 || spec.format == Format::BFloat16;
    const int bits = spec.storedBits();
    if (format == "weights-hdf5")
        return bits;
    if (format == "torchscript-int8")
        return spec.format == Format::Int && bits <= 8 && spec.granularity != Granularity::Group ? 8 : 32;
    if (format != "onnx-qdq" || !(isCode || isShort))
        return 32;
    if (isShort)
        return 16;
    const bool takesFour = options.opset == 0 || options.opset >= 21;
    if (bits <= 4 && takesFour)
        return 4;
    return bits <= 8 ? 8 : takesFour ? 16 : 32;
}

} // namespace

int64_t estimatedBytes(const Graph& graph, const QuantPlan& plan, const std::string& format,
                       const ExportOptions& options)
{
    const bool holdsWeights =
        format.starts_with("onnx-") || format.starts_with("torchscript-") || format == "weights-hdf5";
    if (!holdsWeights)
        return 0;
    std::map<std::string, std::pair<const QuantSpec*, const WeightRef*>> planned;
    for (const Layer& layer : graph.layers)
        for (const WeightRef& weight : layer.weights)
            planned.emplace(weight.parameter, std::pair(&plan.weights(layer.name), &weight));
    int64_t bytes = 0;
    for (const Parameter& parameter : graph.parameters) {
        const auto site = planned.find(parameter.name);
        const int64_t count = elementCount(parameter.shape);
        if (site == planned.end()) {
            bytes += 4 * count;
            continue;
        }
        const auto& [spec, weight] = site->second;
        const int bits = containerBits(*spec, format, options);
        bytes += (count * bits + 7) / 8;
        if (bits < 32 && spec->format != Format::Float16 && spec->format != Format::BFloat16)
            bytes += 4 * scalesOf(*weight, *spec);
    }
    return bytes;
}

} // namespace bitwright::workbench
