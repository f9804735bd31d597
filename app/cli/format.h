// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/text.h"
#include "core/workbench.h"

#include <cstdint>
#include <optional>
#include <string>

namespace bitwright::cli {

/// Texts of the command line beyond those of core/base/text.h; "-" for what does not exist.

/// `digits` behind the point.
std::string fixedText(std::optional<double> value, int digits);
/// Four significant digits: "0.001234".
std::string numberText(double value);
/// "0.4 s", "2:05 min".
std::string durationText(double seconds);
/// "1.2 MB -> 0.3 MB (25.00 %), 0.28 MB Huffman coded"
std::string sizeLine(const Cost& cost);

} // namespace bitwright::cli
