// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace bitwright {

/// ExMy: sign, E exponent bits with bias 2^(E-1) - 1, M mantissa bits, subnormals. Which codes of the top
/// exponent are numbers follows the published formats:
///   E <= 3  every code is a number (OCP MX 1.0: E2M1 6, E3M2 28, E2M3 7.5)
///   E == 4  all except the one with every bit set, which is NaN (OCP FP8 E4M3FN: 448)
///   E == 5  IEEE 754: the top exponent holds infinities and NaN (OCP FP8 E5M2: 57344)
struct Minifloat {
    int exponentBits = 4, mantissaBits = 3;

    bool hasNan() const { return exponentBits >= 4; }
    /// Exponent of the least normal number, and of subnormals.
    int leastExponent() const { return 2 - (1 << (exponentBits - 1)); }
    /// The pattern (without sign) of the largest finite value, and of NaN.
    int32_t topPattern() const
    {
        const int32_t nan = nanPattern();
        return exponentBits <= 3 ? nan : exponentBits == 4 ? nan - 1 : nan - (int32_t(1) << mantissaBits);
    }
    int32_t nanPattern() const { return (int32_t(1) << (exponentBits + mantissaBits)) - 1; }
    int32_t signBit() const { return int32_t(1) << (exponentBits + mantissaBits); }
    /// The value of a bit pattern; NaN for infinities too, which are never produced.
    double value(int32_t pattern) const;
    double max() const { return value(topPattern()); }
};

} // namespace bitwright
