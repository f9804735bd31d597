// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/job_model.h"

#include "widgets/format.h"
#include "widgets/job_runner.h"

#include <QCoreApplication>

namespace bitwright {

namespace {

/// What the verbs of the core say they do (Progress::begin), for the translators; a test keeps it complete.
[[maybe_unused]] constexpr const char* kStages[]{
    QT_TRANSLATE_NOOP("Progress", "Calibrating"),
    QT_TRANSLATE_NOOP("Progress", "Comparing float and quantized"),
    QT_TRANSLATE_NOOP("Progress", "Comparing the written file"),
    QT_TRANSLATE_NOOP("Progress", "Comparing weights"),
    QT_TRANSLATE_NOOP("Progress", "Comparing with the float model"),
    QT_TRANSLATE_NOOP("Progress", "Deciding ranges"),
    QT_TRANSLATE_NOOP("Progress", "Equalizing channels"),
    QT_TRANSLATE_NOOP("Progress", "Evaluating"),
    QT_TRANSLATE_NOOP("Progress", "Measuring sensitivity"),
    QT_TRANSLATE_NOOP("Progress", "Opening shards"),
    QT_TRANSLATE_NOOP("Progress", "Preparing the sweep"),
    QT_TRANSLATE_NOOP("Progress", "Preparing the training"),
    QT_TRANSLATE_NOOP("Progress", "Quantizing weights"),
    QT_TRANSLATE_NOOP("Progress", "Reading session"),
    QT_TRANSLATE_NOOP("Progress", "Reading the model"),
    QT_TRANSLATE_NOOP("Progress", "Reading weights"),
    QT_TRANSLATE_NOOP("Progress", "Training"),
    QT_TRANSLATE_NOOP("Progress", "Unpacking weights"),
    QT_TRANSLATE_NOOP("Progress", "Writing ONNX"),
    QT_TRANSLATE_NOOP("Progress", "Writing fake-quantized TorchScript"),
    QT_TRANSLATE_NOOP("Progress", "Writing integer TorchScript"),
    QT_TRANSLATE_NOOP("Progress", "Writing the tuned model"),
    QT_TRANSLATE_NOOP("Progress", "Writing weights"),
};

QString stateText(const JobInfo& job)
{
    switch (job.state) {
    case JobInfo::Queued:
        return JobModel::tr("Queued");
    case JobInfo::Running:
        return job.isHeld ? JobModel::tr("Paused") : JobModel::tr("Running");
    case JobInfo::Stopping:
        return JobModel::tr("Stopping");
    case JobInfo::Finished:
        return JobModel::tr("Finished");
    case JobInfo::Failed:
        return JobModel::tr("Failed");
    case JobInfo::Cancelled:
        return JobModel::tr("Cancelled");
    }
    return {};
}

QString countsText(const JobInfo& job)
{
    const auto& p = job.progress;
    if (p.what.empty())
        return {};
    const QString what = QCoreApplication::translate("Progress", p.what.c_str());
    return p.total > 0 ? JobModel::tr("%1 %2 of %3").arg(what, countText(p.done), countText(p.total)) : what;
}

QString timeText(const JobInfo& job)
{
    if (job.isOver())
        return job.progress.elapsedSeconds > 0
                   ? JobModel::tr("took %1").arg(secondsText(job.progress.elapsedSeconds))
                   : QString();
    return job.progress.secondsLeft ? JobModel::tr("%1 left").arg(secondsText(*job.progress.secondsLeft))
                                    : QString();
}

} // namespace

QString progressText(const JobInfo& job)
{
    if (job.state == JobInfo::Stopping)
        return JobModel::tr("%1: stopping").arg(job.title);
    const QString counts = countsText(job), left = timeText(job);
    if (counts.isEmpty())
        return job.title;
    if (job.isHeld)
        return JobModel::tr("%1, paused").arg(counts);
    return left.isEmpty() ? counts : JobModel::tr("%1, %2").arg(counts, left);
}

int progressPercent(const JobInfo& job)
{
    if (job.state == JobInfo::Finished)
        return 100;
    return job.progress.total > 0 ? int(100 * job.progress.done / job.progress.total) : -1;
}

JobModel::JobModel(JobRunner* runner, QObject* parent)
    : QAbstractTableModel(parent)
    , m_runner(runner)
{
    // The runner has appended already when it says so; rows are told one by one all the same.
    connect(runner, &JobRunner::jobAdded, this, [this](int) {
        beginResetModel();
        endResetModel();
    });
    connect(runner, &JobRunner::jobsReset, this, [this] {
        beginResetModel();
        endResetModel();
    });
    connect(runner, &JobRunner::jobChanged, this,
            [this](int row) { Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1)); });
}

int JobModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_runner->jobs().size());
}

int JobModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant JobModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const JobInfo& job = m_runner->jobs()[index.row()];
    if (role == IdRole)
        return job.id;
    if (role == OverRole)
        return job.isOver();
    if (role == PercentRole)
        return progressPercent(job);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    switch (index.column()) {
    case Title:
        return job.title;
    case State:
        return stateText(job);
    case Progress:
        return countsText(job);
    case TimeLeft:
        return timeText(job);
    case Message:
        return job.message;
    }
    return {};
}

QVariant JobModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || (role != Qt::DisplayRole && role != Qt::ToolTipRole))
        return QAbstractTableModel::headerData(section, orientation, role);
    const QString helps[ColumnCount] = {tr("What is done"), tr("Jobs run one after the other"),
                                        tr("The step it is at, and how far"),
                                        tr("Remaining while it runs, needed when it is over"),
                                        tr("Why it failed, or what is to be said of the result")};
    if (role == Qt::ToolTipRole)
        return helps[section];
    const QString titles[ColumnCount] = {tr("Job"), tr("State"), tr("Progress"), tr("Time"), tr("Message")};
    return titles[section];
}

} // namespace bitwright
