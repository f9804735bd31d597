// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/progress_bar.h"

#include "app/cli/format.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace bitwright::cli {
namespace {

constexpr auto kLineEvery = std::chrono::seconds(5);

size_t terminalColumns()
{
    winsize size{};
    const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20;
    return known ? size.ws_col : 80;
}

std::string counts(const Progress::State& state)
{
    return std::to_string(state.done) + "/" + std::to_string(state.total);
}

} // namespace

ProgressBar::ProgressBar(bool quiet)
    : m_quiet(quiet)
    , m_terminal(::isatty(STDERR_FILENO))
{
}

ProgressBar::~ProgressBar()
{
    clear();
}

void ProgressBar::clear()
{
    if (m_drawn)
        std::fputs("\r\033[K", stderr);
    m_drawn = false;
}

void ProgressBar::note(const std::string& message)
{
    if (m_quiet)
        return;
    clear();
    std::fprintf(stderr, "bitwright-cli: note: %s\n", text::printable(message).c_str());
}

void ProgressBar::changed(const State& state)
{
    if (m_quiet)
        return;
    if (m_terminal)
        return draw(state);
    const auto now = std::chrono::steady_clock::now();
    const bool finished = state.total > 0 && state.done >= state.total;
    if (!finished && now - m_printed < kLineEvery)
        return;
    m_printed = now;
    printLine(state);
}

void ProgressBar::draw(const State& state)
{
    constexpr size_t kWidth = 24;
    std::string line = text::printable(state.what);
    if (state.total > 0) {
        const size_t filled = size_t(double(kWidth) * double(state.done) / double(state.total));
        std::string bar(std::min(filled, kWidth), '#');
        bar.resize(kWidth, '.');
        line += " [" + bar + "] " + counts(state);
    }
    if (state.secondsLeft && state.done < state.total)
        line += ", " + durationText(*state.secondsLeft) + " left";
    size_t end = std::min(line.size(), terminalColumns() - 1);
    while (end < line.size() && end > 0 && (line[end] & 0xC0) == 0x80)
        --end; // no half of a character
    line.resize(end);
    std::fprintf(stderr, "\r\033[K%s", line.c_str());
    std::fflush(stderr);
    m_drawn = true;
    if (state.total > 0 && state.done >= state.total)
        clear();
}

void ProgressBar::printLine(const State& state)
{
    std::string line = text::printable(state.what);
    if (state.total > 0)
        (line += ' ') += counts(state);
    line += ", " + durationText(state.elapsedSeconds);
    if (state.secondsLeft && state.done < state.total)
        line += ", " + durationText(*state.secondsLeft) + " left";
    std::fprintf(stderr, "%s\n", line.c_str());
}

} // namespace bitwright::cli
