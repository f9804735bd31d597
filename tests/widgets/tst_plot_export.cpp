// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/fake_model.h"
#include "widgets/pages/graph_page.h"
#include "widgets/pages/histogram_page.h"
#include "widgets/plots/plot_export.h"

#include <QFile>
#include <QImage>
#include <QLabel>
#include <QSvgRenderer>

using namespace bitwright;
using namespace bitwright::test;

class PlotExportTest : public WindowTest {
protected:
    QByteArray contents(const QString& path)
    {
        QFile file(path);
        EXPECT_TRUE(file.open(QIODevice::ReadOnly));
        return file.readAll();
    }
};

TEST_F(PlotExportTest, aPlotIsWrittenInEveryFormat)
{
    open(kSmallModel);
    window.selectRow(row("a"));
    ASSERT_TRUE(waitFor([this] { return window.isSettled(); }));
    const auto plots = window.page<HistogramPage>()->exportables();
    ASSERT_EQ(plots.size(), 1) << "the view that is shown";
    EXPECT_EQ(plots.first().name, "histogram");
    for (PlotFormat format : {PlotFormat::Png, PlotFormat::Svg, PlotFormat::Pdf, PlotFormat::Csv}) {
        const QString path = folder.filePath("plot" + plotSuffix(format));
        EXPECT_EQ(exportPlot(plots.first(), format, path), "");
    }
    const QImage image(folder.filePath("plot.png"));
    EXPECT_EQ(image.width(), 2 * qMax(480, plots.first().widget->width()));
    const QByteArray svg = contents(folder.filePath("plot.svg"));
    EXPECT_TRUE(QSvgRenderer(svg).isValid());
    EXPECT_TRUE(svg.contains("<path") || svg.contains("<polyline")) << "drawn with vectors";
    EXPECT_FALSE(svg.contains("<image"));
    EXPECT_TRUE(contents(folder.filePath("plot.pdf")).startsWith("%PDF-"));
}

TEST_F(PlotExportTest, theNumbersOfAPlotAreItsPointsInTheCLocale)
{
    open(kSmallModel);
    window.selectRow(row("a"));
    ASSERT_TRUE(waitFor([this] { return window.isSettled(); }));
    QLocale::setDefault(QLocale(QLocale::German));
    const QString path = folder.filePath("plot.csv");
    EXPECT_EQ(exportPlot(window.page<HistogramPage>()->exportables().first(), PlotFormat::Csv, path), "");
    QLocale::setDefault(QLocale::c());
    const QList<QByteArray> lines = contents(path).trimmed().split('\n');
    EXPECT_EQ(lines.first(), "series,x,y,z");
    ASSERT_GT(lines.size(), 20);
    for (const QByteArray& line : lines.mid(1)) {
        const auto cells = line.split(',');
        ASSERT_EQ(cells.size(), 4) << line.toStdString();
        bool number = false;
        cells[1].toDouble(&number);
        EXPECT_TRUE(number) << line.toStdString();
    }
}

TEST_F(PlotExportTest, aWidgetThatIsNoPlotIsAPictureOnly)
{
    QLabel label("no numbers");
    const Exportable exportable{"label", "A label", &label, {}};
    EXPECT_EQ(exportPlot(exportable, PlotFormat::Svg, folder.filePath("label.svg")), "");
    EXPECT_TRUE(exportPlot(exportable, PlotFormat::Csv, folder.filePath("label.csv")).contains("PNG"));
    EXPECT_FALSE(QFile::exists(folder.filePath("label.csv")));
    EXPECT_FALSE(exportPlot(exportable, PlotFormat::Png, "/nowhere/label.png").isEmpty());
}

TEST_F(PlotExportTest, theWholeGraphIsAPictureOfVectorsAndATable)
{
    open(kSmallModel);
    ASSERT_TRUE(waitFor([this] { return window.isSettled(); }));
    const QList<Exportable> found = window.page<GraphPage>()->exportables();
    ASSERT_EQ(found.size(), 1);
    EXPECT_EQ(exportPlot(found.first(), PlotFormat::Svg, folder.filePath("graph.svg")), "");
    const QByteArray svg = contents(folder.filePath("graph.svg"));
    EXPECT_TRUE(QSvgRenderer(svg).isValid());
    EXPECT_GE(svg.count("<text"), 5 * 2) << "a name and an operator in every box";
    EXPECT_FALSE(svg.contains("<image"));
    EXPECT_EQ(exportPlot(found.first(), PlotFormat::Csv, folder.filePath("graph.csv")), "");
    const QList<QByteArray> lines = contents(folder.filePath("graph.csv")).trimmed().split('\n');
    ASSERT_EQ(lines.size(), 6);
    EXPECT_TRUE(lines[4].contains("\"a b\"")) << "what the sum reads: " << lines[4].toStdString();
}
