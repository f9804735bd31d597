// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calib/binned_error.h"

#include <algorithm>
#include <cmath>

namespace bitwright {
namespace {

// Values beyond the range by less than this share of a step are not called clipped: the float scale does
// not reproduce the ends of a range exactly.
constexpr double kTolerance = 1.0 / 1024;

// Integral of (u - round(u))^2 from 0 to u.
double sawtoothSquares(double u)
{
    const double nearest = nearestInteger(u), rest = u - nearest;
    return nearest / 12 + rest * rest * rest / 3;
}

// The values of levels `first` to `last` (multiples of the step), each with the cell it attracts.
double roundingByLevels(const MassProfile& profile, double step, double first, double last, double lo,
                        double hi, double enough)
{
    double error = 0;
    MassProfile::Sums left = profile.below(lo);
    for (double level = first; level <= last && error <= enough; ++level) {
        const MassProfile::Sums right =
            profile.below(level == last ? hi : std::min(hi, (level + 0.5) * step));
        error += (right - left).around(level * step);
        left = right;
    }
    return error;
}

double roundingByBins(const MassProfile& profile, double step, double lo, double hi)
{
    const double from = std::max(lo, profile.min()), to = std::min(hi, profile.max());
    if (!(from < to))
        return 0;
    const size_t first = profile.binOf(from), last = profile.binOf(to);
    double error = 0;
    for (size_t i = first; i <= last; ++i) {
        if (profile.mass(i) <= 0)
            continue;
        const double left = profile.edge(i), right = profile.edge(i + 1);
        const double a = std::max(left, from), b = std::min(right, to);
        if (a < b)
            error +=
                profile.mass(i) / (right - left) * (sawtoothSquares(b / step) - sawtoothSquares(a / step));
    }
    return std::max(0.0, error * step * step * step);
}

} // namespace

BinnedError errorOfGrid(const MassProfile& profile, const IntegerBounds& bounds, const Grid& grid,
                        double enough)
{
    BinnedError result;
    result.signal = profile.total().second;
    result.total = profile.total().mass;
    if (profile.isEmpty())
        return result;
    const double step = double(grid.scale);
    const double least = double(bounds.qmin) - grid.zeroPoint, most = double(bounds.qmax) - grid.zeroPoint;
    const double lo = (least - kTolerance) * step, hi = (most + kTolerance) * step;
    const MassProfile::Sums below = profile.below(lo), above = profile.total() - profile.below(hi);
    result.clipping = below.around(least * step) + above.around(most * step);
    result.clipped = below.mass + above.mass;
    if (result.clipping > enough)
        return result;
    const double first = std::clamp(std::floor(profile.min() / step + 0.5), least, most);
    const double last = std::clamp(std::ceil(profile.max() / step - 0.5), first, most);
    const double bins = (std::min(hi, profile.max()) - std::max(lo, profile.min())) / profile.binWidth();
    result.rounding = last - first < bins
                          ? roundingByLevels(profile, step, first, last, lo, hi, enough - result.clipping)
                          : roundingByBins(profile, step, lo, hi);
    return result;
}

BinnedError binnedError(const QuantSpec& spec, const Grid& grid, const Distribution& distribution)
{
    BinnedError result = errorOfGrid(MassProfile(distribution), integerBounds(spec), grid);
    result.total += double(distribution.zeros);
    return result;
}

} // namespace bitwright
