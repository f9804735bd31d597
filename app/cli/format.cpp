// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/format.h"

#include <cmath>

namespace bitwright::cli {
std::string fixedText(std::optional<double> value, int digits)
{
    return value && std::isfinite(*value) ? text::formatted("%.*f", digits, *value) : "-";
}

std::string numberText(double value)
{
    return std::isfinite(value) ? text::formatted("%.4g", value) : "-";
}

std::string durationText(double seconds)
{
    if (seconds < 60)
        return text::formatted("%.1f s", seconds);
    const int64_t whole = std::llround(seconds);
    return text::formatted("%lld:%02d min", static_cast<long long>(whole / 60), int(whole % 60));
}

std::string sizeLine(const Cost& cost)
{
    const double ratio = cost.floatBytes > 0 ? double(cost.quantizedBytes) / double(cost.floatBytes) : 0;
    return text::bytes(cost.floatBytes) + " -> " + text::bytes(cost.quantizedBytes) + " (" +
           text::percent(ratio) + "), " + text::bytes(cost.huffmanBytes) + " Huffman coded" +
           (cost.sparseBytes < cost.quantizedBytes ? ", " + text::bytes(cost.sparseBytes) + " without zeros"
                                                   : "");
}

} // namespace bitwright::cli
