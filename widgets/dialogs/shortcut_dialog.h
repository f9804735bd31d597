// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/models/action_model.h"

#include <QDialog>

class QKeySequenceEdit;
class QLabel;
class QLineEdit;
class QPushButton;
class QTableView;

namespace bitwright {

class Shortcuts;

/// The keys of every action; a key that something else has already is named before it is taken over.
class ShortcutDialog : public QDialog {
    Q_OBJECT
public:
    /// Shows those of `entries` that `shortcuts` knows.
    ShortcutDialog(Shortcuts* shortcuts, const QList<ActionEntry>& entries, QWidget* parent);

    QTableView* table() const { return m_table; }
    QKeySequenceEdit* keyEdit() const { return m_keys; }
    QPushButton* assignButton() const { return m_assign; }
    QString conflictText() const;

private:
    void buildTable(const QList<ActionEntry>& entries);
    QAction* current() const;
    void showCurrent();
    void showConflict();
    void assign();
    void change(const QList<QKeySequence>& keys);

    Shortcuts* m_shortcuts;
    ActionModel* m_model = nullptr;
    ActionFilter* m_filter;
    QLineEdit* m_search;
    QTableView* m_table;
    QKeySequenceEdit* m_keys;
    QLabel* m_conflict;
    QPushButton *m_assign, *m_none, *m_default;
};

} // namespace bitwright
