// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/channel_ranges.h"
#include "core/analysis/error_metrics.h"
#include "core/base/result.h"
#include "core/tensor/tensor.h"

namespace bitwright {

/// What is measured about one tensor under its quantizer; a diagnosis is made of nothing else.
struct SiteFacts {
    ErrorSums error;         ///< local
    Range values;            ///< least and greatest finite value
    double clippedShare = 0; ///< of the elements, in [0, 1]
    double clippingPart = 0; ///< share of the squared error that clipped values make, in [0, 1]
    int64_t levels = 0;      ///< of the integer grid; 0 for other formats, or when levels are not counted
    int64_t levelsFor99 = 0; ///< the fewest levels that together hold 99 % of the values other than 0
    bool severalScales = false;
    ChannelSummary channels; ///< empty where no channels are known

    double sqnrDb() const { return error.sqnrDb(); }
};

/// Facts of a weight (F32), counted on its values. `channelAxis` as in WeightRef.
SiteFacts weightFacts(const Tensor& weight, int channelAxis, const QuantParams& params);
/// Facts of an activation, expected from its statistics. With a scale a channel, what is clipped and which
/// levels are used is not known.
SiteFacts activationFacts(const TensorStats& stats, const QuantSpec& spec);

} // namespace bitwright
