// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/view_update.h"

#include <QTimer>

#include <utility>

namespace bitwright {

ViewUpdate::ViewUpdate(JobRunner* runner, std::function<void()> start)
    : m_runner(runner)
    , m_start(std::move(start))
{
    connect(runner, &JobRunner::ended, this, [this](int id, JobInfo::State how) {
        if (id == m_running && how != JobInfo::Finished)
            m_running = 0;
    });
}

void ViewUpdate::request()
{
    m_isOutdated = true;
    if (m_running != 0)
        m_runner->cancel(std::exchange(m_running, 0));
    schedule();
}

void ViewUpdate::setWanted(bool wanted)
{
    m_isWanted = wanted;
    schedule();
}

void ViewUpdate::schedule()
{
    if (!m_isOutdated || !m_isWanted || std::exchange(m_isScheduled, true))
        return;
    QTimer::singleShot(0, this, [this] {
        m_isScheduled = false;
        if (!m_isOutdated || !m_isWanted)
            return;
        m_isOutdated = false;
        m_start();
    });
}

} // namespace bitwright
