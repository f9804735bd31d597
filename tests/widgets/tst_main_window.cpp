// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/atomic_file.h"
#include "tests/widgets/fake_model.h"
#include "widgets/actions.h"
#include "widgets/controller.h"
#include "widgets/grab.h"
#include "widgets/message_bar.h"
#include "widgets/models/layer_model.h"
#include "widgets/pages/histogram_page.h"
#include "widgets/pages/layer_page.h"
#include "widgets/plots/histogram_plot.h"
#include "widgets/recent_files.h"

#include <QAction>
#include <QComboBox>
#include <QDropEvent>
#include <QFile>
#include <QImage>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QSet>
#include <QTableView>
#include <QTest>

using namespace bitwright;
using namespace bitwright::test;

class MainWindowTest : public WindowTest {
protected:
    QTableView* table() { return window.layerPage()->table(); }
    QPoint cell(const std::string& name, int column)
    {
        for (int r = 0; r < table()->model()->rowCount(); ++r) {
            if (table()->model()->index(r, LayerModel::Name).data().toString().toStdString() == name)
                return table()->visualRect(table()->model()->index(r, column)).center();
        }
        return {};
    }
    void click(const std::string& name, int column, Qt::KeyboardModifiers modifiers = {})
    {
        QTest::mouseClick(table()->viewport(), Qt::LeftButton, modifiers, cell(name, column));
    }
    void drop(const QStringList& paths)
    {
        QMimeData mime;
        QList<QUrl> urls;
        for (const QString& path : paths)
            urls << QUrl::fromLocalFile(path);
        mime.setUrls(urls);
        QDragEnterEvent enter({50, 50}, Qt::CopyAction, &mime, Qt::LeftButton, {});
        QCoreApplication::sendEvent(&window, &enter);
        ASSERT_TRUE(enter.isAccepted());
        QDropEvent event(QPointF(50, 50), Qt::CopyAction, &mime, Qt::LeftButton, {});
        QCoreApplication::sendEvent(&window, &event);
    }
};

TEST_F(MainWindowTest, aCellIsEditedWithMouseAndKeys)
{
    open(kSmallModel);
    const QPoint at = cell("b", LayerModel::WeightBits);
    QTest::mouseClick(table()->viewport(), Qt::LeftButton, {}, at);
    QTest::mouseDClick(table()->viewport(), Qt::LeftButton, {}, at);
    auto* combo = table()->viewport()->findChild<QComboBox*>();
    ASSERT_NE(combo, nullptr);
    EXPECT_EQ(combo->currentText(), "8");
    QTest::keyClick(combo, Qt::Key_Up);
    QTest::keyClick(combo, Qt::Key_Up);
    QTest::keyClick(combo, Qt::Key_Return);
    ASSERT_TRUE(waitFor([this] { return window.document()->undoStack()->canUndo() && window.isSettled(); }));
    EXPECT_EQ(window.document()->plan().weights("b").bits, 6);
    EXPECT_EQ(window.document()->report(row("b"))->weight->params.bits, 6);
    QTest::keyClick(&window, Qt::Key_Z, Qt::ControlModifier);
    EXPECT_EQ(window.document()->plan().weights("b").bits, 8);
}

TEST_F(MainWindowTest, anEditInsideASelectionAppliesToAllSelectedRows)
{
    open(kSmallModel);
    click("a", LayerModel::Name);
    click("c", LayerModel::Name, Qt::ControlModifier);
    QTest::keyClick(table(), Qt::Key_F2);
    EXPECT_EQ(window.selection()->selectedRows().size(), 2);
    table()->edit(table()->indexAt(cell("a", LayerModel::WeightBits)));
    auto* combo = table()->viewport()->findChild<QComboBox*>();
    ASSERT_NE(combo, nullptr);
    combo->setCurrentIndex(combo->findData("3"));
    QTest::keyClick(combo, Qt::Key_Return);
    ASSERT_TRUE(waitFor([this] { return window.document()->undoStack()->canUndo(); }));
    EXPECT_EQ(window.document()->plan().weights("a").bits, 3);
    EXPECT_EQ(window.document()->plan().weights("c").bits, 3);
    EXPECT_EQ(window.document()->plan().weights("b").bits, 8);
    EXPECT_EQ(window.document()->undoStack()->count(), 1);
}

TEST_F(MainWindowTest, numberKeysSetTheWeightBitsOfTheSelection)
{
    open(kSmallModel);
    click("a", LayerModel::Name);
    click("b", LayerModel::Name, Qt::ShiftModifier);
    QTest::keyClick(table(), Qt::Key_4);
    EXPECT_EQ(window.document()->plan().weights("a").bits, 4);
    EXPECT_EQ(window.document()->plan().weights("b").bits, 4);
    QTest::keyClick(window.layerPage()->filterEdit(), Qt::Key_5);
    EXPECT_EQ(window.document()->plan().weights("a").bits, 4) << "digits typed into the filter are text";
    EXPECT_EQ(window.layerPage()->filterEdit()->text(), "5");
}

