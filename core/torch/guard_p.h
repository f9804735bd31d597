// SPDX-License-Identifier: GPL-3.0-or-later
// The one place where exceptions of LibTorch become errors.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"

#include <chrono>
#include <string>
#include <utility>

namespace bitwright {

/// Thrown inside the torch room to leave nested passes and node loops; ends in guarded().
struct Stop {
    Error error;
};

/// Asked between steps: throws Stop when the user cancelled or the time is over.
class StopCheck {
public:
    explicit StopCheck(const Progress& progress)
        : m_progress(progress)
    {
    }
    StopCheck(const Progress& progress, double seconds);

    void check() const
    {
        if (m_progress.cancelled() || m_limited)
            checkSlowly();
    }

private:
    void checkSlowly() const;

    const Progress& m_progress;
    bool m_limited = false;
    double m_seconds = 0;
    std::chrono::steady_clock::time_point m_end;
};

/// One sentence from the message of a LibTorch exception: no stack trace, no source listing.
std::string cleanMessage(const std::string& raw);

/// The error for the exception that is being handled; call inside a catch block only.
Error currentError(const std::string& where);

/// Calls `body`, which returns a Result, and turns everything it throws into an Error.
template<typename Body>
auto guarded(const std::string& where, Body&& body) -> decltype(body())
{
    try {
        return std::forward<Body>(body)();
    } catch (...) {
        return currentError(where);
    }
}

} // namespace bitwright
