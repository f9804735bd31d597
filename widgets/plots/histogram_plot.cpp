// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/histogram_plot.h"

#include "widgets/format.h"
#include "widgets/plots/density.h"
#include "widgets/theme.h"

#include <QEvent>
#include <QVBoxLayout>
#include <qcustomplot.h>

#include <algorithm>
#include <cmath>

namespace bitwright {

namespace {

QColor withAlpha(QColor color, int alpha)
{
    color.setAlpha(alpha);
    return color;
}

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
    QCPItemStraightLine* lines[4]{}; ///< widest lo, hi, narrowest lo, hi
    QCPItemText* labels[2]{};
    SiteDistribution data;
    bool hasData = false, logarithmic = false, updating = false;

    void build(QWidget* owner);
    void applyPalette(const QPalette& palette);
    void placeMarkers();
    void refill();
    void fitHeight(const Density& a, const Density& b);
};

void HistogramPlot::Private::build(QWidget* owner)
{
    plot = new QCustomPlot(owner);
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
    plot->legend->setVisible(true);
    plot->axisRect()->insetLayout()->setInsetAlignment(0, Qt::AlignTop | Qt::AlignRight);
    plot->xAxis->setLabel(HistogramPlot::tr("Value"));
}

void HistogramPlot::Private::applyPalette(const QPalette& palette)
{
    const QColor text = palette.color(QPalette::Text), dim = dimmedText(palette);
    const QColor grid = withAlpha(text, 28), base = palette.color(QPalette::Base);
    plot->setBackground(QBrush(base));
    for (QCPAxis* axis : {plot->xAxis, plot->yAxis}) {
        axis->setBasePen(QPen(dim));
        axis->setTickPen(QPen(dim));
        axis->setSubTickPen(QPen(withAlpha(dim, 120)));
        axis->setTickLabelColor(text);
        axis->setLabelColor(text);
        axis->setTickLabelFont(plot->font());
        axis->setLabelFont(plot->font());
        axis->grid()->setPen(QPen(grid));
        axis->grid()->setZeroLinePen(QPen(withAlpha(text, 70)));
    }
    const QColor blue = roleColor(Role::Float, palette), orange = roleColor(Role::Quantized, palette);
    const QColor red = roleColor(Role::Clipped, palette);
    floating->setPen(QPen(blue, 1));
    floating->setBrush(withAlpha(blue, isDark(palette) ? 90 : 70));
    quantized->setPen(QPen(orange, 1.6));
    for (QCPGraph* graph : {clippedLow, clippedHigh}) {
        graph->setPen(QPen(red, 1));
        graph->setBrush(QBrush(red, Qt::BDiagPattern));
    }
    for (int i = 0; i < 4; ++i)
        lines[i]->setPen(QPen(i < 2 ? text : dim, i < 2 ? 1.4 : 1.0, i < 2 ? Qt::DashLine : Qt::DotLine));
    for (QCPItemText* label : labels) {
        label->setColor(text);
        label->setFont(plot->font());
        label->setBrush(withAlpha(base, 210));
    }
    plot->legend->setBrush(withAlpha(base, 225));
    plot->legend->setBorderPen(QPen(grid));
    plot->legend->setTextColor(text);
    plot->legend->setFont(plot->font());
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
    placeMarkers();
    fitHeight(whole, after);
}

void HistogramPlot::Private::fitHeight(const Density& a, const Density& b)
{
    const QCPRange visible = plot->xAxis->range();
    double top = 0, least = INFINITY;
    for (const Density* density : {&a, &b}) {
        for (size_t i = 0; i + 1 < density->x.size(); ++i) {
            const double y = density->y[i];
            if (y <= 0 || density->x[i + 1] < visible.lower || density->x[i] > visible.upper)
                continue;
            top = std::max(top, y);
            least = std::min(least, y);
        }
    }
    if (top <= 0)
        return;
    if (logarithmic)
        plot->yAxis->setRange(std::pow(10, std::floor(std::log10(std::max(least, top * 1e-9)))), top * 3);
    else
        plot->yAxis->setRange(0, top * 1.12);
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
    d->plot->setToolTip(tr("Wheel: zoom. Drag: move. Double-click: show everything."));
    connect(d->plot->xAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this, [this] {
        if (!std::exchange(d->updating, true)) {
            d->refill();
            d->updating = false;
        }
    });
    connect(d->plot, &QCustomPlot::mouseDoubleClick, this, &HistogramPlot::resetView);
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
    for (QCPGraph* graph : {d->floating, d->clippedLow, d->clippedHigh, d->quantized})
        graph->data()->clear();
    d->placeMarkers();
    d->plot->legend->setVisible(false);
    d->plot->replot(QCustomPlot::rpQueuedReplot);
}

bool HistogramPlot::isLogarithmic() const
{
    return d->logarithmic;
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

} // namespace bitwright
