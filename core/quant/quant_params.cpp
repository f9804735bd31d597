// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/quant_params.h"

#include "core/quant/minifloat.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace bitwright {

namespace {

/// Ends that are not numbers say nothing; an empty range is a point at 0.
Range sane(Range range)
{
    if (!std::isfinite(range.lo))
        range.lo = 0;
    if (!std::isfinite(range.hi))
        range.hi = 0;
    return range.lo > range.hi ? Range{} : range;
}

/// The nearest float that can be divided by: 1 / scale stays finite and normal. 1 where there is no range.
float safeScale(double scale)
{
    constexpr double least = 0x1p-126;
    constexpr double most = 0x1p+126;
    if (!(scale > 0))
        return 1;
    return float(std::clamp(scale, least, most));
}

/// Least power of two >= scale.
double ceilPowerOfTwo(double scale)
{
    int exponent = 0;
    const double fraction = std::frexp(scale, &exponent);
    return std::ldexp(1.0, fraction == 0.5 ? exponent - 1 : exponent);
}

/// The scale of a range under a grid with z = 0 and both signs.
double symmetricScale(const QuantSpec& spec, const IntegerBounds& bounds, Range range)
{
    const double lo = range.lo, hi = range.hi;
    const double threshold = std::max(std::fabs(lo), std::fabs(hi));
    const double qmax = std::max(bounds.qmax, 1); // 1 bit: {-1, 0}
    switch (spec.scaleRule) {
    case ScaleRule::QMax:
        break;
    case ScaleRule::HalfSteps:
        return threshold / ((double(bounds.qmax) - bounds.qmin) / 2);
    case ScaleRule::Range:
        return std::max(-lo / -double(bounds.qmin), hi / qmax);
    }
    return threshold / qmax;
}

Grid asymmetricGrid(const IntegerBounds& bounds, Range range)
{
    const double lo = std::min(range.lo, 0.0f);
    const double hi = std::max(range.hi, 0.0f);
    Grid grid;
    grid.scale = safeScale((hi - lo) / (double(bounds.qmax) - bounds.qmin));
    const double zero = std::nearbyint(bounds.qmin - lo / double(grid.scale));
    grid.zeroPoint = int32_t(std::clamp(zero, double(bounds.qmin), double(bounds.qmax)));
    return grid;
}

/// Log2: the largest value of the grid, the power of two nearest to the range's end (on a linear scale).
float log2Scale(Range range)
{
    const double top = std::max(std::fabs(range.lo), std::fabs(range.hi));
    if (!(top > 0))
        return 1;
    int exponent = 0;
    const double fraction = std::frexp(top, &exponent); // [0.5, 1)
    return safeScale(std::ldexp(1.0, fraction < 0.75 ? exponent - 1 : exponent));
}

} // namespace

IntegerBounds integerBounds(const QuantSpec& spec)
{
    const int32_t steps = (int32_t(1) << std::clamp(spec.bits, 1, 16)) - 1;
    const int32_t half = (steps + 1) / 2;
    switch (spec.scheme) {
    case Scheme::Unsigned:
    case Scheme::Asymmetric:
        return {0, steps};
    case Scheme::Narrow:
        return {-(half - 1), half - 1};
    case Scheme::Symmetric:
    case Scheme::PowerOfTwo:
        break;
    }
    return {-half, half - 1};
}

Grid gridFromRange(const QuantSpec& spec, Range range)
{
    range = sane(range);
    if (spec.format == Format::Log2)
        return {log2Scale(range), 0};
    if (spec.format == Format::Minifloat) {
        const double top = std::max(std::fabs(range.lo), std::fabs(range.hi));
        return {safeScale(top / Minifloat{spec.exponentBits, spec.mantissaBits}.max()), 0};
    }
    const IntegerBounds bounds = integerBounds(spec);
    switch (spec.scheme) {
    case Scheme::Asymmetric:
        return asymmetricGrid(bounds, range);
    case Scheme::Unsigned:
        return {safeScale(std::max(range.hi, 0.0f) / double(bounds.qmax)), 0};
    case Scheme::PowerOfTwo: {
        const double scale = symmetricScale(spec, bounds, range);
        return {safeScale(scale > 0 ? ceilPowerOfTwo(scale) : 0), 0};
    }
    case Scheme::Symmetric:
    case Scheme::Narrow:
        break;
    }
    return {safeScale(symmetricScale(spec, bounds, range)), 0};
}

