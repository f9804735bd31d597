// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/progress.h"

#include <chrono>
#include <string>

namespace bitwright::cli {

/// Progress on standard error: a bar that redraws itself on a terminal; otherwise one line when a stage is
/// finished and one every few seconds before that; nothing at all when quiet.
class ProgressBar : public Progress {
public:
    explicit ProgressBar(bool quiet);
    /// Removes an unfinished bar, so that something else can be printed.
    ~ProgressBar() override;
    void clear();
    /// As if it had been quiet from the start.
    void silence() { m_quiet = true; }

    void note(const std::string& message) override;

protected:
    void changed(const State& state) override;

private:
    void draw(const State& state);
    void printLine(const State& state);

    bool m_quiet;
    const bool m_terminal;
    bool m_drawn = false;
    std::chrono::steady_clock::time_point m_printed = std::chrono::steady_clock::now();
};

} // namespace bitwright::cli
