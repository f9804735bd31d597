// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/cost.h"

#include "core/analysis/energy.h"
#include "core/analysis/precision.h"
#include "core/quant/quantize.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace bitwright {
namespace {

int64_t bytesOfBits(int64_t bits)
{
    return (bits + 7) / 8;
}

/// Codes Huffman coded, with one byte a symbol of the alphabet for the code lengths (which is all that a
/// canonical code needs); not more than the plain packed codes, which a writer would then keep.
int64_t huffmanBytes(const Tensor& weight, const QuantParams& params)
{
    const std::vector<int32_t> codes = quantizeToCodes(weight.toFloat(), params);
    const int64_t packed = packedBytes(weight.size(), params);
    if (codes.empty())
        return packed;
    const auto [lo, hi] = std::minmax_element(codes.begin(), codes.end());
    std::vector<int64_t> counts(size_t(int64_t(*hi) - *lo + 1), 0);
    for (const int32_t code : codes)
        ++counts[size_t(int64_t(code) - *lo)];
    return std::min(packed,
                    bytesOfBits(huffmanBits(counts)) + int64_t(counts.size()) + params.metadataBytes());
}

/// A weight that stays float is stored as it is, or sparse.
Result<void> addFloatWeight(const ModelRunner& runner, const Parameter& parameter, int64_t bytes, Cost& cost)
{
    BITWRIGHT_TRY(const Tensor weight, runner.parameter(parameter.name));
    cost.quantizedBytes += bytes;
    cost.huffmanBytes += bytes;
    cost.sparseBytes += sparseBytes(weight.toFloat().floats(), 8 * dtypeBytes(parameter.dtype));
    return {};
}

Result<void> addSizes(const ModelRunner& runner, const ResolvedPlan& resolved, Cost& cost, Progress& progress)
{
    const Graph& graph = runner.graph();
    std::set<std::string> biases, weights;
    for (const Layer& layer : graph.layers) {
        biases.insert(layer.biases.begin(), layer.biases.end());
        for (const WeightRef& weight : layer.weights)
            weights.insert(weight.parameter);
    }
    for (const Parameter& parameter : graph.parameters) {
        if (progress.cancelled())
            return cancelledError();
        const int64_t elements = elementCount(parameter.shape),
                      stored = elements * dtypeBytes(parameter.dtype);
        cost.floatBytes += stored;
        const auto params = resolved.weights.find(parameter.name);
        if (params == resolved.weights.end() && weights.count(parameter.name) && stored > 0) {
            BITWRIGHT_CHECK(addFloatWeight(runner, parameter, stored, cost));
            continue;
        }
        if (params == resolved.weights.end()) {
            const int64_t bytes = biases.count(parameter.name) ? elements * 4 : stored;
            cost.quantizedBytes += bytes;
            cost.huffmanBytes += bytes;
            cost.sparseBytes += bytes;
            continue;
        }
        BITWRIGHT_TRY(const Tensor weight, runner.parameter(parameter.name));
        const int64_t packed = packedBytes(elements, params->second);
        cost.quantizedBytes += packed;
        cost.huffmanBytes += huffmanBytes(weight, params->second);
        const int bits = precisionOf(params->second).bits;
        const Tensor values = fakeQuantize(weight.toFloat(), params->second);
        cost.sparseBytes += packed - bytesOfBits(elements * bits) + sparseBytes(values.floats(), bits);
    }
    return {};
}

/// What multiplies what in a layer: weight (or second operand) and input.
std::array<Precision, 2> operands(const Graph& graph, const Layer& layer, const ResolvedPlan& resolved)
{
    const auto input = [&](size_t i) {
        return i < layer.inputs.size() ? activationPrecision(graph, resolved, layer.inputs[i]) : Precision{};
    };
    if (!layer.weights.empty())
        return {weightPrecision(resolved, layer.weights.front().parameter), input(0)};
    return {input(layer.inputs.size() > 1 ? 1 : 0), input(0)};
}

/// If one operand is floating, the other is converted and a floating unit of the wider one works.
double layerMacEnergy(const std::array<Precision, 2>& ops)
{
    if (!ops[0].floating && !ops[1].floating)
        return macEnergyPj(ops[0].bits, ops[1].bits, false);
    const int width = std::max(ops[0].floating ? ops[0].bits : 0, ops[1].floating ? ops[1].bits : 0);
    return macEnergyPj(width, width, true);
}

/// Elements for one sample: the example run's batch is divided out.
double elementsPerSample(const Graph& graph, ValueId value)
{
    if (value == kNone || graph.values[size_t(value)].shape.empty())
        return 0;
    const Value& v = graph.values[size_t(value)];
    const double count = double(elementCount(v.shape));
    return v.batched && v.shape[0] > 0 ? count / double(v.shape[0]) : count;
}

/// Inputs are read from and the output written to on-chip SRAM once.
double activationEnergy(const Graph& graph, const Layer& layer, const ResolvedPlan& resolved)
{
    double bits = 0;
    for (const ValueId input : layer.inputs)
        bits += elementsPerSample(graph, input) * activationPrecision(graph, resolved, input).bits;
    bits += elementsPerSample(graph, layer.output) * activationPrecision(graph, resolved, layer.output).bits;
    return sramEnergyPj(bits);
}

} // namespace

int64_t sparseBytes(std::span<const float> values, int bits)
{
    constexpr int64_t runBits = 4, longest = (1 << runBits) - 1;
    int64_t nonZero = 0, stored = 0, run = 0;
    for (const float value : values) {
        if (value == 0 && run < longest) {
            ++run;
            continue;
        }
        nonZero += value != 0;
        ++stored;
        run = 0;
    }
    const auto elements = int64_t(values.size());
    return std::min({bytesOfBits(elements * bits), bytesOfBits(elements) + bytesOfBits(nonZero * bits),
                     bytesOfBits(stored * (bits + runBits))});
}

int64_t packedBytes(int64_t elements, const QuantParams& params)
{
    const int64_t metadata = params.format == Format::Float32 ? 0 : params.metadataBytes();
    return bytesOfBits(elements * precisionOf(params).bits) + metadata;
}

Result<Cost> modelCost(const ModelRunner& runner, const ResolvedPlan& resolved, Progress& progress)
{
    const Graph& graph = runner.graph();
    Cost cost;
    BITWRIGHT_CHECK(addSizes(runner, resolved, cost, progress));
    for (const Layer& layer : graph.layers) {
        const std::array<Precision, 2> ops = operands(graph, layer, resolved);
        cost.macs += layer.macs;
        cost.bops += double(layer.macs) * ops[0].bits * ops[1].bits;
        cost.energyPj += double(layer.macs) * layerMacEnergy(ops);
        cost.energyPj += activationEnergy(graph, layer, resolved);
    }
    // Every parameter comes from DRAM once a sample.
    cost.energyPj += dramEnergyPj(8.0 * double(cost.quantizedBytes));
    return cost;
}

} // namespace bitwright
