// SPDX-License-Identifier: GPL-3.0-or-later
// Least Kullback-Leibler divergence between the clipped distribution and what a grid can tell of it: the
// calibration of TensorRT (Migacz, GTC 2017), searched over real thresholds, for every bit-width and both
// ends. Mass outside the range is added to the outermost bin inside for P, but not for Q; Q spreads the
// mass of every level evenly over the level's non-empty bins. Exact zeros are left out of both: as a peak
// of mass that costs nothing they would make any clipping look cheap.
#include "core/calib/estimators_p.h"
#include "core/calib/mass_profile.h"
#include "core/calib/range_search.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace bitwright {
namespace {

double timesLog(double x, double y)
{
    return x > 0 ? x * std::log(y) : 0;
}

class Divergence {
public:
    explicit Divergence(const MassProfile& profile);
    /// KL(P || Q) in nats times the mass.
    double of(const IntegerBounds& bounds, const Grid& grid) const;

private:
    struct Prefix {
        double mass = 0, massLog = 0, used = 0; ///< of all bins to the left; used = how many are not empty
    };
    size_t binAt(double x) const;
    double tailCost(double tail, size_t bin, double expected) const;

    const MassProfile& m_profile;
    std::vector<Prefix> m_prefix;
    std::vector<size_t> m_previous; ///< last non-empty bin left of i
    std::vector<size_t> m_next;     ///< first non-empty bin from i on
};

Divergence::Divergence(const MassProfile& profile)
    : m_profile(profile)
    , m_prefix(profile.bins() + 1)
    , m_previous(profile.bins() + 1)
    , m_next(profile.bins() + 1, profile.bins())
{
    for (size_t i = 0; i < profile.bins(); ++i) {
        const double mass = profile.mass(i);
        const Prefix& before = m_prefix[i];
        m_prefix[i + 1] = {before.mass + mass, before.massLog + timesLog(mass, mass),
                           before.used + (mass > 0)};
        m_previous[i + 1] = mass > 0 ? i : m_previous[i];
    }
    for (size_t i = profile.bins(); i-- > 0;)
        m_next[i] = profile.mass(i) > 0 ? i : m_next[i + 1];
}

// The bin edge nearest to `x`.
size_t Divergence::binAt(double x) const
{
    if (x <= m_profile.min())
        return 0;
    if (x >= m_profile.max())
        return m_profile.bins();
    return size_t(std::clamp(nearestInteger((x - m_profile.edge(1)) / m_profile.binWidth()) + 1, 0.0,
                             double(m_profile.bins())));
}

// What changes when `tail` comes on top of a bin of P for which Q has `expected`.
double Divergence::tailCost(double tail, size_t bin, double expected) const
{
    const double mass = m_profile.mass(bin);
    return tail > 0 ? timesLog(mass + tail, (mass + tail) / expected) - timesLog(mass, mass / expected) : 0;
}

double Divergence::of(const IntegerBounds& bounds, const Grid& grid) const
{
    const double step = double(grid.scale);
    const double least = double(bounds.qmin) - grid.zeroPoint, most = double(bounds.qmax) - grid.zeroPoint;
    // Up to half a step outside a value is rounded, not clipped.
    const size_t first = binAt((least - 0.5) * step), last = binAt((most + 0.5) * step);
    const double all = m_prefix.back().mass, inside = m_prefix[last].mass - m_prefix[first].mass;
    if (inside <= 0)
        return all * std::log(std::max(all, 2.0)) + all;
    const size_t low = m_next[first], high = m_previous[last];
    const double grow = all / inside;
    double cost = m_prefix[last].massLog - m_prefix[first].massLog, lowExpected = 1, highExpected = 1;
    const double start = std::clamp(std::floor(m_profile.min() / step + 0.5), least, most);
    size_t left = first;
    for (double level = start; left < last; ++level) {
        const size_t right = level >= most ? last : std::min(last, binAt((level + 0.5) * step));
        const double mass = m_prefix[right].mass - m_prefix[left].mass;
        if (mass > 0) {
            const double expected = mass / (m_prefix[right].used - m_prefix[left].used) * grow;
            cost -= mass * std::log(expected);
            lowExpected = low >= left && low < right ? expected : lowExpected;
            highExpected = high >= left && high < right ? expected : highExpected;
        }
        left = right;
    }
    cost += tailCost(m_prefix[first].mass, low, lowExpected);
    return std::max(0.0, cost + tailCost(all - m_prefix[last].mass, high, highExpected));
}

} // namespace

Range estimateEntropy(const QuantSpec& spec, const Distribution& distribution)
{
    const MassProfile profile(distribution);
    if (profile.isEmpty())
        return minMaxRange(spec, distribution);
    const Divergence divergence(profile);
    const IntegerBounds bounds = integerBounds(spec);
    const GridCost cost = [&](const Grid& grid) { return divergence.of(bounds, grid); };
    return searchRange(spec, distribution, cost, 1e-9 * profile.total().mass);
}

} // namespace bitwright
