// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/fake_model.h"
#include "widgets/actions.h"
#include "widgets/dialogs/shortcut_dialog.h"
#include "widgets/shortcuts.h"

#include <QAction>
#include <QKeySequenceEdit>
#include <QPushButton>
#include <QSet>
#include <QSettings>
#include <QTableView>
#include <QTest>

using namespace bitwright;
using namespace bitwright::test;

class ShortcutsTest : public WindowTest {
protected:
    void TearDown() override { QSettings().remove("shortcuts"); }
    void choose(ShortcutDialog& dialog, const QAction* action)
    {
        auto* model = dialog.table()->model();
        for (int row = 0; row < model->rowCount(); ++row) {
            if (model->index(row, 0).data().toString() == plainText(action->text()))
                dialog.table()->selectRow(row);
        }
    }
};

TEST_F(ShortcutsTest, everyActionHasANameThatStays)
{
    QSet<QString> names;
    for (const QAction* action : window.actions()->all()) {
        EXPECT_FALSE(action->objectName().isEmpty()) << action->text().toStdString();
        EXPECT_FALSE(names.contains(action->objectName())) << action->objectName().toStdString();
        names.insert(action->objectName());
    }
}

TEST_F(ShortcutsTest, aChangedKeyWorksIsShownAndSurvivesARestart)
{
    QAction first("First", nullptr);
    first.setObjectName("first");
    first.setShortcut(Qt::CTRL | Qt::Key_1);
    {
        Shortcuts shortcuts(Shortcuts::Storage::Settings, nullptr);
        shortcuts.add(&first);
        shortcuts.set(&first, {Qt::CTRL | Qt::Key_9});
    }
    first.setShortcut(Qt::CTRL | Qt::Key_1);
    Shortcuts again(Shortcuts::Storage::Settings, nullptr);
    again.add(&first);
    EXPECT_EQ(first.shortcut(), QKeySequence(Qt::CTRL | Qt::Key_9));
    EXPECT_FALSE(again.isDefault(&first));
    again.resetAll();
    EXPECT_EQ(first.shortcut(), QKeySequence(Qt::CTRL | Qt::Key_1));
    EXPECT_FALSE(QSettings().contains("shortcuts/first"));
}

TEST_F(ShortcutsTest, theTooltipNamesTheNewKey)
{
    QAction* stop = window.actions()->openData;
    window.shortcuts()->set(stop, {Qt::CTRL | Qt::Key_Y});
    EXPECT_TRUE(stop->toolTip().contains("Ctrl+Y"));
    EXPECT_FALSE(stop->toolTip().contains("Ctrl+Shift+O"));
}

TEST_F(ShortcutsTest, aConflictIsShownAndTheKeyMovesWhenAssigned)
{
    Actions& a = *window.actions();
    ShortcutDialog dialog(window.shortcuts(), window.actionEntries(), &window);
    dialog.show();
    choose(dialog, a.calibrate);
    EXPECT_TRUE(dialog.conflictText().isEmpty());
    dialog.keyEdit()->setKeySequence(Qt::Key_F5);
    EXPECT_TRUE(dialog.conflictText().contains("Evaluate")) << dialog.conflictText().toStdString();
    QTest::mouseClick(dialog.assignButton(), Qt::LeftButton);
    EXPECT_EQ(a.calibrate->shortcut(), QKeySequence(Qt::Key_F5));
    EXPECT_TRUE(a.evaluate->shortcut().isEmpty());
    EXPECT_TRUE(dialog.conflictText().isEmpty());
}

TEST_F(ShortcutsTest, keysThatBeginWithOthersAreConflictsToo)
{
    Actions& a = *window.actions();
    const auto found = window.shortcuts()->conflicts(a.calibrate, QKeySequence("Ctrl+K, Ctrl+C"));
    ASSERT_EQ(found.size(), 1);
    EXPECT_EQ(found.first(), a.commandPalette);
}
