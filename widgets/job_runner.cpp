// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/job_runner.h"

#include "widgets/core_messages.h"
#include "widgets/format.h"

#include <QTimer>
#include <QtConcurrentRun>

#include <algorithm>
#include <exception>

namespace bitwright {

namespace {

/// How long a verb may take to react to Cancel before its lane goes on without it.
constexpr int kPatienceMs = 400;

/// Hands what a verb reports to the window's thread.
class QueuedProgress : public Progress {
public:
    using Changed = std::function<void(const State&)>;
    using Noted = std::function<void(const QString&)>;
    QueuedProgress(QObject* context, Changed changed, Noted noted)
        : m_context(context)
        , m_changed(std::move(changed))
        , m_noted(std::move(noted))
    {
    }
    void note(const std::string& message) override
    {
        const QString text = coreText(message);
        QMetaObject::invokeMethod(
            m_context, [noted = m_noted, text] { noted(text); }, Qt::QueuedConnection);
    }

protected:
    void changed(const State& state) override
    {
        QMetaObject::invokeMethod(
            m_context, [f = m_changed, state] { f(state); }, Qt::QueuedConnection);
    }

private:
    QObject* m_context;
    Changed m_changed;
    Noted m_noted;
};

} // namespace

struct JobRunner::Job {
    int id = 0;
    Lane lane = Lane::Work;
    QString title;
    Work work;
    OnCancel onCancel = OnCancel::Drop;
    std::unique_ptr<QueuedProgress> progress;
    bool abandoned = false;
};

JobRunner::JobRunner(QObject* parent)
    : QObject(parent)
{
    // One thread a lane, and room for verbs that were abandoned but have not returned yet.
    m_pool.setMaxThreadCount(8);
}

JobRunner::~JobRunner()
{
    for (const auto& job : m_running)
        job->progress->cancel();
    m_queue.clear();
    m_pool.waitForDone();
}

int JobRunner::enqueue(Lane lane, const QString& title, Work work, OnCancel onCancel)
{
    auto job = std::make_shared<Job>();
    job->id = ++m_lastId;
    job->lane = lane;
    job->title = title;
    job->work = std::move(work);
    job->onCancel = onCancel;
    job->progress = std::make_unique<QueuedProgress>(
        this, [this, id = job->id](const Progress::State& state) { setProgress(id, state); },
        [this](const QString& message) { Q_EMIT noted(message); });
    if (lane == Lane::Work) {
        JobInfo info;
        info.id = job->id;
        info.title = title;
        m_infos.append(info);
        Q_EMIT jobAdded(int(m_infos.size()) - 1);
    }
    m_queue.append(job);
    startNext(lane);
    return job->id;
}

bool JobRunner::isBusy(Lane lane) const
{
    const auto inLane = [lane](const auto& job) { return job->lane == lane; };
    return std::any_of(m_running.begin(), m_running.end(), inLane) ||
           std::any_of(m_queue.begin(), m_queue.end(), inLane);
}

void JobRunner::startNext(Lane lane)
{
    const auto inLane = [lane](const auto& job) { return job->lane == lane; };
    if (std::any_of(m_running.begin(), m_running.end(), inLane))
        return;
    const auto next = std::find_if(m_queue.begin(), m_queue.end(), inLane);
    if (next == m_queue.end())
        return;
    const std::shared_ptr<Job> job = *next;
    m_queue.erase(next);
    m_running.append(job);
    setState(job->id, JobInfo::Running);
    launch(job);
}

void JobRunner::launch(const std::shared_ptr<Job>& job)
{
    const auto run = [this, job] {
        Outcome outcome;
        // The rooms do not throw; this keeps a failed allocation from ending the program.
        try {
            outcome = job->work(*job->progress);
        } catch (const std::exception& e) {
            outcome.error = Error{Error::Internal, e.what(), {}};
        }
        QMetaObject::invokeMethod(
            this, [this, job, outcome] { finish(job, outcome); }, Qt::QueuedConnection);
    };
    Q_UNUSED(QtConcurrent::run(&m_pool, run));
}

void JobRunner::finish(const std::shared_ptr<Job>& job, const Outcome& outcome)
{
    if (job->abandoned)
        return;
    const bool cancelled =
        job->progress->cancelled() || (outcome.error && outcome.error->code == Error::Cancelled);
    const bool deliver = outcome.deliver && (!cancelled || job->onCancel == OnCancel::KeepPartial);
    if (deliver)
        outcome.deliver();
    JobInfo::State how = JobInfo::Finished;
    QString message;
    if (cancelled) {
        how = JobInfo::Cancelled;
        message = deliver ? tr("What was finished is kept and marked partial.") : QString();
    } else if (outcome.error) {
        how = JobInfo::Failed;
        message = errorText(*outcome.error);
        Q_EMIT failed(job->title, message);
    }
    setState(job->id, how, message);
    release(job, how);
}

void JobRunner::release(const std::shared_ptr<Job>& job, JobInfo::State how)
{
    m_running.removeOne(job);
    Q_EMIT ended(job->id, how);
    startNext(job->lane);
    if (isIdle())
        Q_EMIT idle();
}

void JobRunner::cancel(int id)
{
    const auto hasId = [id](const auto& job) { return job->id == id; };
    if (const auto queued = std::find_if(m_queue.begin(), m_queue.end(), hasId); queued != m_queue.end()) {
        m_queue.erase(queued);
        setState(id, JobInfo::Cancelled);
        Q_EMIT ended(id, JobInfo::Cancelled);
        return;
    }
    const auto running = std::find_if(m_running.begin(), m_running.end(), hasId);
    if (running == m_running.end() || (*running)->progress->cancelled())
        return;
    const std::shared_ptr<Job> job = *running;
    job->progress->cancel();
    setState(id, JobInfo::Stopping);
    QTimer::singleShot(kPatienceMs, this, [this, job] {
        if (!m_running.contains(job))
            return;
        job->abandoned = true;
        setState(job->id, JobInfo::Cancelled);
        release(job, JobInfo::Cancelled);
    });
}

void JobRunner::countHeldTime(JobInfo& info)
{
    if (info.isHeld)
        info.heldSeconds += double(m_heldSince.restart()) / 1000;
}

void JobRunner::hold(int id, bool on)
{
    const int index = indexOf(id);
    if (index < 0 || m_infos[index].isHeld == on)
        return;
    countHeldTime(m_infos[index]);
    m_infos[index].isHeld = on;
    m_heldSince.start();
    Q_EMIT jobChanged(index);
}

void JobRunner::cancelLane(Lane lane)
{
    QList<int> ids;
    for (const auto& job : m_queue + m_running) {
        if (job->lane == lane)
            ids.append(job->id);
    }
    for (int id : ids)
        cancel(id);
}

const JobInfo* JobRunner::current() const
{
    for (const JobInfo& info : m_infos) {
        if (info.state == JobInfo::Running || info.state == JobInfo::Stopping)
            return &info;
    }
    return nullptr;
}

const JobInfo* JobRunner::find(int id) const
{
    const int index = indexOf(id);
    return index < 0 ? nullptr : &m_infos[index];
}

void JobRunner::clearFinished()
{
    m_infos.removeIf([](const JobInfo& info) { return info.isOver(); });
    Q_EMIT jobsReset();
}

int JobRunner::indexOf(int id) const
{
    for (int i = 0; i < m_infos.size(); ++i) {
        if (m_infos[i].id == id)
            return i;
    }
    return -1;
}

void JobRunner::setState(int id, JobInfo::State state, const QString& message)
{
    const int index = indexOf(id);
    if (index < 0)
        return;
    m_infos[index].state = state;
    m_infos[index].message = message;
    Q_EMIT jobChanged(index);
}

void JobRunner::setProgress(int id, const Progress::State& progress)
{
    const int index = indexOf(id);
    if (index < 0 || m_infos[index].isOver())
        return;
    JobInfo& info = m_infos[index];
    // A new stage counts from its own beginning.
    if (info.progress.what != progress.what)
        info.heldSeconds = 0;
    countHeldTime(info);
    info.progress = progress;
    const double pace = std::max(0.0, progress.elapsedSeconds - info.heldSeconds) /
                        std::max(progress.elapsedSeconds, 1e-9);
    info.progress.elapsedSeconds *= pace;
    if (info.progress.secondsLeft)
        *info.progress.secondsLeft *= pace;
    Q_EMIT jobChanged(index);
}

} // namespace bitwright
