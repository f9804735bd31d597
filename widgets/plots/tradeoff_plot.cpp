// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/tradeoff_plot.h"

#include "widgets/plots/plot_style.h"
#include "widgets/theme.h"

#include <QEvent>
#include <QLabel>
#include <QMouseEvent>
#include <QVBoxLayout>
#include <qcustomplot.h>

#include <algorithm>
#include <cmath>

namespace bitwright {

namespace {

QList<int> trailOf(const std::vector<TradeoffPoint>& points)
{
    QList<int> order;
    for (size_t i = 0; i < points.size(); ++i)
        if (points[i].step >= 0)
            order.append(int(i));
    std::stable_sort(order.begin(), order.end(),
                     [&](int a, int b) { return points[size_t(a)].step < points[size_t(b)].step; });
    return order;
}

} // namespace

struct TradeoffPlot::Private {
    QCustomPlot* plot = nullptr;
    QLabel* nothing = nullptr; ///< instead of a plot without points
    QCPCurve* trail = nullptr;
    QCPGraph *best = nullptr, *beaten = nullptr, *estimate = nullptr, *current = nullptr;
    QCPErrorBars* bars = nullptr;
    std::vector<TradeoffPoint> points;
    int chosen = -1;

    void build(QWidget* owner);
    void refill();
    void applyPalette(const QPalette& palette);
    int nearest(const QPointF& position) const;
    QPointF pixel(size_t i) const
    {
        return {plot->xAxis->coordToPixel(points[i].kilobytes),
                plot->yAxis->coordToPixel(points[i].accuracy)};
    }
};

void TradeoffPlot::Private::build(QWidget* owner)
{
    plot = new QCustomPlot(owner);
    plot->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    plot->setObjectName(QStringLiteral("tradeoff"));
    plot->setAccessibleName(TradeoffPlot::tr("Size against accuracy"));
    trail = new QCPCurve(plot->xAxis, plot->yAxis);
    trail->setName(TradeoffPlot::tr("Undo history"));
    const auto scatter = [this](const QString& name) {
        QCPGraph* graph = plot->addGraph();
        graph->setLineStyle(QCPGraph::lsNone);
        graph->setName(name);
        return graph;
    };
    beaten = scatter(TradeoffPlot::tr("Beaten by another"));
    best = scatter(TradeoffPlot::tr("Best for its size"));
    estimate = scatter(TradeoffPlot::tr("Estimate of the plan as it is"));
    current = scatter(TradeoffPlot::tr("Selected"));
    bars = new QCPErrorBars(plot->xAxis, plot->yAxis);
    bars->removeFromLegend();
    bars->setDataPlottable(estimate);
    putLegendAbove(plot);
    plot->legend->setWrap(2);
    plot->xAxis->setLabel(TradeoffPlot::tr("Size (kB)"));
}

void TradeoffPlot::Private::applyPalette(const QPalette& palette)
{
    const QColor text = palette.color(QPalette::Text), dim = dimmedText(palette);
    stylePlot(plot, palette);
    const QColor quantized = roleColor(Role::Quantized, palette), floating = roleColor(Role::Float, palette);
    trail->setPen(QPen(dim, 1, Qt::DotLine));
    best->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, QPen(floating), QBrush(floating), 9));
    beaten->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, QPen(dim), QBrush(dim), 7));
    estimate->setScatterStyle(
        QCPScatterStyle(QCPScatterStyle::ssDiamond, QPen(quantized, 2), Qt::NoBrush, 11));
    bars->setPen(QPen(quantized, 1.5));
    current->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(text, 2), Qt::NoBrush, 15));
    plot->replot(QCustomPlot::rpQueuedReplot);
}

bool TradeoffPlot::isDominated(const std::vector<TradeoffPoint>& points, size_t point)
{
    const TradeoffPoint& p = points[point];
    return std::any_of(points.begin(), points.end(), [&p](const TradeoffPoint& o) {
        return o.half == 0 && o.kilobytes <= p.kilobytes && o.accuracy >= p.accuracy &&
               (o.kilobytes < p.kilobytes || o.accuracy > p.accuracy);
    });
}

