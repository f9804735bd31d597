// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/predict.h"

#include "core/analysis/sensitivity_cells.h"
#include "core/calib/activation_sites.h"

#include <algorithm>
#include <cmath>

namespace bitwright {
namespace {

/// A bit more halves the step: 2 log10 2.
constexpr double kDecadesPerBit = 0.60206;
/// Width of the kernel in decades, and how far an evaluated plan reaches.
constexpr double kBandwidth = 0.12, kReach = 0.3;
/// Points of a whole plan count as much as so many cells.
constexpr double kWholePlan = 3;
/// 90 % of a normal distribution.
constexpr double kBand = 1.6449;
/// Least noise worth a point of the curve: what is better is as good as float.
constexpr double kLeastLog = -8;
constexpr size_t kNoPlan = size_t(-1);

double clampLog(double log)
{
    return std::clamp(log, kLeastLog, 3.0);
}

bool isAtOutput(const SensitivityCell& cell)
{
    return cell.mode == SensitivityMode::EnableOne || cell.mode == SensitivityMode::DisableOne;
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
    m_hasKl = std::all_of(m_table.cells.begin(), m_table.cells.end(),
                          [](const SensitivityCell& cell) { return !isAtOutput(cell) || cell.kl; });
    const auto addSite = [this](const std::string& name, SensitivityWhat what) {
        Site site{name, what, {}};
        for (const SensitivityCell& cell : m_table.cells)
            if (cell.mode == SensitivityMode::EnableOne && cell.what == what && cell.layer == name)
                site.cells.push_back({cell.bits, -cell.outputSqnrDb / 10, harmOf(cell)});
        std::sort(site.cells.begin(), site.cells.end(),
                  [](const Site::Cell& a, const Site::Cell& b) { return a.bits < b.bits; });
        m_sites.push_back(std::move(site));
    };
    for (const Layer& layer : graph.layers)
        if (!layer.weights.empty())
            addSite(layer.name, SensitivityWhat::Weights);
    for (const ActivationSite& site : activationSites(graph))
        addSite(site.name, SensitivityWhat::Activations);
    learn();
}

double AccuracyPredictor::harmOf(const SensitivityCell& cell) const
{
    return m_hasKl ? clampLog(std::log10(std::max(*cell.kl, 0.0))) : clampLog(-cell.outputSqnrDb / 10);
}

void AccuracyPredictor::learnBases(std::vector<TrendCurve::Point>& top1,
                                   std::vector<TrendCurve::Point>& loss) const
{
    for (const SensitivityBase& base : m_table.bases) {
        const Noise noise = noiseOf(planAtBits(m_swept, base.what, base.bits));
        if (noise.missing > 0)
            continue;
        if (base.quality.top1 && m_table.baseline.top1)
            top1.push_back({noise.harm, *m_table.baseline.top1 - *base.quality.top1, kWholePlan});
        if (base.quality.loss && m_table.baseline.loss)
            loss.push_back({noise.harm, *base.quality.loss - *m_table.baseline.loss, kWholePlan});
    }
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
        if (!isAtOutput(cell) || std::isnan(cell.outputSqnrDb))
            continue;
        if (cell.top1 && base.top1)
            top1.push_back({harmOf(cell), *base.top1 - *cell.top1});
        if (cell.loss && base.loss)
            loss.push_back({harmOf(cell), *cell.loss - *base.loss});
    }
    learnBases(top1, loss);
    m_samples = m_measured.empty() ? m_table.samples : m_measured.back().samples;
    double squares = 0;
    for (const MeasuredPlan& measured : m_measured) {
        const Noise noise = noiseOf(measured.plan);
        m_measuredNoise.push_back(noise);
        if (noise.missing > 0)
            continue;
        squares += std::pow(noise.log10 - clampLog(-measured.outputSqnrDb / 10), 2);
        top1.push_back({noise.harm, measured.floatTop1 - measured.top1, kWholePlan});
        loss.push_back({noise.harm, measured.loss - measured.floatLoss, kWholePlan});
    }
    // The prior counts as much as two evaluated plans.
    constexpr double kPrior = 2;
    m_noiseError = std::sqrt((squares + kPrior * m_noiseError * m_noiseError) /
                             (kPrior + double(m_measured.size())));
    if (base.top1)
        m_top1Drop = TrendCurve(top1, kBandwidth);
    if (base.loss)
        m_lossRise = TrendCurve(loss, kBandwidth);
}

AccuracyPredictor::Site::Cell AccuracyPredictor::siteCell(const Site& site, const QuantSpec& spec,
                                                          bool& extrapolated) const
{
    const double bits = effectiveBits(spec);
    const auto above = std::find_if(site.cells.begin(), site.cells.end(),
                                    [bits](const Site::Cell& cell) { return cell.bits >= bits; });
    const QuantSpec& swept =
        site.what == SensitivityWhat::Weights ? m_swept.weights(site.name) : m_swept.activations(site.name);
    QuantSpec same = swept;
    same.format = Format::Int;
    same.bits = spec.bits;
    extrapolated = above == site.cells.end() || above->bits != bits || same != spec;
    if (above != site.cells.end() && above != site.cells.begin() && above->bits != bits) {
        const Site::Cell& below = *std::prev(above);
        const double f = (bits - below.bits) / double(above->bits - below.bits);
        return {0, std::lerp(below.noise, above->noise, f), std::lerp(below.harm, above->harm, f)};
    }
    const Site::Cell& nearest = above == site.cells.end() ? site.cells.back() : *above;
    const double change = kDecadesPerBit * (nearest.bits - bits);
    return {0, nearest.noise + change, nearest.harm + change};
}

AccuracyPredictor::Noise AccuracyPredictor::noiseOf(const QuantPlan& plan) const
{
    Noise noise;
    double sum = 0, harm = 0;
    for (const Site& site : m_sites) {
        const QuantSpec& spec =
            site.what == SensitivityWhat::Weights ? plan.weights(site.name) : plan.activations(site.name);
        if (spec.isFloat32())
            continue;
        if (site.cells.empty()) {
            // A finished sweep has cells of everything that can be quantized.
            noise.missing += m_table.partial;
            continue;
        }
        bool extrapolated = false;
        const Site::Cell cell = siteCell(site, spec, extrapolated);
        sum += std::pow(10, cell.noise);
        harm += std::pow(10, cell.harm);
        noise.extrapolated += extrapolated;
    }
    noise.log10 = clampLog(std::log10(sum));
    noise.harm = clampLog(std::log10(harm));
    return noise;
}

double AccuracyPredictor::top1Variance(double drop) const
{
    // Predictions flip both ways: at least as many samples change as are lost.
    const auto of = [drop](int64_t n) {
        return n > 0 ? (2 * std::abs(drop) + 3.0 / double(n)) / double(n) : 0;
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
    const double distance = (m_measuredNoise[plan].harm - noise.harm) / kReach;
    return 2 * std::exp(-0.5 * distance * distance);
}

double AccuracyPredictor::changeAt(const TrendCurve& curve, const Noise& noise, const Change& change,
                                   size_t without) const
{
    double weights = 1, pull = 0;
    for (size_t i = 0; i < m_measured.size(); ++i) {
        const double weight = i == without ? 0 : weightOf(i, noise);
        pull += weight * (change(m_measured[i]) - curve.mean(m_measuredNoise[i].harm));
        weights += weight;
    }
    return curve.mean(noise.harm) + pull / weights;
}

double AccuracyPredictor::modelVariance(const TrendCurve& curve, const Noise& noise,
                                        const Change& change) const
{
    const double error = m_noiseError * (noise.extrapolated > 0 ? 1.5 : 1.0);
    double sum = std::pow(curve.spread(noise.harm), 2) + std::pow(curve.slope(noise.harm) * error, 2);
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
