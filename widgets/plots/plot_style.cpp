// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/plot_style.h"

#include "widgets/theme.h"

#include <qcustomplot.h>

namespace bitwright {

QColor withAlpha(QColor color, int alpha)
{
    color.setAlpha(alpha);
    return color;
}

QColor categoryColor(int index, const QPalette& palette)
{
    static constexpr QRgb light[]{0xff007a5a, 0xffa8487e, 0xff8a6d00, 0xff4f4fa8};
    static constexpr QRgb dark[]{0xff2fc79b, 0xffe39ac4, 0xfff0e442, 0xffa9a9ff};
    return QColor((isDark(palette) ? dark : light)[size_t(index) % 4]);
}

void stylePlot(QCustomPlot* plot, const QPalette& palette)
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
    plot->legend->setBrush(withAlpha(base, 225));
    const bool above = plot->legend->layout() == plot->plotLayout();
    plot->legend->setBorderPen(above ? QPen(Qt::NoPen) : QPen(grid));
    plot->legend->setTextColor(text);
    plot->legend->setFont(plot->font());
}

void putLegendAbove(QCustomPlot* plot)
{
    plot->legend->setVisible(true);
    plot->plotLayout()->insertRow(0);
    plot->plotLayout()->addElement(0, 0, plot->legend);
    plot->plotLayout()->setRowStretchFactor(0, 0.001);
    plot->plotLayout()->setRowSpacing(0);
    plot->legend->setFillOrder(QCPLegend::foColumnsFirst);
    plot->legend->setMargins({6, 2, 0, 0});
}

} // namespace bitwright
