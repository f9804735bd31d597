// SPDX-License-Identifier: GPL-3.0-or-later
// Analytic clipping (ACIQ: Banner, Nahshan, Soudry 2019): the clipping value that minimises rounding plus
// clipping error of an assumed density, rounding error taken as (range / 2^bits)^2 / 12. Values that are
// never negative (or never positive) are taken as one half of the density, zeros left out, so that all
// levels of a one-sided grid lie on that half: one bit more than for both halves.
#include "core/calib/estimators_p.h"
#include "core/calib/mass_profile.h"
#include "core/calib/range_search.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace bitwright {
namespace {

// The root of a function that is negative at `lo` and positive at `hi`.
template<typename Function>
double rootOf(double lo, double hi, const Function& function)
{
    for (int i = 0; i < 100; ++i) {
        const double middle = (lo + hi) / 2;
        (function(middle) < 0 ? lo : hi) = middle;
    }
    return hi;
}

// Mean |x - mean| from the bins; without them that of the Laplace distribution of equal variance.
double meanDeviation(const Distribution& distribution)
{
    if (!distribution.histogram || distribution.histogram->isEmpty())
        return distribution.std / std::numbers::sqrt2;
    const MassProfile profile(distribution);
    const double mean = distribution.mean;
    const MassProfile::Sums left = profile.below(mean), right = profile.total() - left;
    const double sum = mean * left.mass - left.first + right.first - mean * right.mass;
    return (sum + double(distribution.zeros) * std::abs(mean)) / double(distribution.count);
}

Range clipped(const QuantSpec& spec, const Distribution& distribution, double lo, double hi)
{
    return shapedRange(
        spec, {float(std::max(lo, double(distribution.min))), float(std::min(hi, double(distribution.max)))});
}

// A grid of both signs has only half its levels on one half of the density.
int bitsOnOneSide(const QuantSpec& spec)
{
    return spec.scheme == Scheme::Asymmetric || spec.scheme == Scheme::Unsigned ? spec.bits + 1 : spec.bits;
}

using Factor = double (*)(int);

Range estimateAciq(const QuantSpec& spec, const Distribution& distribution, Factor factor, double spread,
                   double oneSidedSpread)
{
    if (distribution.min >= 0)
        return clipped(spec, distribution, 0, factor(bitsOnOneSide(spec)) * oneSidedSpread);
    if (distribution.max <= 0)
        return clipped(spec, distribution, -factor(bitsOnOneSide(spec)) * oneSidedSpread, 0);
    const double reach = factor(spec.bits) * spread;
    return clipped(spec, distribution, distribution.mean - reach, distribution.mean + reach);
}

double shareOfNonZeros(const Distribution& distribution)
{
    return double(std::max<int64_t>(1, distribution.count - distribution.zeros)) / double(distribution.count);
}

} // namespace

// Zero of the derivative of (a^2 + 1) erfc(a / sqrt 2) - a sqrt(2 / pi) exp(-a^2 / 2) + a^2 / (3 * 4^bits).
double aciqGaussFactor(int bits)
{
    return rootOf(0.1, 20, [bits](double a) {
        return a * std::erfc(a / std::numbers::sqrt2) -
               std::sqrt(2 / std::numbers::pi) * std::exp(-a * a / 2) + a / (3 * std::ldexp(1.0, 2 * bits));
    });
}

// Zero of the derivative of 2 exp(-a) + a^2 / (3 * 4^bits): a exp(a) = 3 * 4^bits.
double aciqLaplaceFactor(int bits)
{
    return rootOf(0, 60, [bits](double a) { return a * std::exp(a) - 3 * std::ldexp(1.0, 2 * bits); });
}

Range estimateAciqGauss(const QuantSpec& spec, const Distribution& distribution)
{
    const double meanSquare = distribution.std * distribution.std + distribution.mean * distribution.mean;
    return estimateAciq(spec, distribution, aciqGaussFactor, distribution.std,
                        std::sqrt(meanSquare / shareOfNonZeros(distribution)));
}

Range estimateAciqLaplace(const QuantSpec& spec, const Distribution& distribution)
{
    return estimateAciq(spec, distribution, aciqLaplaceFactor, meanDeviation(distribution),
                        distribution.meanAbs / shareOfNonZeros(distribution));
}

} // namespace bitwright
