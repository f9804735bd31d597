// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/quant/quant_params.h"

#include <QString>

namespace bitwright {

/// The way of one value through a quantizer, written out with its numbers: x, s, z, q, x^ and the error.
/// `entry`: which scale. Three lines.
QString formulaText(const QuantParams& params, size_t entry, float x);

} // namespace bitwright
