// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workbench_export_notes.h"

#include "core/run/saturation.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>

namespace bitwright::workbench {

void noteBiases(const std::vector<IntegerBias>& biases, ExportResult& result)
{
    const auto worst =
        std::max_element(biases.begin(), biases.end(),
                         [](const IntegerBias& a, const IntegerBias& b) { return a.steps < b.steps; });
    if (worst == biases.end() || worst->steps < 0.25)
        return;
    char steps[32];
    std::snprintf(steps, sizeof steps, "%.2g", worst->steps);
    result.notes.push_back(
        "Integer kernels round biases to input scale times weight scale, which changes the output of \"" +
        worst->layer + "\" by up to " + steps +
        " of its steps: a finer weight scale (more bits, a scale per channel) or leaving the layer "
        "in float avoids that.");
}

Result<void> noteSaturation(const ModelRunner& runner, const ResolvedPlan& plan, ExportResult& result)
{
    BITWRIGHT_TRY(const SaturatingProducts products, saturatingProducts(runner, plan));
    if (products.empty())
        return {};
    const auto worst = std::max_element(products.begin(), products.end(), [](const auto& a, const auto& b) {
        return a.second->risk < b.second->risk;
    });
    result.notes.push_back(
        "On x86 processors without VNNI, products of 8-bit weights can saturate at 16 bits in " +
        std::to_string(products.size()) + (products.size() == 1 ? " layer" : " layers") + ", most in \"" +
        worst->second->layer +
        "\": evaluate --saturate-int16 says what that costs, --reduce-range (7-bit weights) avoids it.");
    return {};
}

void noteReducedRange(ExportResult& result)
{
    result.notes.push_back("8-bit weights were written with 7 bits: x86 processors without VNNI add two "
                           "products of 8-bit activations "
                           "and weights in 16 bits, which saturate with 8-bit weights (evaluate "
                           "--saturate-int16 says what that costs); "
                           "with VNNI (most since 2019) 8 bits are more accurate.");
}

Result<void> warnOfNonFinite(const ModelRunner& runner, ExportResult& result, Progress& progress)
{
    std::set<std::string> names;
    for (const Layer& layer : runner.graph().layers) {
        for (const WeightRef& weight : layer.weights)
            names.insert(weight.parameter);
        names.insert(layer.biases.begin(), layer.biases.end());
    }
    for (const std::string& name : names) {
        if (progress.cancelled())
            return cancelledError();
        BITWRIGHT_TRY(const Tensor tensor, runner.parameter(name));
        const Tensor values = tensor.toFloat();
        const auto bad = std::count_if(values.floats().begin(), values.floats().end(),
                                       [](float value) { return !std::isfinite(value); });
        if (bad == 0)
            continue;
        result.warnings.push_back("The tensor \"" + name + "\" holds " + std::to_string(bad) + " of " +
                                  std::to_string(values.size()) +
                                  " numbers that are NaN or infinite; the written model is of no use before the "
                                  "model is repaired.");
        progress.note(result.warnings.back());
    }
    return {};
}

} // namespace bitwright::workbench
