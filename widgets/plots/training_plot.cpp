// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/training_plot.h"

#include "widgets/plots/plot_style.h"
#include "widgets/theme.h"
#include "widgets/training.h"

#include <QEvent>
#include <QVBoxLayout>
#include <qcustomplot.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace bitwright {

struct TrainingPlot::Private {
    QCustomPlot* plot = nullptr;
    View view = Loss;
    std::vector<TrainingStep> steps;
    std::vector<EpochRecord> epochs;
    std::optional<double> floatTop1;
    int best = -1;
    std::string layer;

    QCPGraph* line(const QString& name, const QPen& pen, bool dots);
    void level(const QString& name, double value, const QPen& pen);
    void fillLoss(const QPalette& palette);
    void fillAccuracy(const QPalette& palette);
    void fillScales(const QPalette& palette);
    void fillRate(const QPalette& palette);
    void markBest(const QPalette& palette);
    double lastEpoch() const
    {
        const double step = steps.empty() ? 0 : steps.back().epoch;
        return std::max({step, epochs.empty() ? 0.0 : double(epochs.back().epoch), 1e-3});
    }
    void placeLegend(bool shown);
    void refill(const QPalette& palette);
};

QCPGraph* TrainingPlot::Private::line(const QString& name, const QPen& pen, bool dots)
{
    QCPGraph* graph = plot->addGraph();
    graph->setName(name);
    graph->setPen(pen);
    if (dots)
        graph->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, pen, QBrush(pen.color()), 6));
    return graph;
}

void TrainingPlot::Private::level(const QString& name, double value, const QPen& pen)
{
    QCPGraph* graph = line(name, pen, false);
    graph->addData(0, value);
    graph->addData(std::ceil(lastEpoch()), value);
}

void TrainingPlot::Private::fillLoss(const QPalette& palette)
{
    QCPGraph* train = line(TrainingPlot::tr("Training, each step"),
                           QPen(withAlpha(roleColor(Role::Quantized, palette), 90), 1), false);
    QCPGraph* mean =
        line(TrainingPlot::tr("Training, epoch"), QPen(roleColor(Role::Quantized, palette), 2), true);
    QCPGraph* validation =
        line(TrainingPlot::tr("Validation"), QPen(roleColor(Role::Good, palette), 2), true);
    for (const TrainingStep& step : steps) {
        if (std::isfinite(step.loss))
            train->addData(step.epoch, step.loss);
    }
    for (const EpochRecord& epoch : epochs) {
        if (epoch.epoch > 0)
            mean->addData(epoch.epoch, epoch.loss);
        validation->addData(epoch.epoch, epoch.validationLoss);
    }
    plot->yAxis->setLabel(TrainingPlot::tr("Loss"));
}

void TrainingPlot::Private::fillAccuracy(const QPalette& palette)
{
    QCPGraph* train =
        line(TrainingPlot::tr("Training"), QPen(roleColor(Role::Quantized, palette), 1.5), true);
    QCPGraph* validation =
        line(TrainingPlot::tr("Validation"), QPen(roleColor(Role::Good, palette), 2), true);
    std::optional<double> start;
    for (const EpochRecord& epoch : epochs) {
        if (epoch.trainTop1)
            train->addData(epoch.epoch, 100 * *epoch.trainTop1);
        if (epoch.top1)
            validation->addData(epoch.epoch, 100 * *epoch.top1);
        if (epoch.epoch == 0)
            start = epoch.top1;
    }
    if (floatTop1)
        level(TrainingPlot::tr("Float"), 100 * *floatTop1,
              QPen(roleColor(Role::Float, palette), 1.5, Qt::DashLine));
    if (start)
        level(TrainingPlot::tr("Before training"), 100 * *start, QPen(dimmedText(palette), 1.5, Qt::DotLine));
    plot->yAxis->setLabel(TrainingPlot::tr("Top-1 (%)"));
}

void TrainingPlot::Private::fillScales(const QPalette& palette)
{
    // Relative to the start: scales of different layers then share one axis.
    std::map<std::pair<std::string, bool>, std::vector<std::pair<double, double>>> sites;
    for (const EpochRecord& epoch : epochs) {
        for (const SiteScale& site : epoch.scales)
            sites[{site.layer, site.weight}].emplace_back(epoch.epoch, site.scale);
    }
    for (const auto& [site, values] : sites) {
        const bool chosen = site.first == layer;
        const QColor color = roleColor(site.second ? Role::Quantized : Role::Float, palette);
        const QString what =
            site.second ? TrainingPlot::tr("weight of %1") : TrainingPlot::tr("output of %1");
        QCPGraph* graph = line(what.arg(QString::fromStdString(site.first)),
                               chosen ? QPen(color, 2.5) : QPen(withAlpha(color, 110), 1), chosen);
        if (!chosen)
            graph->removeFromLegend();
        for (const auto& [epoch, scale] : values) {
            if (values[0].second > 0)
                graph->addData(epoch, scale / values[0].second);
        }
    }
    plot->yAxis->setLabel(TrainingPlot::tr("Scale / scale before training"));
}

