// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/minifloat.h"

#include "core/quant/rounding_p.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace bitwright {

namespace {

int biasOf(int exponentBits)
{
    return (1 << (exponentBits - 1)) - 1;
}

/// The pattern (without sign) of the largest finite value.
int32_t topPattern(int exponentBits, int mantissaBits)
{
    const int32_t all = (int32_t(1) << (exponentBits + mantissaBits)) - 1;
    if (exponentBits <= 3)
        return all;
    if (exponentBits == 4)
        return all - 1;
    return all - (int32_t(1) << mantissaBits);
}

} // namespace

double minifloatMax(int exponentBits, int mantissaBits)
{
    return minifloatValue(topPattern(exponentBits, mantissaBits), exponentBits, mantissaBits);
}

double roundToMinifloat(double value, int exponentBits, int mantissaBits, Rounding rounding, double random)
{
    if (std::isnan(value))
        return exponentBits >= 4 ? std::numeric_limits<double>::quiet_NaN() : 0;
    const double top = minifloatMax(exponentBits, mantissaBits);
    if (std::fabs(value) >= top)
        return std::copysign(top, value);
    // The spacing of the format's values around `value`; subnormals have that of the least normal.
    const int exponent = value == 0 ? 0 : std::ilogb(value);
    const int quantum = std::max(exponent, 1 - biasOf(exponentBits)) - mantissaBits;
    const double rounded = std::ldexp(roundBy(std::ldexp(value, -quantum), rounding, random), quantum);
    return std::copysign(std::min(std::fabs(rounded), top), value);
}

int32_t minifloatBits(double value, int exponentBits, int mantissaBits)
{
    const int32_t sign = std::signbit(value) ? int32_t(1) << (exponentBits + mantissaBits) : 0;
    if (std::isnan(value))
        return (int32_t(1) << (exponentBits + mantissaBits)) - 1;
    const int least = 1 - biasOf(exponentBits);
    const double magnitude = std::fabs(value);
    const int exponent = magnitude == 0 ? least : std::max(std::ilogb(magnitude), least);
    const auto units = int32_t(std::ldexp(magnitude, mantissaBits - exponent)); // hidden bit included
    // Subnormals have no hidden bit: units < 2^M and exponent field 0 follow from the same sum.
    return sign + ((exponent - least) << mantissaBits) + units;
}

double minifloatValue(int32_t bits, int exponentBits, int mantissaBits)
{
    const int32_t magnitude = bits & ((int32_t(1) << (exponentBits + mantissaBits)) - 1);
    const bool negative = bits >> (exponentBits + mantissaBits) & 1;
    if (exponentBits >= 4 && magnitude > topPattern(exponentBits, mantissaBits))
        return std::numeric_limits<double>::quiet_NaN();
    const int32_t field = magnitude >> mantissaBits;
    const int32_t fraction = magnitude & ((int32_t(1) << mantissaBits) - 1);
    const int32_t units = field ? fraction + (int32_t(1) << mantissaBits) : fraction;
    const double value = std::ldexp(units, std::max(field, 1) - biasOf(exponentBits) - mantissaBits);
    return negative ? -value : value;
}

} // namespace bitwright
