// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/guard_p.h"

#include <c10/util/Exception.h>

#include <algorithm>
#include <cctype>
#include <new>

namespace bitwright {
namespace {

std::string trimmed(const std::string& text)
{
    const auto begin =
        std::find_if_not(text.begin(), text.end(), [](unsigned char c) { return std::isspace(c); });
    const auto end =
        std::find_if_not(text.rbegin(), text.rend(), [](unsigned char c) { return std::isspace(c); }).base();
    return begin < end ? std::string(begin, end) : std::string();
}

std::string firstLine(const std::string& text)
{
    for (size_t begin = 0; begin < text.size();) {
        const size_t end = std::min(text.find('\n', begin), text.size());
        const std::string line = trimmed(text.substr(begin, end - begin));
        if (!line.empty())
            return line;
        begin = end + 1;
    }
    return "LibTorch gave no reason";
}

} // namespace

StopCheck::StopCheck(const Progress& progress, double seconds)
    : m_progress(progress)
    , m_limited(seconds > 0)
    , m_seconds(seconds)
    , m_end(std::chrono::steady_clock::now() +
            std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                std::chrono::duration<double>(std::clamp(seconds, 0.0, 1e8))))
{
}

void StopCheck::checkSlowly() const
{
    if (m_progress.cancelled())
        throw Stop{cancelledError()};
    if (std::chrono::steady_clock::now() < m_end)
        return;
    throw Stop{{Error::Limit,
                "Opening took longer than " + std::to_string(int64_t(m_seconds)) +
                    " seconds and was stopped; raise the time limit or check the model.",
                {}}};
}

std::string cleanMessage(const std::string& raw)
{
    std::string text = raw.substr(0, raw.find("Exception raised from"));
    // The interpreter puts the reason behind its trace: "RuntimeError: ...".
    const size_t reason = text.rfind("RuntimeError: ");
    if (reason != std::string::npos)
        text = text.substr(reason + 14);
    text = firstLine(text);
    constexpr size_t kLongest = 300;
    if (text.size() > kLongest)
        text = text.substr(0, kLongest) + "...";
    if (text.back() != '.' && text.back() != '!' && text.back() != '?')
        text += '.';
    return text;
}

Error currentError(const std::string& where)
{
    try {
        throw;
    } catch (const Stop& stop) {
        Error error = stop.error;
        if (error.where.empty() && error.code != Error::Cancelled)
            error.where = where;
        return error;
    } catch (const c10::Error& error) {
        return {Error::Unsupported, cleanMessage(error.what_without_backtrace()), where};
    } catch (const std::bad_alloc&) {
        return {Error::Limit, "There is not enough memory for this model or batch.", where};
    } catch (const std::exception& error) {
        return {Error::Unsupported, cleanMessage(error.what()), where};
    } catch (...) {
        return {Error::Internal, "An unknown exception was thrown.", where};
    }
}

} // namespace bitwright
