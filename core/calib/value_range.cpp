// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calib/value_range.h"

#include "core/calib/range_search.h"
#include "core/tensor/quant_kernels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace bitwright {
namespace {

constexpr int kFewBits = 4;       ///< with so few levels, where they fall counts more than how far they reach
constexpr double kHopeless = 1.5; ///< a grid that costs more than this many times the best is not near it
constexpr double kGain = 0.9999;  ///< a challenger must be cheaper than this share of min-max

struct Trial {
    double scale = 0, cost = INFINITY;
    int32_t zero = 0;
};

/// Grids of few thousand values under trial. With its codes c kept, a grid's best scale is the least-squares
/// one, s (1 + sum(e c) / sum(c^2)) in the names of kernels::GridFit; rounding anew can only gain. So every
/// trial gives the best grid of its neighbourhood, and coarse steps will do.
class GridSearch {
public:
    GridSearch(const QuantSpec& spec, std::vector<float> values, Range full);
    /// The range of the best grid; min-max when nothing is cheaper, or when it costs at most `goodEnough`.
    Range best(double goodEnough);

private:
    double cost(const Grid& grid) const;
    Trial tried(double scale, int32_t zero) const;
    double consider(double scale, int32_t zero);
    void alongScales(int32_t zero);
    bool aroundBestScale(int32_t zero);
    void overZeroPoints();
    void nearBest();
    /// Between one scale and the next. Many levels have no valleys, but lucky scales, everywhere.
    double ratio() const
    {
        return m_spec.scheme == Scheme::PowerOfTwo ? 0.5 : m_spec.bits <= kFewBits ? 0.93 : 0.97;
    }

