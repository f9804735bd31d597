// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/layer_filter.h"

#include "widgets/models/layer_model.h"

#include <algorithm>
#include <numeric>

namespace bitwright {

namespace {

/// One sort key, taken out of its QVariant once.
struct Key {
    bool known = false;
    double number = 0;
    QString text;
};

Key keyOf(const QVariant& value)
{
    if (!value.isValid())
        return {};
    if (value.userType() == QMetaType::QString)
        return {true, 0, value.toString()};
    return {true, value.toDouble(), {}};
}

bool less(const Key& a, const Key& b)
{
    return a.number != b.number ? a.number < b.number : a.text < b.text;
}

/// Whole rows of `model`, few ranges for many neighbouring rows. `chosen` is by row.
QItemSelection rowRanges(const QAbstractItemModel& model, const std::vector<bool>& chosen)
{
    QItemSelection selection;
    const int last = model.columnCount() - 1;
    for (int row = 0; row < int(chosen.size()); ++row) {
        if (!chosen[size_t(row)])
            continue;
        const int first = row;
        while (row + 1 < int(chosen.size()) && chosen[size_t(row + 1)])
            ++row;
        selection.append(QItemSelectionRange(model.index(first, 0), model.index(row, last)));
    }
    return selection;
}

} // namespace

LayerFilter::LayerFilter(QObject* parent)
    : QAbstractProxyModel(parent)
{
    m_rebuildTimer.setSingleShot(true);
    m_rebuildTimer.setInterval(0);
    connect(&m_rebuildTimer, &QTimer::timeout, this, &LayerFilter::refresh);
}

void LayerFilter::setSourceModel(QAbstractItemModel* model)
{
    beginResetModel();
    if (sourceModel())
        sourceModel()->disconnect(this);
    QAbstractProxyModel::setSourceModel(model);
    connect(model, &QAbstractItemModel::modelAboutToBeReset, this, [this] { beginResetModel(); });
    connect(model, &QAbstractItemModel::modelReset, this, [this] {
        rebuild();
        endResetModel();
    });
    connect(model, &QAbstractItemModel::dataChanged, this, &LayerFilter::sourceChanged);
    rebuild();
    endResetModel();
}

bool LayerFilter::setFilterText(const QString& text)
{
    m_expression = QRegularExpression(text, QRegularExpression::CaseInsensitiveOption);
    const bool valid = m_expression.isValid();
    if (!valid)
        m_expression.setPattern(QRegularExpression::escape(text));
    refresh();
    return valid;
}

void LayerFilter::setExceptionsOnly(bool on)
{
    if (std::exchange(m_exceptionsOnly, on) != on)
        refresh();
}

void LayerFilter::sort(int column, Qt::SortOrder order)
{
    m_sortColumn = column;
    m_sortOrder = order;
    refresh();
}

void LayerFilter::refresh()
{
    m_rebuildTimer.stop();
    beginResetModel();
    rebuild();
    endResetModel();
}

void LayerFilter::rebuild()
{
    const int rows = sourceModel() ? sourceModel()->rowCount() : 0;
    m_toSource.clear();
    for (int row = 0; row < rows; ++row) {
        if (accepts(row))
            m_toSource.push_back(row);
    }
    sortRows();
    m_fromSource.assign(size_t(rows), -1);
    for (size_t i = 0; i < m_toSource.size(); ++i)
        m_fromSource[size_t(m_toSource[i])] = int(i);
    setOutdated(false);
}

bool LayerFilter::accepts(int sourceRow) const
{
    const auto cell = [&](int column) { return sourceModel()->index(sourceRow, column); };
    if (m_exceptionsOnly && !cell(LayerModel::Name).data(LayerModel::ExceptionRole).toBool())
        return false;
    const auto matches = [&](int column) {
        return m_expression.match(cell(column).data().toString()).hasMatch();
    };
    return m_expression.pattern().isEmpty() || matches(LayerModel::Name) || matches(LayerModel::Op);
}

void LayerFilter::sortRows()
{
    if (m_sortColumn < 0 || m_toSource.empty())
        return;
    std::vector<Key> keys(size_t(sourceModel()->rowCount()));
    for (int row : m_toSource)
        keys[size_t(row)] = keyOf(sourceModel()->index(row, m_sortColumn).data(LayerModel::SortRole));
    const bool ascending = m_sortOrder == Qt::AscendingOrder;
    std::stable_sort(m_toSource.begin(), m_toSource.end(), [&](int a, int b) {
        const Key &x = keys[size_t(a)], &y = keys[size_t(b)];
        if (x.known != y.known)
            return x.known;
        return ascending ? less(x, y) : less(y, x);
    });
}

void LayerFilter::setOutdated(bool outdated)
{
    if (std::exchange(m_outdated, outdated) != outdated)
        Q_EMIT outdatedChanged(outdated);
}

void LayerFilter::sourceChanged(const QModelIndex& first, const QModelIndex& last, const QList<int>& roles)
{
    int top = rowCount(), bottom = -1;
    bool moves = false;
    for (int row = first.row(); row <= last.row(); ++row) {
        const int mine = m_fromSource[size_t(row)];
        moves = moves || (m_exceptionsOnly && accepts(row) != (mine >= 0));
        if (mine >= 0) {
            top = std::min(top, mine);
            bottom = std::max(bottom, mine);
        }
    }
    if (bottom >= top)
        Q_EMIT dataChanged(index(top, first.column()), index(bottom, last.column()), roles);
    if (moves)
        m_rebuildTimer.start();
    const bool sorts = m_sortColumn != LayerModel::Name && m_sortColumn >= first.column() &&
                       m_sortColumn <= last.column() && roles.isEmpty();
    if (sorts && bottom >= top)
        setOutdated(true);
}

QModelIndex LayerFilter::index(int row, int column, const QModelIndex& parent) const
{
    return hasIndex(row, column, parent) ? createIndex(row, column) : QModelIndex();
}

QModelIndex LayerFilter::parent(const QModelIndex&) const
{
    return {};
}

QModelIndex LayerFilter::sibling(int row, int column, const QModelIndex&) const
{
    return index(row, column);
}

int LayerFilter::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_toSource.size());
}

