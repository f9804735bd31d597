// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/histogram_plot.h"

#include "widgets/format.h"
#include "widgets/plots/density.h"
#include "widgets/plots/plot_style.h"
#include "widgets/plots/threshold_handles.h"
#include "widgets/theme.h"

#include <QKeyEvent>
#include <QVBoxLayout>
#include <qcustomplot.h>

#include <algorithm>
#include <cmath>

namespace bitwright {

namespace {

void setPoints(QCPGraph* graph, const Density& density)
{
    graph->setData(QVector<double>(density.x.begin(), density.x.end()),
                   QVector<double>(density.y.begin(), density.y.end()), true);
}

void setLegend(QCPGraph* graph, bool on)
{
    if (on)
        graph->addToLegend();
    else
        graph->removeFromLegend();
}

} // namespace

struct HistogramPlot::Private {
    QCustomPlot* plot = nullptr;
    QCPGraph *floating = nullptr, *clippedLow = nullptr, *clippedHigh = nullptr, *quantized = nullptr;
    QCPGraph *levels = nullptr, *overlays[kMostOverlays]{};
    std::vector<HistogramOverlay> others;
    QCPItemStraightLine* probe = nullptr;
    ThresholdHandles* handles = nullptr;
    QCPItemStraightLine* lines[4]{}; ///< widest lo, hi, narrowest lo, hi
    QCPItemText *labels[2]{}, *spike = nullptr;
    SiteDistribution data;
    bool hasData = false, logarithmic = false, updating = false, movable = false;

