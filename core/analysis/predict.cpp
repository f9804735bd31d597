// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/predict.h"

#include "core/analysis/sensitivity_cells.h"
#include "core/calib/activation_sites.h"

#include <algorithm>
#include <cmath>

namespace bitwright {
namespace {

/// A bit more halves the step: 20 log10 2.
constexpr double kDbPerBit = 6.0206;
/// Width of the kernel in decades of noise power (3 dB), and how far an evaluated plan reaches.
constexpr double kBandwidth = 0.3;
/// 90 % of a normal distribution.
constexpr double kBand = 1.6449;
/// Least noise worth a point of the curve: what is better is as good as float.
constexpr double kLeastLog = -8;
constexpr size_t kNoPlan = size_t(-1);

double logNoise(double sqnrDb)
{
    return std::clamp(-sqnrDb / 10, kLeastLog, 3.0);
}

/// Bits of the integer grid with about the same error.
double effectiveBits(const QuantSpec& spec)
{
    switch (spec.format) {
    case Format::Float16:
        return 12;
    case Format::BFloat16:
        return 9;
    case Format::Minifloat:
        return spec.mantissaBits + 2;
    case Format::Log2:
        return std::min(spec.bits, 4);
    default:
        return spec.storedBits();
    }
}

} // namespace

std::optional<MeasuredPlan> MeasuredPlan::from(const QuantPlan& plan, const Evaluation& evaluation)
{
    const Quality &a = evaluation.floating, &b = evaluation.quantized;
    if (evaluation.partial || !a.top1 || !b.top1 || !a.loss || !b.loss)
        return {};
    return MeasuredPlan{plan, a.samples, *a.top1, *b.top1, *a.loss, *b.loss, evaluation.outputSqnrDb};
}

AccuracyPredictor::AccuracyPredictor(const Graph& graph, const SensitivityTable& table,
                                     const QuantPlan& swept, std::vector<MeasuredPlan> measured)
    : m_table(table)
    , m_swept(swept)
    , m_measured(std::move(measured))
{
    const auto addSite = [this](const std::string& name, SensitivityWhat what) {
        Site site{name, what, {}};
        for (const SensitivityCell& cell : m_table.cells)
            if (cell.mode == SensitivityMode::EnableOne && cell.what == what && cell.layer == name)
                site.sqnr.emplace_back(cell.bits, cell.outputSqnrDb);
        std::sort(site.sqnr.begin(), site.sqnr.end());
        m_sites.push_back(std::move(site));
    };
    for (const Layer& layer : graph.layers)
        if (!layer.weights.empty())
            addSite(layer.name, SensitivityWhat::Weights);
    for (const ActivationSite& site : activationSites(graph))
        addSite(site.name, SensitivityWhat::Activations);
    learn();
}

void AccuracyPredictor::learn()
{
    std::vector<TrendCurve::Point> top1, loss;
    const Quality& base = m_table.baseline;
    // The cleanest point of all: no noise, no loss.
    if (base.top1)
        top1.push_back({kLeastLog, 0});
    if (base.loss)
        loss.push_back({kLeastLog, 0});
    for (const SensitivityCell& cell : m_table.cells) {
        const bool atOutput =
            cell.mode == SensitivityMode::EnableOne || cell.mode == SensitivityMode::DisableOne;
        if (!atOutput || std::isnan(cell.outputSqnrDb))
            continue;
        if (cell.top1 && base.top1)
            top1.push_back({logNoise(cell.outputSqnrDb), *base.top1 - *cell.top1});
        if (cell.loss && base.loss)
            loss.push_back({logNoise(cell.outputSqnrDb), *cell.loss - *base.loss});
    }
    m_samples = m_measured.empty() ? m_table.samples : m_measured.back().samples;
    double squares = 0;
    for (const MeasuredPlan& measured : m_measured) {
        const Noise noise = noiseOf(measured.plan);
        m_measuredNoise.push_back(noise);
        if (noise.missing == 0)
            squares += std::pow(noise.log10 - logNoise(measured.outputSqnrDb), 2);
        const double x = logNoise(measured.outputSqnrDb);
        top1.push_back({x, measured.floatTop1 - measured.top1});
        loss.push_back({x, measured.loss - measured.floatLoss});
    }
    // The prior of 2 dB counts as much as two evaluated plans.
    constexpr double kPrior = 2;
    m_noiseError = std::sqrt((squares + kPrior * 0.2 * 0.2) / (kPrior + double(m_measured.size())));
    if (base.top1)
        m_top1Drop = TrendCurve(top1, kBandwidth);
    if (base.loss)
        m_lossRise = TrendCurve(loss, kBandwidth);
}

double AccuracyPredictor::siteSqnr(const Site& site, const QuantSpec& spec, bool& extrapolated) const
{
    const double bits = effectiveBits(spec);
    const auto above = std::find_if(site.sqnr.begin(), site.sqnr.end(),
                                    [bits](const auto& entry) { return entry.first >= bits; });
    const QuantSpec& swept =
        site.what == SensitivityWhat::Weights ? m_swept.weights(site.name) : m_swept.activations(site.name);
    QuantSpec same = swept;
    same.format = Format::Int;
    same.bits = spec.bits;
    extrapolated = above == site.sqnr.end() || above->first != bits || same != spec;
    if (above == site.sqnr.end())
        return site.sqnr.back().second + kDbPerBit * (bits - site.sqnr.back().first);
    if (above->first == bits || above == site.sqnr.begin())
        return above->second - kDbPerBit * (above->first - bits);
    const auto below = std::prev(above);
    const double f = (bits - below->first) / double(above->first - below->first);
    return below->second + f * (above->second - below->second);
}

AccuracyPredictor::Noise AccuracyPredictor::noiseOf(const QuantPlan& plan) const
{
    Noise noise;
    double sum = 0;
    for (const Site& site : m_sites) {
        const QuantSpec& spec =
            site.what == SensitivityWhat::Weights ? plan.weights(site.name) : plan.activations(site.name);
        if (spec.isFloat32())
            continue;
        if (site.sqnr.empty()) {
            // A finished sweep has cells of everything that can be quantized.
            noise.missing += m_table.partial;
            continue;
        }
        bool extrapolated = false;
        sum += std::pow(10, -siteSqnr(site, spec, extrapolated) / 10);
        noise.extrapolated += extrapolated;
    }
    noise.log10 = sum > 0 ? std::clamp(std::log10(sum), kLeastLog, 3.0) : kLeastLog;
    return noise;
}

double AccuracyPredictor::top1Variance(double drop) const
{
    // Predictions flip both ways: at least as many samples change as are lost.
    const auto of = [drop](int64_t n) {
        return n > 0 ? (2 * std::abs(drop) + 1.0 / double(n)) / double(n) : 0;
    };
    double variance = of(m_table.samples) + of(m_samples);
    if (m_measured.empty()) {
        const double p = *m_table.baseline.top1;
        variance += p * (1 - p) / double(std::max<int64_t>(1, m_table.samples));
    }
    return variance;
}

double AccuracyPredictor::weightOf(size_t plan, const Noise& noise) const
{
    if (m_measuredNoise[plan].missing > 0)
        return 0;
    const double distance = (m_measuredNoise[plan].log10 - noise.log10) / kBandwidth;
    return 2 * std::exp(-0.5 * distance * distance);
}

double AccuracyPredictor::changeAt(const TrendCurve& curve, const Noise& noise, const Change& change,
                                   size_t without) const
{
    double weights = 1, pull = 0;
    for (size_t i = 0; i < m_measured.size(); ++i) {
        const double weight = i == without ? 0 : weightOf(i, noise);
        pull += weight * (change(m_measured[i]) - curve.mean(m_measuredNoise[i].log10));
        weights += weight;
    }
    return curve.mean(noise.log10) + pull / weights;
}

double AccuracyPredictor::modelVariance(const TrendCurve& curve, const Noise& noise,
                                        const Change& change) const
{
    const double error = m_noiseError * (noise.extrapolated > 0 ? 1.5 : 1.0);
    double sum = std::pow(curve.spread(noise.log10), 2) + std::pow(curve.slope(noise.log10) * error, 2);
    double weights = 1;
    for (size_t i = 0; i < m_measured.size(); ++i) {
        const double weight = weightOf(i, noise);
        const double missed = change(m_measured[i]) - changeAt(curve, m_measuredNoise[i], change, i);
        sum += weight * missed * missed;
        weights += weight;
    }
    return sum / weights;
}

Result<Prediction> AccuracyPredictor::predict(const QuantPlan& plan) const
{
    const Noise noise = noiseOf(plan);
    if (noise.missing > 0 || m_table.cells.empty())
        return Error{Error::Unsupported,
                     "The sensitivity sweep has not measured all layers yet; run it to the end to get an "
                     "estimate.",
                     {}};
    Prediction prediction;
    prediction.outputSqnrDb = -10 * noise.log10;
    prediction.extrapolated = noise.extrapolated;
    if (!m_top1Drop.isEmpty()) {
        const Change change = [](const MeasuredPlan& m) { return m.floatTop1 - m.top1; };
        const double drop = changeAt(m_top1Drop, noise, change, kNoPlan);
        const double base = m_measured.empty() ? *m_table.baseline.top1 : m_measured.back().floatTop1;
        const double variance = top1Variance(drop) + modelVariance(m_top1Drop, noise, change);
        prediction.top1 = Estimate{std::clamp(base - drop, 0.0, 1.0), kBand * std::sqrt(variance)};
    }
    if (!m_lossRise.isEmpty()) {
        const Change change = [](const MeasuredPlan& m) { return m.loss - m.floatLoss; };
        const double rise = changeAt(m_lossRise, noise, change, kNoPlan);
        const double base = m_measured.empty() ? *m_table.baseline.loss : m_measured.back().floatLoss;
        const double variance = lossVariance(rise) + modelVariance(m_lossRise, noise, change);
        prediction.loss = Estimate{std::max(0.0, base + rise), kBand * std::sqrt(variance)};
    }
    return prediction;
}

double AccuracyPredictor::lossVariance(double rise) const
{
    // The loss of one sample spreads about as much as it is large (its distribution is near exponential).
    const auto of = [rise](int64_t n) { return n > 0 ? rise * rise / double(n) : 0; };
    double variance = of(m_table.samples) + of(m_samples);
    if (m_measured.empty()) {
        const double loss = *m_table.baseline.loss;
        variance += 4 * loss * loss / double(std::max<int64_t>(1, m_table.samples));
    }
    return variance;
}

} // namespace bitwright
