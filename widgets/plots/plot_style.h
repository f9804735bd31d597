// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPalette>

class QCustomPlot;

namespace bitwright {

QColor withAlpha(QColor color, int alpha);
/// Lines beside float and quantized; four of Okabe and Ito's categories, told apart on both themes.
QColor categoryColor(int index, const QPalette& palette);
/// Background, axes, grid and legend in the colours and the font of the widget's palette.
void stylePlot(QCustomPlot* plot, const QPalette& palette);
/// Moves the legend out of the axes, into a row above them, where it covers no data.
void putLegendAbove(QCustomPlot* plot);

} // namespace bitwright
