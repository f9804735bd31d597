// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/layer_filter.h"

#include "widgets/models/layer_model.h"

#include <QRegularExpression>

namespace bitwright {

LayerFilter::LayerFilter(QObject* parent)
    : QSortFilterProxyModel(parent)
{
    setSortRole(LayerModel::SortRole);
    setDynamicSortFilter(false);
}

bool LayerFilter::setFilterText(const QString& text)
{
    QRegularExpression expression(text, QRegularExpression::CaseInsensitiveOption);
    const bool valid = expression.isValid();
    if (!valid)
        expression.setPattern(QRegularExpression::escape(text));
    setFilterRegularExpression(expression);
    return valid;
}

bool LayerFilter::filterAcceptsRow(int sourceRow, const QModelIndex& sourceParent) const
{
    const auto matches = [&](int column) {
        const QModelIndex index = sourceModel()->index(sourceRow, column, sourceParent);
        return filterRegularExpression().match(index.data().toString()).hasMatch();
    };
    return matches(LayerModel::Name) || matches(LayerModel::Op);
}

} // namespace bitwright
