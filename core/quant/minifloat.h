// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/quant/quant_spec.h"

#include <cstdint>

namespace bitwright {

/// The largest finite value of ExMy with bias 2^(E-1) - 1 and subnormals. Which codes of the top exponent
/// are numbers follows the published formats:
///   E <= 3  every code is a number (OCP MX 1.0: E2M1 6, E3M2 28, E2M3 7.5)
///   E == 4  all except the one with every bit set, which is NaN (OCP FP8 E4M3FN: 448)
///   E == 5  IEEE 754: the top exponent holds infinities and NaN (OCP FP8 E5M2: 57344)
double minifloatMax(int exponentBits, int mantissaBits);

/// Rounds `value` to ExMy; beyond the largest value it saturates, infinities too. NaN stays NaN where the
/// format has one and becomes 0 elsewhere. `random` in [0, 1) decides Rounding::Stochastic.
double roundToMinifloat(double value, int exponentBits, int mantissaBits, Rounding rounding, double random);

/// The bit pattern of a value of the format: sign, exponent, mantissa from the top; and back.
int32_t minifloatBits(double value, int exponentBits, int mantissaBits);
double minifloatValue(int32_t bits, int exponentBits, int mantissaBits);

} // namespace bitwright
