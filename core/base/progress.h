// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace bitwright {

/// How a verb reports what it does and learns that it should stop. A front end subclasses it (a bar in
/// the window, a line on standard error, a recorder in a test); the verb calls begin/advance and asks
/// cancelled() at least once per batch, layer, candidate and graph node.
///
/// begin, advance and note are called on the thread that runs the verb; cancel and cancelled on any.
class Progress {
public:
    struct State {
        std::string what;                  ///< "Calibrating", already fit for the user
        int64_t done = 0;                  ///< finished units
        int64_t total = 0;                 ///< all units; 0 = unknown
        double elapsedSeconds = 0;         ///< since begin()
        std::optional<double> secondsLeft; ///< from the mean pace; empty until something is done
    };

    Progress() = default;
    /// Of a part of a longer verb: cancelled together with `whole`, which must outlive it.
    explicit Progress(const Progress* whole)
        : m_whole(whole)
    {
    }
    virtual ~Progress() = default;

    /// Starts a stage of `total` units (0 = unknown); replaces the stage before.
    void begin(std::string what, int64_t total);
    /// `units` more are done. The front end hears of it at most every 50 ms, and of the last one always.
    void advance(int64_t units = 1);
    /// A sentence the user should see though the verb goes on ("random data is used ...").
    virtual void note(const std::string& message);

    void cancel() { m_cancelled.store(true, std::memory_order_relaxed); }
    bool cancelled() const
    {
        return m_cancelled.load(std::memory_order_relaxed) || (m_whole && m_whole->cancelled());
    }

protected:
    virtual void changed(const State& state);

private:
    void publish(bool force);

    using Clock = std::chrono::steady_clock;
    const Progress* m_whole = nullptr;
    State m_state;
    Clock::time_point m_begun, m_published;
    std::atomic<bool> m_cancelled{false};
};

} // namespace bitwright
