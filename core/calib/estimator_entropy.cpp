// SPDX-License-Identifier: GPL-3.0-or-later
// Least Kullback-Leibler divergence KL(Q || P) of what a grid makes of the distribution, Q, from the
// distribution itself, P, after the calibration of TensorRT (Migacz, GTC 2017): Q spreads the mass of every
// level evenly over the non-empty bins that are rounded to it. Departures, so that it works for every
// bit-width and both ends:
// - Thresholds are searched, not only taken from a list.
// - Exact zeros are left out of both: a peak of mass that costs nothing makes any clipping look cheap.
// - P is the whole distribution and Q has the clipped mass on top of its outermost level. TensorRT clips P
//   instead, by which a range of one bin loses nothing; that is why it may not look below 128 bins.
// - Bins are counts: k bins of the same density differ by chance, which looks like (k - 1) / 2 nats of
//   divergence (Miller 1955). It is subtracted, else few samples mean narrow ranges.
#include "core/calib/estimators_p.h"
#include "core/calib/mass_profile.h"
#include "core/calib/range_search.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace bitwright {
namespace {

class Divergence {
public:
    explicit Divergence(const MassProfile& profile);
    /// KL(Q || P) in nats, times the mass. O(levels).
    double of(const IntegerBounds& bounds, const Grid& grid) const;

private:
    struct Sums {
        double mass = 0, used = 0,
               logs = 0; ///< used = bins that are not empty, logs = sum of log(mass) of those
        Sums operator-(const Sums& o) const { return {mass - o.mass, used - o.used, logs - o.logs}; }
    };
    const Sums& leftOf(double x) const;
    static double ofCell(const Sums& cell, double clipped);

    const MassProfile& m_profile;
    std::vector<Sums> m_prefix; ///< of all bins to the left
};

Divergence::Divergence(const MassProfile& profile)
    : m_profile(profile)
    , m_prefix(profile.bins() + 1)
{
    for (size_t i = 0; i < profile.bins(); ++i) {
        const double mass = profile.mass(i);
        const Sums& left = m_prefix[i];
        m_prefix[i + 1] = mass > 0 ? Sums{left.mass + mass, left.used + 1, left.logs + std::log(mass)} : left;
    }
}

// Sums of the bins left of the bin edge nearest to `x`.
const Divergence::Sums& Divergence::leftOf(double x) const
{
    if (x <= m_profile.min())
        return m_prefix.front();
    if (x >= m_profile.max())
        return m_prefix.back();
    const double position = (x - m_profile.edge(1)) / m_profile.binWidth() + 1;
    return m_prefix[size_t(std::clamp(nearestInteger(position), 0.0, double(m_profile.bins())))];
}

// One level: its own bins get their mean and the clipped mass. Bins that nothing fell into would make a
// divergence without end; they count as one bin of half a value.
double Divergence::ofCell(const Sums& cell, double clipped)
{
    if (cell.used == 0)
        return clipped > 0 ? clipped * std::log(2 * clipped) : 0;
    const double mass = cell.mass + clipped;
    return mass * (std::log(mass / cell.used) - cell.logs / cell.used) - (cell.used - 1) / 2;
}

double Divergence::of(const IntegerBounds& bounds, const Grid& grid) const
{
    const double step = double(grid.scale);
    const double least = double(bounds.qmin) - grid.zeroPoint, most = double(bounds.qmax) - grid.zeroPoint;
    const double first = std::clamp(std::floor(m_profile.min() / step + 0.5), least, most);
    const double last = std::clamp(std::ceil(m_profile.max() / step - 0.5), first, most);
    Sums left = leftOf((first - 0.5) * step);
    double divergence = 0, clipped = left.mass;
    for (double level = first; level <= last; ++level) {
        const Sums& right = leftOf((level + 0.5) * step);
        if (level == last)
            clipped += m_prefix.back().mass - right.mass;
        divergence += ofCell(right - left, clipped);
        clipped = 0;
        left = right;
    }
    return std::max(0.0, divergence);
}

// A flat density loses nothing on a grid that reaches far beyond it; levels there are wasted all the same.
bool wasteful(const QuantSpec& spec, const IntegerBounds& bounds, const Grid& grid,
              const MassProfile& profile)
{
    const double step = double(grid.scale);
    const double least = double(bounds.qmin) - grid.zeroPoint, most = double(bounds.qmax) - grid.zeroPoint;
    const bool low = (least + 1.5) * step < std::min(0.0, profile.min());
    const bool high = (most - 1.5) * step > std::max(0.0, profile.max());
    if (spec.scheme == Scheme::Unsigned)
        return high;
    return spec.scheme == Scheme::Asymmetric ? low || high : low && high;
}

} // namespace

Range estimateEntropy(const QuantSpec& spec, const Distribution& distribution)
{
    const MassProfile profile(distribution);
    if (profile.isEmpty())
        return minMaxRange(spec, distribution);
    const Divergence divergence(profile);
    const IntegerBounds bounds = integerBounds(spec);
    const GridCost cost = [&](const Grid& grid, double) {
        return wasteful(spec, bounds, grid, profile) ? INFINITY : divergence.of(bounds, grid);
    };
    return searchRange(spec, distribution, cost, 1e-9 * profile.total().mass);
}

} // namespace bitwright
