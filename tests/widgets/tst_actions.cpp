// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/fake_model.h"
#include "widgets/actions.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractScrollArea>
#include <QAction>
#include <QComboBox>
#include <QLineEdit>
#include <QProgressBar>
#include <QScrollBar>
#include <QSet>

using namespace bitwright;
using namespace bitwright::test;

class ActionsTest : public WindowTest {};

TEST_F(ActionsTest, everyActionHasTextAndTooltip)
{
    for (const QAction* action : window.actions()->all()) {
        EXPECT_FALSE(action->text().isEmpty());
        EXPECT_FALSE(action->toolTip().isEmpty()) << action->text().toStdString();
        const QString key = action->shortcut().toString(QKeySequence::NativeText);
        EXPECT_TRUE(action->toolTip().contains(key)) << action->text().toStdString();
    }
}

TEST_F(ActionsTest, everyDisabledActionSaysWhy)
{
    int disabled = 0;
    const auto check = [&] {
        for (const QAction* action : window.actions()->all()) {
            if (action->isEnabled())
                continue;
            ++disabled;
            EXPECT_TRUE(action->toolTip().contains('\n')) << action->text().toStdString();
        }
    };
    check();
    EXPECT_GT(disabled, 5);
    open(kSmallModel);
    check();
}

TEST_F(ActionsTest, noShortcutIsUsedTwice)
{
    QSet<QString> used;
    for (const QAction* action : window.findChildren<QAction*>()) {
        for (const QKeySequence& key : action->shortcuts()) {
            EXPECT_FALSE(used.contains(key.toString())) << key.toString().toStdString();
            used.insert(key.toString());
        }
    }
}

TEST_F(ActionsTest, everyControlHasANameForScreenReaders)
{
    open(kSmallModel);
    for (const QWidget* widget : window.findChildren<QWidget*>()) {
        const bool control =
            qobject_cast<const QAbstractButton*>(widget) || qobject_cast<const QComboBox*>(widget) ||
            qobject_cast<const QLineEdit*>(widget) || qobject_cast<const QAbstractItemView*>(widget) ||
            qobject_cast<const QProgressBar*>(widget);
        // Parts that Qt makes inside its own widgets (header views, scroll and tool bar extensions).
        const QString type = QString::fromLatin1(widget->metaObject()->className());
        const bool inner = widget->objectName().startsWith("qt_") || type == "QHeaderView" ||
                           type == "QTableCornerButton" || type == "QDockWidgetTitleButton" ||
                           type == "QLineEditIconButton";
        if (!control || inner)
            continue;
        const auto* button = qobject_cast<const QAbstractButton*>(widget);
        EXPECT_FALSE(widget->accessibleName().isEmpty() && (!button || button->text().isEmpty()))
            << type.toStdString() << " " << widget->objectName().toStdString();
    }
}

TEST_F(ActionsTest, undoNamesTheStepInItsTooltip)
{
    open(kSmallModel);
    window.selectRow(row("a"));
    window.actions()->weightBits[3]->trigger();
    EXPECT_TRUE(window.actions()->undo->isEnabled());
    EXPECT_TRUE(window.actions()->undo->toolTip().contains("a: weight bits → 4"));
}
