// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractProxyModel>
#include <QItemSelection>
#include <QRegularExpression>
#include <QTimer>

#include <vector>

namespace bitwright {

/// Sorts the layer table by its SortRole and keeps rows whose name or operator matches a regular expression.
/// A new filter or order resets the model in one pass over the rows (a proxy that removes and inserts rows
/// one by one takes seconds for 10,000 layers). The order is made when it is asked for, not by edits: a row
/// does not run away from the hand that changes it.
class LayerFilter : public QAbstractProxyModel {
    Q_OBJECT
public:
    explicit LayerFilter(QObject* parent = nullptr);

    /// An expression that is still incomplete while typing ("conv[") is taken literally. Returns whether it
    /// was a regular expression.
    bool setFilterText(const QString& text);
    /// Only rows that deviate from the defaults; follows edits.
    void setExceptionsOnly(bool on);
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;
    /// Filters and sorts anew.
    void refresh();
    /// Something that the order depends on has changed since.
    bool isOutdated() const { return m_outdated; }
    int sortColumn() const { return m_sortColumn; }
    Qt::SortOrder sortOrder() const { return m_sortOrder; }

    void setSourceModel(QAbstractItemModel* model) override;
    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QModelIndex mapToSource(const QModelIndex& index) const override;
    QModelIndex mapFromSource(const QModelIndex& index) const override;
    QItemSelection mapSelectionToSource(const QItemSelection& selection) const override;
    QItemSelection mapSelectionFromSource(const QItemSelection& selection) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    QModelIndex sibling(int row, int column, const QModelIndex& index) const override;

Q_SIGNALS:
    void outdatedChanged(bool outdated);

private:
    void rebuild();
    bool accepts(int sourceRow) const;
    void sortRows();
    void setOutdated(bool outdated);
    void sourceChanged(const QModelIndex& first, const QModelIndex& last, const QList<int>& roles);

    std::vector<int> m_toSource, m_fromSource; ///< -1 = filtered out
    QRegularExpression m_expression;
    bool m_exceptionsOnly = false, m_outdated = false;
    int m_sortColumn = 0;
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
    QTimer m_rebuildTimer; ///< an editor of the row may still be open while its edit is applied
};

} // namespace bitwright
