// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/quant/quant_spec.h"

namespace bitwright {

/// `spec` on an integer grid of `bits` (1..16), valid where `spec` is: one bit in the narrow scheme could
/// only say 0, so that it becomes symmetric.
QuantSpec withBits(QuantSpec spec, int bits);

} // namespace bitwright
