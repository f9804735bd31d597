// SPDX-License-Identifier: GPL-3.0-or-later
// Criteria 3, 12, 19, 20, 29, 37 and 4, 13, 28: what is drawn, and models with very many layers.
#include "tests/bench/window_bench.h"
#include "tests/widgets/fake_model.h"
#include "tests/widgets/large_views.h"
#include "widgets/actions.h"
#include "widgets/dialogs/command_palette.h"
#include "widgets/models/layer_filter.h"
#include "widgets/pages/graph_page.h"
#include "widgets/pages/histogram_page.h"
#include "widgets/pages/layer_page.h"
#include "widgets/pages/layer_table.h"
#include "widgets/plots/channel_plot.h"
#include "widgets/plots/graph_view.h"
#include "widgets/plots/heat_map.h"
#include "widgets/plots/histogram_plot.h"
#include "widgets/plots/threshold_handle.h"

#include <QAction>
#include <QLineEdit>
#include <QScrollBar>
#include <QTest>

#include <algorithm>

namespace bitwright::bench {

namespace {

double msOf(const std::function<void()>& work)
{
    QElapsedTimer clock;
    clock.start();
    work();
    QCoreApplication::sendPostedEvents();
    QCoreApplication::processEvents(); // replots that wait for the event loop, and the painting
    return double(clock.nsecsElapsed()) / 1e6;
}

void measureDrag(Sheet& sheet, Stage& stage)
{
    auto* page = stage.window.page<HistogramPage>();
    page->show(HistogramPage::Histogram, DistributionSite::Output);
    stage.settle();
    ThresholdHandle* upper = nullptr;
    for (auto* handle : page->plot()->findChildren<ThresholdHandle*>())
        upper = !upper || handle->x() > upper->x() ? handle : upper;
    constexpr int frames = 100;
    const double ms = stage.best([&] {
        const QPoint start(ThresholdHandle::kWidth / 2, upper->height() / 2);
        QTest::mousePress(upper, Qt::LeftButton, {}, start);
        const QPoint global = upper->mapToGlobal(start);
        const double took = msOf([&] {
            for (int i = 1; i <= frames; ++i) {
                QTest::mouseMove(upper, upper->mapFromGlobal(global - QPoint(i, 0)));
                QCoreApplication::sendPostedEvents();
                QCoreApplication::processEvents();
            }
        });
        QTest::keyClick(upper, Qt::Key_Escape);
        QTest::mouseRelease(upper, Qt::LeftButton, {}, start);
        stage.settle();
        return took;
    });
    const int bins = int(page->shown()->stats.histogram.counts().size());
    sheet.addAtLeast(3, QStringLiteral("drag of a threshold over %1 bins, all four figures following").arg(bins), 20,
                     1000 * frames / ms, "pictures/s");
    QAction* logarithmic = page->logarithmicAction();
    sheet.addAtMost(19, QStringLiteral("logarithmic axis by its key (L), histogram of %1 bins").arg(bins), 100,
                    stage.best([&] { return msOf([&] { logarithmic->trigger(); }); }), "ms");
    sheet.addAtLeast(19, QStringLiteral("bins of that histogram (2,048 to 4,096 by the range of the values)"), 2048,
                     bins, "bins");
}

void measureHeatMap(Sheet& sheet)
{
    HeatMap map;
    map.resize(1200, 800);
    map.setGrid(test::errorsOf4096Squared());
    map.show();
    QCoreApplication::processEvents();
    const std::vector<double> times = test::panningTimes(map);
    double slowest = 0; // of the medians at the four zooms
    for (size_t zoom = 0; zoom < 4; ++zoom) {
        std::vector<double> some(times.begin() + std::ptrdiff_t(20 * zoom), times.begin() + std::ptrdiff_t(20 * zoom + 20));
        std::nth_element(some.begin(), some.begin() + 10, some.end());
        slowest = std::max(slowest, some[10]);
    }
    sheet.addAtLeast(12,
                     QStringLiteral("4096 × 4096 errors panned in 1200 × 800 at %1 %, slowest of four zooms")
                         .arg(100 * map.devicePixelRatioF()),
                     30, 1000 / slowest, "pictures/s");
}

void measureChannels(Sheet& sheet, Stage& stage)
{
    const SiteDistribution d = test::rangesOf2048Channels();
    ChannelPlot plot;
    plot.resize(900, 400);
    plot.show();
    QCoreApplication::processEvents();
    const double ms = stage.best([&] {
        return msOf([&] {
            plot.setDistribution(d);
            plot.repaint();
        });
    });
    sheet.addAtMost(20, QStringLiteral("ranges of 2,048 channels sorted and drawn"), 100, ms, "ms");
}

void measureLooks(Sheet& sheet, Stage& stage)
{
    stage.showAllViews();
    int next = 0;
    const auto other = [&] {
        Preferences p = stage.window.preferences();
        p.colors = ColorMap(++next % 3);
        return stage.settleMs([&] { stage.window.setPreferences(p); });
    };
    sheet.addAtMost(37, QStringLiteral("another colour map in all views, all on the screen"), 100, stage.best(other),
                    "ms");
    bool dark = false;
    const auto theme = [&] {
        return stage.settleMs([&] { stage.window.setTheme((dark = !dark) ? Theme::Dark : Theme::Light); });
    };
    sheet.addAtMost(38, QStringLiteral("light to dark, all views on the screen"), 100, stage.best(theme), "ms");
    const double ms = stage.best([&] {
        const double took = msOf([&] { stage.window.actions()->commandPalette->trigger(); });
        if (auto* palette = stage.window.findChild<CommandPalette*>()) {
            palette->reject();
            QCoreApplication::sendPostedEvents(palette, QEvent::DeferredDelete);
        }
        stage.settle();
        return took;
    });
    sheet.addAtMost(29, QStringLiteral("the command palette opens"), 100, ms, "ms");
}

std::string manyLayers(int layers)
{
    std::string text = "x = input 4\n", before = "x";
    for (int i = 0; i < layers; ++i) {
        const std::string name = "block" + std::to_string(i / 100) + ".layer" + std::to_string(i / 5 % 20) +
                                 ".conv" + std::to_string(i % 5);
        text += name + " = linear " + before + " 4\n";
        before = name;
    }
    return text;
}

void measureSearch(Sheet& sheet)
{
    Stage stage;
    stage.window.document()->setModel(test::fakeModel(manyLayers(10000)));
    stage.settle();
    const auto slowestKey = [&](QLineEdit* edit) {
        double slowest = 0;
        edit->setFocus();
        for (const QChar c : QStringLiteral("layer1[12].*conv3")) {
            slowest = std::max(slowest, msOf([&] { QTest::keyClick(edit, c.toLatin1()); }));
        }
        for (int i = 0; i < 17; ++i)
            slowest = std::max(slowest, msOf([&] { QTest::keyClick(edit, Qt::Key_Backspace); }));
        return slowest;
    };
    sheet.addAtMost(28, QStringLiteral("slowest key of a regular expression over 10,000 layers, table"), 50,
                    stage.best([&] { return slowestKey(stage.window.layerPage()->filterEdit()); }), "ms");
    auto* graph = stage.window.page<GraphPage>();
    sheet.addAtMost(28, QStringLiteral("the same in the graph"), 50,
                    stage.best([&] { return slowestKey(graph->searchEdit()); }), "ms");
    int metric = 0;
    const double rank = stage.best([&] {
        return msOf([&] { stage.window.layerPage()->setRanking(LayerMetric(metric++ % 3 * 2)); });
    });
    sheet.addAtMost(4, QStringLiteral("10,000 layers ranked by another metric"), 100, rank, "ms");
}

void measureGraph(Sheet& sheet)
{
    Stage stage;
    stage.window.document()->setModel(test::fakeModel(manyLayers(5000)));
    stage.settle();
    auto* graph = stage.window.page<GraphPage>();
    stage.settleMs([&] { graph->expandAll(); });
    stage.waitUntil([&] { return graph->view()->boxes().size() == 5001; });
    stage.settle();
    sheet.addAtMost(13, QStringLiteral("longest block of the window's thread while 5,000 nodes appear"), 50,
                    stage.monitor.longestMs(), "ms");
    double slowest = 0;
    for (LayerMetric metric : {LayerMetric::Size, LayerMetric::Macs, LayerMetric::WeightSqnr}) {
        slowest = std::max(slowest, stage.best([&] {
            graph->setMetric(LayerMetric::Parameters);
            QCoreApplication::processEvents();
            return msOf([&] {
                graph->setMetric(metric);
                graph->view()->viewport()->repaint();
            });
        }));
    }
    sheet.addAtMost(13, QStringLiteral("5,000 nodes recoloured by another metric and painted"), 100, slowest, "ms");
}

} // namespace

void measurePlots(Sheet& sheet, const Samples& samples)
{
    Stage stage;
    stage.open(samples.model("dwcnn"), samples.data());
    const int worst = stage.window.document()->worstRow();
    const auto* filter = stage.window.layerPage()->filter();
    const bool onTop = filter->mapToSource(filter->index(0, 0)).row() == worst &&
                       stage.window.selection()->currentIndex().row() == worst;
    sheet.add(4, QStringLiteral("the worst layer is on top and selected, without a click"), QStringLiteral("yes"),
              onTop ? QStringLiteral("yes") : QStringLiteral("no"), onTop);
    measureDrag(sheet, stage);
    measureChannels(sheet, stage);
    measureHeatMap(sheet);
    measureLooks(sheet, stage);
}

void measureManyLayers(Sheet& sheet)
{
    measureSearch(sheet);
    measureGraph(sheet);
}

} // namespace bitwright::bench
