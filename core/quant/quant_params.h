// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/quant/quant_spec.h"
#include "core/tensor/tensor.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace bitwright {

/// A range [lo, hi] in the unit of the tensor.
struct Range {
    float lo = 0, hi = 0;
    bool operator==(const Range&) const = default;
};

/// Everything that is needed to quantize one tensor: the grid and where it lies. `x^ = s (q - z)` with
/// `q = clamp(round(x / s) + z, qmin, qmax)` for Format::Int, the same convention as PyTorch and ONNX.
///
/// scale/zeroPoint hold 1 entry (tensor), C entries (channel), or C * G entries, channel-major (group,
/// G = ceil(input length / group)). zeroPoint is 0 for formats without one.
struct QuantParams {
    Format format = Format::Float32;
    int bits = 32;
    int exponentBits = 0, mantissaBits = 0; ///< Minifloat
    int32_t qmin = 0, qmax = 0;             ///< Int
    std::vector<float> scale;               ///< > 0, finite
    std::vector<int32_t> zeroPoint;
    std::vector<float> codebook; ///< Codebook: scale.size() ascending lists of 2^bits values.
                                 ///< Ternary: scale.size() thresholds; |x| above it becomes +-s
    int axis = -1;               ///< channel axis; -1 = per tensor
    int64_t group = 0;           ///< elements per group; 0 = none
    Rounding rounding = Rounding::HalfEven;

    bool operator==(const QuantParams&) const = default;
    /// Bytes that scales, zero points (as integers of the stored width) and codebooks take in a file.
    int64_t metadataBytes() const;
    /// The range that entry `i` covers: s (qmin - z) ... s (qmax - z).
    Range range(size_t i = 0) const;
};

/// The grid of one range under `spec` (Int, Log2, Minifloat): fills one scale and zero point.
/// Ranges that are empty, denormal or not finite give a safe scale > 0, never NaN. Asymmetric ranges are
/// widened to contain 0.
struct Grid {
    float scale = 1;
    int32_t zeroPoint = 0;
};
Grid gridFromRange(const QuantSpec& spec, Range range);
/// The range whose grid under `spec` (Int) is `grid`, up to the last bit of the scale: the inverse of
/// gridFromRange, and to the bit for what gridFromRange gave.
Range rangeOfGrid(const QuantSpec& spec, Grid grid);
/// The integers of `spec`'s grid: {qmin, qmax}.
struct IntegerBounds {
    int32_t qmin = 0, qmax = 0;
};
IntegerBounds integerBounds(const QuantSpec& spec);
/// Everything of params that `spec` and `axis` decide; scale, zeroPoint and codebook stay empty.
QuantParams emptyParams(const QuantSpec& spec, int axis);
/// Params from ranges in the order of QuantParams::scale. `axis` is ignored for Granularity::Tensor/Model.
QuantParams paramsFromRanges(const QuantSpec& spec, const std::vector<Range>& ranges, int axis);
/// Params of formats whose grid comes from the values themselves (Binary, Ternary, Codebook) and of those
/// without one (Float16, BFloat16, Float32). `tensor` is F32. Deterministic.
QuantParams paramsFromValues(const QuantSpec& spec, const Tensor& tensor, int axis);

/// How the runner quantizes one activation: by fixed params, or, for a dynamic spec, by the min-max range
/// of the whole tensor in every run.
struct ActivationQuantizer {
    QuantParams params;
    bool dynamic = false;
    QuantSpec spec; ///< used when dynamic

    bool operator==(const ActivationQuantizer&) const = default;
};

/// A plan with every range decided: what executors, exporters and reports take.
struct ResolvedPlan {
    std::map<std::string, QuantParams> weights;         ///< by parameter name
    std::map<int32_t, ActivationQuantizer> activations; ///< by ValueId

    bool operator==(const ResolvedPlan&) const = default;
};

} // namespace bitwright
