// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/page.h"

#include <QSize>
#include <QString>


namespace bitwright {

enum class PlotFormat { Png, Svg, Pdf, Csv };
/// With the dot.
QString plotSuffix(PlotFormat format);

/// Every QCustomPlot below `root` that its present view shows.
QList<Exportable> customPlotsOf(const QWidget* root);
/// Whether there are numbers to write: its own, or those of a plot.
bool hasNumbers(const Exportable& exportable);

/// Writes the picture (vectors in SVG and PDF; twice the screen's resolution in PNG) or the numbers. An
/// earlier file is replaced only by a complete one. Returns one sentence when it failed, an empty string
/// otherwise.
QString exportPlot(const Exportable& exportable, PlotFormat format, const QString& path);

} // namespace bitwright
