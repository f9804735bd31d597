// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/action_model.h"

#include "widgets/actions.h"

#include <QAction>
#include <QMenu>
#include <QMenuBar>
#include <QRegularExpression>
#include <QSet>

namespace bitwright {

namespace {

void collectFrom(QMenu* menu, const QString& place, QSet<const QAction*>& seen, QList<ActionEntry>& entries)
{
    Q_EMIT menu->aboutToShow();
    for (QAction* action : menu->actions()) {
        if (action->isSeparator() || seen.contains(action))
            continue;
        seen.insert(action);
        if (QMenu* inner = action->menu())
            collectFrom(inner, place + QStringLiteral(" › ") + plainText(action->text()), seen, entries);
        else
            entries.append(ActionEntry{action, place});
    }
}

QString keysText(const QAction* action)
{
    QStringList keys;
    for (const QKeySequence& key : action->shortcuts())
        keys << key.toString(QKeySequence::NativeText);
    keys.removeDuplicates();
    return keys.join(QStringLiteral(", "));
}

} // namespace

QString plainText(const QString& text)
{
    // "打开(&O)…" has its mnemonic in brackets.
    static const QRegularExpression bracketed(QStringLiteral("\\(&.\\)"));
    QString plain = text;
    plain.remove(bracketed);
    plain.replace(QStringLiteral("&&"), QStringLiteral("\x01")).remove(u'&').replace(u'\x01', u'&');
    return plain;
}

QList<ActionEntry> collectActions(QMenuBar* menus, const QList<QAction*>& others)
{
    QList<ActionEntry> entries;
    QSet<const QAction*> seen;
    for (QAction* action : menus->actions()) {
        if (QMenu* menu = action->menu())
            collectFrom(menu, plainText(action->text()), seen, entries);
    }
    for (QAction* action : others) {
        if (!seen.contains(action))
            entries.append(ActionEntry{action, {}});
    }
    return entries;
}

ActionModel::ActionModel(QList<ActionEntry> entries, QObject* parent)
    : QAbstractTableModel(parent)
    , m_entries(std::move(entries))
{
}

int ActionModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_entries.size());
}

int ActionModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ActionModel::data(const QModelIndex& index, int role) const
{
    const ActionEntry& entry = m_entries[index.row()];
    if (!entry.action)
        return {};
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return index.column() == Name    ? plainText(entry.action->text())
               : index.column() == Place ? entry.place
                                         : keysText(entry.action);
    case Qt::DecorationRole:
        return index.column() == Name ? QVariant(entry.action->icon()) : QVariant();
    case Qt::ToolTipRole:
    case HelpRole:
        return Actions::help(entry.action);
    case ReasonRole:
        return Actions::reason(entry.action);
    case SearchRole:
        return QString(plainText(entry.action->text()) + u' ' + entry.place);
    default:
        return {};
    }
}

QVariant ActionModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == Name ? tr("Action") : section == Place ? tr("Menu") : tr("Keys");
}

void ActionModel::refresh()
{
    if (!m_entries.isEmpty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

int matchScore(const QString& pattern, const QString& text)
{
    int score = 1, at = 0;
    bool previous = false;
    for (const QChar wanted : pattern) {
        if (wanted.isSpace()) {
            previous = false;
            continue;
        }
        const int found = int(text.indexOf(wanted, at, Qt::CaseInsensitive));
        if (found < 0)
            return 0;
        const bool together = previous && found == at;
        const bool word = found == 0 || !text[found - 1].isLetterOrNumber();
        score += 1 + (together ? 8 : 0) + (word ? 6 : 0) + (found == 0 ? 4 : 0);
        at = found + 1;
        previous = true;
    }
    return score;
}

void ActionFilter::setPattern(const QString& pattern)
{
    m_pattern = pattern.trimmed();
    invalidate();
    sort(m_pattern.isEmpty() ? -1 : 0);
}

bool ActionFilter::filterAcceptsRow(int row, const QModelIndex& parent) const
{
    const QModelIndex index = sourceModel()->index(row, 0, parent);
    return m_pattern.isEmpty() || matchScore(m_pattern, index.data(ActionModel::SearchRole).toString()) > 0;
}

bool ActionFilter::lessThan(const QModelIndex& left, const QModelIndex& right) const
{
    const int a = matchScore(m_pattern, left.data(ActionModel::SearchRole).toString());
    const int b = matchScore(m_pattern, right.data(ActionModel::SearchRole).toString());
    return a != b ? a > b : left.row() < right.row();
}

} // namespace bitwright
