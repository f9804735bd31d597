// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/actions.h"
#include "widgets/controller.h"
#include "widgets/dialogs/command_palette.h"
#include "widgets/dialogs/file_dialogs.h"
#include "widgets/dialogs/shortcut_dialog.h"
#include "widgets/layouts.h"
#include "widgets/main_window.h"
#include "widgets/pages/layer_page.h"
#include "widgets/pages/layer_table.h"
#include "widgets/recent_files.h"
#include "widgets/shortcuts.h"

#include <QActionGroup>
#include <QDockWidget>
#include <QMenuBar>
#include <QToolBar>

#include <functional>

namespace bitwright {

void MainWindow::createMenus()
{
    Actions& a = *m_actions;
    QMenu* file = menuBar()->addMenu(tr("&File"));
    file->addActions({a.openModel, a.openData, a.openDataFolder});
    QMenu* recent = file->addMenu(tr("Open &recent"));
    recent->setToolTipsVisible(true);
    connect(recent, &QMenu::aboutToShow, this, [this, recent] { fillRecent(recent); });
    file->addSeparator();
    file->addActions({a.openSession, a.saveSession, a.saveSessionAs});
    file->addSeparator();
    file->addActions({a.openPlan, a.savePlan});
    file->addSeparator();
    file->addActions({a.exportModel, a.exportPlots});
    file->addSeparator();
    file->addAction(a.quit);
    QMenu* edit = menuBar()->addMenu(tr("&Edit"));
    edit->addActions({a.undo, a.redo});
    edit->addSeparator();
    edit->addActions({a.find, a.selectByRule, a.selectWorst});
    QMenu* layer = menuBar()->addMenu(tr("&Layer"));
    layer->addActions(a.weightBits);
    layer->addSeparator();
    layer->addActions({a.editLayers, a.raiseEnds, a.resetLayers, a.resetAll});
    layer->addSeparator();
    layer->addActions({a.lockLayers, a.noteLayers, a.showExceptions});
    QMenu* run = menuBar()->addMenu(tr("&Run"));
    run->addActions({a.calibrate, a.evaluate, a.saturate, a.stop});
    run->addSeparator();
    run->addAction(a.copyCommand);
    createViewMenu();
    QMenu* settings = menuBar()->addMenu(tr("&Settings"));
    settings->addActions({a.preferences, a.editShortcuts});
    QMenu* help = menuBar()->addMenu(tr("&Help"));
    help->addActions({a.commandPalette, a.glossary});
    help->addSeparator();
    help->addAction(a.about);
    for (QMenu* menu : {file, edit, layer, run, settings, help})
        menu->setToolTipsVisible(true);
    gatherActions();
}

void MainWindow::createViewMenu()
{
    Actions& a = *m_actions;
    QMenu* view = menuBar()->addMenu(tr("&View"));
    view->setToolTipsVisible(true);
    for (QDockWidget* dock : std::as_const(m_docks)) {
        dock->toggleViewAction()->setToolTip(tr("Show or hide this view"));
        view->addAction(dock->toggleViewAction());
    }
    fillGoMenu(view->addMenu(tr("&Go to")));
    view->addSeparator();
    for (const Page* page : std::as_const(m_pages))
        view->addActions(page->viewActions());
    view->addSeparator();
    view->addMenu(tr("&Theme"))->addActions(a.themes->actions());
    m_layouts->setFirst();
    QMenu* layouts = view->addMenu(tr("&Layouts"));
    layouts->setToolTipsVisible(true);
    connect(layouts, &QMenu::aboutToShow, this, [this, layouts] { fillLayouts(layouts); });
    view->addActions({a.resetLayout, a.fullScreen});
}

/// Every view with the keyboard: Alt and its number.
void MainWindow::fillGoMenu(QMenu* menu)
{
    const auto add = [&](const QString& title, const QString& name, const std::function<void()>& go) {
        QAction* action = menu->addAction(tr("Go to %1").arg(title));
        action->setObjectName(QStringLiteral("go-") + name);
        if (m_goActions.size() < 10)
            action->setShortcut(Qt::ALT | Qt::Key(Qt::Key_0 + m_goActions.size()));
        action->setToolTip(tr("Shows this view and gives it the keyboard (%1)")
                               .arg(action->shortcut().toString(QKeySequence::NativeText)));
        connect(action, &QAction::triggered, this, go);
        m_goActions.append(action);
    };
    menu->setToolTipsVisible(true);
    add(tr("layers"), QStringLiteral("layers"),
        [this] { m_layerPage->table()->setFocus(Qt::ShortcutFocusReason); });
    for (qsizetype i = 0; i < m_docks.size(); ++i)
        add(m_docks[i]->windowTitle(), m_pages[i]->objectName(), [dock = m_docks[i], page = m_pages[i]] {
            dock->show();
            dock->raise();
            page->takeKeyboard();
        });
}

/// What the menus offer is known to the palette and the shortcut editor, each action by a name that stays.
void MainWindow::gatherActions()
{
    for (QDockWidget* dock : std::as_const(m_docks))
        m_actions->add(dock->toggleViewAction(), QStringLiteral("view-") + dock->objectName());
    for (QAction* action : std::as_const(m_goActions))
        m_actions->add(action, {});
    for (const Page* page : std::as_const(m_pages)) {
        int number = 0;
        for (QAction* action : page->viewActions()) {
            ++number;
            const QString own =
                action->objectName().isEmpty() ? QString::number(number) : action->objectName();
            action->setObjectName(page->objectName() + u'-' + own);
            m_actions->add(action, {});
        }
    }
    for (QAction* action : m_actions->all())
        m_shortcuts->add(action);
}

QList<ActionEntry> MainWindow::actionEntries()
{
    return collectActions(menuBar(), m_actions->all());
}

void MainWindow::connectMenus()
{
    Actions& a = *m_actions;
    connect(a.openDataFolder, &QAction::triggered, this, [this] {
        if (const QString path = chooseDataFolder(this); !path.isEmpty())
            m_controller->openData(path);
    });
    connect(a.commandPalette, &QAction::triggered, this, [this] {
        auto* palette = new CommandPalette(actionEntries(), this);
        palette->setAttribute(Qt::WA_DeleteOnClose);
        palette->open();
    });
    connect(a.editShortcuts, &QAction::triggered, this, [this] {
        auto* dialog = new ShortcutDialog(m_shortcuts, actionEntries(), this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
}

void MainWindow::createToolBar()
{
    Actions& a = *m_actions;
    QToolBar* bar = addToolBar(tr("Main tool bar"));
    bar->setObjectName(QStringLiteral("mainToolBar"));
    bar->setMovable(false);
    bar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    bar->addActions({a.openModel, a.openData});
    bar->addSeparator();
    bar->addActions({a.calibrate, a.evaluate, a.exportModel});
    bar->addSeparator();
    bar->addActions({a.undo, a.redo});
    for (QAction* action : bar->actions()) {
        if (QWidget* button = bar->widgetForAction(action); button && !action->isSeparator())
            button->setAccessibleName(action->iconText());
    }
}

void MainWindow::fillRecent(QMenu* menu)
{
    menu->clear();
    menu->addSection(tr("Sessions"));
    m_recentSessions->fill(menu);
    menu->addSection(tr("Models"));
    m_recentModels->fill(menu);
    menu->addSection(tr("Data"));
    m_recentData->fill(menu);
}

} // namespace bitwright
