// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/calib/tensor_stats.h"
#include "core/quant/quant_params.h"
#include "core/quant/quant_spec.h"

#include <vector>

namespace bitwright {

/// One distribution as an estimator sees it: a whole tensor or one channel of it. Refers to the histogram
/// of the statistics it was made from.
struct Distribution {
    const Histogram* histogram = nullptr;
    int64_t count = 0; ///< finite values
    int64_t zeros = 0; ///< point mass at exactly 0 (it has no quantization error)
    float min = 0, max = 0;
    double mean = 0, std = 0, meanAbs = 0;
    float emaMin = 0, emaMax = 0;
};
Distribution distributionOf(const TensorStats& stats);
/// Channel `c`; needs channelHistograms for estimators other than MinMax, MeanSigma, Aciq*, Fixed (without
/// them those fall back to min-max). A channel's moving average is its minimum and maximum.
Distribution distributionOf(const TensorStats& stats, size_t c);

/// The range that `spec.estimator` chooses for `spec.bits` on this distribution. For Scheme::Unsigned
/// lo = 0; for symmetric schemes lo = -hi, but for ScaleRule::Range, which takes both ends as they are;
/// otherwise the two ends are found independently. Works from the statistics alone, for every bit-width.
/// An empty distribution gives [0, 0]. Rounding to nearest is assumed, whatever spec.rounding is. Formats
/// other than Int have no uniform grid to search over: Mse, Lp, Entropy and Aciq* give them min-max.
Range estimateRange(const QuantSpec& spec, const Distribution& distribution);
/// estimateRange of every channel, on all cores.
std::vector<Range> estimateChannelRanges(const QuantSpec& spec, const TensorStats& stats);

/// Expected quantization error of a grid on a binned distribution (values uniform inside a bin, exact
/// zeros apart): sums over all elements.
struct BinnedError {
    double rounding = 0; ///< sum of squared errors of values inside the range
    double clipping = 0; ///< sum of squared errors of values outside
    double clipped = 0;  ///< number of values outside, by more than a thousandth of a step
    double signal = 0;   ///< sum of squared values
    double total = 0;    ///< number of values
};
/// O(min(levels, bins)). Only Format::Int.
BinnedError binnedError(const QuantSpec& spec, const Grid& grid, const Distribution& distribution);

} // namespace bitwright
