// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calib/mass_profile.h"

#include <algorithm>

namespace bitwright {

MassProfile::MassProfile(const Distribution& distribution)
{
    if (!distribution.histogram || distribution.histogram->isEmpty())
        return;
    const Histogram& histogram = *distribution.histogram;
    const std::vector<int64_t>& counts = histogram.counts();
    m_width = histogram.binWidth();
    m_inverse = 1 / m_width;
    m_origin = histogram.lo();
    m_min = std::clamp(double(distribution.min), m_origin, histogram.hi());
    // A maximum on the left edge of its bin still needs a little room for its mass.
    const double lastEdge = std::max(m_min, histogram.hi() - m_width);
    m_max = std::max(std::min(double(distribution.max), histogram.hi()), lastEdge + m_width * 0x1p-20);
    m_bins.resize(counts.size());
    for (size_t i = 0; i < counts.size(); ++i) {
        const bool holdsZero = histogram.firstBin() + int64_t(i) == 0;
        const double mass = double(counts[i] - (holdsZero ? std::min(distribution.zeros, counts[i]) : 0));
        const double from = edge(i), to = edge(i + 1);
        m_bins[i] = {m_total, mass / (to - from), mass};
        const Sums part = inside(m_bins[i], from, to);
        m_total = {m_total.mass + mass, m_total.first + part.first, m_total.second + part.second};
    }
}

} // namespace bitwright