TEST_F(MainWindowTest, selectingALayerShowsItsDistribution)
{
    open(kSmallModel);
    click("c", LayerModel::Name);
    EXPECT_EQ(window.selection()->currentIndex().row(), row("c"));
    ASSERT_TRUE(waitFor([this] { return window.isSettled(); }));
    EXPECT_TRUE(window.page<HistogramPage>()->plot()->accessibleDescription().startsWith("c.weight"));
    QTest::keyClick(&window, Qt::Key_L);
    EXPECT_TRUE(window.page<HistogramPage>()->plot()->isLogarithmic());
}

TEST_F(MainWindowTest, theFilterKeepsTheSelectionOfTheWindow)
{
    open(kSmallModel);
    click("b", LayerModel::Name);
    QTest::keyClicks(window.layerPage()->filterEdit(), "^b$");
    EXPECT_EQ(table()->model()->rowCount(), 1);
    EXPECT_EQ(window.selection()->currentIndex().row(), row("b"));
    window.layerPage()->filterEdit()->clear();
    EXPECT_EQ(table()->model()->rowCount(), 5);
    EXPECT_EQ(window.selection()->currentIndex().row(), row("b"));
}

TEST_F(MainWindowTest, aDroppedModelAndPlanAreOpenedAsWhatTheyAre)
{
    QuantPlan plan;
    plan.setWeights("a", QuantSpec::defaultWeights(3));
    const QString planPath = folder.filePath("plan.json");
    ASSERT_TRUE(writeFileAtomically(planPath.toStdString(), planToJson(plan)));
    drop({writeFakeModel(folder, "dropped.bin", kSmallModel), planPath});
    ASSERT_TRUE(waitFor([this] { return window.document()->model() && window.isSettled(); }));
    EXPECT_EQ(window.document()->plan().weights("a").bits, 3);
    EXPECT_TRUE(window.document()->undoStack()->canUndo());
    EXPECT_TRUE(window.windowTitle().contains("dropped.bin"));
}

TEST_F(MainWindowTest, aBrokenFileLeavesTheOpenModelAndSaysWhy)
{
    open(kSmallModel);
    const auto before = window.document()->model();
    drop({writeFakeModel(folder, "bad.pt", "broken")});
    ASSERT_TRUE(waitFor([this] { return window.messageBar()->isVisible(); }));
    EXPECT_EQ(window.document()->model(), before);
    EXPECT_TRUE(window.messageBar()->text().contains("truncated"));
}

TEST_F(MainWindowTest, calibrationAndEvaluationFillThePages)
{
    open(kSmallModel);
    const auto data = normalDataset({8}, 100, 4, 3);
    window.document()->setData(data, data, "memory");
    window.actions()->evaluate->trigger();
    ASSERT_TRUE(waitFor([this] { return window.document()->evaluation() && window.isSettled(); }));
    EXPECT_EQ(window.document()->calibration()->samples, 100);
    EXPECT_TRUE(window.document()->report(row("s"))->activation.has_value());
    EXPECT_EQ(window.document()->evaluation()->evaluation.floating.samples, 100);
    EXPECT_TRUE(window.document()->isEvaluationCurrent());
    window.selectRow(row("a"));
    QTest::keyClick(table(), Qt::Key_2);
    EXPECT_FALSE(window.document()->isEvaluationCurrent());
    window.actions()->undo->trigger();
    EXPECT_TRUE(window.document()->isEvaluationCurrent());
}

TEST_F(MainWindowTest, everyPageCanBeGrabbedInBothThemes)
{
    open(kSmallModel);
    const QStringList files = grabPages(window, folder.filePath("grab"));
    ASSERT_GE(files.size(), 12);
    for (const QString& file : files) {
        const QImage image(file);
        ASSERT_FALSE(image.isNull()) << file.toStdString();
        QSet<QRgb> colors;
        for (int y = 0; y < image.height(); y += 3) {
            for (int x = 0; x < image.width(); x += 3)
                colors.insert(image.pixel(x, y));
        }
        EXPECT_GT(colors.size(), 4) << file.toStdString() << " is empty";
    }
}

TEST(RecentFilesTest, keepsTenNewestFirstAndGreysMissingOnes)
{
    const QTemporaryDir folder;
    RecentFiles recent(QStringLiteral("test/recent"));
    for (int i = 0; i < 12; ++i)
        recent.add(folder.filePath(QString::number(i)));
    recent.add(folder.filePath("5"));
    ASSERT_EQ(recent.paths().size(), 10);
    EXPECT_EQ(recent.paths().first(), folder.filePath("5"));
    QFile file(folder.filePath("11"));
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    QMenu menu;
    recent.fill(&menu);
    ASSERT_EQ(menu.actions().size(), 10);
    EXPECT_FALSE(menu.actions()[0]->isEnabled());
    EXPECT_TRUE(menu.actions()[1]->isEnabled());
    EXPECT_TRUE(menu.actions()[0]->toolTip().contains("does not exist"));
}
