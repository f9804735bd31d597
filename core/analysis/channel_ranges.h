// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/calib/tensor_stats.h"
#include "core/quant/quant_params.h"

#include <cstdint>
#include <vector>

namespace bitwright {

/// The range of one channel beside the others.
struct ChannelRange {
    Range range;      ///< least and greatest value; [0, 0] without finite values
    double width = 0; ///< of the range widened to contain 0: what a grid has to cover
    double ratio = 0; ///< width / median width of the channels that are not dead

    bool isDead() const { return width <= 0; } ///< nothing but zeros
};

struct ChannelSummary {
    std::vector<ChannelRange> channels;
    double medianWidth = 0; ///< of the channels that are not dead
    double widthRatio = 1;  ///< 90th to 10th percentile of the widths that are not 0
    int64_t dead = 0;

    int64_t widest() const; ///< index, -1 without channels
    /// Channels whose ratio exceeds `k`, widest first.
    std::vector<int64_t> above(double k) const;
    /// All channels, widest first, equal ones by index.
    std::vector<int64_t> byWidth() const;
};
ChannelSummary summarizeChannels(const std::vector<Moments>& channels);

} // namespace bitwright