namespace {

Range plainRangeOfGrid(const QuantSpec& spec, Grid grid)
{
    const IntegerBounds bounds = integerBounds(spec);
    const double s = grid.scale, qmax = std::max(bounds.qmax, 1);
    const auto scaled = [s](double steps) { return float(s * steps); };
    if (spec.scheme == Scheme::Asymmetric)
        return {scaled(double(bounds.qmin) - grid.zeroPoint), scaled(double(bounds.qmax) - grid.zeroPoint)};
    if (spec.scheme == Scheme::Unsigned)
        return {0, scaled(bounds.qmax)};
    if (spec.scaleRule == ScaleRule::HalfSteps && spec.scheme != Scheme::PowerOfTwo)
        return {-scaled((double(bounds.qmax) - bounds.qmin) / 2),
                scaled((double(bounds.qmax) - bounds.qmin) / 2)};
    if (spec.scaleRule == ScaleRule::Range)
        return {scaled(bounds.qmin), scaled(qmax)};
    return {-scaled(qmax), scaled(qmax)};
}

} // namespace

Range rangeOfGrid(const QuantSpec& spec, Grid grid)
{
    constexpr float infinity = std::numeric_limits<float>::infinity();
    const Range plain = plainRangeOfGrid(spec, grid);
    // The product was rounded: one of the numbers beside it may be the one that gives the scale.
    const float lows[] = {plain.lo, std::nextafter(plain.lo, -infinity), std::nextafter(plain.lo, infinity)};
    const float highs[] = {plain.hi, std::nextafter(plain.hi, infinity), std::nextafter(plain.hi, -infinity)};
    for (const float lo : lows)
        for (const float hi : highs) {
            const Range range{plain.lo == 0 ? 0 : lo, plain.hi == 0 ? 0 : hi};
            const Grid made = gridFromRange(spec, range);
            if (made.scale == grid.scale && made.zeroPoint == grid.zeroPoint)
                return range;
        }
    return plain;
}

QuantParams emptyParams(const QuantSpec& spec, int axis)
{
    QuantParams params;
    params.format = spec.format;
    params.bits = spec.storedBits();
    params.rounding = spec.rounding;
    if (spec.format == Format::Minifloat) {
        params.exponentBits = spec.exponentBits;
        params.mantissaBits = spec.mantissaBits;
    }
    if (spec.format == Format::Int) {
        const IntegerBounds bounds = integerBounds(spec);
        params.qmin = bounds.qmin;
        params.qmax = bounds.qmax;
    }
    if (spec.granularity == Granularity::Channel || spec.granularity == Granularity::Group)
        params.axis = axis;
    if (spec.granularity == Granularity::Group)
        params.group = spec.group;
    return params;
}

QuantParams paramsFromRanges(const QuantSpec& spec, const std::vector<Range>& ranges, int axis)
{
    QuantParams params = emptyParams(spec, axis);
    params.scale.reserve(ranges.size());
    params.zeroPoint.reserve(ranges.size());
    for (const Range& range : ranges) {
        const Grid grid = gridFromRange(spec, range);
        params.scale.push_back(grid.scale);
        params.zeroPoint.push_back(grid.zeroPoint);
    }
    return params;
}

int64_t QuantParams::metadataBytes() const
{
    if (format == Format::Float32 || format == Format::Float16 || format == Format::BFloat16)
        return 0;
    if (format == Format::Codebook)
        return int64_t(codebook.size() * sizeof(float));
    int64_t bytes = int64_t(scale.size() * sizeof(float));
    const bool hasZeroPoints =
        std::any_of(zeroPoint.begin(), zeroPoint.end(), [](int32_t z) { return z != 0; });
    if (format == Format::Int && hasZeroPoints)
        bytes += int64_t(zeroPoint.size()) * (bits <= 8 ? 1 : 2);
    return bytes;
}

Range QuantParams::range(size_t i) const
{
    constexpr float infinity = std::numeric_limits<float>::infinity();
    const float s = i < scale.size() ? scale[i] : 1;
    switch (format) {
    case Format::Int: {
        const int32_t z = i < zeroPoint.size() ? zeroPoint[i] : 0;
        return {s * float(qmin - z), s * float(qmax - z)};
    }
    case Format::Minifloat: {
        const float top = s * float(Minifloat{exponentBits, mantissaBits}.max());
        return {-top, top};
    }
    case Format::Codebook: {
        const size_t levels = size_t(1) << bits;
        if (codebook.size() < (i + 1) * levels)
            return {};
        return {codebook[i * levels], codebook[(i + 1) * levels - 1]};
    }
    case Format::Float16:
        return {-65504, 65504};
    case Format::Float32:
    case Format::BFloat16:
        return {-infinity, infinity};
    case Format::Binary:
    case Format::Ternary:
    case Format::Log2:
        break;
    }
    return {-s, s};
}

} // namespace bitwright
