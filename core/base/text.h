// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <cstdio>
#include <optional>
#include <span>
#include <string>

/// Texts for readers, in ASCII; "-" for what does not exist.
namespace bitwright::text {

/// As printf, for texts of numbers: at most 63 bytes.
template<typename... Args>
std::string formatted(const char* format, Args... args)
{
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, format, args...);
    return buffer;
}

/// `text` without control characters: a file must not write to a terminal through its names.
std::string printable(std::string text);
/// "12,345,678"
std::string count(int64_t value);
/// "1.23 GBOP", "4.56 uJ", "1.23 G": `value` of `unit` with a decimal prefix.
std::string magnitude(double value, const std::string& unit = {});
/// "431.5 kB"
std::string bytes(int64_t value);
/// "90.12 %" of a share in [0, 1].
std::string percent(std::optional<double> share);
/// "31.4 dB"; "exact" for +infinity, "not comparable" for NaN.
std::string decibels(std::optional<double> value);
/// "8x1x3x3"
std::string sizes(std::span<const int64_t> sizes);

} // namespace bitwright::text
