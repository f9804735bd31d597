// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace bitwright {

/// Step of the counter of SplitMix64 (Steele, Lea, Flood 2014), whose numbers are the same on every platform.
constexpr uint64_t kSplitMixStep = 0x9e3779b97f4a7c15u;

/// Its output for the counter `z`: neighbouring counters give independent numbers.
constexpr uint64_t splitMix(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

} // namespace bitwright
