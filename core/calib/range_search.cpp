// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calib/range_search.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace bitwright {
namespace {

constexpr size_t kValleys = 4;     ///< how many of the best coarse candidates are refined
constexpr double kDepth = 0x1p-12; ///< least end that is tried, relative to the largest value
constexpr int kFewBits = 4; ///< with so few levels, where they fall counts more than how far they reach
constexpr double kHopeless =
    2; ///< candidates that cost more than this many times the best are not looked at closely
constexpr double kGain = 0.9999; ///< a challenger must be cheaper than this share of the best

/// Largest end that is tried, relative to the largest value.
double spread(const QuantSpec& spec)
{
    return spec.bits <= kFewBits ? 2 : 1.2;
}

/// Hopeless candidates in a row, ever shorter, before a search gives up: clipping only grows from there, but
/// on the way of one zero point a side can be cut that hardly counts.
int patience(const QuantSpec& spec)
{
    return spec.scheme == Scheme::Asymmetric ? 60 : 12;
}

float finite(double value)
{
    constexpr double most = std::numeric_limits<float>::max();
    return float(std::clamp(value, -most, most));
}

struct Candidate {
    Range range;
    double cost;
};

class Search {
public:
    Search(const QuantSpec& spec, const Distribution& distribution, const GridCost& cost)
        : m_spec(spec)
        , m_cost(cost)
        , m_best(tried(minMaxRange(spec, distribution), INFINITY))
    {
    }

    Candidate tried(Range range, double enough) const
    {
        return {range, m_cost(gridFromRange(m_spec, range), enough)};
    }
    /// Its cost, or anything above `enough`.
    double consider(Range range, double enough)
    {
        const Candidate candidate = tried(range, enough);
        if (candidate.cost < kGain * m_best.cost)
            m_best = candidate;
        return candidate.cost;
    }
    double consider(Range range) { return consider(range, kHopeless * m_best.cost); }
    const Candidate& best() const { return m_best; }

    /// Over one positive parameter, from `top` down by `ratio`; `rangeOf` makes a range of it.
    template<typename RangeOf>
    void alongLine(double top, double bottom, double ratio, const RangeOf& rangeOf);
    /// Over both ends, starting with shares of `full`.
    void overPlane(Range full);
    /// Over the zero points next to the best grid's, each with every scale near it.
    void aroundZeroPoint();

private:
    template<typename RangeOf>
    void refineOnLine(double from, double to, const RangeOf& rangeOf);
    void descend(Range start);

