// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/theme.h"

#include <QList>
#include <QObject>

class QAction;
class QActionGroup;
class QItemSelectionModel;
class QUndoStack;

namespace bitwright {

class Controller;
class Document;
class JobRunner;

/// Every action of the window: text, icon, shortcut and a tooltip that names the shortcut and, while the
/// action is disabled, why it is.
class Actions : public QObject {
    Q_OBJECT
public:
    Actions(Document* document, Controller* controller, JobRunner* runner, QItemSelectionModel* selection,
            QObject* parent);

    QAction *openModel, *openData, *openDataFolder, *openPlan, *savePlan, *quit;
    QAction *openSession, *saveSession, *saveSessionAs;
    QAction *undo, *redo, *find, *resetLayers, *resetAll, *raiseEnds, *selectWorst;
    QAction *editLayers, *lockLayers, *noteLayers, *selectByRule, *showExceptions;
    QList<QAction*> weightBits; ///< data(): the token of the bits cell
    QAction *calibrate, *evaluate, *saturate, *exportModel, *stop;
    QAction *fullScreen, *resetLayout, *commandPalette, *editShortcuts, *about;
    QAction *saveLayout, *preferences, *glossary, *exportPlots, *copyCommand;
    QActionGroup* themes; ///< data(): Theme

    QList<QAction*> all() const;
    /// An action of somebody else (a page, a dock) that menus, palette and shortcut editor shall offer too.
    /// `id` is its key in the settings and becomes its objectName if it has none.
    void add(QAction* action, const QString& id);
    /// Enables the action, or disables it with a sentence that tooltip and palette show. The first line of
    /// its tooltip is its help.
    static void setReason(QAction* action, const QString& reason);
    /// Why it is disabled; empty when it is not, or nobody said.
    static QString reason(const QAction* action);
    static QString help(const QAction* action);
    /// Icons in the colours of the palette.
    void updateIcons(const QPalette& palette);
    /// Enabled states and tooltips from the state of the document and the jobs.
    void refresh();

private:
    QAction* make(const QString& text, const QString& help, const QString& icon = {});
    void createFileActions();
    void createEditActions();
    void createLayerActions();
    void createRunActions();
    void createViewActions();
    void nameActions();

    Document* m_document;
    Controller* m_controller;
    JobRunner* m_runner;
    QItemSelectionModel* m_selection;
    QList<QAction*> m_all;
};

} // namespace bitwright