    const QuantSpec& m_spec;
    IntegerBounds m_bounds;
    std::vector<float> m_values; ///< the largest first: they show soonest that a grid is too short
    Range m_full;
    Grid m_start;                ///< min-max
    std::array<Trial, 3> m_best; ///< ascending cost
};

GridSearch::GridSearch(const QuantSpec& spec, std::vector<float> values, Range full)
    : m_spec(spec)
    , m_bounds(integerBounds(spec))
    , m_values(std::move(values))
    , m_full(full)
    , m_start(gridFromRange(spec, shapedRange(spec, full)))
{
    constexpr size_t kLargest = 64; // what kernels::gridFit looks at first
    const auto larger = [](float a, float b) { return std::abs(a) > std::abs(b); };
    if (m_values.size() > 4 * kLargest)
        std::nth_element(m_values.begin(), m_values.begin() + kLargest, m_values.end(), larger);
    m_best[0] = {m_start.scale, cost(m_start), m_start.zeroPoint};
}

double GridSearch::cost(const Grid& grid) const
{
    const kernels::GridFit fit =
        kernels::gridFit(m_values.data(), m_values.size(),
                         {grid.scale, grid.zeroPoint, m_bounds.qmin, m_bounds.qmax}, INFINITY);
    return double(grid.scale) * grid.scale * fit.squared;
}

Trial GridSearch::tried(double scale, int32_t zero) const
{
    const double unit = scale * scale, enough = kHopeless * m_best[0].cost / unit;
    const kernels::GridFit fit = kernels::gridFit(m_values.data(), m_values.size(),
                                                  {float(scale), zero, m_bounds.qmin, m_bounds.qmax}, enough);
    if (fit.squared > enough || !(fit.codes > 0) || m_spec.scheme == Scheme::PowerOfTwo)
        return {scale, unit * fit.squared, zero};
    const double gain = fit.product / fit.codes;
    return {scale * (1 + gain), unit * (fit.squared - fit.product * gain), zero};
}

double GridSearch::consider(double scale, int32_t zero)
{
    const Trial trial = tried(scale, zero);
    const auto place = std::find_if(m_best.begin(), m_best.end(),
                                    [&](const Trial& known) { return trial.cost < known.cost; });
    if (place != m_best.end()) {
        std::move_backward(place, m_best.end() - 1, m_best.end());
        *place = trial;
    }
    return trial.cost;
}

/// From where every value has more than enough room down to where clipping has made it hopeless.
void GridSearch::alongScales(int32_t zero)
{
    constexpr double kDepth = 0x1p-12;
    constexpr int kPatience = 4;
    const double below = zero - m_bounds.qmin, above = m_bounds.qmax - zero;
    const double left = below > 0 ? -double(m_full.lo) / below : 0;
    const double right = above > 0 ? double(m_full.hi) / above : 0;
    const double covered = std::max(left, right);
    const double cut = std::min(left > 0 ? left : covered, right > 0 ? right : covered);
    const double spread = m_spec.bits <= 2 ? 2 : m_spec.bits <= kFewBits ? 1.5 : 1.1;
    double scale = covered * spread;
    if (m_spec.scheme == Scheme::PowerOfTwo)
        scale = std::exp2(std::ceil(std::log2(scale)));
    for (int hopeless = 0; hopeless < kPatience && scale > covered * kDepth; scale *= ratio()) {
        const double cost = consider(scale, zero);
        hopeless = scale < cut && cost > kHopeless * m_best[0].cost ? hopeless + 1 : 0;
    }
}

/// The same near the scale that is best so far, which is where another zero point has its best, too.
/// False when it is hopeless.
bool GridSearch::aroundBestScale(int32_t zero)
{
    constexpr int kAtLeast = 2, kAtMost = 12;
    const double centre = m_best[0].scale;
    bool hope = false;
    for (const double step : {ratio(), 1 / ratio()}) {
        double scale = step < 1 ? centre : centre * step;
        bool near = true;
        for (int i = 0; i < kAtMost && (near || i < kAtLeast); ++i, scale *= step) {
            near = consider(scale, zero) <= kHopeless * m_best[0].cost;
            hope |= near;
        }
    }
    return hope;
}

/// From min-max's zero point to both sides while there is hope; strides first where there are many.
void GridSearch::overZeroPoints()
{
    constexpr int32_t kStrides = 16;
    constexpr int kPatience = 2;
    const int32_t stride = std::max(1, (m_bounds.qmax - m_bounds.qmin) / kStrides);
    for (const int32_t way : {-stride, stride})
        for (int32_t zero = m_start.zeroPoint + way, hopeless = 0;
             zero >= m_bounds.qmin && zero <= m_bounds.qmax && hopeless < kPatience; zero += way)
            hopeless = aroundBestScale(zero) ? 0 : hopeless + 1;
    for (int32_t half = stride / 2; half > 0; half /= 2) {
        const Trial centre = m_best[0];
        for (const int32_t zero : {centre.zero - half, centre.zero + half})
            for (const double stretch : {0.97, 1.0, 1.03})
                if (zero >= m_bounds.qmin && zero <= m_bounds.qmax)
                    consider(centre.scale * stretch, zero);
    }
}

/// New codes for the best three, then between the coarse steps around the best.
void GridSearch::nearBest()
{
    constexpr int kRounds = 3, kBetween = 4;
    for (const Trial& start : std::array(m_best))
        for (auto [round, trial] = std::pair(0, start); round < kRounds && trial.scale > 0; ++round) {
            trial = tried(trial.scale, trial.zero);
            consider(trial.scale, trial.zero);
        }
    const Trial centre = m_best[0];
    for (int i = -kBetween; i <= kBetween; ++i)
        consider(centre.scale * std::pow(ratio(), double(i) / kBetween), centre.zero);
}

Range GridSearch::best(double goodEnough)
{
    const Range plain = shapedRange(m_spec, m_full);
    const double minMax = m_best[0].cost;
    if (minMax <= goodEnough)
        return plain;
    alongScales(m_start.zeroPoint);
    if (m_spec.scheme == Scheme::Asymmetric)
        overZeroPoints();
    if (m_spec.scheme != Scheme::PowerOfTwo)
        nearBest();
    const Grid found{float(m_best[0].scale), m_best[0].zero};
    return cost(found) < kGain * minMax ? rangeOfGrid(m_spec, found) : plain;
}

std::vector<float> finiteOnes(std::span<const float> values)
{
    std::vector<float> finite;
    finite.reserve(values.size());
    std::copy_if(values.begin(), values.end(), std::back_inserter(finite),
                 [](float x) { return std::isfinite(x); });
    return finite;
}

} // namespace

Range percentileRangeOfValues(const QuantSpec& spec, std::span<const float> values)
{
    std::vector<float> finite = finiteOnes(values);
    if (finite.empty())
        return minMaxRange(spec, {});
    const double count = double(finite.size()),
                 lost = count * (100 - std::min(estimatorParameter(spec), 100.0)) / 100;
    const auto upTo = [&](double wanted) { // the least value that, with all below, makes up that many
        const double rank = std::clamp(std::ceil(wanted), 1.0, count);
        const auto place = finite.begin() + std::ptrdiff_t(rank) - 1;
        std::nth_element(finite.begin(), place, finite.end());
        return *place;
    };
    if (spec.scheme == Scheme::Unsigned)
        return shapedRange(spec, {0, upTo(count - lost)});
    if (shapedRange(spec, {-1, 2}) == Range{-1, 2}) // both ends count
        return {upTo(lost / 2), upTo(count - lost / 2)};
    for (float& x : finite)
        x = std::abs(x);
    return shapedRange(spec, {0, upTo(count - lost)});
}

Range mseRangeOfValues(const QuantSpec& spec, std::span<const float> values)
{
    std::vector<float> finite = finiteOnes(values);
    if (finite.empty())
        return minMaxRange(spec, {});
    const auto [least, most] = std::minmax_element(finite.begin(), finite.end());
    const Range full{std::min(0.0f, *least), std::max(0.0f, *most)};
    double signal = 0;
    for (const float x : finite)
        signal += double(x) * x;
    return GridSearch(spec, std::move(finite), full).best(1e-13 * signal);
}

} // namespace bitwright
