// SPDX-License-Identifier: GPL-3.0-or-later
// Least sum of |x - x^|^p of the binned distribution.
#include "core/calib/estimators_p.h"
#include "core/calib/mass_profile.h"
#include "core/calib/range_search.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

namespace bitwright {
namespace {

constexpr double kDefaultPower = 2.4; // LAPQ-like norms between 2 and 3 do best at few bits

// Integrals of |u - round(u)|^p, from a table: a power for every bin edge would be the whole cost.
class Sawtooth {
public:
    explicit Sawtooth(double p)
    {
        for (size_t i = 0; i < m_table.size(); ++i)
            m_table[i] = std::pow(0.5 * double(i) / kSteps, p + 1) / (p + 1);
    }
    /// From 0 to u.
    double integral(double u) const
    {
        const double nearest = nearestInteger(u), rest = u - nearest;
        const double position = std::abs(rest) * (2 * kSteps);
        const size_t i = std::min(size_t(position), size_t(kSteps) - 1);
        const double value = m_table[i] + (position - double(i)) * (m_table[i + 1] - m_table[i]);
        return nearest * 2 * m_table.back() + (rest < 0 ? -value : value);
    }

private:
    static constexpr int kSteps = 1024;
    std::array<double, kSteps + 1> m_table{};
};

// u^q / q for u >= 0 from a table of one octave, relative error below 1e-6.
class Power {
public:
    explicit Power(double q)
    {
        for (size_t i = 0; i < m_mantissa.size(); ++i)
            m_mantissa[i] = std::pow(1 + double(i) / kSteps, q) / q;
        for (size_t i = 0; i < m_octave.size(); ++i)
            m_octave[i] = std::exp2(q * (double(i) - kOctaves));
    }
    double operator()(double u) const
    {
        const uint64_t bits = std::bit_cast<uint64_t>(u);
        const int octave = int(bits >> 52) - 1023 + kOctaves;
        if (octave < 0)
            return 0;
        const size_t i = size_t(bits >> 42) & (kSteps - 1);
        const double fraction = double(bits & ((uint64_t(1) << 42) - 1)) * 0x1p-42;
        const double value = m_mantissa[i] + fraction * (m_mantissa[i + 1] - m_mantissa[i]);
        return value * m_octave[std::min(size_t(octave), m_octave.size() - 1)];
    }

private:
    static constexpr int kSteps = 1024, kOctaves = 40;
    std::array<double, kSteps + 1> m_mantissa{};
    std::array<double, 2 * kOctaves + 1> m_octave{};
};

/// The sum of |x - x^|^p for one grid after the other.
class LpCost {
public:
    LpCost(const MassProfile& profile, double p, const IntegerBounds& bounds)
        : m_profile(profile)
        , m_sawtooth(p)
        , m_power(p + 1)
        , m_p(p)
        , m_bounds(bounds)
    {
    }
    double operator()(const Grid& grid, double enough) const;

private:
    /// Integral of the error from the first level's zero of the antiderivative to u, in steps.
    double antiderivative(double u, double least, double most) const
    {
        if (u < least)
            return m_sawtooth.integral(least) - m_power(least - u);
        return u > most ? m_sawtooth.integral(most) + m_power(u - most) : m_sawtooth.integral(u);
    }

    const MassProfile& m_profile;
    Sawtooth m_sawtooth;
    Power m_power;
    double m_p;
    IntegerBounds m_bounds;
};

double LpCost::operator()(const Grid& grid, double enough) const
{
    const double unit = std::pow(double(grid.scale), m_p), limit = enough / unit;
    const double inverse = 1 / double(grid.scale);
    const double least = double(m_bounds.qmin) - grid.zeroPoint,
                 most = double(m_bounds.qmax) - grid.zeroPoint;
    double left = m_profile.edge(0) * inverse, before = antiderivative(left, least, most), cost = 0;
    for (size_t i = 0; i < m_profile.bins() && cost <= limit; ++i) {
        const double right = m_profile.edge(i + 1) * inverse, after = antiderivative(right, least, most);
        cost += m_profile.mass(i) / (right - left) * (after - before);
        left = right;
        before = after;
    }
    return std::max(0.0, cost) * unit;
}

} // namespace

Range estimateLp(const QuantSpec& spec, const Distribution& distribution)
{
    const double p = spec.parameter > 0 ? spec.parameter : kDefaultPower;
    const MassProfile profile(distribution);
    const GridCost cost = LpCost(profile, p, integerBounds(spec));
    const double largest = std::max(std::abs(profile.min()), std::abs(profile.max()));
    return searchRange(spec, distribution, cost, profile.total().mass * std::pow(largest * 1e-6, p));
}

} // namespace bitwright
