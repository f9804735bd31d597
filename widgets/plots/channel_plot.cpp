// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/channel_plot.h"

#include "widgets/format.h"
#include "widgets/plots/plot_style.h"
#include "widgets/theme.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QVBoxLayout>
#include <qcustomplot.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace bitwright {

namespace {

constexpr double kDefaultLimit = 4;

/// Vertical strokes: two points a channel and a gap behind them.
struct Strokes {
    QVector<double> x, y;

    void add(double at, const Range& range)
    {
        x << at << at << at;
        y << double(range.lo) << double(range.hi) << std::numeric_limits<double>::quiet_NaN();
    }
};

} // namespace

struct ChannelPlot::Private {
    QCustomPlot* plot = nullptr;
    QComboBox* orderBox = nullptr;
    QDoubleSpinBox* limitBox = nullptr;
    QLabel* hint = nullptr;
    QCPGraph *bars = nullptr, *marked = nullptr, *markers = nullptr;
    QCPItemStraightLine *cursor = nullptr, *ends[2]{};
    ChannelSummary summary;
    std::vector<double> sqnrDb;
    std::vector<int64_t> order;
    std::vector<int64_t> place; ///< of a channel in the order
    Range range;
    bool hasRange = false;
    int64_t current = -1; ///< position in the order

    double limit() const { return limitBox->value(); }
    void build();
    void fill();
    void setPens(const QPalette& palette);
    int64_t positionAt(const QPointF& pixel) const;
    void showCursor();
    QString describe(int64_t channel) const;
};

void ChannelPlot::Private::build()
{
    plot->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    plot->axisRect()->setRangeDrag(Qt::Horizontal);
    plot->axisRect()->setRangeZoom(Qt::Horizontal);
    bars = plot->addGraph();
    marked = plot->addGraph();
    markers = plot->addGraph();
    for (QCPGraph* graph : {bars, marked, markers})
        graph->setAdaptiveSampling(false);
    markers->setLineStyle(QCPGraph::lsNone);
    markers->removeFromLegend();
    bars->setName(ChannelPlot::tr("Range of a channel"));
    for (auto*& end : ends)
        end = new QCPItemStraightLine(plot);
    cursor = new QCPItemStraightLine(plot);
    cursor->point1->setTypeY(QCPItemPosition::ptAxisRectRatio);
    cursor->point2->setTypeY(QCPItemPosition::ptAxisRectRatio);
    putLegendAbove(plot);
    plot->yAxis->setLabel(ChannelPlot::tr("Value"));
}

void ChannelPlot::Private::fill()
{
    const bool byWidth = orderBox->currentIndex() == ByWidth;
    order = summary.byWidth();
    if (!byWidth)
        std::sort(order.begin(), order.end());
    place.assign(order.size(), 0);
    Strokes plain, over;
    QVector<double> markX, markY;
    for (size_t i = 0; i < order.size(); ++i) {
        const ChannelRange& channel = summary.channels[size_t(order[i])];
        place[size_t(order[i])] = int64_t(i);
        const bool flagged = channel.ratio > limit();
        (flagged ? over : plain).add(double(i), channel.range);
        if (flagged) {
            markX << double(i);
            markY << double(channel.range.hi);
        }
    }
    bars->setData(plain.x, plain.y, true);
    marked->setData(over.x, over.y, true);
    markers->setData(markX, markY, true);
    marked->setName(ChannelPlot::tr("More than %1× the median (%2)")
                        .arg(QLocale().toString(limit(), 'g', 3))
                        .arg(markX.size()));
    markX.isEmpty() ? void(marked->removeFromLegend()) : void(marked->addToLegend());
    plot->xAxis->setLabel(byWidth ? ChannelPlot::tr("Channels, widest first") : ChannelPlot::tr("Channel"));
    for (int i = 0; i < 2; ++i) {
        ends[i]->setVisible(hasRange);
        const double y = i == 0 ? range.lo : range.hi;
        ends[i]->point1->setCoords(0, y);
        ends[i]->point2->setCoords(1, y);
    }
}