int LayerFilter::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() || !sourceModel() ? 0 : sourceModel()->columnCount();
}

QModelIndex LayerFilter::mapToSource(const QModelIndex& index) const
{
    if (!index.isValid() || index.row() >= int(m_toSource.size()))
        return {};
    return sourceModel()->index(m_toSource[size_t(index.row())], index.column());
}

QModelIndex LayerFilter::mapFromSource(const QModelIndex& index) const
{
    if (!index.isValid() || index.row() >= int(m_fromSource.size()))
        return {};
    const int row = m_fromSource[size_t(index.row())];
    return row < 0 ? QModelIndex() : createIndex(row, index.column());
}

QItemSelection LayerFilter::mapSelectionToSource(const QItemSelection& selection) const
{
    std::vector<bool> chosen(m_fromSource.size());
    for (const QItemSelectionRange& range : selection) {
        for (int row = range.top(); row <= std::min(range.bottom(), rowCount() - 1); ++row)
            chosen[size_t(m_toSource[size_t(row)])] = true;
    }
    return rowRanges(*sourceModel(), chosen);
}

QItemSelection LayerFilter::mapSelectionFromSource(const QItemSelection& selection) const
{
    std::vector<bool> chosen(m_toSource.size());
    for (const QItemSelectionRange& range : selection) {
        for (int row = range.top(); row <= std::min(range.bottom(), int(m_fromSource.size()) - 1); ++row) {
            if (const int mine = m_fromSource[size_t(row)]; mine >= 0)
                chosen[size_t(mine)] = true;
        }
    }
    return rowRanges(*this, chosen);
}

QVariant LayerFilter::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal)
        return sourceModel() ? sourceModel()->headerData(section, orientation, role) : QVariant();
    return QAbstractItemModel::headerData(section, orientation, role);
}

} // namespace bitwright
