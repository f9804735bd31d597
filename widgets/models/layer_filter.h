// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSortFilterProxyModel>

namespace bitwright {

/// Sorts the layer table by its SortRole and keeps rows whose name or operator matches a regular expression.
class LayerFilter : public QSortFilterProxyModel {
    Q_OBJECT
public:
    explicit LayerFilter(QObject* parent = nullptr);

    /// An expression that is still incomplete while typing ("conv[") is taken literally. Returns whether it
    /// was a regular expression.
    bool setFilterText(const QString& text);

protected:
    bool filterAcceptsRow(int sourceRow, const QModelIndex& sourceParent) const override;
};

} // namespace bitwright
