// SPDX-License-Identifier: GPL-3.0-or-later
// What the distribution page does with the range: dragged, typed, scrubbed, applied.
#include "widgets/document.h"
#include "widgets/format.h"
#include "widgets/pages/histogram_page.h"
#include "widgets/plots/histogram_plot.h"
#include "widgets/plots/staircase_plot.h"
#include "widgets/plots/threshold_handles.h"

#include <QLabel>
#include <QLineEdit>

#include <optional>
#include <utility>

namespace bitwright {

namespace {

std::vector<qint64> sampleCounts(const CalibrationResult* calibration)
{
    std::vector<qint64> counts;
    if (!calibration || calibration->prefixes.empty())
        return counts;
    for (const CalibrationPrefix& prefix : calibration->prefixes)
        counts.push_back(prefix.samples);
    counts.push_back(calibration->samples);
    return counts;
}

} // namespace

QuantSpec specOfWish(const RangePanel::Wish& wish, const CalibrationResult& calibration, ValueId value)
{
    if (wish.samples == 0)
        return wish.spec;
    const TensorStats* stats = calibration.statsAfter(value, wish.samples);
    return stats ? withFixedRange(wish.spec, estimateRange(wish.spec, distributionOf(*stats))) : wish.spec;
}

void HistogramPage::connectRange()
{
    ThresholdHandles* handles = m_plot->thresholds();
    connect(handles, &ThresholdHandles::moved, this, &HistogramPage::dragTo);
    connect(handles, &ThresholdHandles::released, this, &HistogramPage::setPlanRange);
    connect(m_runner, &JobRunner::ended, this, [this](int id) {
        if (id == m_cutJob)
            m_cutJob = 0;
    });
    connect(handles, &ThresholdHandles::cancelled, this, [this] {
        m_cut.reset();
        if (m_shown)
            showDistribution(*m_shown, true);
    });
    connect(m_plot, &HistogramPlot::probed, this, &HistogramPage::probe);
    connect(m_staircase, &StaircasePlot::probed, this, &HistogramPage::probe);
    connect(m_range, &RangePanel::wished, this, &HistogramPage::wish);
    connect(m_range, &RangePanel::applied, this, &HistogramPage::applyWish);
    connect(m_range, &RangePanel::reverted, this, [this] {
        forgetWish();
        m_update.request();
    });
    connect(m_range, &RangePanel::typed, this, [this](RangeEnd end, double value) {
        if (!m_shown || !m_shown->hasRange)
            return;
        const Range range = withEndAt(m_shown->spec, m_shown->widest, end, value);
        if (range.hi > range.lo)
            setPlanRange(range, false);
        else
            showNumbers(*m_shown);
    });
}

void HistogramPage::forgetWish()
{
    m_wish.reset();
    m_range->setPreview(false);
}

/// From the statistics in hand, on this thread: a frame of a drag.
void HistogramPage::dragTo(Range range)
{
    if (!m_shown || !m_thresholds)
        return;
    if (cutsScales()) {
        m_cutWindow = m_thresholds->at(m_target.spec, range);
        SiteDistribution preview = *m_shown;
        preview.widest = m_cutWindow.range;
        m_plot->setDistribution(preview, true);
        m_range->setPreview(true);
        m_range->setRange(preview.widest, true);
        m_title->setText(
            tr("%1: ranges of the channels cut to %2 … %3")
                .arg(m_target.title, numberText(preview.widest.lo, 4), numberText(preview.widest.hi, 4)));
        m_cut = specOfRange(range);
        measureCut();
        return;
    }
    const QuantSpec spec = withFixedRange(m_target.spec, range);
    const auto preview = activationDistribution(m_shown->name, m_shown->stats, spec);
    if (!preview)
        return;
    m_plot->setDistribution(*preview, true);
    const ThresholdError error = m_thresholds->at(spec, range);
    m_range->setPreview(true);
    m_range->setError(error, error.sqnrDb, error.clippedShare);
    m_range->setRange(error.range, true);
    const size_t scales = m_shown->params.scale.size();
    const QString text =
        tr("%1: range %2 … %3")
            .arg(m_target.title, numberText(error.range.lo, 4), numberText(error.range.hi, 4));
    m_title->setText(
        scales > 1 ? tr("%1 for the whole tensor instead of %n scale(s)", nullptr, int(scales)).arg(text)
                   : text);
}

bool HistogramPage::cutsScales() const
{
    const QuantSpec& spec = m_wish ? m_wish->spec : m_target.spec;
    return m_target.site == PlanSite::Weights && m_target.layer && m_target.layer->weights.size() == 1 &&
           m_shown && m_shown->channel < 0 && m_shown->params.scale.size() > 1 &&
           spec.format == Format::Int && spec.granularity == Granularity::Channel;
}

QuantSpec HistogramPage::specOfRange(Range range) const
{
    const QuantSpec& spec = m_wish ? m_wish->spec : m_target.spec;
    return cutsScales() ? withCutRanges(spec, m_shown->params, range) : withFixedRange(spec, range);
}

void HistogramPage::measureCut()
{
    if (m_cutJob != 0 || !m_cut)
        return;
    QuantPlan plan = m_document->plan();
    plan.setWeights(m_target.layer->name, *m_cut);
    using Measured = std::optional<ErrorSums>;
    m_cutJob = m_runner->start<Measured>(
        JobRunner::Lane::Plot, tr("Error of %1").arg(m_target.title),
        [model = m_document->model(), layer = m_target.layer, index = m_target.tensor,
         plan](Progress&) -> Result<Measured> {
            const auto report = weightReport(*model->runner, *layer, plan);
            return report && index < report->weightTensors.size()
                       ? Measured(report->weightTensors[index].error)
                       : Measured();
        },
        [this, spec = *m_cut](const Measured& error) {
            m_cutJob = 0;
            if (!m_cut || !error)
                return;
            ThresholdError parts = m_cutWindow;
            parts.roundingMse = std::max(0.0, error->mse() - parts.clippingMse);
            m_range->setError(parts, error->sqnrDb(), error->clippedShare());
            if (*m_cut != spec)
                measureCut();
        });
}

void HistogramPage::showNumbers(const SiteDistribution& d)
{
    std::optional<ThresholdError> error;
    const bool oneScale = d.hasRange && d.params.scale.size() == 1;
    if (oneScale && m_thresholds) {
        error = m_thresholds->at(IntegerBounds{d.params.qmin, d.params.qmax},
                                 Grid{d.params.scale.front(), d.params.zeroPoint.front()});
    } else if (d.hasRange && !d.expected) {
        error.emplace();
        error->clippingMse = d.clippingMse;
        error->roundingMse = std::max(0.0, d.error.mse() - d.clippingMse);
    }
    m_range->setEnabled(!d.spec.isFloat32() && d.channel < 0);
    if (!m_wish) {
        const bool activation = m_target.site == PlanSite::Activations;
        m_range->setSpec(m_target.spec,
                         activation ? sampleCounts(m_document->calibration().get()) : std::vector<qint64>());
    }
    m_range->setPreview(m_wish.has_value());
    m_range->setError(error, d.error.sqnrDb(), d.error.clippedShare());
    m_range->setRange(d.widest, d.hasRange);
}

void HistogramPage::wish(const RangePanel::Wish& wish)
{
    m_wish = wish;
    m_range->setPreview(true);
    // "Fixed" starts from the range there is.
    if (wish.spec.estimator == Estimator::Fixed && m_shown && m_shown->hasRange) {
        const Range now = m_shown->widest;
        m_wish->spec = withFixedRange(wish.spec, withEndAt(wish.spec, now, RangeEnd::Upper, now.hi));
    }
    m_update.request();
}

void HistogramPage::applyWish()
{
    if (!m_wish || m_target.isNothing())
        return;
    const RangePanel::Wish wish = *m_wish;
    const bool activation = m_target.site == PlanSite::Activations && m_document->calibration();
    const QuantSpec spec =
        activation ? specOfWish(wish, *m_document->calibration(), m_target.value) : wish.spec;
    const QString text = wish.samples > 0
                             ? tr("%1: range of %n sample(s)", nullptr, int(wish.samples)).arg(m_target.title)
                             : tr("%1: range by %2").arg(m_target.title, estimatorText(spec));
    pushSpec(spec, text, {});
}

void HistogramPage::setPlanRange(Range range, bool byKey)
{
    if (!m_shown)
        return;
    const bool cuts = cutsScales();
    const QuantSpec spec = specOfRange(range);
    // Steps of the arrow keys merge, drags never do.
    const QString field = byKey ? tr("range by keys") : QString();
    const QString text = cuts ? tr("%1: ranges cut to %2 … %3") : tr("%1: range %2 … %3");
    const double lo = cuts ? range.lo : spec.rangeLo, hi = cuts ? range.hi : spec.rangeHi;
    pushSpec(spec, text.arg(m_target.title, numberText(lo, 4), numberText(hi, 4)), field);
}

void HistogramPage::pushSpec(const QuantSpec& spec, const QString& text, const QString& field)
{
    forgetWish();
    m_cut.reset();
    const QString refused = whyNotEdit(*m_document, m_target.planLayer);
    if (!refused.isEmpty())
        Q_EMIT failed(refused);
    if (!refused.isEmpty() || spec == m_target.spec) {
        m_update.request();
        return;
    }
    m_document->undoStack()->push(
        new SetSpecsCommand(m_document, {{m_target.planLayer, m_target.site, spec}}, text, field));
}

} // namespace bitwright
