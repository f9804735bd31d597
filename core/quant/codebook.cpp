// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/codebook.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <utility>

namespace bitwright {

namespace {

constexpr size_t kExact = 1024;  ///< so many distinct values are solved exactly
constexpr size_t kSorted = 4096; ///< more values than this are binned

/// Ascending points with weights, as running totals: point i stands for weight[i + 1] - weight[i] values.
struct Points {
    std::vector<double> position;  ///< mean of the values
    std::vector<double> weight{0}; ///< running count
    std::vector<double> moment{0}; ///< running sum

    void add(double count, double sum)
    {
        position.push_back(sum / count);
        weight.push_back(weight.back() + count);
        moment.push_back(moment.back() + sum);
    }
};

Points sortedPoints(std::vector<float> values)
{
    std::ranges::sort(values);
    Points points;
    for (size_t i = 0; i < values.size();) {
        size_t end = i + 1;
        while (end < values.size() && values[end] == values[i])
            ++end;
        points.add(double(end - i), double(end - i) * double(values[i]));
        i = end;
    }
    return points;
}

Points binnedPoints(const std::vector<float>& values, double lo, double hi)
{
    const size_t bins = std::min<size_t>(std::bit_ceil(values.size()), 65536);
    std::vector<double> count(bins), sum(bins);
    const double perUnit = double(bins) / (hi - lo);
    for (const float x : values) {
        const size_t bin = std::min(size_t((double(x) - lo) * perUnit), bins - 1);
        count[bin] += 1;
        sum[bin] += double(x);
    }
    Points points;
    for (size_t bin = 0; bin < bins; ++bin)
        if (count[bin] > 0)
            points.add(count[bin], sum[bin]);
    return points;
}

/// One Lloyd step: every centre moves to the mean of the points next to it; a centre without points stays.
std::vector<double> lloydStep(const Points& points, const std::vector<double>& centres)
{
    std::vector<double> next = centres;
    size_t begin = 0;
    for (size_t k = 0; k < centres.size(); ++k) {
        size_t end = points.position.size();
        if (k + 1 < centres.size()) {
            const double edge = (centres[k] + centres[k + 1]) / 2;
            const auto first = points.position.begin() + std::ptrdiff_t(begin);
            end = size_t(std::upper_bound(first, points.position.end(), edge) - points.position.begin());
        }
        const double count = points.weight[end] - points.weight[begin];
        if (count > 0)
            next[k] = (points.moment[end] - points.moment[begin]) / count;
        begin = end;
    }
    return next;
}

void iterate(const Points& points, std::vector<double>& centres)
{
    constexpr int most = 2000;
    for (int i = 0; i < most; ++i) {
        std::vector<double> next = lloydStep(points, centres);
        if (next == centres)
            return;
        centres = std::move(next);
    }
}

/// At most `cells` points in place of many, cut where density^(1/3) has equal integrals: the best coarse
/// quantizer for squared error (Panter and Dite 1951).
Points coarse(const Points& points, size_t cells)
{
    const size_t n = points.position.size();
    if (n <= kExact)
        return points;
    std::vector<double> measure(n + 1);
    for (size_t i = 0; i < n; ++i) {
        const double left = points.position[i ? i - 1 : 0], right = points.position[std::min(i + 1, n - 1)];
        const double count = points.weight[i + 1] - points.weight[i];
        measure[i + 1] = measure[i] + std::cbrt(count * (right - left) * (right - left));
    }
    Points result;
    for (size_t begin = 0; begin < n;) {
        const double cell = std::floor(measure[begin] / measure[n] * double(cells - 1)) + 1;
        const double wanted = cell / double(cells - 1) * measure[n];
        const auto above =
            std::lower_bound(measure.begin() + std::ptrdiff_t(begin) + 1, measure.end(), wanted);
        const size_t end = std::min(size_t(above - measure.begin()), n);
        result.add(points.weight[end] - points.weight[begin], points.moment[end] - points.moment[begin]);
        begin = end;
    }
    return result;
}

/// The exact optimum over few points by dynamic programming. The best last cut moves monotonically with the
/// end (the cost is concave Monge, Wu 1991), so every level takes n log n steps.
class BestCuts {
public:
    BestCuts(const Points& points, size_t levels)
        : m_points(points)
        , m_size(points.position.size())
        , m_cuts(levels, std::vector<size_t>(m_size + 1))
    {
        m_squares.push_back(0);
        for (size_t i = 0; i < m_size; ++i)
            m_squares.push_back(m_squares.back() +
                                (points.moment[i + 1] - points.moment[i]) * points.position[i]);
        m_best.assign(m_size + 1, 0);
        for (size_t end = 1; end <= m_size; ++end)
            m_best[end] = cost(0, end);
        for (size_t k = 1; k < levels; ++k) {
            m_next.assign(m_size + 1, 0);
            solve(k, 1, m_size, 0, m_size - 1);
            m_best.swap(m_next);
        }
    }

    std::vector<double> centres() const
    {
        std::vector<double> result(m_cuts.size());
        size_t end = m_size;
        for (size_t k = m_cuts.size(); k-- > 0;) {
            const size_t begin = k ? m_cuts[k][end] : 0;
            const double count = m_points.weight[end] - m_points.weight[begin];
            result[k] =
                count > 0 ? (m_points.moment[end] - m_points.moment[begin]) / count : m_points.position[0];
            end = begin;
        }
        return result;
    }

private:
    double cost(size_t begin, size_t end) const
    {
        const double sum = m_points.moment[end] - m_points.moment[begin];
        const double count = m_points.weight[end] - m_points.weight[begin];
        return count > 0 ? m_squares[end] - m_squares[begin] - sum * sum / count : 0;
    }

    /// Cuts before the ends [lo, hi], known to lie in [first, last].
    void solve(size_t k, size_t lo, size_t hi, size_t first, size_t last)
    {
        if (lo > hi)
            return;
        const size_t end = (lo + hi) / 2;
        double least = std::numeric_limits<double>::infinity();
        size_t best = first;
        for (size_t cut = first; cut <= std::min(last, end); ++cut)
            if (const double sum = m_best[cut] + cost(cut, end); sum < least) {
                least = sum;
                best = cut;
            }
        m_next[end] = least;
        m_cuts[k][end] = best;
        solve(k, lo, end - 1, first, best);
        solve(k, end + 1, hi, best, last);
    }

    const Points& m_points;
    size_t m_size;
    std::vector<double> m_squares, m_best, m_next;
    std::vector<std::vector<size_t>> m_cuts; ///< [levels][end]: where the last cell begins
};

Points pointsOf(const std::vector<float>& values)
{
    std::vector<float> finite;
    finite.reserve(values.size());
    std::ranges::copy_if(values, std::back_inserter(finite), [](float x) { return std::isfinite(x); });
    if (finite.size() <= kSorted)
        return sortedPoints(std::move(finite));
    const auto [lo, hi] = std::ranges::minmax(finite);
    return lo < hi ? binnedPoints(finite, lo, hi) : sortedPoints(std::move(finite));
}

} // namespace

std::vector<float> fitCodebook(const std::vector<float>& values, size_t levels)
{
    const Points points = pointsOf(values);
    if (points.position.empty())
        return std::vector<float>(levels, 0.0f);
    std::vector<double> best;
    if (points.position.size() <= levels) {
        best = points.position;
        best.resize(levels, best.back());
    } else {
        const Points few = coarse(points, std::max<size_t>(256, 4 * levels));
        best = BestCuts(few, levels).centres();
        std::ranges::sort(best);
        iterate(points, best);
    }
    return {best.begin(), best.end()};
}

} // namespace bitwright
