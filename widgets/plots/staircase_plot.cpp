// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/staircase_plot.h"

#include "core/quant/quantize.h"
#include "widgets/plots/plot_style.h"
#include "widgets/theme.h"

#include <QEvent>
#include <QVBoxLayout>
#include <qcustomplot.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace bitwright {

struct StaircasePlot::Private {
    QCustomPlot* plot = nullptr;
    QCPGraph *diagonal = nullptr, *stairs = nullptr, *points = nullptr;
    QCPItemStraightLine* probe = nullptr;
    SiteDistribution data;
    QuantParams params; ///< of the staircase
    bool updating = false;

    void build();
    void setPens(const QPalette& palette);
    void refill();
};

void StaircasePlot::Private::build()
{
    plot->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    diagonal = plot->addGraph();
    points = plot->addGraph();
    stairs = plot->addGraph();
    points->setLineStyle(QCPGraph::lsNone);
    for (QCPGraph* graph : {diagonal, points, stairs})
        graph->setAdaptiveSampling(false);
    diagonal->setName(StaircasePlot::tr("Unchanged"));
    stairs->setName(StaircasePlot::tr("Quantizer"));
    probe = new QCPItemStraightLine(plot);
    probe->point1->setTypeY(QCPItemPosition::ptAxisRectRatio);
    probe->point2->setTypeY(QCPItemPosition::ptAxisRectRatio);
    probe->setVisible(false);
    putLegendAbove(plot);
    plot->xAxis->setLabel(StaircasePlot::tr("Float value"));
    plot->yAxis->setLabel(StaircasePlot::tr("Quantized value"));
}

void StaircasePlot::Private::setPens(const QPalette& palette)
{
    stylePlot(plot, palette);
    const QColor text = palette.color(QPalette::Text);
    diagonal->setPen(QPen(withAlpha(text, 120), 1, Qt::DashLine));
    stairs->setPen(QPen(roleColor(Role::Quantized, palette), 1.6));
    const QColor blue = withAlpha(roleColor(Role::Float, palette), 150);
    points->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(blue), QBrush(blue), 4));
    probe->setPen(QPen(withAlpha(text, 150), 1));
}

void StaircasePlot::Private::refill()
{
    const QCPRange visible = plot->xAxis->range();
    const int steps = std::max(200, plot->axisRect()->width() * 2);
    std::vector<float> values;
    for (int i = 0; i <= steps; ++i)
        values.push_back(float(visible.lower + visible.size() * i / steps));
    const Tensor x = Tensor::fromFloats({1, int64_t(values.size())}, values);
    const Tensor y = fakeQuantize(x, params);
    QVector<double> keys(values.begin(), values.end()), heights;
    for (float value : y.floats())
        heights.append(value);
    stairs->setData(keys, heights, true);
    diagonal->setData({visible.lower, visible.upper}, {visible.lower, visible.upper}, true);
}

StaircasePlot::StaircasePlot(QWidget* parent)
    : QWidget(parent)
    , d(std::make_unique<Private>())
{
    d->plot = new QCustomPlot(this);
    d->plot->setObjectName(QStringLiteral("staircase"));
    d->build();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(d->plot);
    setAccessibleName(tr("Staircase of the quantizer"));
    d->plot->setAccessibleName(tr("Quantized against float values"));
    d->plot->setToolTip(tr("Wheel: zoom. Drag: move. Double-click: show everything."));
    connect(d->plot->xAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this, [this] {
        if (!std::exchange(d->updating, true)) {
            d->refill();
            d->updating = false;
        }
    });
    connect(d->plot, &QCustomPlot::mouseDoubleClick, this, &StaircasePlot::resetView);
    connect(d->plot, &QCustomPlot::mouseMove, this, [this](QMouseEvent* event) {
        if (d->plot->axisRect()->rect().contains(event->pos()))
            Q_EMIT probed(d->plot->xAxis->pixelToCoord(event->position().x()));
    });
    d->setPens(palette());
}

StaircasePlot::~StaircasePlot() = default;

void StaircasePlot::setDistribution(const SiteDistribution& distribution, bool sameTensor)
{
    d->data = distribution;
    const size_t scales = distribution.params.scale.size();
    d->params = scales > 0
                    ? entryParams(distribution.params, std::min(distribution.widestEntry, scales - 1), 1)
                    : distribution.params;
    QVector<double> x, y;
    for (const SiteDistribution::Sample& sample : distribution.samples) {
        x.append(sample.value);
        y.append(sample.quantized);
    }
    d->points->setData(x, y);
    d->points->setName(tr("%1 of the values").arg(x.size()));
    if (sameTensor) {
        d->refill();
        d->plot->replot(QCustomPlot::rpQueuedReplot);
    } else {
        resetView();
    }
}

void StaircasePlot::setProbe(double value)
{
    d->probe->setVisible(std::isfinite(value));
    if (std::isfinite(value)) {
        d->probe->point1->setCoords(value, 0);
        d->probe->point2->setCoords(value, 1);
    }
    d->plot->replot(QCustomPlot::rpQueuedReplot);
}

void StaircasePlot::resetView()
{
    double lo = d->data.stats.all.min, hi = d->data.stats.all.max;
    if (!(lo <= hi))
        return;
    if (d->data.hasRange) {
        lo = std::min(lo, double(d->data.widest.lo));
        hi = std::max(hi, double(d->data.widest.hi));
    }
    const double margin = hi > lo ? 0.05 * (hi - lo) : 1e-6;
    d->plot->xAxis->setRange(lo - margin, hi + margin);
    d->plot->yAxis->setRange(lo - margin, hi + margin);
    d->refill();
    d->plot->replot(QCustomPlot::rpQueuedReplot);
}

void StaircasePlot::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        d->setPens(palette());
        d->plot->replot(QCustomPlot::rpQueuedReplot);
    }
}

} // namespace bitwright
