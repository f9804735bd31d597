// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/quant/quant_spec.h"

#include <cmath>
#include <cstdint>

namespace bitwright {

/// `random` in [0, 1) is only looked at for Rounding::Stochastic.
template<typename Real>
inline Real roundBy(Real value, Rounding rounding, Real random)
{
    switch (rounding) {
    case Rounding::HalfAway:
        return std::round(value);
    case Rounding::Floor:
        return std::floor(value);
    case Rounding::Stochastic: {
        const Real down = std::floor(value);
        return down + Real(value - down > random ? 1 : 0);
    }
    case Rounding::HalfEven:
        break;
    }
    return std::nearbyint(value);
}

/// Uniform in [0, 1) with 24 bits, from the element's index alone (SplitMix64's finalizer, Steele et al.
/// 2014).
inline float randomOf(uint64_t index)
{
    uint64_t x = (index + 1) * 0x9E3779B97F4A7C15u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    x ^= x >> 31;
    return float(x >> 40) * 0x1p-24f;
}

} // namespace bitwright
