// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace bitwright {

/// `json` for files that people read too: two spaces a level, lists of plain values on one line, NaN and
/// infinities as null, bytes that are not UTF-8 replaced; ends with a newline.
std::string jsonText(const nlohmann::ordered_json& json);

} // namespace bitwright