    const QuantSpec& m_spec;
    const GridCost& m_cost;
    Candidate m_best;
};

template<typename RangeOf>
void Search::alongLine(double top, double bottom, double ratio, const RangeOf& rangeOf)
{
    std::vector<double> parameters, costs;
    const int giveUp = patience(m_spec);
    int hopeless = 0;
    for (double parameter = top; parameter >= bottom && parameter > 0 && hopeless < giveUp;
         parameter *= ratio) {
        parameters.push_back(parameter);
        costs.push_back(consider(rangeOf(parameter)));
        const bool shortened = parameter * spread(m_spec) < top;
        hopeless = shortened && costs.back() > kHopeless * m_best.cost ? hopeless + 1 : 0;
    }
    std::vector<size_t> valleys;
    for (size_t i = 0; i < costs.size(); ++i)
        if (costs[i] <= kHopeless * m_best.cost && (i == 0 || costs[i] <= costs[i - 1]) &&
            (i + 1 == costs.size() || costs[i] < costs[i + 1]))
            valleys.push_back(i);
    const size_t count = std::min(valleys.size(), kValleys);
    std::partial_sort(valleys.begin(), valleys.begin() + std::ptrdiff_t(count), valleys.end(),
                      [&](size_t a, size_t b) { return costs[a] < costs[b]; });
    for (size_t i = 0; i < count; ++i)
        refineOnLine(parameters[valleys[i]] * ratio, parameters[valleys[i]] / ratio, rangeOf);
}

// Ten pieces, then ten pieces of the best two: still a search, for valleys within the valley.
template<typename RangeOf>
void Search::refineOnLine(double from, double to, const RangeOf& rangeOf)
{
    constexpr int kPieces = 10;
    for (int round = 0; round < 2; ++round) {
        const double step = (to - from) / kPieces;
        double centre = from, least = INFINITY;
        for (int i = 0; i <= kPieces; ++i) {
            const double cost = consider(rangeOf(from + i * step), least);
            if (cost < least) {
                least = cost;
                centre = from + i * step;
            }
        }
        from = centre - step;
        to = centre + step;
    }
}

void Search::overPlane(Range full)
{
    constexpr int kSteps = 16;
    constexpr double kRatio = 0.7;
    constexpr size_t kStarts = 2;
    std::vector<Candidate> candidates;
    for (int i = 0; i <= kSteps; ++i)
        for (int j = 0; j <= kSteps; ++j) {
            const double lo = i == kSteps ? 0 : full.lo * std::pow(kRatio, i);
            const double hi = j == kSteps ? 0 : full.hi * std::pow(kRatio, j);
            const Range range{float(lo), float(hi)};
            candidates.push_back({range, consider(range)});
        }
    const size_t count = std::min(candidates.size(), kStarts);
    std::partial_sort(candidates.begin(), candidates.begin() + std::ptrdiff_t(count), candidates.end(),
                      [](const Candidate& a, const Candidate& b) { return a.cost < b.cost; });
    for (size_t i = 0; i < count; ++i)
        descend(candidates[i].range);
}

// To the best of eight neighbours while there is a better one, else with half the step.
void Search::descend(Range start)
{
    constexpr double kFirstStep = 0.16, kLastStep = 0.002;
    Candidate here = tried(start, INFINITY);
    for (double step = kFirstStep; step >= kLastStep;) {
        Candidate next = here;
        for (int i = -1; i <= 1; ++i)
            for (int j = -1; j <= 1; ++j) {
                const Range range{float(here.range.lo * (1 + i * step)),
                                  float(here.range.hi * (1 + j * step))};
                const double cost = consider(range, next.cost);
                if (cost < next.cost)
                    next = {range, cost};
            }
        if (next.cost < here.cost)
            here = next;
        else
            step /= 2;
    }
}

// Few levels on one side of zero make the zero point's rounding felt; small steps of the ends miss that.
void Search::aroundZeroPoint()
{
    constexpr int32_t kReach = 2;
    constexpr double kStretch = 1.15;
    const IntegerBounds bounds = integerBounds(m_spec);
    const Grid centre = gridFromRange(m_spec, m_best.range);
    const int32_t first = std::max(bounds.qmin, centre.zeroPoint - kReach);
    const int32_t last = std::min(bounds.qmax, centre.zeroPoint + kReach);
    for (int32_t zero = first; zero <= last; ++zero)
        alongLine(centre.scale * kStretch, centre.scale / kStretch, 0.985, [&](double step) {
            return Range{finite((bounds.qmin - zero) * step), finite((bounds.qmax - zero) * step)};
        });
}

double magnitude(const Distribution& distribution)
{
    return std::max(std::abs(double(distribution.min)), std::abs(double(distribution.max)));
}

// A symmetric range that gives the scale which {-t, t} has under ScaleRule::QMax.
Range balanced(const QuantSpec& spec, double t)
{
    const IntegerBounds bounds = integerBounds(spec);
    const bool uneven = spec.scaleRule == ScaleRule::Range && bounds.qmax > 0;
    return {finite(uneven ? t * bounds.qmin / bounds.qmax : -t), finite(t)};
}

void searchPowersOfTwo(Search& search, const QuantSpec& spec, double top)
{
    // 0.75 lies safely between two powers: every scale is met exactly once.
    const double half = -double(integerBounds(spec).qmin);
    const double first = std::exp2(std::ceil(std::log2(top * spread(spec) / half))) * 0.75 * half;
    for (double t = first; t > top * kDepth; t /= 2)
        search.consider(balanced(spec, t));
}

void searchZeroPoints(Search& search, const QuantSpec& spec, Range full)
{
    const int32_t steps = integerBounds(spec).qmax;
    for (int32_t zero = 0; zero <= steps; ++zero) {
        // The step at which one side is just covered; the other side is then cut, or has levels to spare.
        const double left = zero ? -double(full.lo) / zero : 0;
        const double right = zero < steps ? double(full.hi) / (steps - zero) : 0;
        const double top = spread(spec) * std::max(left, right);
        search.alongLine(top, top * kDepth, 0.96, [&](double step) {
            return Range{finite(-zero * step), finite((steps - zero) * step)};
        });
    }
}

void searchAsymmetric(Search& search, const QuantSpec& spec, const Distribution& distribution)
{
    const double top = spread(spec) * magnitude(distribution), bottom = magnitude(distribution) * kDepth;
    if (distribution.min >= 0)
        search.alongLine(top, bottom, 0.985, [](double t) { return Range{0, finite(t)}; });
    else if (distribution.max <= 0)
        search.alongLine(top, bottom, 0.985, [](double t) { return Range{finite(-t), 0}; });
    else if (spec.bits <= kFewBits)
        searchZeroPoints(search, spec, {distribution.min, distribution.max});
    else {
        search.overPlane({distribution.min, distribution.max});
        search.aroundZeroPoint();
    }
}

} // namespace

Range shapedRange(const QuantSpec& spec, Range range)
{
    const float end = std::max(std::abs(range.lo), std::abs(range.hi));
    switch (spec.scheme) {
    case Scheme::Asymmetric:
        return range;
    case Scheme::Unsigned:
        return {0, std::max(range.hi, 0.0f)};
    case Scheme::Symmetric:
    case Scheme::Narrow:
    case Scheme::PowerOfTwo:
        break;
    }
    return spec.scaleRule == ScaleRule::Range && spec.format == Format::Int ? range : Range{-end, end};
}

Range minMaxRange(const QuantSpec& spec, const Distribution& distribution)
{
    return shapedRange(spec, {distribution.min, distribution.max});
}

Range searchRange(const QuantSpec& spec, const Distribution& distribution, const GridCost& cost,
                  double goodEnough)
{
    Search search(spec, distribution, cost);
    if (search.best().cost <= goodEnough)
        return search.best().range;
    const double top = magnitude(distribution);
    constexpr double ratio = 0.985;
    switch (spec.scheme) {
    case Scheme::Asymmetric:
        searchAsymmetric(search, spec, distribution);
        break;
    case Scheme::Unsigned:
        search.alongLine(spread(spec) * top, kDepth * top, ratio, [](double t) {
            return Range{0, finite(t)};
        });
        break;
    case Scheme::PowerOfTwo:
        searchPowersOfTwo(search, spec, top);
        break;
    case Scheme::Symmetric:
    case Scheme::Narrow:
        search.alongLine(spread(spec) * top, kDepth * top, ratio,
                         [&](double t) { return balanced(spec, t); });
        break;
    }
    return search.best().range;
}

} // namespace bitwright
