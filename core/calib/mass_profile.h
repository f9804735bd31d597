// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/calib/estimators.h"

#include <vector>

namespace bitwright {

/// Nearest integer, ties to even, of |u| < 2^51: inline where std::nearbyint is a call.
inline double nearestInteger(double u)
{
    return (u + 0x1.8p52) - 0x1.8p52;
}

/// The non-zero values of a distribution as a piecewise uniform density, with running sums: the mass, the
/// sum and the sum of squares on any interval in constant time. The first and the last bin reach only to
/// the exact minimum and maximum.
class MassProfile {
public:
    /// Mass, sum and sum of squares.
    struct Sums {
        double mass = 0, first = 0, second = 0;
        Sums operator-(const Sums& other) const
        {
            return {mass - other.mass, first - other.first, second - other.second};
        }
        /// Sum of (x - centre)^2; never negative.
        double around(double centre) const
        {
            const double value = second - centre * (2 * first - centre * mass);
            return value > 0 ? value : 0;
        }
    };

    explicit MassProfile(const Distribution& distribution);

    bool isEmpty() const { return m_total.mass <= 0; }
    double min() const { return m_min; }
    double max() const { return m_max; }
    size_t bins() const { return m_bins.size(); }
    double binWidth() const { return m_width; }
    /// Left edge of bin `i`, the right end of the support for i = bins().
    double edge(size_t i) const
    {
        return i == 0 ? m_min : i >= m_bins.size() ? m_max : m_origin + double(i) * m_width;
    }
    double mass(size_t i) const { return m_bins[i].mass; }
    /// Of everything at or below `x`.
    Sums below(double x) const;
    const Sums& total() const { return m_total; }
    /// The bin of `x`, cut to the bins there are.
    size_t binOf(double x) const;

private:
    struct Bin {
        Sums before;    ///< of all bins to the left
        double density; ///< mass / width
        double mass;
    };
    Sums inside(const Bin& bin, double from, double to) const;

    std::vector<Bin> m_bins;
    Sums m_total;
    double m_width = 1, m_inverse = 1, m_origin = 0, m_min = 0, m_max = 0;
};

inline size_t MassProfile::binOf(double x) const
{
    const double position = (x - m_origin) * m_inverse;
    const double last = double(m_bins.size() - 1);
    return size_t(position < 0 ? 0 : position > last ? last : position);
}

inline MassProfile::Sums MassProfile::inside(const Bin& bin, double from, double to) const
{
    const double length = to - from, mass = bin.density * length;
    return {mass, mass * (from + length / 2), mass * (from * to + length * length / 3)};
}

inline MassProfile::Sums MassProfile::below(double x) const
{
    if (x >= m_max)
        return m_total;
    if (x <= m_min)
        return {};
    const size_t i = binOf(x);
    const Bin& bin = m_bins[i];
    const Sums part = inside(bin, edge(i), x);
    return {bin.before.mass + part.mass, bin.before.first + part.first, bin.before.second + part.second};
}

} // namespace bitwright
