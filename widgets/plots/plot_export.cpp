// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/plot_export.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QGraphicsScene>
#include <QGraphicsView>
#include <QImage>
#include <QPageSize>
#include <QPdfWriter>
#include <QSaveFile>
#include <QSvgGenerator>
#include <qcustomplot.h>

#include <algorithm>

namespace bitwright {

namespace {

constexpr QSize kLeast(480, 320);
/// Longer scenes get smaller: a picture of 16,000 pixels takes a gigabyte.
constexpr double kMost = 6000;
constexpr int kDotsPerInch = 96;

QString tr(const char* text)
{
    return QCoreApplication::translate("bitwright", text);
}

QCustomPlot* plotIn(QWidget* widget)
{
    if (auto* plot = qobject_cast<QCustomPlot*>(widget))
        return plot;
    // A widget that is nothing but the frame of one plot.
    const auto plots = widget->findChildren<QCustomPlot*>();
    return plots.size() == 1 && plots.first()->size().width() > widget->width() * 9 / 10 ? plots.first()
                                                                                         : nullptr;
}

void paint(const Exportable& exportable, QPaintDevice& device, const QSize& size, bool vectors)
{
    if (QCustomPlot* plot = plotIn(exportable.widget)) {
        QCPPainter painter(&device);
        painter.setMode(vectors ? QCPPainter::pmVectorized : QCPPainter::pmDefault);
        painter.setMode(QCPPainter::pmNoCaching, vectors);
        plot->toPainter(&painter, size.width(), size.height());
        return;
    }
    QPainter painter(&device);
    if (const auto* view = qobject_cast<QGraphicsView*>(exportable.widget)) {
        // The whole scene, also what is not in view.
        view->scene()->render(&painter, QRectF(QPointF(), size));
        return;
    }
    exportable.widget->render(&painter);
}

/// Of the picture, in units of the screen: as large as it is shown; a scene as large as it is at zoom 1.
QSize sizeOf(const Exportable& exportable)
{
    if (const auto* view = qobject_cast<QGraphicsView*>(exportable.widget)) {
        const QSizeF scene = view->sceneRect().size();
        const double most = std::max(scene.width(), scene.height());
        return (scene * std::min(1.0, kMost / std::max(1.0, most))).toSize().expandedTo({1, 1});
    }
    return exportable.widget->size().expandedTo(kLeast);
}

QString quoted(QString text)
{
    static const QRegularExpression special(QStringLiteral("[\",\n]"));
    if (!text.contains(special))
        return text;
    return u'"' + text.replace(u'"', QStringLiteral("\"\"")) + u'"';
}

QString number(double value)
{
    return QString::number(value, 'g', 17);
}

/// One line a point: series, key and value; cells of colour maps have their third number behind them.
QString numbersOf(const QCustomPlot& plot)
{
    QString csv = QStringLiteral("series,x,y,z\n");
    for (int p = 0; p < plot.plottableCount(); ++p) {
        auto* plottable = const_cast<QCustomPlot&>(plot).plottable(p);
        const QString name = quoted(plottable->name());
        if (const auto* map = qobject_cast<QCPColorMap*>(plottable)) {
            for (int x = 0; x < map->data()->keySize(); ++x) {
                for (int y = 0; y < map->data()->valueSize(); ++y) {
                    double key = 0, value = 0;
                    map->data()->cellToCoord(x, y, &key, &value);
                    csv += QStringLiteral("%1,%2,%3,%4\n")
                               .arg(name, number(key), number(value), number(map->data()->cell(x, y)));
                }
            }
            continue;
        }
        const auto* points = plottable->interface1D();
        for (int i = 0; points && i < points->dataCount(); ++i)
            csv += QStringLiteral("%1,%2,%3,\n")
                       .arg(name, number(points->dataMainKey(i)), number(points->dataMainValue(i)));
    }
    return csv;
}

bool writePng(const Exportable& exportable, const QSize& size, QIODevice& file)
{
    const double ratio = 2 * exportable.widget->devicePixelRatioF();
    QImage image(size * ratio, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(ratio);
    image.fill(exportable.widget->palette().color(QPalette::Base));
    paint(exportable, image, size, false);
    return image.save(&file, "PNG");
}

void writeSvg(const Exportable& exportable, const QSize& size, QIODevice& file)
{
    QSvgGenerator generator;
    generator.setOutputDevice(&file);
    generator.setResolution(kDotsPerInch);
    generator.setSize(size);
    generator.setViewBox(QRect(QPoint(0, 0), size));
    generator.setTitle(exportable.title);
    paint(exportable, generator, size, true);
}

void writePdf(const Exportable& exportable, const QSize& size, QIODevice& file)
{
    QPdfWriter writer(&file);
    writer.setResolution(kDotsPerInch);
    writer.setTitle(exportable.title);
    writer.setPageSize(QPageSize(QSizeF(size) * 72.0 / kDotsPerInch, QPageSize::Point));
    writer.setPageMargins({});
    paint(exportable, writer, size, true);
}

} // namespace

QString plotSuffix(PlotFormat format)
{
    const char* const suffixes[]{".png", ".svg", ".pdf", ".csv"};
    return QString::fromLatin1(suffixes[int(format)]);
}

QList<Exportable> customPlotsOf(const QWidget* root)
{
    QList<Exportable> found;
    for (QCustomPlot* plot : root->findChildren<QCustomPlot*>()) {
        if (!plot->isVisibleTo(root))
            continue;
        // The name for screen readers belongs to the plot or to the widget around it.
        const QWidget* named = plot;
        while (named != root && named->accessibleName().isEmpty())
            named = named->parentWidget();
        const QString title = named == root ? root->objectName() : named->accessibleName();
        const QString name =
            found.isEmpty() ? QStringLiteral("plot") : QStringLiteral("plot%1").arg(found.size() + 1);
        found.append({plot->objectName().isEmpty() ? name : plot->objectName(), title, plot, {}});
    }
    return found;
}

bool hasNumbers(const Exportable& exportable)
{
    return exportable.csv || plotIn(exportable.widget);
}

QString exportPlot(const Exportable& exportable, PlotFormat format, const QString& path)
{
    const QString failure = tr("%1 could not be written; choose another folder.").arg(path);
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return failure;
    const QSize size = sizeOf(exportable);
    bool ok = true;
    if (format == PlotFormat::Png) {
        ok = writePng(exportable, size, file);
    } else if (format == PlotFormat::Svg) {
        writeSvg(exportable, size, file);
    } else if (format == PlotFormat::Pdf) {
        writePdf(exportable, size, file);
    } else if (hasNumbers(exportable)) {
        const QString csv = exportable.csv ? exportable.csv() : numbersOf(*plotIn(exportable.widget));
        ok = file.write(csv.toUtf8()) >= 0;
    } else {
        return tr("%1 is a picture without numbers behind it; choose PNG, SVG or PDF.").arg(exportable.title);
    }
    return ok && file.commit() ? QString() : failure;
}

} // namespace bitwright
