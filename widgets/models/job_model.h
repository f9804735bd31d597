// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>

namespace bitwright {

class JobRunner;
struct JobInfo;

/// Running, queued and finished jobs, the newest last.
class JobModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Title, State, Progress, TimeLeft, Message, ColumnCount };
    enum Roles { IdRole = Qt::UserRole, OverRole /* bool */, PercentRole /* int, -1 = unknown */ };

    explicit JobModel(JobRunner* runner, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    JobRunner* m_runner;
};

/// "Calibrating 64 of 512, 3 s left"
QString progressText(const JobInfo& job);
/// 0..100, -1 when the total is unknown.
int progressPercent(const JobInfo& job);

} // namespace bitwright
