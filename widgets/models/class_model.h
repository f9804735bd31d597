// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/evaluate.h"

#include <QAbstractTableModel>
#include <QStringList>

namespace bitwright {

/// Precision and recall of every class, float and quantized.
class ClassModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Name, Samples, FloatPrecision, Precision, FloatRecall, Recall, RecallChange, ColumnCount };
    static constexpr int kSortRole = Qt::UserRole;

    using QAbstractTableModel::QAbstractTableModel;
    /// Empty without confusion tables.
    void setEvaluation(const Evaluation& evaluation, const QStringList& names);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Row {
        QString name;
        double numbers[ColumnCount]{}; ///< shares and counts; NaN for 0/0
    };
    std::vector<Row> m_rows;
};

} // namespace bitwright
