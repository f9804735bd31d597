// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calib/activation_sites.h"
#include "core/calib/calibrate.h"
#include "core/calib/estimators.h"
#include "core/calib/weight_ranges.h"

#include <algorithm>
#include <cmath>

namespace bitwright {
namespace {

/// Estimators that can answer from the moments of one channel; activations keep no channel histograms.
bool worksFromMoments(Estimator estimator)
{
    return estimator == Estimator::MinMax || estimator == Estimator::MeanSigma ||
           estimator == Estimator::AciqGauss || estimator == Estimator::AciqLaplace ||
           estimator == Estimator::Fixed;
}

std::vector<Range> listed(const QuantSpec& spec)
{
    std::vector<Range> ranges;
    for (const auto& [lo, hi] : spec.ranges)
        ranges.push_back({float(lo), float(hi)});
    return ranges;
}

QuantParams perChannel(const TensorStats& stats, QuantSpec spec)
{
    if (!worksFromMoments(spec.estimator))
        spec.estimator = Estimator::MinMax;
    std::vector<Range> ranges;
    for (size_t c = 0; c < stats.channels.size(); ++c)
        ranges.push_back(estimateRange(spec, distributionOf(stats, c)));
    return paramsFromRanges(spec, ranges, stats.channelAxis);
}

/// Values with (nearly) the distribution of `histogram`, for formats whose grid comes from values: one for
/// each of 16384 equal shares of the mass, spread evenly inside their bin, exact zeros apart.
Tensor representativeValues(const TensorStats& stats)
{
    constexpr int64_t kShares = 16384;
    const std::vector<int64_t>& counts = stats.histogram.counts();
    const int64_t zeroBin = -stats.histogram.firstBin();
    std::vector<float> values;
    double below = 0, next = 0.5;
    const double total = double(std::max<int64_t>(1, stats.all.count)), share = total / kShares;
    const auto emit = [&](double mass, double from, double width) {
        for (; mass > 0 && next * share < below + mass; ++next)
            values.push_back(float(from + width * (next * share - below) / mass));
        below += mass;
    };
    for (size_t b = 0; b < counts.size(); ++b) {
        const double left = stats.histogram.lo() + double(b) * stats.histogram.binWidth();
        const double zeros = int64_t(b) == zeroBin ? double(stats.zeros) : 0;
        emit(zeros, 0, 0);
        emit(double(counts[b]) - zeros, left, stats.histogram.binWidth());
    }
    if (values.empty())
        values.push_back(0);
    return Tensor::fromFloats({int64_t(values.size())}, values);
}

/// The grids of a file that is quantized already, for a site whose spec is still that of the file.
const FileQuantization* ownGrids(const ModelRunner& runner, const std::string& site,
                                 const QuantSpec& (QuantPlan::*specOf)(const std::string&) const,
                                 const QuantSpec& spec)
{
    const FileQuantization* own = runner.fileQuantization();
    return own && (own->plan.*specOf)(site) == spec ? own : nullptr;
}

Result<void> resolveLayer(const ModelRunner& runner, const Layer& layer, const QuantSpec& spec,
                          const Tensor& pool, ResolvedPlan& resolved)
{
    const auto decided = [&](const WeightRef& w) { return resolved.weights.count(w.parameter) > 0; };
    if (spec.isFloat32() || std::all_of(layer.weights.begin(), layer.weights.end(), decided))
        return {};
    if (const FileQuantization* own = ownGrids(runner, layer.name, &QuantPlan::weights, spec))
        for (const WeightRef& site : layer.weights)
            if (const auto exact = own->exact.weights.find(site.parameter); exact != own->exact.weights.end())
                resolved.weights.insert(*exact);
    if (std::all_of(layer.weights.begin(), layer.weights.end(), decided))
        return {};
    BITWRIGHT_TRY(std::vector<QuantParams> params, resolveLayerWeights(runner, layer, spec, pool));
    for (size_t i = 0; i < params.size(); ++i)
        resolved.weights.emplace(layer.weights[i].parameter, std::move(params[i]));
    return {};
}

/// Parameters of float layers that a later layer shares must stay float: the first layer decides.
std::set<std::string> heldInFloat(const Graph& graph, const QuantPlan& plan)
{
    std::set<std::string> held, seen;
    for (const Layer& layer : graph.layers)
        for (const WeightRef& site : layer.weights)
            if (seen.insert(site.parameter).second && plan.weights(layer.name).isFloat32())
                held.insert(site.parameter);
    return held;
}

} // namespace

ActivationQuantizer resolveActivation(const TensorStats& stats, const QuantSpec& spec)
{
    ActivationQuantizer quantizer;
    quantizer.spec = spec;
    quantizer.dynamic = spec.dynamic && spec.hasRange();
    const bool channels =
        spec.granularity == Granularity::Channel && !stats.channels.empty() && !quantizer.dynamic;
    QuantSpec whole = spec;
    if (!channels)
        whole.granularity = Granularity::Tensor;
    if (!spec.hasRange())
        quantizer.params = paramsFromValues(whole, representativeValues(stats), -1);
    else if (channels && spec.estimator == Estimator::Fixed && spec.ranges.size() == stats.channels.size())
        quantizer.params = paramsFromRanges(spec, listed(spec), stats.channelAxis);
    else if (channels)
        quantizer.params = perChannel(stats, spec);
    else
        quantizer.params = paramsFromRanges(whole, {estimateRange(whole, distributionOf(stats))}, -1);
    if (quantizer.dynamic)
        quantizer.spec.granularity = Granularity::Tensor;
    return quantizer;
}

Result<ResolvedPlan> resolvePlan(const ModelRunner& runner, const QuantPlan& plan,
                                 const CalibrationResult& calibration, Progress& progress)
{
    const Graph& graph = runner.graph();
    ResolvedPlan resolved;
    progress.begin("Deciding ranges", int64_t(graph.layers.size()));
    BITWRIGHT_TRY(const Tensor pool, modelPool(runner, plan, progress));
    const std::set<std::string> held = heldInFloat(graph, plan);
    for (const Layer& layer : graph.layers) {
        if (progress.cancelled())
            return cancelledError();
        BITWRIGHT_CHECK(resolveLayer(runner, layer, plan.weights(layer.name), pool, resolved));
        progress.advance();
    }
    for (const std::string& name : held)
        resolved.weights.erase(name);
    for (const ActivationSite& site : activationSites(graph)) {
        const QuantSpec& spec = plan.activations(site.name);
        if (spec.isFloat32())
            continue;
        if (const FileQuantization* own = ownGrids(runner, site.name, &QuantPlan::activations, spec))
            if (const auto exact = own->exact.activations.find(site.value);
                exact != own->exact.activations.end()) {
                resolved.activations.insert(*exact);
                continue;
            }
        const auto stats = calibration.activations.find(site.value);
        if (stats == calibration.activations.end() || stats->second.isEmpty())
            continue;
        resolved.activations.emplace(site.value, resolveActivation(stats->second, spec));
    }
    return resolved;
}

} // namespace bitwright
