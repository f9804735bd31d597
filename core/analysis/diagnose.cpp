// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/diagnose.h"

#include "core/analysis/analyze.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>

namespace bitwright {

namespace {

constexpr double kOutlierRatio = 4, kOutlierChannels = 0.1, kWidthRatio = 6;
constexpr double kSaturatedShare = 0.01, kClippingPart = 0.5;
constexpr double kIdleShare = 0.25; ///< a side that reaches half as far as the other
constexpr int64_t kFewLevels = 16;
constexpr double kLeastGainDb = 0.5, kLeastHelpDb = 0.1;
constexpr size_t kMostRemedies = 3;

using Predict = std::function<Result<double>(const QuantSpec&)>;

bool isSigned(const QuantSpec& spec)
{
    return spec.scheme != Scheme::Unsigned && spec.scheme != Scheme::Asymmetric;
}

/// Levels of a grid around 0 that no value can take, as a share of all.
double idleShare(const Range& values)
{
    const double left = std::max(-double(values.lo), 0.0), right = std::max(double(values.hi), 0.0);
    const double far = std::max(left, right);
    return far > 0 ? (far - std::min(left, right)) / (2 * far) : 0;
}

struct Finding {
    Cause cause;
    std::vector<RemedyKind> remedies; ///< worth a try, in this order
};

void findClipping(const QuantSpec& spec, const SiteFacts& facts, std::vector<Finding>& found)
{
    if (facts.clippedShare <= 0 || facts.clippingPart < kClippingPart)
        return;
    Finding finding;
    const bool many = facts.clippedShare >= kSaturatedShare;
    finding.cause.kind = many ? CauseKind::Saturation : CauseKind::Clipping;
    finding.cause.measured = many ? facts.clippedShare : facts.clippingPart;
    finding.cause.reference = many ? kSaturatedShare : facts.clippedShare;
    finding.remedies = {RemedyKind::MseRange, RemedyKind::WholeRange};
    if (spec.scheme == Scheme::Unsigned && facts.values.lo < 0)
        finding.remedies = {RemedyKind::Asymmetric};
    found.push_back(std::move(finding));
}

void findChannels(const SiteFacts& facts, std::vector<Finding>& found)
{
    const auto count = double(facts.channels.channels.size());
    if (facts.severalScales || count < 2)
        return;
    Finding finding;
    finding.remedies = {RemedyKind::PerChannel, RemedyKind::MseRange, RemedyKind::MoreBits};
    finding.cause.channels = facts.channels.above(kOutlierRatio);
    const auto outliers = double(finding.cause.channels.size());
    if (outliers > 0 && outliers <= std::max(1.0, kOutlierChannels * count)) {
        finding.cause.kind = CauseKind::OutlierChannel;
        finding.cause.measured = facts.channels.channels[size_t(facts.channels.widest())].ratio;
        finding.cause.reference = kOutlierRatio;
        found.push_back(finding);
    }
    if (facts.channels.widthRatio >= kWidthRatio) {
        finding.cause = {};
        finding.cause.kind = CauseKind::ChannelRanges;
        finding.cause.measured = facts.channels.widthRatio;
        finding.cause.reference = kWidthRatio;
        found.push_back(std::move(finding));
    }
}

void findLevels(const QuantSpec& spec, const SiteFacts& facts, std::vector<Finding>& found)
{
    if (spec.format == Format::Int && isSigned(spec) && idleShare(facts.values) > kIdleShare) {
        Finding finding;
        finding.cause.kind = CauseKind::OneSided;
        finding.cause.measured = idleShare(facts.values);
        finding.cause.reference = kIdleShare;
        finding.remedies = {RemedyKind::Asymmetric};
        if (facts.values.lo >= 0)
            finding.remedies.insert(finding.remedies.begin(), RemedyKind::Unsigned);
        found.push_back(std::move(finding));
    }
    const bool few = facts.levelsFor99 * 4 < facts.levels || facts.levels <= kFewLevels;
    if (facts.levels > 0 && few) {
        Finding finding;
        finding.cause.kind = CauseKind::FewLevels;
        finding.cause.measured = double(facts.levelsFor99);
        finding.cause.reference = double(facts.levels);
        finding.remedies = {RemedyKind::MseRange, RemedyKind::PerChannel, RemedyKind::MoreBits,
                            RemedyKind::KeepFloat};
        found.push_back(std::move(finding));
    }
}

void findDeadChannels(const SiteFacts& facts, std::vector<Finding>& found)
{
    if (facts.channels.dead == 0)
        return;
    Finding finding;
    finding.cause.kind = CauseKind::DeadChannels;
    finding.cause.measured = double(facts.channels.dead);
    finding.cause.reference = double(facts.channels.channels.size());
    for (size_t c = 0; c < facts.channels.channels.size(); ++c)
        if (facts.channels.channels[c].isDead())
            finding.cause.channels.push_back(int64_t(c));
    found.push_back(std::move(finding));
}

/// `spec` changed; the same spec where the remedy does not apply.
QuantSpec remedied(QuantSpec spec, RemedyKind kind, bool hasChannels)
{
    const auto estimate = [&spec](Estimator estimator) {
        spec.estimator = estimator;
        spec.parameter = 0;
    };
    switch (kind) {
    case RemedyKind::PerChannel:
        if (hasChannels &&
            (spec.granularity == Granularity::Tensor || spec.granularity == Granularity::Model)) {
            spec.granularity = Granularity::Channel;
            if (spec.estimator == Estimator::Fixed)
                estimate(Estimator::MinMax);
        }
        break;
    case RemedyKind::MseRange:
        if (spec.format == Format::Int)
            estimate(Estimator::Mse);
        break;
    case RemedyKind::WholeRange:
        estimate(Estimator::MinMax);
        break;
    case RemedyKind::Unsigned:
    case RemedyKind::Asymmetric:
        spec.scheme = kind == RemedyKind::Unsigned ? Scheme::Unsigned : Scheme::Asymmetric;
        if (spec.estimator == Estimator::Fixed)
            estimate(Estimator::MinMax);
        break;
    case RemedyKind::MoreBits:
        if (spec.format == Format::Int)
            spec.bits = spec.bits < 8 ? std::min(8, spec.bits + 2) : 16;
        break;
    case RemedyKind::KeepFloat:
        spec = QuantSpec::float32();
        break;
    }
    return spec;
}

/// Tries remedies, each only once.
class Pharmacy {
public:
    Pharmacy(const QuantSpec& spec, const SiteFacts& facts, Predict predict)
        : m_spec(spec)
        , m_hasChannels(facts.channels.channels.size() > 1)
        , m_now(facts.sqnrDb())
        , m_predict(std::move(predict))
    {
    }

