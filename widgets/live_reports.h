// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QObject>

namespace bitwright {

class Document;
class JobRunner;
struct RowOutcome;

/// Keeps the local errors of every row true to the plan: after an edit, a new calibration or a new model it
/// recomputes the rows concerned in the background, edited rows first. A row that changed again while it was
/// computed is computed again; its outdated result is never shown.
class LiveReports : public QObject {
    Q_OBJECT
public:
    LiveReports(Document* document, JobRunner* runner, QObject* parent = nullptr);

    bool isUpToDate() const { return m_dirty.isEmpty() && m_running == 0; }

Q_SIGNALS:
    /// Every row is true to the plan again.
    void upToDate();
    /// The error of a row could not be computed; one sentence.
    void failed(const QString& message);

private:
    void restart();
    void markDirty(const QList<int>& rows);
    void markAll();
    void startNext();
    void deliver(int generation, int row, const RowOutcome& outcome);

    Document* m_document;
    JobRunner* m_runner;
    QList<int> m_dirty;   ///< in the order of computing
    int m_generation = 0; ///< of the model; results of an earlier one are dropped
    int m_running = 0;    ///< id of the job, 0 = none
};

} // namespace bitwright