void ChannelPlot::Private::setPens(const QPalette& palette)
{
    stylePlot(plot, palette);
    const double pixels = plot->axisRect()->width() / std::max(1.0, plot->xAxis->range().size());
    const double width = std::clamp(pixels * 0.7, 1.0, 14.0);
    const QColor red = roleColor(Role::Clipped, palette);
    bars->setPen(QPen(roleColor(Role::Float, palette), width, Qt::SolidLine, Qt::FlatCap));
    marked->setPen(QPen(red, width, Qt::SolidLine, Qt::FlatCap));
    markers->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssTriangleInverted, red, red, 7));
    cursor->setPen(QPen(withAlpha(palette.color(QPalette::Text), 150), 1));
    for (auto* end : ends)
        end->setPen(QPen(palette.color(QPalette::Text), 1.2, Qt::DashLine));
}

int64_t ChannelPlot::Private::positionAt(const QPointF& pixel) const
{
    const auto position = int64_t(std::llround(plot->xAxis->pixelToCoord(pixel.x())));
    const bool inside = plot->axisRect()->rect().contains(pixel.toPoint());
    return inside && position >= 0 && position < int64_t(order.size()) ? position : -1;
}

void ChannelPlot::Private::showCursor()
{
    cursor->setVisible(current >= 0);
    cursor->point1->setCoords(double(current), 0);
    cursor->point2->setCoords(double(current), 1);
    hint->setText(current >= 0 ? describe(order[size_t(current)])
                               : ChannelPlot::tr("Click a channel to see its histogram."));
    plot->replot(QCustomPlot::rpQueuedReplot);
}

QString ChannelPlot::Private::describe(int64_t channel) const
{
    const ChannelRange& c = summary.channels[size_t(channel)];
    QString text = ChannelPlot::tr("Channel %1: %2 … %3, %4× the median")
                       .arg(countText(channel), numberText(c.range.lo, 3), numberText(c.range.hi, 3),
                            QLocale().toString(c.ratio, 'f', 1));
    if (size_t(channel) < sqnrDb.size())
        text += ChannelPlot::tr(", %1").arg(decibelText(sqnrDb[size_t(channel)]));
    return text;
}

