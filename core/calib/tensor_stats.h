// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/exact_sum.h"
#include "core/tensor/histogram.h"
#include "core/tensor/stats_kernels.h"
#include "core/tensor/tensor.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace bitwright {

/// Moments of one channel (or of the whole tensor). Unit: that of the tensor.
struct Moments {
    int64_t count = 0; ///< finite elements
    float min = std::numeric_limits<float>::infinity();
    float max = -std::numeric_limits<float>::infinity();
    ExactSum sum, sumSquares, sumAbs;

    double mean() const;
    /// Population standard deviation (divisor n).
    double std() const;
    double meanAbs() const;
    void add(const Moments& other);
    /// `block` is finite and holds `elements` of them.
    void add(const BlockStats& block, size_t elements);
    bool operator==(const Moments&) const = default;
};

/// Streamed statistics of one site, constant memory. The same for any batch size and, `emaMin/emaMax`
/// apart, for any order of the samples.
struct TensorStats {
    Moments all;
    int64_t zeros = 0;     ///< exactly 0
    int64_t nonFinite = 0; ///< NaN and infinities; they are in no other number
    Histogram histogram;   ///< of all finite elements, zeros included
    int channelAxis = -1;  ///< axis of `channels` in the tensor (1 for activations), -1 = none kept
    std::vector<Moments> channels;
    std::vector<Histogram> channelHistograms; ///< only for weights, and only when asked for
    std::vector<int64_t> channelZeros;        ///< like channelHistograms
    /// Exponential moving average (constant 0.01) of the per-sample minimum and maximum.
    float emaMin = 0, emaMax = 0;
    int64_t samples = 0; ///< samples that went into the average
    Shape shape;         ///< of the last tensor seen

    bool isEmpty() const { return all.count == 0; }
    bool operator==(const TensorStats&) const = default;
};

/// Least and greatest finite value of a sample; infinity and -infinity when there is none.
using SampleExtremes = std::pair<float, float>;

constexpr int64_t kMostChannels = 32768; ///< of activations; a channel's exact sums take 1.7 KB
/// Adds one batch of a site, of any dtype. `batched`: dimension 0 holds samples. No channels are kept when
/// `channelAxis` is -1, >= rank or the batch dimension itself, or has more than kMostChannels.
/// Multi-threaded; the bits do not depend on the threads. Gives the extremes of every sample in order.
std::vector<SampleExtremes> addToStats(TensorStats& stats, const Tensor& tensor, int channelAxis,
                                       bool batched);
/// The moving average goes on by one sample, which addToStats does by itself.
void addToAverage(TensorStats& stats, const SampleExtremes& sample);
/// Joins statistics of different samples of one site, the moving average apart.
void mergeStats(TensorStats& stats, const TensorStats& other);

enum class ChannelHistograms { No, Yes };
/// Statistics of a weight, multi-threaded over channels; with one histogram a channel if asked for. The
/// whole tensor counts as one sample.
TensorStats weightStats(const Tensor& weight, int channelAxis, ChannelHistograms histograms);

} // namespace bitwright
