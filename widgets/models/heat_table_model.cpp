// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/heat_table_model.h"

#include "widgets/theme.h"

#include <QBrush>

namespace bitwright {

void HeatTableModel::setGrid(HeatGridPtr grid)
{
    const bool sameShape = m_grid && grid && m_grid->rows == grid->rows && m_grid->columns == grid->columns &&
                           m_grid->rowNames == grid->rowNames && m_grid->columnNames == grid->columnNames;
    if (sameShape && grid->rows > 0) {
        m_grid = std::move(grid);
        Q_EMIT dataChanged(index(0, 0), index(m_grid->rows - 1, m_grid->columns - 1));
        return;
    }
    beginResetModel();
    m_grid = std::move(grid);
    endResetModel();
}

int HeatTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_grid || m_grid->isEmpty() ? 0 : m_grid->rows;
}

int HeatTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_grid || m_grid->isEmpty() ? 0 : m_grid->columns;
}

QVariant HeatTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return m_grid->valueText(index.row(), index.column());
    case Qt::TextAlignmentRole:
        return int(Qt::AlignRight | Qt::AlignVCenter);
    case Qt::AccessibleTextRole:
        return QStringLiteral("%1, %2: %3")
            .arg(m_grid->rowName(index.row()), m_grid->columnName(index.column()),
                 m_grid->valueText(index.row(), index.column(), true));
    default:
        return {};
    }
}

QVariant HeatTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (!m_grid || section < 0)
        return {};
    const bool columns = orientation == Qt::Horizontal;
    if (role == Qt::ToolTipRole && columns)
        return m_grid->columnUnits.value(section).isEmpty()
                   ? m_grid->title
                   : tr("%1, in %2").arg(m_grid->columnName(section), m_grid->columnUnits[section]);
    if (role != Qt::DisplayRole)
        return {};
    if (section >= (columns ? m_grid->columns : m_grid->rows))
        return {};
    return columns ? m_grid->columnName(section) : m_grid->rowName(section);
}

} // namespace bitwright
