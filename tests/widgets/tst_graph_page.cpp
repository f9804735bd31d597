// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/fake_model.h"
#include "tests/widgets/stall_monitor.h"
#include "widgets/actions.h"
#include "widgets/models/layer_model.h"
#include "widgets/pages/graph_page.h"
#include "widgets/pages/layer_page.h"
#include "widgets/plots/color_legend.h"
#include "widgets/plots/graph_view.h"

#include <QComboBox>
#include <QElapsedTimer>
#include <QJsonObject>
#include <QLineEdit>
#include <QTest>

using namespace bitwright;
using namespace bitwright::test;

namespace {

const char* const kModules = "x = input 8\n"
                             "stem = linear x 8 relu\n"
                             "body.0.a = linear stem 8\n"
                             "body.0.b = linear body.0.a 8\n"
                             "body.1.a = linear body.0.b 8\n"
                             "body.1.b = linear body.1.a 8\n"
                             "sum = add body.0.b body.1.b\n"
                             "head = linear sum 4\n";

class GraphPageTest : public WindowTest {
protected:
    GraphPage* page() { return window.page<GraphPage>(); }
    GraphView* view() { return page()->view(); }
    int id(const std::string& path)
    {
        for (size_t i = 0; i < page()->outline().nodes.size(); ++i) {
            if (page()->outline().nodes[i].path == path)
                return int(i);
        }
        return -1;
    }
    const GraphBoxItem* box(const std::string& path) { return view()->boxes().value(id(path)); }
    void click(const std::string& path, Qt::KeyboardModifiers modifiers = {})
    {
        ASSERT_NE(box(path), nullptr) << path;
        QTest::mouseClick(view()->viewport(), Qt::LeftButton, modifiers,
                          view()->mapFromScene(box(path)->sceneRect().center()));
    }
    bool settle()
    {
        return waitFor([this] { return window.isSettled(); });
    }
    QList<int> selected() { return window.layerPage()->selectedRows(); }
};

std::string blocks(int layers)
{
    std::string text = "x = input 4\n", before = "x";
    for (int i = 0; i < layers; ++i) {
        const std::string name = "block" + std::to_string(i / 100) + ".layer" + std::to_string(i / 5 % 20) +
                                 ".op" + std::to_string(i % 5);
        text += name + " = linear " + before + " 4\n";
        before = name;
    }
    return text;
}

} // namespace

TEST_F(GraphPageTest, aClickSelectsTheLayerEverywhereAndBack)
{
    open(kModules);
    click("head");
    EXPECT_EQ(selected(), QList<int>{row("head")});
    EXPECT_TRUE(box("head")->isChosen());
    click("stem", Qt::ControlModifier);
    EXPECT_EQ(selected(), (QList<int>{row("stem"), row("head")}));
    window.layerPage()->selectRows({row("body.0.a"), row("body.0.b")});
    EXPECT_FALSE(box("head")->isChosen());
    EXPECT_TRUE(box("body.0.a")->isChosen());
    EXPECT_TRUE(box("body.0.b")->isChosen());
    EXPECT_TRUE(view()->accessibleDescription().startsWith("a, linear"));
}

TEST_F(GraphPageTest, aModuleCollapsesAndStandsForAllItsLayers)
{
    open(kModules);
    page()->toggle(id("body"));
    ASSERT_TRUE(settle());
    ASSERT_NE(box("body"), nullptr);
    EXPECT_EQ(box("body.0.a"), nullptr);
    click("body");
    EXPECT_EQ(selected(), (QList<int>{row("body.0.a"), row("body.0.b"), row("body.1.a"), row("body.1.b")}));
    QTest::keyClick(window.layerPage()->table(), Qt::Key_3);
    EXPECT_EQ(window.document()->plan().weights("body.1.b").bits, 3);
    ASSERT_TRUE(settle());
    EXPECT_TRUE(box("body")->box().value.endsWith("dB")) << "the worst inside";
    view()->setFocus();
    QTest::keyClick(view(), Qt::Key_Return);
    ASSERT_TRUE(settle());
    EXPECT_NE(box("body.0.a"), nullptr);
    EXPECT_EQ(box("body"), nullptr);
    click("body.1.a");
    QTest::keyClick(view(), Qt::Key_Backspace);
    ASSERT_TRUE(settle());
    EXPECT_NE(box("body.1"), nullptr) << "the module around the current layer";
    EXPECT_NE(box("body.0.a"), nullptr);
}

TEST_F(GraphPageTest, arrowKeysWalkAlongTheData)
{
    open(kModules);
    click("stem");
    view()->setFocus();
    QTest::keyClick(view(), Qt::Key_Down);
    EXPECT_EQ(selected(), QList<int>{row("body.0.a")});
    QTest::keyClick(view(), Qt::Key_Down, Qt::ShiftModifier);
    EXPECT_EQ(selected(), (QList<int>{row("body.0.a"), row("body.0.b")}));
    QTest::keyClick(view(), Qt::Key_Up);
    QTest::keyClick(view(), Qt::Key_Up);
    EXPECT_EQ(selected(), QList<int>{row("stem")});
}

TEST_F(GraphPageTest, wheelAndKeysZoomAndSpaceFits)
{
    open(kModules);
    view()->setFocus();
    view()->fit();
    const double fitted = view()->transform().m11();
    QTest::keyClick(view(), Qt::Key_Plus);
    EXPECT_GT(view()->transform().m11(), fitted);
    QTest::keyClick(view(), Qt::Key_Minus);
    QTest::keyClick(view(), Qt::Key_Minus);
    EXPECT_LT(view()->transform().m11(), fitted);
    QTest::keyClick(view(), Qt::Key_Space);
    EXPECT_DOUBLE_EQ(view()->transform().m11(), fitted);
}

