// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <nlohmann/json_fwd.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bitwright {

/// Number formats that a tensor can be simulated in.
enum class Format {
    Float32,  ///< untouched
    Float16,  ///< IEEE binary16, round to nearest even
    BFloat16, ///< top half of float32, round to nearest even
    Int,      ///< uniform integer grid of `bits` (1..16)
    Binary,   ///< +-s, s = mean|x| (XNOR-Net, Rastegari et al. 2016)
    Ternary,  ///< {-s, 0, s}, threshold 0.7 mean|x| (Ternary Weight Networks, Li et al. 2016)
    Codebook, ///< 2^bits centroids by k-means / Lloyd-Max (Deep Compression, Han et al. 2016)
    Log2,     ///< sign and power of two, 2^(bits-1) - 1 exponents and zero (Miyashita et al. 2016)
    Minifloat ///< ExMy, see exponentBits / mantissaBits; saturates, subnormals kept
};

/// How the integer grid lies around zero.
enum class Scheme {
    Symmetric,  ///< z = 0, q in [-2^(b-1), 2^(b-1)-1]; [0, 2^b-1] is Unsigned
    Narrow,     ///< z = 0, q in [-(2^(b-1)-1), 2^(b-1)-1] ("restricted range")
    Unsigned,   ///< z = 0, q in [0, 2^b-1]; for tensors that are never negative
    Asymmetric, ///< z in [qmin, qmax], q in [0, 2^b-1]
    PowerOfTwo  ///< Symmetric with s rounded up to a power of two
};

/// How a symmetric signed range [-t, t] becomes a scale.
enum class ScaleRule {
    QMax,      ///< s = t / (2^(b-1) - 1): t itself is representable (default; ONNX Runtime, TensorRT)
    HalfSteps, ///< s = t / ((2^b - 1) / 2): PyTorch's observers
    Range ///< s = max(-lo / 2^(b-1), hi / (2^(b-1) - 1)): the least scale that covers the estimator's [lo,
          ///< hi]
};

enum class Granularity {
    Tensor,
    Channel, ///< one scale per output channel
    Group,   ///< one scale per `group` elements along the input axis, per output channel
    Model    ///< one scale for all weights of the model ("global" quantization)
};

/// How a range is derived from statistics. `parameter` of QuantSpec belongs to it.
enum class Estimator {
    MinMax,
    MovingAverage, ///< parameter: averaging constant (0.01), over samples in stored order
    Percentile,    ///< parameter: percent of the mass inside (99.99)
    Mse,           ///< least mean squared error of the binned distribution
    Lp,            ///< parameter: p (2.4), least mean |error|^p
    Entropy,       ///< least KL divergence (TensorRT-like, with a real search)
    AciqGauss,     ///< analytic clipping, Gaussian prior (Banner et al. 2019)
    AciqLaplace,   ///< analytic clipping, Laplace prior (Banner et al. 2019)
    MeanSigma,     ///< parameter: k (3); mean +- k sigma, cut to min and max
    Fixed          ///< [rangeLo, rangeHi], set by hand, or `ranges`, learned by training
};

enum class Rounding {
    HalfEven,  ///< to nearest, ties to even (PyTorch, ONNX)
    HalfAway,  ///< to nearest, ties away from zero
    Floor,     ///< towards minus infinity
    Stochastic ///< up with the probability of the fraction; counter-based random numbers from the element's
               ///< index
};

/// What somebody wants of one tensor. A comparable value; knows no data.
struct QuantSpec {
    Format format = Format::Int;
    int bits = 8;         ///< Int 1..16, Codebook 1..8, Log2 2..8; follows from the format otherwise
    int exponentBits = 4; ///< Minifloat: E4M3, E5M2, E2M1, ... (2..5)
    int mantissaBits = 3; ///< Minifloat (0..7)
    Scheme scheme = Scheme::Symmetric;
    ScaleRule scaleRule = ScaleRule::QMax;
    Granularity granularity = Granularity::Tensor;
    int64_t group = 128; ///< elements per group (Granularity::Group)
    Estimator estimator = Estimator::MinMax;
    double parameter = 0; ///< of the estimator; see there. 0 = its default, see estimatorParameter()
    double rangeLo = 0, rangeHi = 0; ///< Estimator::Fixed
    /// Estimator::Fixed: one {lo, hi} for every scale (QuantParams::scale), and for a layer with several
    /// weights those of all weights in the order of Layer::weights. Empty = rangeLo and rangeHi for all. The
    /// short form leaves them out.
    std::vector<std::array<double, 2>> ranges;
    Rounding rounding = Rounding::HalfEven;
    bool dynamic = false; ///< activations: min-max range of every batch at run time

    bool operator==(const QuantSpec&) const = default;

    bool isFloat32() const { return format == Format::Float32; }
    /// Needs a scale (and hence a range) at all.
    bool hasRange() const
    {
        return format == Format::Int || format == Format::Log2 || format == Format::Minifloat;
    }
    /// Bits that one stored element takes: 32, 16, bits, 1, 2, 1 + E + M.
    int storedBits() const;

    static QuantSpec float32();
    /// The default for weights: 8 bit symmetric per channel, min-max.
    static QuantSpec defaultWeights(int bits = 8);
    /// The default for activations: 8 bit asymmetric per tensor, MSE.
    static QuantSpec defaultActivations(int bits = 8);
};

/// The estimator's parameter in force: spec.parameter, or the estimator's default where that is 0.
double estimatorParameter(const QuantSpec& spec);

/// Reads the short form "bits[:scheme[:granularity[:estimator]]]" of the command line on top of `base`:
/// "8", "4:symmetric:channel:mse", "8:asymmetric:tensor:percentile=99.99", "float". Where the bits stand,
/// a format may stand too: float16, bfloat16, binary, ternary, codebook4, log4, e4m3, e5m2, e2m1, ...
/// Granularity: tensor, channel, group=64, model. Estimators with a parameter: percentile=99.99, lp=2.4,
/// moving-average=0.01, mean-sigma=3, fixed=-1..1. Further parts, in any order: a scale rule (qmax,
/// halfsteps, range), a rounding (half-even, half-away, floor, stochastic), "dynamic"; they are at their
/// defaults (qmax, half-even, not dynamic) when anything but the bits is given without them.
Result<QuantSpec> parseSpec(std::string_view text, const QuantSpec& base);
/// The short form of a spec; parseSpec(shortForm(s), any) == s, apart from fields that `s` does not use
/// (the group size without groups, a range without Estimator::Fixed, ...), which come back at their defaults.
/// Learned ranges have no short form: it says "fixed=learned" then, which parseSpec refuses.
std::string shortForm(const QuantSpec& spec);
/// For table cells: "8-bit symmetric", "E4M3", "float32".
std::string describe(const QuantSpec& spec);

/// SPEC object of a plan file; missing keys keep the values of `base`. Fails with the key's name.
Result<QuantSpec> specFromJson(const nlohmann::json& json, const QuantSpec& base);
nlohmann::json specToJson(const QuantSpec& spec);
/// InvalidArgument when the combination cannot be computed (bits out of range, Unsigned per ...).
Result<void> validate(const QuantSpec& spec);

const char* formatName(Format format);
const char* schemeName(Scheme scheme);
const char* scaleRuleName(ScaleRule rule);
const char* granularityName(Granularity granularity);
const char* estimatorName(Estimator estimator);
const char* roundingName(Rounding rounding);

} // namespace bitwright
