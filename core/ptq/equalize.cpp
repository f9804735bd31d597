// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/graph/channel_pairs.h"
#include "core/ptq/repair_methods.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace bitwright {
namespace {

constexpr int kRounds = 20;       ///< at most
constexpr double kSettled = 1e-4; ///< largest |factor - 1| of a round that was the last
/// Largest change of a channel: beyond it a channel is dead rather than narrow.
constexpr double kMost = 1e4;

/// One pair with all that a round needs.
struct Pair {
    ChannelPair pair;
    std::string first, bias, second; ///< parameters; bias may be ""
    std::vector<int32_t> out, in;    ///< channel of every element of the two weights
    std::vector<double> room;        ///< by channel, how far it may still be widened; 0 = it must stay
};

using Weights = std::map<std::string, std::vector<double>>;

bool hasFixedRanges(const RepairJob& job, const ChannelPair& pair)
{
    const auto& layers = job.runner.graph().layers;
    const QuantPlan& plan = job.plan;
    const std::string &first = layers[size_t(pair.first)].name, &second = layers[size_t(pair.second)].name;
    return plan.weights(first).estimator == Estimator::Fixed ||
           plan.weights(second).estimator == Estimator::Fixed ||
           plan.activations(first).estimator == Estimator::Fixed;
}

/// How far each channel may be widened before ReLU6 cuts it.
std::vector<double> roomBelow(const ChannelPair& pair, const CalibrationResult& calibration, ValueId output)
{
    if (!std::isfinite(pair.cap))
        return std::vector<double>(size_t(pair.channels), std::numeric_limits<double>::infinity());
    std::vector<double> room(size_t(pair.channels), 0);
    const auto stats = calibration.activations.find(output);
    if (stats == calibration.activations.end() || stats->second.channels.size() != room.size())
        return room;
    for (size_t c = 0; c < room.size(); ++c)
        if (const double top = stats->second.channels[c].max; top < pair.cap)
            room[c] = top > 0 ? pair.cap / top : 1;
    return room;
}

std::vector<double> ranges(const std::vector<double>& weight, const std::vector<int32_t>& channels,
                           size_t count)
{
    std::vector<double> range(count, 0);
    for (size_t e = 0; e < weight.size(); ++e)
        range[size_t(channels[e])] = std::max(range[size_t(channels[e])], std::abs(weight[e]));
    return range;
}

/// Returns the largest |factor - 1|.
double equalize(Pair& p, Weights& weights)
{
    std::vector<double>&first = weights[p.first], &second = weights[p.second];
    const size_t channels = p.room.size();
    const std::vector<double> r1 = ranges(first, p.out, channels), r2 = ranges(second, p.in, channels);
    std::vector<double> widen(channels, 1);
    double moved = 0;
    for (size_t c = 0; c < channels; ++c) {
        if (!(r1[c] > 0) || !(r2[c] > 0) || !(p.room[c] > 0))
            continue;
        widen[c] = std::min(std::clamp(std::sqrt(r2[c] / r1[c]), 1 / kMost, kMost), p.room[c]);
        p.room[c] /= widen[c];
        moved = std::max(moved, std::abs(widen[c] - 1));
    }
    for (size_t e = 0; e < first.size(); ++e)
        first[e] *= widen[size_t(p.out[e])];
    for (size_t e = 0; e < second.size(); ++e)
        second[e] /= widen[size_t(p.in[e])];
    if (!p.bias.empty())
        for (size_t c = 0; c < channels; ++c)
            weights[p.bias][c] *= widen[c];
    return moved;
}

Result<void> load(const ModelRunner& runner, const std::string& name, Weights& weights)
{
    if (name.empty() || weights.count(name))
        return {};
    BITWRIGHT_TRY(const Tensor tensor, runner.parameter(name));
    const Tensor floats = tensor.toFloat();
    weights[name].assign(floats.floats().begin(), floats.floats().end());
    return {};
}

Result<std::vector<Pair>> loadPairs(const RepairJob& job, const CalibrationResult& calibration,
                                    Weights& weights, std::vector<std::string>& notes)
{
    const Graph& graph = job.runner.graph();
    std::vector<Pair> pairs;
    int fixed = 0;
    for (const ChannelPair& pair : channelPairs(graph)) {
        const Layer &first = graph.layers[size_t(pair.first)], &second = graph.layers[size_t(pair.second)];
        if (hasFixedRanges(job, pair)) {
            ++fixed;
            continue;
        }
        Pair p{pair,
               first.weights[0].parameter,
               first.biases.empty() ? "" : first.biases[0],
               second.weights[0].parameter,
               outputChannels(first),
               inputChannels(graph, pair),
               roomBelow(pair, calibration, first.output)};
        for (const std::string& name : {p.first, p.bias, p.second})
            BITWRIGHT_CHECK(load(job.runner, name, weights));
        if (!p.bias.empty() && weights[p.bias].size() != p.room.size())
            continue;
        pairs.push_back(std::move(p));
    }
    if (fixed > 0)
        notes.push_back(std::to_string(fixed) +
                        (fixed == 1 ? " pair of layers stays" : " pairs of layers stay") +
                        " as it is: the plan fixes ranges of theirs.");
    return pairs;
}

/// The function must not change; what a model does beyond what the graph describes would show here.
Result<void> checkFunction(const RepairJob& job, const std::map<std::string, Tensor>& parameters,
                           Progress& progress)
{
    SampleSource few = job.data;
    few.indices.resize(std::min<size_t>(few.indices.size(), size_t(few.batchSize)));
    few.randomSamples = std::min(few.randomSamples, few.batchSize);
    double difference = 0, size = 0;
    Progress part(&progress);
    const auto body = [&](const Batch& batch, const std::vector<int64_t>&) -> Result<void> {
        BITWRIGHT_TRY(const auto outputs,
                      job.runner.runPaired(batch, {}, {parameters, {}, {}}, {}, {}, progress));
        for (size_t i = 0; i < outputs[0].size(); ++i)
            for (size_t e = 0; e < outputs[0][i].floats().size(); ++e) {
                const double a = outputs[0][i].floats()[e], b = outputs[1][i].floats()[e];
                difference += (a - b) * (a - b);
                size += a * a;
            }
        return {};
    };
    BITWRIGHT_CHECK(forEachBatch(job.runner, few, part, body));
    if (difference <= 1e-6 * size)
        return {};
    return Error{
        Error::Unsupported, "Equalizing would change what the model computes; it stays as it is.", {}};
}

} // namespace