ChannelPlot::ChannelPlot(QWidget* parent)
    : QWidget(parent)
    , d(std::make_unique<Private>())
{
    d->plot = new QCustomPlot(this);
    d->plot->setObjectName(QStringLiteral("channels"));
    d->build();
    d->orderBox = new QComboBox;
    d->orderBox->addItems({tr("By index"), tr("By width")});
    d->orderBox->setCurrentIndex(ByWidth);
    d->orderBox->setAccessibleName(tr("Order of the channels"));
    d->limitBox = new QDoubleSpinBox;
    d->limitBox->setRange(1.1, 100);
    d->limitBox->setDecimals(1);
    d->limitBox->setValue(kDefaultLimit);
    d->limitBox->setSuffix(tr("× median"));
    d->limitBox->setAccessibleName(tr("Mark channels above"));
    d->limitBox->setToolTip(tr("Channels whose range is wider than this multiple of the median are marked"));
    d->hint = new QLabel;
    d->hint->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto* bar = new QHBoxLayout;
    bar->addWidget(d->orderBox);
    bar->addWidget(new QLabel(tr("Mark above")));
    bar->addWidget(d->limitBox);
    bar->addStretch(1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(bar);
    layout->addWidget(d->plot, 1);
    layout->addWidget(d->hint);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Channel ranges"));
    d->plot->setAccessibleName(tr("Range of every channel"));
    d->plot->setToolTip(tr("Wheel: zoom. Drag: move. Click: histogram of the channel."));
    connect(d->orderBox, &QComboBox::currentIndexChanged, this, &ChannelPlot::rebuild);
    connect(d->limitBox, &QDoubleSpinBox::valueChanged, this, &ChannelPlot::rebuild);
    connect(d->plot->xAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this,
            [this] { d->setPens(palette()); });
    connect(d->plot, &QCustomPlot::mouseMove, this, [this](QMouseEvent* event) {
        if (const int64_t at = d->positionAt(event->position()); at != d->current && at >= 0) {
            d->current = at;
            d->showCursor();
        }
    });
    connect(d->plot, &QCustomPlot::mouseRelease, this, [this](QMouseEvent* event) {
        const bool click =
            (event->position() - d->plot->property("pressed").toPointF()).manhattanLength() < 4;
        if (const int64_t at = d->positionAt(event->position()); at >= 0 && click)
            Q_EMIT picked(d->order[size_t(at)]);
    });
    connect(d->plot, &QCustomPlot::mousePress, this,
            [this](QMouseEvent* event) { d->plot->setProperty("pressed", event->position()); });
    d->setPens(palette());
}

ChannelPlot::~ChannelPlot() = default;

void ChannelPlot::setDistribution(const SiteDistribution& distribution)
{
    const bool same = d->summary.channels.size() == distribution.channels.channels.size();
    d->summary = distribution.channels;
    d->sqnrDb = distribution.channelSqnrDb;
    d->hasRange = distribution.hasRange && distribution.params.scale.size() == 1 && distribution.channel < 0;
    d->range = distribution.widest;
    if (!same)
        d->current = -1;
    rebuild();
}

void ChannelPlot::rebuild()
{
    if (d->orderBox->currentIndex() < 0)
        return;
    d->fill();
    if (d->summary.channels.empty()) {
        d->hint->setText(tr("No channels are known of this tensor."));
        d->plot->replot(QCustomPlot::rpQueuedReplot);
        return;
    }
    const std::vector<int64_t> over = flagged();
    d->plot->setAccessibleDescription(tr("%1 channels; the widest is %2. %3 exceed the limit.")
                                          .arg(countText(qint64(d->order.size())),
                                               d->describe(d->summary.widest()),
                                               countText(qint64(over.size()))));
    const double count = double(d->order.size());
    d->plot->xAxis->setRange(-0.02 * count - 0.5, 1.02 * count - 0.5);
    double lo = d->hasRange ? d->range.lo : 0, hi = d->hasRange ? d->range.hi : 0;
    for (const ChannelRange& channel : d->summary.channels) {
        lo = std::min(lo, double(channel.range.lo));
        hi = std::max(hi, double(channel.range.hi));
    }
    const double margin = std::max(0.05 * (hi - lo), 1e-12);
    d->plot->yAxis->setRange(lo - margin, hi + margin);
    d->setPens(palette());
    d->showCursor();
}

void ChannelPlot::setOrder(Order order)
{
    d->orderBox->setCurrentIndex(order);
}

void ChannelPlot::setLimit(double k)
{
    d->limitBox->setValue(k);
}

int64_t ChannelPlot::current() const
{
    return d->current >= 0 ? d->order[size_t(d->current)] : -1;
}

const std::vector<int64_t>& ChannelPlot::order() const
{
    return d->order;
}

std::vector<int64_t> ChannelPlot::flagged() const
{
    return d->summary.above(d->limit());
}

QPoint ChannelPlot::positionOf(int64_t channel) const
{
    const ChannelRange& c = d->summary.channels[size_t(channel)];
    return QPoint(int(std::lround(d->plot->xAxis->coordToPixel(double(d->place[size_t(channel)])))),
                  int(std::lround(d->plot->yAxis->coordToPixel((double(c.range.lo) + c.range.hi) / 2))));
}

QCustomPlot* ChannelPlot::canvas() const
{
    return d->plot;
}

void ChannelPlot::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        d->setPens(palette());
        d->plot->replot(QCustomPlot::rpQueuedReplot);
    }
}

void ChannelPlot::keyPressEvent(QKeyEvent* event)
{
    const auto last = int64_t(d->order.size()) - 1;
    const int key = event->key();
    if (last >= 0 && (key == Qt::Key_Left || key == Qt::Key_Right)) {
        d->current = std::clamp<int64_t>(d->current + (key == Qt::Key_Left ? -1 : 1), 0, last);
        d->showCursor();
    } else if (d->current >= 0 && (key == Qt::Key_Return || key == Qt::Key_Enter)) {
        Q_EMIT picked(d->order[size_t(d->current)]);
    } else {
        QWidget::keyPressEvent(event);
    }
}

} // namespace bitwright
