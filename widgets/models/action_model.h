// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QList>
#include <QPointer>
#include <QSortFilterProxyModel>

class QAction;
class QMenuBar;

namespace bitwright {

/// An action with the menus that lead to it ("View › Theme").
struct ActionEntry {
    QPointer<QAction> action;
    QString place;
};

/// Without mnemonics: "Open model…".
QString plainText(const QString& text);
/// Every action of the menus, in their order (menus that are filled when shown are filled first), and then
/// those of `others` that are in no menu.
QList<ActionEntry> collectActions(QMenuBar* menus, const QList<QAction*>& others);

/// One row an action: its name, where it is, its keys, and why it is disabled.
class ActionModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Name, Place, Keys, ColumnCount };
    enum Role { ReasonRole = Qt::UserRole, HelpRole, SearchRole };

    ActionModel(QList<ActionEntry> entries, QObject* parent);

    QAction* action(int row) const { return m_entries[row].action; }
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void refresh();

private:
    QList<ActionEntry> m_entries;
};

/// How well `pattern` is found in `text`: its letters in this order, better in one piece and at the
/// beginnings of words; 0 = not at all. Blanks of the pattern are ignored.
int matchScore(const QString& pattern, const QString& text);

/// Rows that match, the best first.
class ActionFilter : public QSortFilterProxyModel {
    Q_OBJECT
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;
    void setPattern(const QString& pattern);

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

private:
    QString m_pattern;
};

} // namespace bitwright
