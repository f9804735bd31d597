// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calib/group_range.h"

#include "core/calib/range_search.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

namespace bitwright {
namespace {

/// Squared error of a grid on the values, the largest first: those show soonest that a range is too short.
class SquaredError {
public:
    SquaredError(const QuantSpec& spec, std::vector<float> values)
        : m_bounds(integerBounds(spec))
        , m_values(std::move(values))
    {
        const auto larger = [](float a, float b) { return std::abs(a) > std::abs(b); };
        std::sort(m_values.begin(), m_values.end(), larger);
    }

    double operator()(const Grid& grid, double enough) const
    {
        const float least = float(m_bounds.qmin - grid.zeroPoint),
                    most = float(m_bounds.qmax - grid.zeroPoint);
        const float inverse = 1 / grid.scale;
        const double unit = double(grid.scale) * grid.scale, limit = enough / unit;
        double cost = 0;
        for (size_t i = 0; i < m_values.size() && cost <= limit; i += kPiece)
            cost += squared(i, inverse, least, most);
        return cost * unit;
    }

private:
    static constexpr size_t kPiece = 32;

    /// In steps squared.
    float squared(size_t first, float inverse, float least, float most) const
    {
        constexpr float kRound = 0x1.8p23f; // adding it rounds to an integer where |u| < 2^22
        const size_t count = std::min(kPiece, m_values.size() - first);
        float sum = 0;
        for (size_t i = first; i < first + count; ++i) {
            const float u = m_values[i] * inverse, inside = std::min(std::max(u, least), most);
            const float error = u - ((inside + kRound) - kRound);
            sum += error * error;
        }
        return sum;
    }

    IntegerBounds m_bounds;
    std::vector<float> m_values;
};

} // namespace

Range mseRangeOfValues(const QuantSpec& spec, std::span<const float> values)
{
    std::vector<float> finite;
    finite.reserve(values.size());
    std::copy_if(values.begin(), values.end(), std::back_inserter(finite),
                 [](float x) { return std::isfinite(x); });
    Distribution distribution;
    if (finite.empty())
        return minMaxRange(spec, distribution);
    const auto [least, most] = std::minmax_element(finite.begin(), finite.end());
    distribution.min = *least;
    distribution.max = *most;
    double signal = 0;
    for (const float x : finite)
        signal += double(x) * x;
    const SquaredError error(spec, std::move(finite));
    return searchRange(spec, distribution, std::cref(error), 1e-13 * signal);
}

} // namespace bitwright
