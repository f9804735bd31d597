// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/minifloat.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace bitwright {

double Minifloat::value(int32_t pattern) const
{
    const int32_t magnitude = pattern & nanPattern();
    if (magnitude > topPattern())
        return std::numeric_limits<double>::quiet_NaN();
    const int32_t hidden = int32_t(1) << mantissaBits;
    const int32_t field = magnitude >> mantissaBits, fraction = magnitude & (hidden - 1);
    const int32_t units = field ? fraction + hidden : fraction;
    const double value = std::ldexp(units, leastExponent() + std::max(field, 1) - 1 - mantissaBits);
    return pattern & signBit() ? -value : value;
}

} // namespace bitwright
