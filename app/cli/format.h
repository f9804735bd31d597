// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workbench.h"

#include <cstdint>
#include <optional>
#include <string>

namespace bitwright::cli {

/// Texts for people. An absent or undefined number is "-".

/// `text` without control characters (a file must not write to the terminal through its names).
std::string printable(const std::string& text);
/// "12,345,678"
std::string countText(int64_t count);
/// "1.23 GBOP", "4.56 uJ": `value` of `unit` with a decimal prefix.
std::string magnitudeText(double value, const std::string& unit);
/// "431.5 kB"
std::string bytesText(int64_t bytes);
/// "90.12 %" of a share in [0, 1].
std::string percentText(std::optional<double> share);
/// "31.4 dB"; "exact" for +infinity.
std::string decibelText(std::optional<double> value);
/// `digits` behind the point.
std::string fixedText(std::optional<double> value, int digits);
/// Four significant digits: "0.001234".
std::string numberText(double value);
/// "0.4 s", "2:05 min".
std::string durationText(double seconds);
/// "1.2 MB -> 0.3 MB (25.00 %), 0.28 MB Huffman coded"
std::string sizeLine(const Cost& cost);
/// "8x1x3x3"; "-" for none.
std::string sizeText(const Shape& shape);

} // namespace bitwright::cli