void TradeoffPlot::Private::refill()
{
    for (QCPGraph* graph : {best, beaten, estimate, current})
        graph->data()->clear();
    trail->data()->clear();
    bars->data()->clear();
    QCPRange x, y;
    for (size_t i = 0; i < points.size(); ++i) {
        const TradeoffPoint& p = points[i];
        QCPGraph* graph = p.half > 0 ? estimate : isDominated(points, i) ? beaten : best;
        graph->addData(p.kilobytes, p.accuracy);
        if (p.half > 0)
            bars->addData(p.half);
        const QCPRange px(p.kilobytes, p.kilobytes), py(p.accuracy - p.half, p.accuracy + p.half);
        x = i == 0 ? px : x.expanded(px);
        y = i == 0 ? py : y.expanded(py);
    }
    const QList<int> steps = trailOf(points);
    for (qsizetype i = 0; i < steps.size(); ++i)
        trail->addData(double(i), points[size_t(steps[i])].kilobytes, points[size_t(steps[i])].accuracy);
    if (chosen >= 0 && size_t(chosen) < points.size())
        current->addData(points[size_t(chosen)].kilobytes, points[size_t(chosen)].accuracy);
    // Only what there is.
    for (QCPAbstractPlottable* shown : std::initializer_list<QCPAbstractPlottable*>{best, beaten, estimate})
        shown->interface1D()->dataCount() > 0 ? void(shown->addToLegend()) : void(shown->removeFromLegend());
    steps.size() > 1 ? void(trail->addToLegend()) : void(trail->removeFromLegend());
    current->removeFromLegend();
    if (points.empty())
        return;
    const double dx = std::max(0.1 * x.size(), 0.05 * std::abs(x.upper)), dy = std::max(0.12 * y.size(), 0.5);
    plot->xAxis->setRange(x.lower - dx, x.upper + dx);
    plot->yAxis->setRange(y.lower - dy, y.upper + dy);
}

int TradeoffPlot::Private::nearest(const QPointF& position) const
{
    int best = -1;
    double least = 18;
    for (size_t i = 0; i < points.size(); ++i) {
        const QPointF delta = pixel(i) - position;
        const double distance = std::hypot(delta.x(), delta.y());
        if (distance < least) {
            least = distance;
            best = int(i);
        }
    }
    return best;
}

TradeoffPlot::TradeoffPlot(QWidget* parent)
    : QWidget(parent)
    , d(std::make_unique<Private>())
{
    d->build(this);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(d->plot);
    d->nothing =
        new QLabel(tr("Each evaluation becomes a point here: the size of the plan and its accuracy."));
    d->nothing->setWordWrap(true);
    d->nothing->setAlignment(Qt::AlignCenter);
    layout->addWidget(d->nothing);
    setPoints({}, {});
    connect(d->plot, &QCustomPlot::mousePress, this, [this](QMouseEvent* event) {
        if (const int point = d->nearest(event->position()); point >= 0)
            Q_EMIT picked(point);
    });
    connect(d->plot, &QCustomPlot::mouseDoubleClick, this, [this](QMouseEvent* event) {
        if (const int point = d->nearest(event->position()); point >= 0)
            Q_EMIT activated(point);
    });
    d->applyPalette(palette());
}

TradeoffPlot::~TradeoffPlot() = default;

void TradeoffPlot::setPoints(const std::vector<TradeoffPoint>& points, const QString& accuracyTitle)
{
    d->points = points;
    d->plot->setHidden(points.empty());
    d->nothing->setVisible(points.empty());
    d->plot->yAxis->setLabel(accuracyTitle);
    d->refill();
    d->plot->replot(QCustomPlot::rpQueuedReplot);
}

void TradeoffPlot::setCurrent(int point)
{
    d->chosen = point;
    d->current->data()->clear();
    if (point >= 0 && size_t(point) < d->points.size())
        d->current->addData(d->points[size_t(point)].kilobytes, d->points[size_t(point)].accuracy);
    d->plot->replot(QCustomPlot::rpQueuedReplot);
}

QList<int> TradeoffPlot::trail() const
{
    return trailOf(d->points);
}

void TradeoffPlot::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    d->plot->xAxis->ticker()->setTickCount(std::clamp(width() / 90, 2, 6));
}

void TradeoffPlot::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        d->applyPalette(palette());
}

} // namespace bitwright