    void build(QWidget* owner);
    void applyPalette(const QPalette& palette);
    void placeMarkers();
    void fillLevels();
    void refill();
    void fitHeight(const Density& a, const Density& b);
};

void HistogramPlot::Private::build(QWidget* owner)
{
    plot = new QCustomPlot(owner);
    plot->setObjectName(QStringLiteral("histogram"));
    plot->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    plot->axisRect()->setRangeDrag(Qt::Horizontal);
    plot->axisRect()->setRangeZoom(Qt::Horizontal);
    plot->axisRect()->setMinimumMargins(QMargins(8, 26, 16, 8));
    floating = plot->addGraph();
    clippedLow = plot->addGraph();
    clippedHigh = plot->addGraph();
    quantized = plot->addGraph();
    for (QCPGraph* graph : {floating, clippedLow, clippedHigh, quantized}) {
        graph->setLineStyle(QCPGraph::lsStepLeft);
        graph->setAdaptiveSampling(false);
    }
    for (auto*& overlay : overlays) {
        overlay = plot->addGraph();
        overlay->setLineStyle(QCPGraph::lsStepLeft);
        overlay->setAdaptiveSampling(false);
        overlay->removeFromLegend();
    }
    levels = plot->addGraph(plot->xAxis, plot->yAxis2);
    levels->setLineStyle(QCPGraph::lsImpulse);
    levels->setName(HistogramPlot::tr("Levels"));
    plot->yAxis2->setRange(0, 1);
    probe = new QCPItemStraightLine(plot);
    probe->point1->setTypeY(QCPItemPosition::ptAxisRectRatio);
    probe->point2->setTypeY(QCPItemPosition::ptAxisRectRatio);
    probe->setVisible(false);
    handles = new ThresholdHandles(plot);
    floating->setName(HistogramPlot::tr("Float"));
    quantized->setName(HistogramPlot::tr("Quantized"));
    clippedLow->setName(HistogramPlot::tr("Clipped"));
    clippedHigh->removeFromLegend();
    for (auto& line : lines) {
        line = new QCPItemStraightLine(plot);
        line->point1->setTypeY(QCPItemPosition::ptAxisRectRatio);
        line->point2->setTypeY(QCPItemPosition::ptAxisRectRatio);
    }
    for (auto& label : labels) {
        label = new QCPItemText(plot);
        label->position->setTypeX(QCPItemPosition::ptPlotCoords);
        label->position->setTypeY(QCPItemPosition::ptAxisRectRatio);
        label->setPadding(QMargins(4, 1, 4, 3));
        label->setPositionAlignment(Qt::AlignHCenter | Qt::AlignBottom);
        label->setClipToAxisRect(false);
    }
    spike = new QCPItemText(plot);
    spike->position->setTypeY(QCPItemPosition::ptAxisRectRatio);
    spike->position->setCoords(0, 0.02);
    spike->setPositionAlignment(Qt::AlignLeft | Qt::AlignTop);
    spike->setPadding(QMargins(10, 1, 4, 1));
    spike->setVisible(false);
    putLegendAbove(plot);
    plot->xAxis->setLabel(HistogramPlot::tr("Value"));
}

void HistogramPlot::Private::applyPalette(const QPalette& palette)
{
    const QColor text = palette.color(QPalette::Text), dim = dimmedText(palette);
    const QColor base = palette.color(QPalette::Base);
    stylePlot(plot, palette);
    const QColor blue = roleColor(Role::Float, palette), orange = roleColor(Role::Quantized, palette);
    const QColor red = roleColor(Role::Clipped, palette);
    floating->setPen(QPen(blue, 1));
    floating->setBrush(withAlpha(blue, isDark(palette) ? 90 : 70));
    quantized->setPen(QPen(orange, 1.6));
    for (QCPGraph* graph : {clippedLow, clippedHigh}) {
        graph->setPen(QPen(red, 1));
        graph->setBrush(QBrush(red, Qt::BDiagPattern));
    }
    levels->setPen(QPen(withAlpha(orange, isDark(palette) ? 110 : 130), 1));
    probe->setPen(QPen(withAlpha(text, 150), 1));
    for (size_t i = 0; i < kMostOverlays; ++i)
        overlays[i]->setPen(
            QPen(categoryColor(int(i), palette), 1.5, i % 2 == 0 ? Qt::SolidLine : Qt::DashLine));
    for (int i = 0; i < 4; ++i)
        lines[i]->setPen(QPen(i < 2 ? text : dim, i < 2 ? 1.4 : 1.0, i < 2 ? Qt::DashLine : Qt::DotLine));
    for (QCPItemText* label : {labels[0], labels[1], spike}) {
        label->setColor(text);
        label->setFont(plot->font());
        label->setBrush(withAlpha(base, 210));
    }
}

void HistogramPlot::Private::placeMarkers()
{
    const bool several = data.params.scale.size() > 1;
    const double at[4]{data.widest.lo, data.widest.hi, data.narrowest.lo, data.narrowest.hi};
    for (int i = 0; i < 4; ++i) {
        lines[i]->setVisible(data.hasRange && (i < 2 || several));
        lines[i]->point1->setCoords(at[i], 1);
        lines[i]->point2->setCoords(at[i], 0);
    }
    for (int i = 0; i < 2; ++i) {
        labels[i]->setVisible(data.hasRange && plot->xAxis->range().contains(at[i]));
        labels[i]->setText(numberText(at[i], 3));
        labels[i]->position->setCoords(at[i], 0);
    }
    if (data.hasRange && movable)
        handles->setRange(data.spec, data.widest);
    else
        handles->hide();
}

void HistogramPlot::Private::fillLevels()
{
    constexpr double kLeastDistance = 7; // pixels between two levels that can be told apart
    const QCPRange visible = plot->xAxis->range();
    QVector<double> at;
    for (const auto& level : data.levels) {
        if (visible.contains(level.value))
            at.append(level.value);
    }
    if (at.size() * kLeastDistance > plot->axisRect()->width())
        at.clear();
    levels->setData(at, QVector<double>(at.size(), 1.0), true);
    setLegend(levels, !at.isEmpty());
}

void HistogramPlot::Private::refill()
{
    if (!hasData)
        return;
    const QCPRange visible = plot->xAxis->range();
    const int pixels = std::max(100, plot->axisRect()->width());
    const double width = binWidthFor(data, visible.size(), pixels / 3);
    const Density whole = histogramDensity(data.stats.histogram, width);
    const Density after =
        data.levels.empty() ? histogramDensity(data.quantized, width) : levelDensity(data, width);
    setPoints(floating, whole);
    setPoints(quantized, after);
    // With several scales the clipped share has no place on this axis.
    const bool shaded = data.hasRange && data.params.scale.size() == 1;
    setPoints(clippedLow, shaded ? cut(whole, -INFINITY, data.widest.lo) : Density{});
    setPoints(clippedHigh, shaded ? cut(whole, data.widest.hi, INFINITY) : Density{});
    setLegend(clippedLow, !clippedLow->data()->isEmpty() || !clippedHigh->data()->isEmpty());
    setLegend(quantized, !after.x.empty());
    for (size_t i = 0; i < kMostOverlays; ++i) {
        const bool on = i < others.size();
        setPoints(overlays[i],
                  on ? histogramDensity(others[i].histogram, std::max(width, others[i].histogram.binWidth()))
                     : Density{});
        if (on)
            overlays[i]->setName(others[i].name);
        setLegend(overlays[i], on);
    }
    fillLevels();
    placeMarkers();
    fitHeight(whole, after);
}

void HistogramPlot::Private::fitHeight(const Density& a, const Density& b)
{
    const QCPRange visible = plot->xAxis->range();
    const Heights before = heightsOf(a, visible.lower, visible.upper);
    const Heights after = heightsOf(b, visible.lower, visible.upper);
    const double top = std::max(before.top, after.top);
    spike->setVisible(false);
    if (top <= 0)
        return;
    if (logarithmic) {
        const double least = after.least > 0 ? std::min(before.least, after.least) : before.least;
        plot->yAxis->setRange(std::pow(10, std::floor(std::log10(std::max(least, top * 1e-9)))), top * 3);
        return;
    }
    // Exact zeros (ReLU) would flatten everything else: their column is cut off and says how many they are.
    const double beside = std::max(before.topBesideZero, after.topBesideZero);
    const double zeros = double(data.stats.zeros) / double(std::max<int64_t>(1, data.stats.all.count));
    const bool cutOff = zeros > 0.05 && beside > 0 && top > 4 * beside;
    spike->setVisible(cutOff);
    spike->setText(HistogramPlot::tr("↑ %1 exact zeros").arg(percentText(zeros, 1)));
    plot->yAxis->setRange(0, cutOff ? beside * 1.4 : top * 1.12);
}

HistogramPlot::HistogramPlot(QWidget* parent)
    : QWidget(parent)
    , d(std::make_unique<Private>())
{
    d->build(this);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(d->plot);
    setMinimumSize(260, 160);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Histogram"));
    d->plot->setAccessibleName(tr("Histogram of float and quantized values"));
    d->plot->setToolTip(
        tr("Wheel: zoom. Drag: move. Double-click: show everything. Arrow keys: move the probe."));
    connect(d->plot->xAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this, [this] {
        if (!std::exchange(d->updating, true)) {
            d->refill();
            d->updating = false;
        }
    });
    connect(d->plot, &QCustomPlot::mouseDoubleClick, this, &HistogramPlot::resetView);
    connect(d->plot, &QCustomPlot::mouseMove, this, [this](QMouseEvent* event) {
        if (d->hasData && d->plot->axisRect()->rect().contains(event->pos()))
            Q_EMIT probed(d->plot->xAxis->pixelToCoord(event->position().x()));
    });
    setLogarithmic(false);
    d->applyPalette(palette());
    clear();
}

HistogramPlot::~HistogramPlot() = default;

void HistogramPlot::setDistribution(const SiteDistribution& distribution, bool sameTensor)
{
    d->data = distribution;
    d->hasData = !distribution.stats.isEmpty();
    for (QCPGraph* graph : {d->floating, d->quantized})
        graph->setVisible(true);
    d->plot->legend->setVisible(d->hasData);
    d->placeMarkers();
    if (sameTensor) {
        d->refill();
        d->plot->replot(QCustomPlot::rpQueuedReplot);
    } else {
        resetView();
    }
}

void HistogramPlot::clear()
{
    d->hasData = false;
    d->data = {};
    for (QCPGraph* graph : {d->floating, d->clippedLow, d->clippedHigh, d->quantized, d->levels})
        graph->data()->clear();
    d->probe->setVisible(false);
    d->spike->setVisible(false);
    d->placeMarkers();
    d->plot->legend->setVisible(false);
    d->plot->replot(QCustomPlot::rpQueuedReplot);
}

bool HistogramPlot::isLogarithmic() const
{
    return d->logarithmic;
}

void HistogramPlot::setThresholdsMovable(bool on)
{
    d->movable = on;
    d->placeMarkers();
}

void HistogramPlot::setOverlays(const std::vector<HistogramOverlay>& overlays)
{
    d->others = overlays;
}

const std::vector<HistogramOverlay>& HistogramPlot::overlays() const
{
    return d->others;
}

ThresholdHandles* HistogramPlot::thresholds() const
{
    return d->handles;
}

void HistogramPlot::setProbe(double value)
{
    const bool visible = std::isfinite(value) && d->hasData;
    d->probe->setVisible(visible);
    if (visible) {
        d->probe->point1->setCoords(value, 0);
        d->probe->point2->setCoords(value, 1);
    }
    d->plot->replot(QCustomPlot::rpQueuedReplot);
}

void HistogramPlot::setLogarithmic(bool on)
{
    d->logarithmic = on;
    QCPAxis* axis = d->plot->yAxis;
    axis->setScaleType(on ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    if (on) {
        axis->setTicker(QSharedPointer<QCPAxisTickerLog>::create());
        axis->setNumberFormat(QStringLiteral("eb"));
        axis->setNumberPrecision(0);
    } else {
        axis->setTicker(QSharedPointer<QCPAxisTicker>::create());
        axis->setNumberFormat(QStringLiteral("gb"));
        axis->setNumberPrecision(4);
    }
    axis->setLabel(on ? tr("Density (logarithmic)") : tr("Density"));
    d->refill();
    d->plot->replot(QCustomPlot::rpQueuedReplot);
}

void HistogramPlot::resetView()
{
    if (!d->hasData)
        return;
    double lo = d->data.stats.all.min, hi = d->data.stats.all.max;
    if (d->data.hasRange) {
        lo = std::min(lo, double(d->data.widest.lo));
        hi = std::max(hi, double(d->data.widest.hi));
    }
    const double margin = hi > lo ? 0.06 * (hi - lo) : std::max(1e-6, 0.1 * std::abs(hi));
    d->plot->xAxis->setRange(lo - margin, hi + margin);
    d->refill();
    d->plot->replot(QCustomPlot::rpQueuedReplot);
}

void HistogramPlot::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        d->applyPalette(palette());
        d->plot->replot(QCustomPlot::rpQueuedReplot);
    }
}

void HistogramPlot::keyPressEvent(QKeyEvent* event)
{
    const int direction = event->key() == Qt::Key_Right ? 1 : event->key() == Qt::Key_Left ? -1 : 0;
    if (direction == 0 || !d->hasData) {
        QWidget::keyPressEvent(event);
        return;
    }
    const QCPRange visible = d->plot->xAxis->range();
    const double pixel = visible.size() / std::max(1, d->plot->axisRect()->width());
    const double from = d->probe->visible() ? d->probe->point1->key() : visible.center();
    const double step = direction * pixel * (event->modifiers() & Qt::ShiftModifier ? 20 : 2);
    Q_EMIT probed(std::clamp(from + step, visible.lower, visible.upper));
}

} // namespace bitwright
