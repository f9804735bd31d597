// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/channel_ranges.h"

#include <QAbstractTableModel>

#include <vector>

namespace bitwright {

/// The channels of one tensor as a table, one row a channel in their order: what the plot of the ranges
/// draws.
class ChannelModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Channel, Minimum, Maximum, Ratio, Sqnr, ColumnCount };
    static constexpr int SortRole = Qt::UserRole; ///< the number behind a cell

    using QAbstractTableModel::QAbstractTableModel;

    /// `sqnrDb` by channel, empty where it is not known.
    void setChannels(const ChannelSummary& summary, const std::vector<double>& sqnrDb);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    double number(int row, int column) const;

    ChannelSummary m_summary;
    std::vector<double> m_sqnrDb;
};

} // namespace bitwright
