// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calib/value_range.h"

#include "core/calib/range_search.h"
#include "core/tensor/quant_kernels.h"

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
        constexpr size_t kLargest = 64;
        const auto larger = [](float a, float b) { return std::abs(a) > std::abs(b); };
        if (m_values.size() > kLargest)
            std::nth_element(m_values.begin(), m_values.begin() + kLargest, m_values.end(), larger);
    }

    double operator()(const Grid& grid, double enough) const
    {
        const double unit = double(grid.scale) * grid.scale;
        return unit * kernels::gridError(m_values.data(), m_values.size(),
                                         {grid.scale, grid.zeroPoint, m_bounds.qmin, m_bounds.qmax},
                                         enough / unit);
    }

private:
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
