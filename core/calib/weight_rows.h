// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/calib/calibrate.h"
#include "core/quant/quant_params.h"
#include "core/tensor/tensor.h"

#include <algorithm>

namespace bitwright {

/// Elements of a weight that are looked at together, so that what is made of them stays small beside it.
constexpr int64_t kRowsElements = int64_t(1) << 22;

/// Indices along axis 0 that have about kRowsElements elements.
inline int64_t rowsAtATime(const Tensor& weight)
{
    const int64_t rows = weight.dim() > 0 ? weight.shape()[0] : 1;
    return std::max<int64_t>(1, rows * kRowsElements / std::max<int64_t>(weight.size(), 1));
}

/// Calls body(rows, first) for pieces of `weight` along axis 0 as F32; once for one that is F32 already.
template<typename Body>
void forEachFloatRows(const Tensor& weight, Body&& body)
{
    if (weight.dtype() == DType::F32 || weight.size() <= kRowsElements || weight.dim() == 0)
        return body(weight.toFloat(), int64_t(0));
    const int64_t rows = weight.shape()[0], step = rowsAtATime(weight);
    for (int64_t first = 0; first < rows; first += step)
        body(rowsOf(weight, first, std::min(rows, first + step)).toFloat(), first);
}

/// The grid of rows [first, first + count) of a weight with `rows` of them: of channels along axis 0 their own
/// scales, else all.
QuantParams paramsOfRows(const QuantParams& params, int64_t rows, int64_t first, int64_t count);

} // namespace bitwright
