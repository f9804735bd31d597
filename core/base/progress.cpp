// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/progress.h"

namespace bitwright {

void Progress::begin(std::string what, int64_t total)
{
    m_state = {std::move(what), 0, total, 0, {}};
    m_begun = Clock::now();
    publish(true);
}

void Progress::advance(int64_t units)
{
    m_state.done += units;
    publish(m_state.total > 0 && m_state.done >= m_state.total);
}

void Progress::publish(bool force)
{
    const auto now = Clock::now();
    if (!force && now - m_published < std::chrono::milliseconds(50))
        return;
    m_published = now;
    m_state.elapsedSeconds = std::chrono::duration<double>(now - m_begun).count();
    if (m_state.done > 0 && m_state.total > 0) {
        const double left = double(m_state.total - m_state.done) / double(m_state.done);
        m_state.secondsLeft = m_state.elapsedSeconds * left;
    }
    changed(m_state);
}

void Progress::note(const std::string&) {}

void Progress::changed(const State&) {}

} // namespace bitwright
