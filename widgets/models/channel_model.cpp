// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/channel_model.h"

#include "widgets/format.h"

#include <QLocale>

#include <cmath>

namespace bitwright {

void ChannelModel::setChannels(const ChannelSummary& summary, const std::vector<double>& sqnrDb)
{
    beginResetModel();
    m_summary = summary;
    m_sqnrDb = sqnrDb;
    endResetModel();
}

int ChannelModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_summary.channels.size());
}

int ChannelModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

double ChannelModel::number(int row, int column) const
{
    const ChannelRange& channel = m_summary.channels[size_t(row)];
    switch (column) {
    case Channel:
        return row;
    case Minimum:
        return channel.range.lo;
    case Maximum:
        return channel.range.hi;
    case Ratio:
        return channel.ratio;
    default:
        return size_t(row) < m_sqnrDb.size() ? m_sqnrDb[size_t(row)] : NAN;
    }
}

QVariant ChannelModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const double value = number(index.row(), index.column());
    if (role == SortRole)
        return std::isnan(value) ? QVariant() : QVariant(value);
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case Channel:
        return countText(index.row());
    case Ratio:
        return tr("%1×").arg(QLocale().toString(value, 'f', 2));
    case Sqnr:
        return decibelText(value);
    default:
        return numberText(value, 4);
    }
}

QVariant ChannelModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return QAbstractTableModel::headerData(section, orientation, role);
    const std::pair<QString, QString> headings[ColumnCount] = {
        {tr("Channel"),
         tr("Index along the channel axis; double-click a weight's channel to see its histogram")},
        {tr("Minimum"), tr("Least value")},
        {tr("Maximum"), tr("Greatest value")},
        {tr("Width"), tr("Width of the range, 0 included, as a multiple of the median channel's")},
        {tr("SQNR"), tr("Signal-to-quantization-noise ratio of this channel in dB")},
    };
    if (role == Qt::DisplayRole)
        return headings[section].first;
    if (role == Qt::ToolTipRole)
        return headings[section].second;
    return {};
}

} // namespace bitwright
