// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calib/threshold_error.h"

#include "core/calib/binned_error.h"
#include "core/calib/range_search.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace bitwright {

namespace {

double decibels(double signal, double noise)
{
    constexpr double infinity = std::numeric_limits<double>::infinity();
    if (noise <= 0)
        return infinity;
    return signal > 0 ? 10 * std::log10(signal / noise) : -infinity;
}

} // namespace

ThresholdModel::ThresholdModel(const Distribution& distribution)
    : m_profile(distribution)
    , m_zeros(double(distribution.zeros))
{
}

ThresholdError ThresholdModel::at(const QuantSpec& spec, Range range) const
{
    return at(integerBounds(spec), gridFromRange(spec, shapedRange(spec, range)));
}

ThresholdError ThresholdModel::at(const IntegerBounds& bounds, const Grid& grid) const
{
    ThresholdError result;
    result.grid = grid;
    const double step = result.grid.scale;
    result.range = {float(step * (bounds.qmin - result.grid.zeroPoint)),
                    float(step * (bounds.qmax - result.grid.zeroPoint))};
    if (m_profile.isEmpty()) {
        result.sqnrDb = std::numeric_limits<double>::infinity();
        return result;
    }
    const BinnedError error = errorOfGrid(m_profile, bounds, result.grid);
    const double total = error.total + m_zeros;
    result.roundingMse = error.rounding / total;
    result.clippingMse = error.clipping / total;
    const double inside =
        m_profile.below(result.range.hi + step / 2).mass - m_profile.below(result.range.lo - step / 2).mass;
    result.clippedShare = std::clamp((error.total - inside) / total, 0.0, 1.0);
    result.sqnrDb = decibels(error.signal, error.rounding + error.clipping);
    return result;
}

QuantSpec withFixedRange(QuantSpec spec, Range range)
{
    const Range shaped = shapedRange(spec, range);
    spec.estimator = Estimator::Fixed;
    spec.parameter = 0;
    spec.granularity = Granularity::Tensor;
    spec.dynamic = false;
    spec.ranges.clear();
    spec.rangeLo = shaped.lo;
    spec.rangeHi = shaped.hi;
    if (spec.scheme == Scheme::Asymmetric) {
        spec.rangeLo = std::min(spec.rangeLo, 0.0);
        spec.rangeHi = std::max(spec.rangeHi, 0.0);
    }
    return spec;
}

QuantSpec withCutRanges(QuantSpec spec, const QuantParams& params, Range window)
{
    constexpr float kSame = 1e-5f; // of an end: scales are rounded
    const Range shaped = shapedRange(spec, window);
    std::vector<Range> ranges;
    Range widest;
    for (size_t i = 0; i < params.scale.size(); ++i) {
        const int32_t zero = i < params.zeroPoint.size() ? params.zeroPoint[i] : 0;
        ranges.push_back(rangeOfGrid(spec, {params.scale[i], zero}));
        widest.lo = std::min(widest.lo, ranges.back().lo);
        widest.hi = std::max(widest.hi, ranges.back().hi);
    }
    spec.estimator = Estimator::Fixed;
    spec.parameter = 0;
    spec.dynamic = false;
    spec.rangeLo = spec.rangeHi = 0;
    spec.ranges.clear();
    for (const Range& range : ranges) {
        const bool lowest = range.lo <= widest.lo * (1 - kSame),
                   highest = range.hi >= widest.hi * (1 - kSame);
        const double lo = lowest ? shaped.lo : std::max(range.lo, shaped.lo);
        const double hi = highest ? shaped.hi : std::min(range.hi, shaped.hi);
        spec.ranges.push_back(hi > lo ? std::array{lo, hi} : std::array<double, 2>{range.lo, range.hi});
    }
    return spec;
}

Range withEndAt(const QuantSpec& spec, Range range, RangeEnd end, double value)
{
    const bool upper = end == RangeEnd::Upper;
    const double distance = std::max(upper ? value : -value, 0.0);
    const bool bothEnds = spec.scheme == Scheme::Asymmetric || shapedRange(spec, {-1, 2}) == Range{-1, 2};
    if (spec.scheme == Scheme::Unsigned)
        return {0, upper ? float(distance) : range.hi};
    if (bothEnds)
        return upper ? Range{range.lo, float(distance)} : Range{-float(distance), range.hi};
    const IntegerBounds bounds = integerBounds(spec);
    const double step = distance / std::max(1, upper ? bounds.qmax : -bounds.qmin);
    const double steps = spec.scaleRule == ScaleRule::HalfSteps && spec.scheme != Scheme::PowerOfTwo
                             ? (double(bounds.qmax) - bounds.qmin) / 2
                             : std::max(1, bounds.qmax);
    return {-float(step * steps), float(step * steps)};
}

} // namespace bitwright
