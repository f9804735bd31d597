// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// One small struct a format: code(x, index) and value(code) of a single element under one entry's
// parameters. Fake quantization is value(code(x)). codesOf() does a run of elements, the first of which has
// the given index in the tensor. Private to core/quant.

#include "core/quant/minifloat.h"
#include "core/quant/rounding_p.h"
#include "core/tensor/quant_kernels.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <span>

namespace bitwright::ops {

/// The scalar definition of kernels::IntGrid, for every rounding.
struct Int {
    float scale = 1;
    int32_t zeroPoint = 0, qmin = 0, qmax = 0;
    Rounding rounding = Rounding::HalfEven;

    int32_t code(float x, int64_t index) const
    {
        const float random = rounding == Rounding::Stochastic ? randomOf(uint64_t(index)) : 0;
        const float rounded = roundBy(x * (1.0f / scale), rounding, random);
        if (!(rounded < 0x1p63f))
            return qmin;
        return zeroPoint + int32_t(std::clamp(rounded, float(qmin - zeroPoint), float(qmax - zeroPoint)));
    }
    float value(int32_t code) const { return scale * float(code - zeroPoint); }
};

struct Binary {
    float scale = 1;
    int32_t code(float x, int64_t) const { return x >= 0; }
    float value(int32_t code) const { return code ? scale : -scale; }
};

struct Ternary {
    float scale = 1, threshold = 0.5f;
    int32_t code(float x, int64_t) const { return int32_t(x > threshold) - int32_t(x < -threshold); }
    float value(int32_t code) const { return scale * float(code); }
};

/// The centroid next to x; the lower one half way. NaN takes the first.
struct Codebook {
    std::span<const float> levels, midpoints;
    float value(int32_t code) const { return levels[size_t(code)]; }
};

/// Code k in 1..K (K = 2^(bits-1) - 1) is scale * 2^(k - K), 0 is zero, the bit above is the sign. The
/// exponent rounds in the logarithm (LogQuant, Miyashita et al. 2016); below half the least value it is zero.
struct Log2 {
    float scale = 1;
    int bits = 4;
    std::span<const float> table; ///< of codes, at scale 1

    int32_t code(float x, int64_t) const
    {
        constexpr uint32_t sqrt2 = 0x3504F3; // mantissa of the float below the square root of 2
        const int32_t exponents = (int32_t(1) << (bits - 1)) - 1;
        const float v = std::fabs(x) / scale;
        if (!(v >= table[1] * 0.5f))
            return 0;
        const uint32_t pattern = std::bit_cast<uint32_t>(v);
        const int32_t logarithm = int32_t(pattern >> 23) - 127 + ((pattern & 0x7FFFFF) > sqrt2);
        return std::clamp(exponents + logarithm, 1, exponents) + (x < 0 ? exponents + 1 : 0);
    }
    float value(int32_t code) const { return scale * table[size_t(code)]; }
};

struct Mini {
    float scale = 1;
    bitwright::Minifloat format;
    Rounding rounding = Rounding::HalfEven;
    std::span<const float> table;

    int32_t code(float x, int64_t index) const
    {
        const float v = x / scale;
        const int32_t sign = std::signbit(v) ? format.signBit() : 0;
        if (std::isnan(v))
            return format.hasNan() ? format.nanPattern() : 0;
        const int32_t top = format.topPattern();
        if (std::fabs(v) >= table[size_t(top)])
            return sign | top;
        // Units of the spacing around v; a carry into the next exponent comes out right by itself.
        const int least = format.leastExponent();
        const int exponent = std::max(int(std::bit_cast<uint32_t>(v) >> 23 & 255) - 127, least);
        const float perUnit = std::bit_cast<float>(uint32_t(127 + format.mantissaBits - exponent) << 23);
        const auto units = int32_t(std::fabs(rounded(v * perUnit, index)));
        return sign | std::min(((exponent - least) << format.mantissaBits) + units, top);
    }
    float value(int32_t code) const { return scale * table[size_t(code)]; }

private:
    float rounded(float units, int64_t index) const
    {
        constexpr float magic = 0x1.8p23f; // |units| <= 2^8: the sum has no fraction bits left
        if (rounding == Rounding::HalfEven)
            return (units + magic) - magic;
        return roundBy(units, rounding, rounding == Rounding::Stochastic ? randomOf(uint64_t(index)) : 0);
    }
};

struct Float16 {
    int32_t code(float x, int64_t) const
    {
        const uint32_t pattern = std::bit_cast<uint32_t>(x), magnitude = pattern & 0x7FFFFFFF;
        const auto sign = int32_t(pattern >> 16 & 0x8000);
        if (magnitude > 0x7F800000)
            return sign | 0x7E00; // NaN
        if (magnitude >= 0x477FF000)
            return sign | 0x7C00;   // 65520 and beyond: infinity
        if (magnitude < 0x38800000) // subnormal halves are multiples of 2^-24
            return sign | int32_t((std::bit_cast<float>(magnitude) * 0x1p24f + 0x1p23f) - 0x1p23f);
        const uint32_t rounded = magnitude + 0xFFF + (magnitude >> 13 & 1);
        return sign | int32_t((rounded - 0x38000000) >> 13);
    }
    float value(int32_t code) const
    {
        const uint32_t sign = uint32_t(code & 0x8000) << 16, magnitude = uint32_t(code & 0x7FFF);
        if (magnitude >= 0x7C00)
            return std::bit_cast<float>(sign | 0x7F800000 | (magnitude & 0x3FF) << 13);
        if (magnitude < 0x400)
            return std::bit_cast<float>(sign | std::bit_cast<uint32_t>(float(magnitude) * 0x1p-24f));
        return std::bit_cast<float>(sign | ((magnitude << 13) + 0x38000000));
    }
};

struct BFloat16 {
    int32_t code(float x, int64_t) const
    {
        const uint32_t pattern = std::bit_cast<uint32_t>(x);
        if (std::isnan(x))
            return int32_t(pattern >> 16 & 0x8000) | 0x7FC0;
        return int32_t((pattern + 0x7FFF + (pattern >> 16 & 1)) >> 16);
    }
    float value(int32_t code) const { return std::bit_cast<float>(uint32_t(code) << 16); }
};

struct Float32 {
    int32_t code(float x, int64_t) const { return std::bit_cast<int32_t>(x); }
    float value(int32_t code) const { return std::bit_cast<float>(code); }
};

template<typename Op>
void codesOf(const Op& op, const float* in, int32_t* out, int64_t count, int64_t index)
{
    for (int64_t i = 0; i < count; ++i)
        out[i] = op.code(in[i], index + i);
}

inline void codesOf(const Codebook& op, const float* in, int32_t* out, int64_t count, int64_t)
{
    kernels::countBelow(in, out, size_t(count), op.midpoints.data(), op.midpoints.size());
}

} // namespace bitwright::ops
