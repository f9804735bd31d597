// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <random>
#include <string>

namespace bitwright::test {

/// The file with a few of its bytes changed, removed or taken from `other`.
inline std::string damagedBytes(std::string bytes, const std::string& other, std::mt19937& random)
{
    const size_t changes = 1 + random() % 6;
    for (size_t i = 0; i < changes && !bytes.empty(); ++i) {
        // Half of them in the first kilobyte, where headers are.
        const size_t at = random() % (random() % 2 ? bytes.size() : std::min<size_t>(bytes.size(), 1024));
        switch (random() % 5) {
        case 0:
            bytes[at] ^= char(1 << (random() % 8));
            break;
        case 1:
            bytes[at] = char(random());
            break;
        case 2:
            bytes.erase(at, 1 + random() % 8);
            break;
        case 3:
            bytes.insert(at, other.substr(random() % other.size(), random() % 32));
            break;
        default:
            bytes[at] = char(random() % 2 ? 0x7f : 0xff);
        }
    }
    return bytes;
}

} // namespace bitwright::test
