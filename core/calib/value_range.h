// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/quant/quant_params.h"
#include "core/quant/quant_spec.h"

#include <span>

namespace bitwright {

/// The range of least squared error (Estimator::Mse, Format::Int) of a few thousand values, from the values
/// themselves: for groups and channels of weights, where a histogram would cost more to search and know less.
/// Coarse steps over scales and zero points, each improved to the least-squares scale of its codes (one step
/// of Lloyd's alternation, "Least squares quantization in PCM", 1982). Of groups of 32 and more, at most 3 %
/// above brute force up to 4 bits. Values that are not finite are left out. In the form of estimateRange.
Range mseRangeOfValues(const QuantSpec& spec, std::span<const float> values);

/// The same for Estimator::Percentile, exactly: the least range that holds the wanted share of the values.
Range percentileRangeOfValues(const QuantSpec& spec, std::span<const float> values);

} // namespace bitwright
