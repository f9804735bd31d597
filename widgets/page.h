// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QList>
#include <QStringList>
#include <QWidget>

#include <functional>
#include <vector>

class QAction;
class QItemSelectionModel;

namespace bitwright {

class Actions;
class Controller;
class Document;
class JobRunner;
class LayerModel;

/// What every page may use: the window owns all of it and outlives the pages.
struct Workspace {
    Document* document = nullptr;
    JobRunner* runner = nullptr;
    Controller* controller = nullptr;
    Actions* actions = nullptr;
    LayerModel* layers = nullptr;
    QItemSelectionModel* selection = nullptr; ///< the one selection of layers, on the rows of `layers`
};

/// Something of a page that can be written to a file: a picture of `widget`, and the numbers behind it.
struct Exportable {
    QString name;  ///< part of a file name: "weights"
    QString title; ///< for lists
    QWidget* widget = nullptr;
    /// The numbers as CSV (header line, C locale); empty = those that the plot holds itself.
    std::function<QString()> csv;
};

/// One view of the document. It shows an empty state with what to do while there is nothing to show.
class Page : public QWidget {
    Q_OBJECT
public:
    using QWidget::QWidget;

    /// What is shown belongs to the plan and the selection as they are.
    virtual bool isUpToDate() const { return true; }
    /// Names of the things it can show, for pictures and the session file ("weights", "activations"); empty =
    /// one thing only.
    virtual QStringList views() const { return {}; }
    virtual void showView(const QString& name) { Q_UNUSED(name) }
    /// What the user calls a view. As it is: the text of its tab where there is one tab for every view.
    virtual QString viewTitle(const QString& name) const;
    /// Actions of this page for the View menu, the command palette and the shortcut editor.
    /// A disabled one says why: Actions::setReason. Its objectName ("logarithmic") is its key in the
    /// settings.
    virtual QList<QAction*> viewActions() const { return {}; }
    /// What "Export plots" offers; as it is: every QCustomPlot inside, by its accessible name.
    virtual QList<Exportable> exportables() const;
    /// What the session file keeps of how the page looks (the tensor shown, an axis, a filter), and back.
    /// Called after the document and the selection have been restored; unknown keys are ignored. As it is:
    /// checkable viewActions(), and the combo boxes, tab bars, line edits and check boxes inside that have an
    /// objectName.
    virtual QJsonObject viewState() const;
    virtual void restoreView(const QJsonObject& state);

    /// Gives the keyboard to the first control that can take it.
    void takeKeyboard();

Q_SIGNALS:
    /// One sentence for the message bar.
    void failed(const QString& message);
    void upToDate();
};

/// Where a page is docked at first; pages of one place share a tab bar.
enum class PagePlace { Details, Results, Side };

/// One row for every page of the window, in the order of the View menu.
struct PageRow {
    const char* name;  ///< of the page object; its dock is named NAME + "Dock"
    const char* title; ///< in the context "Pages"
    PagePlace place;
    Page* (*make)(const Workspace&);
};
const std::vector<PageRow>& pageTable();

} // namespace bitwright
