// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/calib/calibrate.h"

#include <map>
#include <vector>

namespace bitwright {

/// Sums over samples and positions of one value, by channel.
struct ChannelMoments {
    std::vector<double> sum, squares;
    int64_t count = 0; ///< elements of each channel

    void add(const ChannelView& values);
    double mean(size_t channel) const { return count > 0 ? sum[channel] / double(count) : 0; }
    /// Population standard deviation.
    double std(size_t channel) const;
};

/// Means and deviations of `values` (id -> channel axis) before their quantizers, over all of `data`. A run
/// ends as soon as all values were seen. A value that no sample reached is missing.
Result<std::map<ValueId, ChannelMoments>> measureChannels(const ModelRunner& runner, const RunConfig& config,
                                                          const std::map<ValueId, int>& values,
                                                          const SampleSource& data, Progress& progress);

} // namespace bitwright
