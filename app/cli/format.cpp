// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/format.h"

#include <cmath>
#include <cstdio>

namespace bitwright::cli {
namespace {

template<typename... Args>
std::string formatted(const char* format, Args... args)
{
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, format, args...);
    return buffer;
}

} // namespace

std::string printable(const std::string& text)
{
    std::string out = text;
    for (char& c : out)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            c = '?';
    return out;
}

std::string countText(int64_t count)
{
    std::string digits = std::to_string(count);
    for (int64_t i = int64_t(digits.size()) - 3; i > (count < 0 ? 1 : 0); i -= 3)
        digits.insert(digits.begin() + i, ',');
    return digits;
}

std::string magnitudeText(double value, const std::string& unit)
{
    static constexpr const char* kPrefixes[] = {"p", "n", "u", "m", "", "k", "M", "G", "T", "P"};
    if (!std::isfinite(value))
        return "-";
    size_t step = 4;
    for (; std::abs(value) >= 1000 && step + 1 < std::size(kPrefixes); ++step)
        value /= 1000;
    for (; value != 0 && std::abs(value) < 1 && step > 0; --step)
        value *= 1000;
    return formatted("%.4g %s%s", value, kPrefixes[step], unit.c_str());
}

std::string bytesText(int64_t bytes)
{
    return magnitudeText(double(bytes), "B");
}

std::string percentText(std::optional<double> share)
{
    return share && std::isfinite(*share) ? formatted("%.2f %%", 100 * *share) : "-";
}

std::string decibelText(std::optional<double> value)
{
    if (!value)
        return "-";
    if (std::isnan(*value))
        return "not comparable";
    if (std::isinf(*value))
        return *value > 0 ? "exact" : "-inf dB";
    return formatted("%.1f dB", *value);
}

std::string fixedText(std::optional<double> value, int digits)
{
    return value && std::isfinite(*value) ? formatted("%.*f", digits, *value) : "-";
}

std::string numberText(double value)
{
    return std::isfinite(value) ? formatted("%.4g", value) : "-";
}

std::string durationText(double seconds)
{
    if (seconds < 60)
        return formatted("%.1f s", seconds);
    const int64_t whole = std::llround(seconds);
    return formatted("%lld:%02d min", static_cast<long long>(whole / 60), int(whole % 60));
}

std::string sizeLine(const Cost& cost)
{
    const double ratio = cost.floatBytes > 0 ? double(cost.quantizedBytes) / double(cost.floatBytes) : 0;
    return bytesText(cost.floatBytes) + " -> " + bytesText(cost.quantizedBytes) + " (" + percentText(ratio) +
           "), " + bytesText(cost.huffmanBytes) + " Huffman coded" +
           (cost.sparseBytes < cost.quantizedBytes ? ", " + bytesText(cost.sparseBytes) + " without zeros" : "");
}

std::string sizeText(const Shape& shape)
{
    std::string text;
    for (const int64_t size : shape)
        (text += text.empty() ? "" : "x") += std::to_string(size);
    return text.empty() ? "-" : text;
}

} // namespace bitwright::cli
