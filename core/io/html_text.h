// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/text.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bitwright::html {

/// `text` for element content and quoted attributes: & < > " ' escaped, control characters and bytes that are
/// not UTF-8 replaced by U+FFFD.
std::string escape(std::string_view text);

/// Numbers for cells whose column names the unit; "-" for what does not exist. Plain ASCII, as those of
/// core/base/text.h: nothing needs escaping.
std::string decibel(std::optional<double> value);                ///< "31.4"; "exact" for +infinity
std::string number(std::optional<double> value, int digits = 4); ///< significant digits
/// Fixed decimals for SVG coordinates.
std::string coordinate(double value);

/// Class of a heat cell for an SQNR: "h0" (40 dB and more), then one step every 6 dB to "h5" (below 16 dB);
/// "" when unknown.
std::string heat(std::optional<double> decibels);

} // namespace bitwright::html