    /// Fills remedies and gain of a cause.
    Result<void> treat(Finding& finding)
    {
        Cause& cause = finding.cause;
        for (const RemedyKind kind : finding.remedies) {
            BITWRIGHT_TRY(const Remedy remedy, tried(kind));
            if (remedy.spec == m_spec || !(remedy.sqnrDb > m_now && remedy.sqnrDb >= m_now + kLeastHelpDb) ||
                cause.remedies.size() >= kMostRemedies)
                continue;
            cause.remedies.push_back(remedy);
            if (!takesMoreBits(remedy))
                cause.gainDb = std::max(cause.gainDb, remedy.sqnrDb - m_now);
        }
        std::stable_sort(cause.remedies.begin(), cause.remedies.end(),
                         [this](const Remedy& a, const Remedy& b) {
                             if (takesMoreBits(a) != takesMoreBits(b))
                                 return takesMoreBits(b);
                             return !takesMoreBits(a) && a.sqnrDb > b.sqnrDb;
                         });
        return {};
    }

private:
    bool takesMoreBits(const Remedy& remedy) const { return remedy.spec.storedBits() > m_spec.storedBits(); }
    Result<Remedy> tried(RemedyKind kind)
    {
        const auto before = m_tried.find(kind);
        if (before != m_tried.end())
            return before->second;
        Remedy remedy{kind, remedied(m_spec, kind, m_hasChannels), m_now};
        if (!validate(remedy.spec))
            remedy.spec = m_spec;
        if (remedy.spec.isFloat32())
            remedy.sqnrDb = std::numeric_limits<double>::infinity();
        else if (remedy.spec != m_spec) {
            BITWRIGHT_TRY(remedy.sqnrDb, m_predict(remedy.spec));
        }
        m_tried.emplace(kind, remedy);
        return remedy;
    }