TEST_F(GraphPageTest, everyMetricColoursTheBoxesAndSaysItsNumber)
{
    open(kModules);
    const QColor before = box("stem")->box().fill;
    for (int entry = 0; entry < page()->metricBox()->count(); ++entry) {
        page()->setMetric(LayerMetric(page()->metricBox()->itemData(entry).toInt()));
        const auto value = metricRow(LayerMetric(entry)).value(*window.document(), row("head"));
        EXPECT_EQ(box("head")->box().value.isEmpty(), !value) << metricRow(LayerMetric(entry)).key;
        EXPECT_TRUE(page()->legend()->accessibleDescription().contains(metricTitle(LayerMetric(entry))));
    }
    page()->setMetric(LayerMetric::WeightSqnr);
    EXPECT_EQ(box("stem")->box().fill, before);
    window.layerPage()->selectRows({row("stem")});
    QTest::keyClick(window.layerPage()->table(), Qt::Key_2);
    ASSERT_TRUE(settle());
    EXPECT_NE(box("stem")->box().fill, before) << "colours follow edits";
}

TEST_F(GraphPageTest, searchMarksMatchesAndEnterGoesThroughThem)
{
    open(kModules);
    QTest::keyClicks(page()->searchEdit(), "body.*b$");
    EXPECT_EQ(box("body.0.b")->mark(), GraphBoxItem::Mark::Match);
    EXPECT_EQ(box("stem")->mark(), GraphBoxItem::Mark::Dimmed);
    window.layerPage()->selectRows({row("stem")});
    QTest::keyClick(page()->searchEdit(), Qt::Key_Return);
    EXPECT_EQ(selected(), QList<int>{row("body.0.b")});
    QTest::keyClick(page()->searchEdit(), Qt::Key_Return);
    EXPECT_EQ(selected(), QList<int>{row("body.1.b")});
    page()->searchEdit()->clear();
    EXPECT_EQ(box("stem")->mark(), GraphBoxItem::Mark::None);
}

TEST_F(GraphPageTest, locksAndNotesAreShown)
{
    open(kModules);
    auto* layers = window.findChild<LayerModel*>();
    layers->setLocked({row("head")}, true);
    layers->setNote({row("stem")}, "first");
    ASSERT_TRUE(settle());
    EXPECT_TRUE(box("head")->box().locked);
    EXPECT_TRUE(box("stem")->box().noted);
    window.document()->undoStack()->undo();
    window.document()->undoStack()->undo();
    ASSERT_TRUE(settle());
    EXPECT_FALSE(box("head")->box().locked);
    EXPECT_FALSE(box("stem")->box().noted);
}

TEST_F(GraphPageTest, theViewStateComesBack)
{
    open(kModules);
    page()->setMetric(LayerMetric::Macs);
    page()->collapseAll();
    ASSERT_TRUE(settle());
    const QJsonObject state = page()->viewState();
    page()->setMetric(LayerMetric::WeightSqnr);
    page()->expandAll();
    ASSERT_TRUE(settle());
    page()->restoreView(state);
    ASSERT_TRUE(settle());
    EXPECT_NE(box("body"), nullptr);
    EXPECT_EQ(page()->metricBox()->currentData().toInt(), int(LayerMetric::Macs));
}

TEST_F(GraphPageTest, aCancelledLayoutLeavesTheOldOneAndCanBeRepeated)
{
    open(kModules);
    page()->collapseAll();
    page()->cancelLayout();
    ASSERT_TRUE(waitFor([this] { return page()->isUpToDate(); }));
    EXPECT_NE(box("stem"), nullptr);
    page()->expandAll();
    ASSERT_TRUE(settle());
    EXPECT_NE(box("body.0.a"), nullptr);
}

TEST_F(GraphPageTest, fiveThousandLayersOpenWithoutFreezingAndRecolourAtOnce)
{
    QElapsedTimer timer;
    timer.start();
    const auto model = fakeModel(blocks(5000));
    window.document()->setModel(model);
    const qint64 openMs = timer.elapsed();
    ASSERT_TRUE(waitFor([this] { return page()->isUpToDate() && !view()->boxes().isEmpty(); }));
    EXPECT_LE(view()->boxes().size(), 60) << "modules are closed first";
    StallMonitor monitor;
    QTimer::singleShot(0, page(), [this] { page()->expandAll(); });
    waitFor([this] { return page()->isUpToDate() && view()->boxes().size() == 5001; });
    view()->viewport()->repaint();
    const double block = monitor.longestMs();
    ASSERT_EQ(view()->boxes().size(), 5001);
    qint64 slowest = 0;
    for (LayerMetric metric : {LayerMetric::Size, LayerMetric::WeightBits, LayerMetric::Macs,
                               LayerMetric::WeightSqnr, LayerMetric::Parameters}) {
        timer.restart();
        page()->setMetric(metric);
        view()->viewport()->repaint();
        slowest = std::max(slowest, timer.elapsed());
    }
    std::printf(
        "[ figure   ] 5,000 layers: model made and opened in %lld ms, longest turn of the event loop while "
        "they are shown %.1f ms of processor time, slowest recolouring with repaint %lld ms\n",
        (long long)openMs, block, (long long)slowest);
    EXPECT_LE(slowest, 300) << "three times the goal, for busy machines";
    EXPECT_LE(block, 100) << "twice the limit, for slow machines";
    timer.restart();
    page()->searchEdit()->setText("block4.\\.layer1");
    EXPECT_LE(timer.elapsed(), 150);
}
