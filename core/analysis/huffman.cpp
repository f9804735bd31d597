// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/cost.h"

#include <queue>

#include <functional>

namespace bitwright {

// The length of an optimal prefix code is the sum of all inner nodes of Huffman's tree; the tree itself is
// not needed.
int64_t huffmanBits(const std::vector<int64_t>& counts)
{
    std::priority_queue<int64_t, std::vector<int64_t>, std::greater<>> least;
    for (const int64_t count : counts)
        if (count > 0)
            least.push(count);
    if (least.size() == 1)
        return least.top(); // one symbol still needs one bit each
    int64_t bits = 0;
    while (least.size() > 1) {
        const int64_t a = least.top();
        least.pop();
        const int64_t both = a + least.top();
        least.pop();
        bits += both;
        least.push(both);
    }
    return bits;
}

} // namespace bitwright
