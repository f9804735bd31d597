// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/html_text.h"

#include <cmath>

namespace bitwright::html {
namespace {

constexpr const char* kReplacement = "\xEF\xBF\xBD";

/// Bytes of the well-formed UTF-8 sequence at `at`; 0 when there is none.
size_t sequenceLength(std::string_view text, size_t at)
{
    const auto byte = [&](size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
    const auto follows = [&](size_t i) { return (byte(i) & 0xC0) == 0x80; };
    const unsigned lead = byte(at);
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead <= 0xDF)
        return follows(at + 1) ? 2 : 0;
    if (lead >= 0xE0 && lead <= 0xEF)
        return follows(at + 1) && follows(at + 2) && !(lead == 0xE0 && byte(at + 1) < 0xA0) ? 3 : 0;
    if (lead >= 0xF0 && lead <= 0xF4)
        return follows(at + 1) && follows(at + 2) && follows(at + 3) ? 4 : 0;
    return 0;
}

const char* entity(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? kReplacement : nullptr;
    }
}

} // namespace

std::string escape(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (size_t i = 0; i < text.size();) {
        const size_t length = sequenceLength(text, i);
        if (length == 0)
            out += kReplacement;
        else if (const char* replaced = length == 1 ? entity(text[i]) : nullptr)
            out += replaced;
        else
            out.append(text.substr(i, length));
        i += length ? length : 1;
    }
    return out;
}

std::string decibel(std::optional<double> value)
{
    if (!value)
        return "-";
    if (std::isnan(*value))
        return "not comparable";
    if (std::isinf(*value))
        return *value > 0 ? "exact" : "-inf";
    return text::formatted("%.1f", *value);
}

std::string number(std::optional<double> value, int digits)
{
    return value && std::isfinite(*value) ? text::formatted("%.*g", digits, *value) : "-";
}

std::string coordinate(double value)
{
    return text::formatted("%.1f", std::isfinite(value) ? value : 0.0);
}

std::string heat(std::optional<double> decibels)
{
    if (!decibels || std::isnan(*decibels))
        return {};
    const double steps = std::isinf(*decibels) ? (*decibels > 0 ? 0 : 5) : std::ceil((40 - *decibels) / 6);
    return text::formatted("h%d", int(std::fmin(5, std::fmax(0, steps))));
}

} // namespace bitwright::html
