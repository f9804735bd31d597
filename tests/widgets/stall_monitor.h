// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractEventDispatcher>
#include <QObject>

#include <algorithm>
#include <ctime>

namespace bitwright::test {

/// Processor time of the calling thread in seconds.
inline double threadSeconds()
{
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return double(t.tv_sec) + 1e-9 * double(t.tv_nsec);
}

/// How long the event loop of the calling thread was away from its events: the busiest turn since reset(). A
/// click during that time has to wait so long. Processor time, so that waiting for events does not count, nor
/// what other programs take of a busy machine.
class StallMonitor : public QObject {
public:
    StallMonitor()
    {
        connect(QAbstractEventDispatcher::instance(), &QAbstractEventDispatcher::awake, this, [this] {
            const double now = threadSeconds();
            m_longest = std::max(m_longest, now - m_start);
            m_start = now;
        });
        reset();
    }

    void reset()
    {
        m_longest = 0;
        m_start = threadSeconds();
    }
    double longestMs() const { return 1e3 * m_longest; }

private:
    double m_longest = 0, m_start = 0;
};

} // namespace bitwright::test