void TrainingPlot::Private::fillRate(const QPalette& palette)
{
    QCPGraph* rate = line(TrainingPlot::tr("Learning rate"), QPen(roleColor(Role::Float, palette), 2), false);
    for (const TrainingStep& step : steps)
        rate->addData(step.epoch, step.lr);
    plot->yAxis->setLabel(TrainingPlot::tr("Learning rate"));
}

void TrainingPlot::Private::markBest(const QPalette& palette)
{
    if (best < 0 || view == Rate)
        return;
    auto* mark = new QCPItemStraightLine(plot);
    mark->setPen(QPen(dimmedText(palette), 1, Qt::DashLine));
    mark->point1->setCoords(best, 0);
    mark->point2->setCoords(best, 1);
}

void TrainingPlot::Private::placeLegend(bool shown)
{
    // A legend without lines would press the whole column of the plot together.
    QCPLayoutGrid* rows = plot->plotLayout();
    if (shown && !rows->hasElement(0, 0)) {
        rows->addElement(0, 0, plot->legend);
        plot->legend->setLayer(QStringLiteral("legend"));
    } else if (!shown && rows->hasElement(0, 0)) {
        rows->take(plot->legend);
    }
    plot->legend->setVisible(shown);
}

void TrainingPlot::Private::refill(const QPalette& palette)
{
    plot->clearGraphs();
    plot->clearItems();
    view == Loss       ? fillLoss(palette)
    : view == Accuracy ? fillAccuracy(palette)
    : view == Scales   ? fillScales(palette)
                       : fillRate(palette);
    markBest(palette);
    plot->rescaleAxes();
    const QCPRange y = plot->yAxis->range();
    const double margin = y.size() > 0 ? 0.06 * y.size() : 0.5;
    plot->yAxis->setRange(y.lower - margin, y.upper + margin);
    plot->xAxis->setRange(0, std::ceil(lastEpoch()) + 0.02);
    const bool empty = steps.empty() && epochs.empty();
    if (empty)
        plot->yAxis->setRange(0, 1);
    placeLegend(!empty && plot->legend->itemCount() > (view == Scales ? 0 : 1));
    plot->replot(QCustomPlot::rpQueuedReplot);
}

TrainingPlot::TrainingPlot(QWidget* parent)
    : QWidget(parent)
    , d(std::make_unique<Private>())
{
    d->plot = new QCustomPlot(this);
    d->plot->setObjectName(QStringLiteral("training"));
    d->plot->setAccessibleName(tr("Course of the training"));
    d->plot->xAxis->setLabel(tr("Epoch"));
    d->plot->xAxis->ticker()->setTickStepStrategy(QCPAxisTicker::tssReadability);
    d->plot->plotLayout()->insertRow(0);
    d->plot->plotLayout()->addElement(0, 0, d->plot->legend);
    d->plot->plotLayout()->setRowStretchFactor(0, 0.001);
    d->plot->legend->setFillOrder(QCPLegend::foColumnsFirst);
    d->plot->legend->setMargins({0, 2, 0, 0});
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(d->plot);
    setMinimumSize(240, 150);
    stylePlot(d->plot, palette());
    d->plot->legend->setBorderPen(Qt::NoPen);
}

TrainingPlot::~TrainingPlot() = default;

void TrainingPlot::setView(View view)
{
    d->view = view;
    d->refill(palette());
}

TrainingPlot::View TrainingPlot::view() const
{
    return d->view;
}

void TrainingPlot::setRun(const std::vector<TrainingStep>& steps, const std::vector<EpochRecord>& epochs,
                          std::optional<double> floatTop1, int best, const std::string& layer)
{
    d->steps = steps;
    d->epochs = epochs;
    d->floatTop1 = floatTop1;
    d->best = best;
    d->layer = layer;
    d->refill(palette());
}

void TrainingPlot::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        stylePlot(d->plot, palette());
        d->plot->legend->setBorderPen(Qt::NoPen);
        d->refill(palette());
    }
}

} // namespace bitwright
