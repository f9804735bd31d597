// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/split_mix.h"
#include "core/run/dataset.h"

#include <algorithm>
#include <numeric>

namespace bitwright {
namespace {

struct SplitMix64 {
    uint64_t state;
    uint64_t next() { return splitMix(state += kSplitMixStep); }
    /// Uniform in [0, n): the remainder of the first number below the largest multiple of n.
    uint64_t below(uint64_t n)
    {
        const uint64_t limit = UINT64_MAX - UINT64_MAX % n;
        uint64_t value = next();
        while (value >= limit)
            value = next();
        return value % n;
    }
};

} // namespace

// Fisher-Yates from the front, so a smaller limit gives a prefix of what a larger one gives.
std::vector<int64_t> calibrationSubset(int64_t size, int64_t limit, uint64_t seed)
{
    std::vector<int64_t> all(size_t(std::max<int64_t>(size, 0)));
    std::iota(all.begin(), all.end(), int64_t(0));
    const size_t count = limit < 0 ? all.size() : std::min(all.size(), size_t(limit));
    SplitMix64 random{seed};
    for (size_t i = 0; i < count; ++i)
        std::swap(all[i], all[i + size_t(random.below(all.size() - i))]);
    all.resize(count);
    return all;
}

std::vector<int64_t> evaluationSubset(int64_t size, int64_t limit)
{
    std::vector<int64_t> all(size_t(std::max<int64_t>(limit < 0 ? size : std::min(size, limit), 0)));
    std::iota(all.begin(), all.end(), int64_t(0));
    return all;
}

} // namespace bitwright
