// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace bitwright::test {

/// A zip archive of a few bytes whose directory claims that `name` holds 4,000,000,000.
inline std::string zipBomb(const std::string& name)
{
    std::string entry = std::string("PK\1\2", 4) + std::string(42, '\0') + name;
    entry.replace(24, 4, std::string("\x00\x28\x6b\xee", 4));
    entry[28] = char(name.size());
    std::string end = std::string("PK\5\6", 4) + std::string(18, '\0');
    end[8] = end[10] = 1;
    end[12] = char(entry.size());
    end[16] = 4;
    return std::string("PK\3\4", 4) + entry + end;
}

} // namespace bitwright::test
