// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/quant/quant_params.h"
#include "core/tensor/tensor.h"

#include <cstdint>
#include <span>
#include <vector>

namespace bitwright {

/// Sums from which every error metric of a tensor pair (x, x^) follows; adding two of them is the metric
/// of both tensors together. Elements whose x is not finite are left out: nothing can be compared. Where only
/// x^ is not (an overflow), the error is infinite.
struct ErrorSums {
    int64_t count = 0;    ///< elements compared
    double signal = 0;    ///< sum x^2
    double quantized = 0; ///< sum x^^2
    double product = 0;   ///< sum x x^
    double squared = 0;   ///< sum (x - x^)^2
    double absolute = 0;  ///< sum |x - x^|
    double maxAbs = 0;    ///< max |x - x^|
    int64_t clipped = 0;  ///< elements outside the grid's range (where a grid is known)

    void add(const ErrorSums& other);
    /// 10 log10(signal / squared) in dB; +infinity for an exact copy, -infinity if only the signal is 0 or
    /// the error is infinite; NaN when nothing was compared.
    double sqnrDb() const;
    double mse() const;
    double meanAbs() const;
    /// 1 for two zero tensors.
    double cosine() const;
    /// Share of elements in [0, 1].
    double clippedShare() const;
    bool operator==(const ErrorSums&) const = default;
};

/// One read of both; deterministic for any thread count.
ErrorSums compare(std::span<const float> x, std::span<const float> quantized);

/// Error of fake-quantizing `tensor` (F32) under each of `params`, from one read of the tensor and without
/// writing the quantized ones; `clipped` counts as Quantizer::clipped() does. Multi-threaded; deterministic
/// for any thread count. What-if tables and sensitivity maps are made of it.
std::vector<ErrorSums> errorAtMany(const Tensor& tensor, std::span<const QuantParams> params);
/// Local error of `tensor` (F32) under its own quantizer; exact for Format::Float32.
ErrorSums quantizationError(const Tensor& tensor, const QuantParams& params);
/// errorAtMany for every channel along `axis`: result[p][c] is channel c under params[p].
std::vector<std::vector<ErrorSums>> channelErrorAtMany(const Tensor& tensor,
                                                       std::span<const QuantParams> params, int axis);

} // namespace bitwright
