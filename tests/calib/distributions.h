// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/calib/estimators.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace bitwright::testing {

/// Kinds of data that layers really have.
inline std::map<std::string, std::function<float(std::mt19937&)>> distributions()
{
    using R = std::mt19937&;
    static std::normal_distribution<float> normal;
    static std::uniform_real_distribution<float> uniform(-1, 1);
    static std::exponential_distribution<float> exponential;
    static std::student_t_distribution<float> heavy(3);
    return {{"normal", [](R r) { return normal(r); }},
            {"laplace", [](R r) { return exponential(r) * (uniform(r) < 0 ? -1.0f : 1.0f); }},
            {"relu", [](R r) { return std::max(0.0f, normal(r)); }},
            {"relu6", [](R r) { return std::clamp(3 * normal(r), 0.0f, 6.0f); }},
            {"heavy", [](R r) { return heavy(r); }},
            {"uniform", [](R r) { return uniform(r); }},
            {"shifted", [](R r) { return 2 + 0.7f * normal(r); }},
            {"gelu",
             [](R r) {
                 const float x = 2 * normal(r);
                 return 0.5f * x * std::erfc(-x / std::sqrt(2.0f));
             }},
            {"outliers", [](R r) { return normal(r) * (uniform(r) > 0.999f ? 30.0f : 1.0f); }}};
}

inline std::vector<float> drawn(const std::string& name, size_t count, uint32_t seed = 1)
{
    std::mt19937 random(seed);
    const auto draw = distributions().at(name);
    std::vector<float> values(count);
    for (float& value : values)
        value = draw(random);
    return values;
}

inline TensorStats statsOf(const std::vector<float>& values)
{
    TensorStats stats;
    addToStats(stats, Tensor::fromFloats({1, int64_t(values.size())}, values), -1, true);
    return stats;
}

inline QuantSpec specOf(Scheme scheme, int bits, Estimator estimator, double parameter = 0)
{
    QuantSpec spec;
    spec.scheme = scheme;
    spec.bits = bits;
    spec.estimator = estimator;
    spec.parameter = parameter;
    return spec;
}

/// Sum of |x - x^|^p over the values themselves.
inline double trueError(const std::vector<float>& values, const QuantSpec& spec, const Grid& grid,
                        double p = 2)
{
    const IntegerBounds bounds = integerBounds(spec);
    const double lo = double(bounds.qmin) - grid.zeroPoint, hi = double(bounds.qmax) - grid.zeroPoint;
    const double step = grid.scale, inverse = 1 / step;
    double sum = 0;
    for (const float value : values) {
        // Adding and subtracting 1.5 * 2^52 rounds half to even, and the loop becomes SIMD.
        const double level = std::clamp((value * inverse + 0x1.8p52) - 0x1.8p52, lo, hi);
        const double error = value - level * step;
        sum += p == 2 ? error * error : std::pow(std::abs(error), p);
    }
    return sum;
}

inline double errorOfRange(const std::vector<float>& values, const QuantSpec& spec, Range range, double p = 2)
{
    return trueError(values, spec, gridFromRange(spec, range), p);
}

/// Least true error over every grid worth trying, found without any of the code under test.
inline double bruteForce(const std::vector<float>& values, const QuantSpec& spec, double p = 2)
{
    const auto [min, max] = std::minmax_element(values.begin(), values.end());
    const double lo = std::min(0.0f, *min), hi = std::max(0.0f, *max), end = std::max(-lo, hi);
    double best = INFINITY;
    const auto tried = [&](double from, double to) {
        best = std::min(best, errorOfRange(values, spec, {float(from), float(to)}, p));
    };
    if (spec.scheme != Scheme::Asymmetric || lo == 0 || hi == 0) {
        for (double share = 1.6; share > 0.004; share *= 0.99)
            spec.scheme != Scheme::Asymmetric ? tried(-share * end, share * end)
                                              : tried(share * lo, share * hi);
        return best;
    }
    const int steps = integerBounds(spec).qmax;
    for (double share = 1.3; share > 0.01; share *= spec.bits <= 4 ? 0.985 : 0.97)
        for (int zero = 0; zero <= steps; zero += std::max(1, steps / 64))
            tried(-zero * share * (hi - lo) / steps, (steps - zero) * share * (hi - lo) / steps);
    return best;
}

} // namespace bitwright::testing
