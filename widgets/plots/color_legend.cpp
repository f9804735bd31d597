// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/color_legend.h"

#include "widgets/theme.h"

#include <QPainter>

namespace bitwright {

namespace {

constexpr int kBar = 12, kSteps = 4;

} // namespace

ColorLegend::ColorLegend(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Colour scale"));
}

void ColorLegend::setMetric(LayerMetric metric, const MetricRange& range, const QString& title)
{
    m_title = title;
    m_metric = metric;
    m_range = range;
    const LayerMetricRow& row = metricRow(metric);
    setAccessibleDescription(tr("%1 from %2 (dark) to %3 (bright)")
                                 .arg(title, row.text(metricAtShade(metric, range, 0)),
                                      row.text(metricAtShade(metric, range, 1))));
    setToolTip(metricHelp(metric));
    update();
}

QSize ColorLegend::sizeHint() const
{
    return {360, 2 * fontMetrics().height() + kBar + 6};
}

QSize ColorLegend::minimumSizeHint() const
{
    return {160, sizeHint().height()};
}

void ColorLegend::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const int line = fontMetrics().height();
    const LayerMetricRow& row = metricRow(m_metric);
    const QRect head(0, 0, width(), line);
    painter.setPen(palette().color(QPalette::Text));
    painter.drawText(head, Qt::AlignHCenter, m_title);
    if (row.better != LayerMetricRow::Neither) {
        painter.setPen(dimmedText(palette()));
        painter.drawText(head, Qt::AlignLeft, tr("worse"));
        painter.drawText(head, Qt::AlignRight, tr("better"));
    }
    const QRectF bar(0, line + 2, width(), kBar);
    QLinearGradient gradient(bar.topLeft(), bar.topRight());
    for (int i = 0; i <= 16; ++i)
        gradient.setColorAt(i / 16.0, sequential(i / 16.0));
    painter.fillRect(bar, gradient);
    painter.setPen(palette().color(QPalette::Text));
    const bool one = !(m_range.lo < m_range.hi);
    for (int i = 0; i <= kSteps; ++i) {
        if (one && i != kSteps / 2)
            continue;
        const double shade = double(i) / kSteps;
        const QString text = row.text(one ? m_range.lo : metricAtShade(m_metric, m_range, shade));
        const double at = bar.left() + shade * bar.width();
        QRectF place(at - 60, bar.bottom() + 2, 120, line);
        place.moveLeft(qBound(0.0, place.left(), width() - place.width()));
        const Qt::Alignment side = one           ? Qt::AlignHCenter
                                   : i == 0      ? Qt::AlignLeft
                                   : i == kSteps ? Qt::AlignRight
                                                 : Qt::AlignHCenter;
        painter.drawText(place, side, text);
    }
}

} // namespace bitwright
