// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/job_runner.h"

namespace bitwright {

/// Keeps one view up to date with silent jobs of the Plot lane. Of several requests only the last is worked
/// on, from the next turn of the event loop on and only while the view is wanted; a job whose result would
/// be outdated is cancelled and delivers nothing.
class ViewUpdate : public QObject {
    Q_OBJECT
public:
    /// `start` reads the state to show, and calls run() or shows at once what is missing.
    ViewUpdate(JobRunner* runner, std::function<void()> start);

    void request();
    /// Whether anybody looks; a view that is not wanted catches up when it is. At first it is.
    void setWanted(bool wanted);
    bool isUpToDate() const { return m_running == 0 && (!m_isOutdated || !m_isWanted); }

    /// `deliver` gets the value or the error of `work` on the window's thread.
    template<typename T>
    void run(const QString& title, std::function<Result<T>(Progress&)> work,
             std::function<void(Result<T>)> deliver);

private:
    void schedule();

    JobRunner* m_runner;
    std::function<void()> m_start;
    int m_running = 0;
    bool m_isOutdated = false, m_isWanted = true, m_isScheduled = false;
};

template<typename T>
void ViewUpdate::run(const QString& title, std::function<Result<T>(Progress&)> work,
                     std::function<void(Result<T>)> deliver)
{
    using Outcome = std::shared_ptr<Result<T>>;
    m_running = m_runner->start<Outcome>(
        JobRunner::Lane::Plot, title,
        [work = std::move(work)](Progress& progress) -> Result<Outcome> {
            return std::make_shared<Result<T>>(work(progress));
        },
        [this, deliver = std::move(deliver)](const Outcome& outcome) {
            m_running = 0;
            deliver(std::move(*outcome));
        });
}

} // namespace bitwright
