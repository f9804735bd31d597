// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/evaluate.h"

#include <QAbstractTableModel>
#include <QStringList>

namespace bitwright {

/// The samples for which float and quantized model predict different classes, the surest of the float model
/// first.
class FlipModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Sample, Label, FloatClass, QuantizedClass, FloatMargin, QuantizedMargin, ColumnCount };
    enum Filter { All, Lost, Gained, BothWrong };

    using QAbstractTableModel::QAbstractTableModel;
    void setPredictions(std::vector<SamplePrediction> predictions, const QStringList& names);
    void setFilter(Filter filter);
    const SamplePrediction& prediction(int row) const { return m_shown[size_t(row)]; }
    /// All predictions that flipped, whatever the filter.
    int flippedCount() const;
    /// What is shown, with a header line, C locale.
    QString csv() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    void choose();
    QString className(int64_t index) const;

    std::vector<SamplePrediction> m_all, m_shown;
    QStringList m_names;
    Filter m_filter = All;
};

} // namespace bitwright