    QuantSpec m_spec;
    bool m_hasChannels;
    double m_now;
    Predict m_predict;
    std::map<RemedyKind, Remedy> m_tried;
};

/// Fills Diagnosis::causes from its facts. `now`: the SQNR that predictions are compared with.
Result<void> nameCauses(Diagnosis& diagnosis, const Predict& predict)
{
    std::vector<Finding> found;
    findClipping(diagnosis.spec, diagnosis.facts, found);
    findChannels(diagnosis.facts, found);
    findLevels(diagnosis.spec, diagnosis.facts, found);
    Pharmacy pharmacy(diagnosis.spec, diagnosis.facts, predict);
    for (Finding& finding : found)
        BITWRIGHT_CHECK(pharmacy.treat(finding));
    std::erase_if(found, [](const Finding& finding) {
        return finding.cause.kind != CauseKind::FewLevels && finding.cause.gainDb < kLeastGainDb;
    });
    std::stable_sort(found.begin(), found.end(),
                     [](const Finding& a, const Finding& b) { return a.cause.gainDb > b.cause.gainDb; });
    findDeadChannels(diagnosis.facts, found);
    for (Finding& finding : found)
        diagnosis.causes.push_back(std::move(finding.cause));
    return {};
}

} // namespace

const char* remedyName(RemedyKind kind)
{
    static constexpr const char* names[]{"per-channel", "mse-range", "whole-range", "unsigned",
                                         "asymmetric",  "more-bits", "keep-float"};
    return names[size_t(kind)];
}

Result<Diagnosis> diagnoseWeights(const ModelRunner& runner, const Layer& layer, const QuantPlan& plan,
                                  Progress& progress)
{
    if (layer.weights.empty())
        return Error{Error::InvalidArgument, "This layer has no weights to diagnose.", layer.name};
    Diagnosis diagnosis;
    diagnosis.spec = plan.weights(layer.name);
    if (diagnosis.spec.isFloat32())
        return diagnosis;
    BITWRIGHT_TRY(const LayerReport report, weightReport(runner, layer, plan));
    const auto& tensors = report.weightTensors;
    const auto worst = std::min_element(tensors.begin(), tensors.end(), [](const auto& a, const auto& b) {
        return a.error.sqnrDb() < b.error.sqnrDb();
    });
    const WeightRef& site = layer.weights[size_t(worst - tensors.begin())];
    diagnosis.tensor = site.parameter;
    BITWRIGHT_TRY(const Tensor weight, runner.parameter(site.parameter));
    diagnosis.facts = weightFacts(weight.toFloat(), site.channelAxis, worst->params);
    diagnosis.facts.error = report.weight->error;
    BITWRIGHT_CHECK(nameCauses(diagnosis, [&](const QuantSpec& spec) -> Result<double> {
        if (progress.cancelled())
            return cancelledError();
        QuantPlan changed = plan;
        changed.setWeights(layer.name, spec);
        BITWRIGHT_TRY(const LayerReport predicted, weightReport(runner, layer, changed));
        return predicted.weight->error.sqnrDb();
    }));
    return diagnosis;
}

Diagnosis diagnoseActivation(const TensorStats& stats, const QuantSpec& spec)
{
    Diagnosis diagnosis;
    diagnosis.spec = spec;
    if (spec.isFloat32() || stats.isEmpty())
        return diagnosis;
    diagnosis.facts = activationFacts(stats, spec);
    const auto named = nameCauses(diagnosis, [&stats](const QuantSpec& changed) -> Result<double> {
        return activationReport(stats, changed).error.sqnrDb();
    });
    if (!named)
        diagnosis.causes.clear();
    return diagnosis;
}

} // namespace bitwright
