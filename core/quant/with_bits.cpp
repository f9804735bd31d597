// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/with_bits.h"

namespace bitwright {

QuantSpec withBits(QuantSpec spec, int bits)
{
    spec.format = Format::Int;
    spec.bits = bits;
    if (bits == 1 && spec.scheme == Scheme::Narrow)
        spec.scheme = Scheme::Symmetric;
    return spec;
}

} // namespace bitwright
