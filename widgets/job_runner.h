// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"

#include <QElapsedTimer>
#include <QList>
#include <QObject>
#include <QString>
#include <QThreadPool>

#include <functional>
#include <memory>

namespace bitwright {

/// What the window shows of one job.
struct JobInfo {
    enum State { Queued, Running, Stopping, Finished, Failed, Cancelled };
    int id = 0;
    QString title;
    State state = Queued;
    Progress::State progress;
    QString message; ///< failure or note, one sentence
    bool isHeld = false; ///< somebody paused it: its time stands still
    double heldSeconds = 0;

    bool isOver() const { return state == Finished || state == Failed || state == Cancelled; }
};

/// The only place where threads start. A job is a synchronous verb of the core: it runs on a pool thread
/// with its own Progress, and its value is delivered on the window's thread. Jobs of one lane run one
/// after the other; a failed or cancelled job delivers nothing, so earlier results stay as they were.
class JobRunner : public QObject {
    Q_OBJECT
public:
    /// Work is listed for the user; the other lanes follow edits, or write the user's own files, and stay
    /// silent.
    enum class Lane { Work, Reports, Plot, Layout, Files };
    enum class OnCancel { Drop, KeepPartial };

    explicit JobRunner(QObject* parent = nullptr);
    /// Cancels everything and waits for the threads.
    ~JobRunner() override;

    /// `work` runs on a pool thread, `deliver` here. KeepPartial: a value that was returned although the
    /// job was cancelled is delivered too (the verb marks it partial). Returns the job's id.
    template<typename T>
    int start(Lane lane, const QString& title, std::function<Result<T>(Progress&)> work,
              std::function<void(T)> deliver, OnCancel onCancel = OnCancel::Drop);

    /// Stops a job; within 0.5 s the lane is free again, whether or not the verb has reacted.
    void cancel(int id);
    void cancelLane(Lane lane);
    /// The verb waits because it was told to, or goes on: that time counts neither as taken nor for the pace.
    void hold(int id, bool on);

    /// Jobs of the Work lane, oldest first.
    const QList<JobInfo>& jobs() const { return m_infos; }
    /// The running job of the Work lane, or nullptr.
    const JobInfo* current() const;
    /// Nullptr for silent lanes and cleared jobs.
    const JobInfo* find(int id) const;
    bool isIdle() const { return m_running.isEmpty() && m_queue.isEmpty(); }
    bool isBusy(Lane lane) const;
    void clearFinished();

Q_SIGNALS:
    void jobAdded(int index);
    void jobChanged(int index);
    void jobsReset();
    /// The job is over, in whichever way; its value has been delivered.
    void ended(int id, bitwright::JobInfo::State how);
    /// One sentence each; also for jobs that are not listed.
    void failed(const QString& title, const QString& message);
    void noted(const QString& message);
    void idle();

private:
    struct Outcome {
        std::function<void()> deliver; ///< empty on failure
        std::optional<Error> error;
    };
    struct Job;
    using Work = std::function<Outcome(Progress&)>;

    int enqueue(Lane lane, const QString& title, Work work, OnCancel onCancel);
    void startNext(Lane lane);
    void launch(const std::shared_ptr<Job>& job);
    void finish(const std::shared_ptr<Job>& job, const Outcome& outcome);
    void release(const std::shared_ptr<Job>& job, JobInfo::State how);
    void setState(int id, JobInfo::State state, const QString& message = {});
    void setProgress(int id, const Progress::State& progress);
    int indexOf(int id) const;
    void countHeldTime(JobInfo& info);

    QThreadPool m_pool;
    QList<JobInfo> m_infos;
    QList<std::shared_ptr<Job>> m_queue, m_running;
    QElapsedTimer m_heldSince; ///< of the one job of the Work lane
    int m_lastId = 0;
};

template<typename T>
int JobRunner::start(Lane lane, const QString& title, std::function<Result<T>(Progress&)> work,
                     std::function<void(T)> deliver, OnCancel onCancel)
{
    auto erased = [work = std::move(work), deliver = std::move(deliver)](Progress& progress) -> Outcome {
        auto result = std::make_shared<Result<T>>(work(progress));
        if (!*result)
            return {{}, result->error()};
        return {[result, deliver] { deliver(std::move(**result)); }, {}};
    };
    return enqueue(lane, title, std::move(erased), onCancel);
}

} // namespace bitwright
