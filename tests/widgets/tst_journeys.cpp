// SPDX-License-Identifier: GPL-3.0-or-later
// Whole pieces of work as a user does them.
#include "tests/widgets/fake_model.h"
#include "widgets/actions.h"
#include "widgets/models/config_model.h"
#include "widgets/pages/config_histogram.h"
#include "widgets/pages/configurations_page.h"
#include "widgets/pages/layer_page.h"
#include "widgets/pages/layer_table.h"
#include "widgets/plots/histogram_plot.h"

#include <QAction>
#include <QApplication>
#include <QDir>
#include <QDockWidget>
#include <QFileDialog>
#include <QItemSelectionModel>
#include <QListView>
#include <QMenu>
#include <QMenuBar>
#include <QPushButton>
#include <QTest>
#include <QTimer>
#include <QToolBar>
#include <QToolButton>

using namespace bitwright;
using namespace bitwright::test;

class Journeys : public WindowTest {
protected:
    void SetUp() override
    {
        WindowTest::SetUp();
        window.activateWindow();
        ASSERT_TRUE(QTest::qWaitForWindowActive(&window));
    }
    bool settled(const std::function<bool()>& also)
    {
        return waitFor([&] { return also() && window.isSettled(); });
    }
    /// What a window manager does when a dialog has closed.
    void backToTheWindow()
    {
        window.activateWindow();
        EXPECT_TRUE(QTest::qWaitForWindowActive(&window));
    }
};

TEST_F(Journeys, theFirstDecisionTakesNoMoreThanFiveClicks)
{
    int clicks = 0;
    const auto click = [&](QWidget* widget, const QPoint& at) {
        ++clicks;
        QTest::mouseClick(widget, Qt::LeftButton, {}, at);
    };
    writeFakeModel(folder, "model.bin", kSmallModel);
    // The file in the list, once the dialog has read the folder, and then Open.
    QTimer poll;
    bool chosen = false;
    QObject::connect(&poll, &QTimer::timeout, &window, [&] {
        auto* dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
        if (!dialog)
            return;
        if (dialog->directory() != QDir(folder.path()))
            dialog->setDirectory(folder.path());
        for (QPushButton* button : dialog->findChildren<QPushButton*>())
            if (chosen && button->text().contains("Open") && button->isVisible() && button->isEnabled())
                return click(button, button->rect().center());
        auto* list = dialog->findChild<QListView*>("listView");
        const QModelIndex root = list->rootIndex();
        for (int i = 0; i < list->model()->rowCount(root) && !chosen; ++i) {
            const QModelIndex index = list->model()->index(i, 0, root);
            if (index.data().toString() != "model.bin" || !list->visualRect(index).isValid())
                continue;
            chosen = true;
            click(list->viewport(), list->visualRect(index).center());
        }
    });
    poll.start(20);
    auto* bar = window.findChild<QToolBar*>();
    QWidget* open = bar->widgetForAction(window.actions()->openModel);
    click(open, open->rect().center());
    ASSERT_TRUE(settled([this] { return window.document()->model() != nullptr; }));
    // The worst layer is selected; its bits are in the menu.
    QAction* four = window.actions()->weightBits[3];
    for (QAction* entry : window.menuBar()->actions()) {
        if (!entry->menu())
            continue;
        QMenu* menu = entry->menu();
        QMenu* holder = menu->actions().contains(four) ? menu : nullptr;
        if (!holder)
            continue;
        click(window.menuBar(), window.menuBar()->actionGeometry(entry).center());
        ASSERT_TRUE(waitFor([&] { return menu->isVisible(); }));
        click(menu, menu->actionGeometry(four).center());
    }
    const int row = window.document()->worstRow();
    EXPECT_EQ(window.document()->plan().weights(window.document()->row(row).name).bits, 4);
    EXPECT_LE(clicks, 5);
    std::printf("[ figure   ] %d clicks from the empty window to the first decision\n", clicks);
    // Each further layer takes one action: a key moves on and a digit decides.
    backToTheWindow();
    QTest::keyClick(window.layerPage()->table(), Qt::Key_Down);
    QTest::keyClick(window.layerPage()->table(), Qt::Key_3);
    EXPECT_EQ(window.document()->undoStack()->count(), 2);
}

TEST_F(Journeys, comparedConfigurationsLayTheirHistogramsOverEachOther)
{
    open(kSmallModel);
    window.document()->addSnapshot("eight");
    window.selectRow(row("a"));
    window.actions()->weightBits[1]->trigger();
    window.document()->addSnapshot("two");
    auto* page = window.page<ConfigurationsPage>();
    window.findChild<QDockWidget*>("configurationsDock")->raise();
    page->showView("histograms");
    ASSERT_TRUE(settled([&] { return page->model()->rowCount() == 3; }));
    for (const int row : {1, 2})
        ASSERT_TRUE(page->model()->setData(page->model()->index(row, 0), Qt::Checked, Qt::CheckStateRole));
    ASSERT_TRUE(settled([&] { return page->histogram()->plot()->overlays().size() == 1; }));
    EXPECT_EQ(page->histogram()->plot()->overlays().front().name, "two");
    EXPECT_TRUE(page->histogram()->title().contains("a.weight"));
    EXPECT_TRUE(page->histogram()->title().contains("eight"));
    window.selectRow(row("s"));
    ASSERT_TRUE(settled([&] { return page->histogram()->title().startsWith("s "); }));
}
