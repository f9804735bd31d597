// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"

#include <cmath>

namespace bitwright::text {

std::string printable(std::string text)
{
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            c = '?';
    return text;
}

std::string count(int64_t value)
{
    std::string digits = std::to_string(value);
    for (int64_t i = int64_t(digits.size()) - 3; i > (value < 0 ? 1 : 0); i -= 3)
        digits.insert(digits.begin() + i, ',');
    return digits;
}

std::string magnitude(double value, const std::string& unit)
{
    static constexpr const char* kPrefixes[] = {"p", "n", "u", "m", "", "k", "M", "G", "T", "P"};
    if (!std::isfinite(value))
        return "-";
    size_t step = 4;
    for (; std::abs(value) >= 1000 && step + 1 < std::size(kPrefixes); ++step)
        value /= 1000;
    for (; value != 0 && std::abs(value) < 1 && step > 0; --step)
        value *= 1000;
    const std::string named = kPrefixes[step] + unit;
    return formatted("%.4g", value) + (named.empty() ? "" : " ") + named;
}

std::string bytes(int64_t value)
{
    return magnitude(double(value), "B");
}

std::string percent(std::optional<double> share)
{
    return share && std::isfinite(*share) ? formatted("%.2f %%", 100 * *share) : "-";
}

std::string decibels(std::optional<double> value)
{
    if (!value)
        return "-";
    if (std::isnan(*value))
        return "not comparable";
    if (std::isinf(*value))
        return *value > 0 ? "exact" : "-inf dB";
    return formatted("%.1f dB", *value);
}

std::string sizes(std::span<const int64_t> sizes)
{
    std::string text;
    for (const int64_t size : sizes)
        (text += text.empty() ? "" : "x") += std::to_string(size);
    return text.empty() ? "-" : text;
}

} // namespace bitwright::text
