// SPDX-License-Identifier: GPL-3.0-or-later
// The estimators that need no histogram: min-max, moving average, mean +- k sigma, fixed.
#include "core/calib/estimators_p.h"
#include "core/calib/range_search.h"

#include <algorithm>

namespace bitwright {

Range estimateMinMax(const QuantSpec& spec, const Distribution& distribution)
{
    return minMaxRange(spec, distribution);
}

// The statistics hold one average, of constant 0.01; spec.parameter cannot change it afterwards.
Range estimateMovingAverage(const QuantSpec& spec, const Distribution& distribution)
{
    return shapedRange(spec, {distribution.emaMin, distribution.emaMax});
}

Range estimateMeanSigma(const QuantSpec& spec, const Distribution& distribution)
{
    const double reach = (spec.parameter > 0 ? spec.parameter : 3) * distribution.std;
    const double lo = std::max(double(distribution.min), distribution.mean - reach);
    const double hi = std::min(double(distribution.max), distribution.mean + reach);
    return shapedRange(spec, {float(lo), float(hi)});
}

Range estimateFixed(const QuantSpec& spec, const Distribution&)
{
    return shapedRange(spec, {float(spec.rangeLo), float(spec.rangeHi)});
}

} // namespace bitwright
