// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/backend.h"
#include "core/tensor/pair_kernels.h"

#include <atomic>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace bitwright {

/// A layer as an x86 processor without VNNI computes it from integers: unsigned codes of the input times
/// signed codes of the weight, two neighbouring products added in 16 bits that saturate, the pairs in 32
/// bits.
///
/// Neighbours are what ONNX Runtime's kernels (MLAS: the packed u8 x s8 matrix product and the symmetric
/// convolution, AVX2 and AVX-512 without VNNI) put into one `vpmaddubsw`: indices 2i and 2i + 1 of the summed
/// axis, which for convolutions is (kernel position, channel of the group), the channel running fastest.
/// Two-dimensional depthwise convolutions have a kernel of their own that adds in 32 bits. Compared with
/// ONNX Runtime 1.23.2 and 1.30.0 on an emulated Haswell: all codes equal (tests/ort/check_saturation.mjs).
struct SaturatingProduct {
    std::string layer;
    float inputScale = 1;
    int32_t inputZero = 0;          ///< of the unsigned codes
    std::vector<float> weightScale; ///< 1, or one an output
    int64_t outputs = 0;            ///< of all groups
    std::vector<size_t> begin;      ///< outputs + 1 indices into `pairs`
    std::vector<kernels::WeightPair>
        pairs;       ///< those that can leave 16 bits, by output; rows of the summed axis
    double risk = 0; ///< share of all pairs that they are

    std::span<const kernels::WeightPair> pairsOf(int64_t output) const
    {
        const size_t first = begin[size_t(output)];
        return {pairs.data() + first, begin[size_t(output) + 1] - first};
    }

    /// What runs counted, from any thread: sums of pairs that were made, and those that lost something.
    mutable std::atomic<int64_t> sums{0}, changed{0};
};

using SaturatingProducts = std::map<NodeId, std::shared_ptr<const SaturatingProduct>>;

/// The layers of `plan` that ONNX Runtime computes from u8 activations and s8 weights, as the format
/// onnx-qdq writes them for it, and in which a pair can saturate. For RunConfig::saturating.
Result<SaturatingProducts> saturatingProducts(const ModelRunner& runner, const ResolvedPlan& plan);

} // namespace bitwright