Result<Repair> equalizeLayers(const RepairJob& job, Progress& progress)
{
    Repair repair;
    repair.plan = job.plan;
    BITWRIGHT_TRY(const CalibrationResult calibration, calibrate(job.runner, job.data, progress));
    if (calibration.partial)
        return cancelledError();
    Weights weights;
    BITWRIGHT_TRY(std::vector<Pair> pairs, loadPairs(job, calibration, weights, repair.notes));
    progress.begin("Equalizing channels", kRounds);
    double moved = pairs.empty() ? 0 : 1;
    for (int round = 0; round < kRounds && moved > kSettled; ++round) {
        moved = 0;
        for (Pair& pair : pairs) {
            if (progress.cancelled())
                return cancelledError();
            moved = std::max(moved, equalize(pair, weights));
        }
        progress.advance();
    }
    for (const auto& [name, values] : weights) {
        const Shape& shape = job.runner.graph().findParameter(name)->shape;
        Tensor tensor = Tensor::empty(DType::F32, shape);
        std::copy(values.begin(), values.end(), tensor.mutableFloats().begin());
        repair.parameters[name] = std::move(tensor);
    }
    repair.notes.insert(repair.notes.begin(),
                        pairs.empty()
                            ? "There are no two layers of which one alone reads the other's channels."
                            : std::to_string(pairs.size()) +
                                  (pairs.size() == 1 ? " pair of layers was" : " pairs of layers were") +
                                  " equalized.");
    if (!pairs.empty())
        BITWRIGHT_CHECK(checkFunction(job, repair.parameters, progress));
    return repair;
}

} // namespace bitwright
