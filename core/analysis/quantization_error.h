// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/error_metrics.h"
#include "core/quant/quant_params.h"
#include "core/tensor/tensor.h"

namespace bitwright {

/// Local error of `x` (F32) under its own quantizer, clipped elements counted. For formats without a range
/// (binary, codebook, floats that hold every value) `clipped` is 0.
ErrorSums quantizationError(const Tensor& x, const QuantParams& params);

/// Elements that the ends of the grid hold back: those more than half a step outside the range, so that an
/// element which merely rounds to an end does not count. Only Format::Int and Minifloat have ends.
int64_t clippedCount(const Tensor& x, const QuantParams& params);

} // namespace bitwright
