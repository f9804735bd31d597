// SPDX-License-Identifier: GPL-3.0-or-later
// Percentile p of the pooled distribution of all samples: p % of the mass lies inside the range. Asymmetric
// grids (and ScaleRule::Range) lose (100 - p) / 2 % on either side; symmetric ones lose the (100 - p) %
// largest |x|, unsigned ones the (100 - p) % largest x. Inside a bin mass is uniform; zeros are a point.
#include "core/calib/estimators_p.h"
#include "core/calib/mass_profile.h"
#include "core/calib/range_search.h"

#include <algorithm>
#include <cmath>

namespace bitwright {
namespace {

// The x in [lo, hi] where the rising `massUpTo` crosses `wanted`.
template<typename MassUpTo>
double crossing(double lo, double hi, double wanted, const MassUpTo& massUpTo)
{
    for (int i = 0; i < 80 && lo < hi; ++i) {
        const double middle = lo + (hi - lo) / 2;
        (massUpTo(middle) < wanted ? lo : hi) = middle;
    }
    return hi;
}

} // namespace

Range estimatePercentile(const QuantSpec& spec, const Distribution& distribution)
{
    const double percent = estimatorParameter(spec);
    if (percent >= 100)
        return minMaxRange(spec, distribution);
    const MassProfile profile(distribution);
    const double zeros = double(distribution.zeros), total = profile.total().mass + zeros;
    const double lost = total * (100 - percent) / 100;
    const double min = distribution.min, max = distribution.max;
    const auto upTo = [&](double x) { return profile.below(x).mass + (x >= 0 ? zeros : 0); };
    const auto within = [&](double t) { return profile.below(t).mass - profile.below(-t).mass + zeros; };
    if (spec.scheme == Scheme::Unsigned)
        return shapedRange(spec, {0, float(crossing(std::min(min, 0.0), max, total - lost, upTo))});
    if (shapedRange(spec, {-1, 2}) == Range{-1, 2}) // both ends count
        return {float(crossing(min, max, lost / 2, upTo)), float(crossing(min, max, total - lost / 2, upTo))};
    const double end = std::max(std::abs(min), std::abs(max));
    return shapedRange(spec, {0, float(crossing(0, end, total - lost, within))});
}

} // namespace bitwright
