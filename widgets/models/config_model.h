// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/document.h"

#include <QAbstractTableModel>

#include <optional>
#include <set>

namespace bitwright {

/// A plan that can be compared and applied: the plan as it is, a snapshot, or one that was evaluated.
struct Configuration {
    QString name;
    QuantPlan plan;
    std::shared_ptr<const Model> model;   ///< the weights it belongs to
    std::optional<Cost> cost;             ///< empty until computed
    std::optional<Evaluation> evaluation; ///< empty until measured
    bool isCurrent = false;

    bool isSame(const Configuration& other) const { return plan == other.plan && model == other.model; }
};

/// The list of configurations with their figures; up to four can be checked for comparing.
class ConfigModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Name, Exceptions, Size, Bops, Energy, Top1, Loss, Sqnr, ColumnCount };
    static constexpr int kMostCompared = 4;

    explicit ConfigModel(QObject* parent = nullptr);

    /// Checked ones stay checked by their plan.
    void setConfigurations(std::vector<Configuration> configurations);
    const std::vector<Configuration>& configurations() const { return m_rows; }
    /// Rows that are compared, in order.
    QList<int> checkedRows() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

Q_SIGNALS:
    void checkedChanged();

private:
    QString text(const Configuration& row, int column) const;

    std::vector<Configuration> m_rows;
    std::set<int> m_checked;
};

/// The layers in which configurations differ, side by side.
class ConfigDiffModel : public QAbstractTableModel {
    Q_OBJECT
public:
    using QAbstractTableModel::QAbstractTableModel;

    void setConfigurations(const Document& document, const std::vector<Configuration>& compared);
    /// Row of the document behind a row.
    int documentRow(int row) const { return m_rows[size_t(row)].row; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Row {
        int row = 0;
        QString name;
        QStringList texts, helps;
    };
    std::vector<Row> m_rows;
    QStringList m_names;
};

} // namespace bitwright
