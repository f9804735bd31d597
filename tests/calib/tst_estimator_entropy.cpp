// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/calib/distributions.h"

#include <gtest/gtest.h>

namespace bitwright {
namespace {

using namespace testing;

Range estimated(const std::vector<float>& values, const QuantSpec& spec)
{
    const TensorStats stats = statsOf(values);
    return estimateRange(spec, distributionOf(stats));
}

// KL(Q || P) as the estimator's file states it, with every bin written out; no exact zeros in `histogram`.
double divergence(const Histogram& histogram, const QuantSpec& spec, const Grid& grid)
{
    const IntegerBounds bounds = integerBounds(spec);
    const std::vector<int64_t>& p = histogram.counts();
    struct Level {
        double mass = 0, bins = 0, clipped = 0;
    };
    std::map<int, Level> levels;
    std::vector<int> inside(p.size(), INT32_MIN);
    for (size_t i = 0; i < p.size(); ++i) {
        const double free = std::nearbyint(histogram.centre(i) / grid.scale) + grid.zeroPoint;
        const int level = int(std::clamp(free, double(bounds.qmin), double(bounds.qmax)));
        if (free != level)
            levels[level].clipped += double(p[i]);
        else if (p[i]) {
            inside[i] = level;
            levels[level].mass += double(p[i]);
            ++levels[level].bins;
        }
    }
    double sum = 0;
    for (size_t i = 0; i < p.size(); ++i)
        if (inside[i] != INT32_MIN) {
            const Level& level = levels[inside[i]];
            const double q = (level.mass + level.clipped) / level.bins;
            sum += q * std::log(q / double(p[i]));
        }
    for (const auto& [q, level] : levels)
        sum += level.bins > 0 ? -(level.bins - 1) / 2 : level.clipped * std::log(2 * level.clipped);
    return std::max(0.0, sum);
}

TEST(EntropyEstimator, FindsTheLeastDivergenceOfAllThresholds)
{
    for (const std::string name : {"normal", "laplace", "heavy", "outliers"})
        for (const int bits : {2, 4, 6, 8}) {
            const QuantSpec spec = specOf(Scheme::Symmetric, bits, Estimator::Entropy);
            const TensorStats stats = statsOf(drawn(name, 100000));
            const float end = std::max(-stats.all.min, stats.all.max);
            double best = INFINITY;
            for (float share = 1; share > 0.01f; share *= 0.995f)
                best = std::min(best, divergence(stats.histogram, spec,
                                                 gridFromRange(spec, {-share * end, share * end})));
            const Range found = estimateRange(spec, distributionOf(stats));
            // Edges of cells fall on bins a little differently: a few nats of 100,000.
            EXPECT_LE(divergence(stats.histogram, spec, gridFromRange(spec, found)), 1.02 * best + 20)
                << name << bits;
        }
}

TEST(EntropyEstimator, ReallySearches)
{
    // ONNX Runtime's defaults leave one candidate, the whole range.
    const std::vector<float> values = drawn("outliers", 100000);
    float last = 0;
    for (const int bits : {2, 3, 4, 6, 8}) {
        const Range range = estimated(values, specOf(Scheme::Symmetric, bits, Estimator::Entropy));
        EXPECT_GT(range.hi, last) << "more bits, less clipping";
        last = range.hi;
    }
    const float end = estimated(values, specOf(Scheme::Symmetric, 8, Estimator::MinMax)).hi;
    EXPECT_LT(last, 0.5f * end) << "outliers are clipped";
    EXPECT_GT(last, 3.0f) << "the bulk is not";
}

TEST(EntropyEstimator, DoesNotClipReluDataAbsurdly)
{
    // Without care for the peak at zero such data is clipped at an eighth of its maximum.
    for (const std::string name : {"relu", "relu6"})
        for (const Scheme scheme : {Scheme::Symmetric, Scheme::Unsigned, Scheme::Asymmetric}) {
            const std::vector<float> values = drawn(name, 100000);
            const float end = *std::max_element(values.begin(), values.end());
            EXPECT_GT(estimated(values, specOf(scheme, 8, Estimator::Entropy)).hi, 0.8f * end) << name;
            EXPECT_GT(estimated(values, specOf(scheme, 4, Estimator::Entropy)).hi, 0.5f * end) << name;
        }
}

TEST(EntropyEstimator, DoesNotSeeExactZeros)
{
    std::vector<float> values = drawn("relu", 20000);
    const Range sparse = estimated(values, specOf(Scheme::Unsigned, 4, Estimator::Entropy));
    values.insert(values.end(), 200000, 0.0f);
    EXPECT_EQ(estimated(values, specOf(Scheme::Unsigned, 4, Estimator::Entropy)), sparse);
}

TEST(EntropyEstimator, StaysInsideTheDataAndCoversItWithEnoughLevels)
{
    for (const auto& [name, draw] : distributions())
        for (const Scheme scheme : {Scheme::Symmetric, Scheme::Unsigned, Scheme::Asymmetric})
            for (const int bits : {2, 4, 8, 13}) {
                const std::vector<float> values = drawn(name, 20000);
                const QuantSpec spec = specOf(scheme, bits, Estimator::Entropy);
                const Range range = estimated(values, spec);
                const Range whole = estimated(values, specOf(scheme, bits, Estimator::MinMax));
                const float step = gridFromRange(spec, range).scale;
                EXPECT_LE(range.hi, std::max(0.0f, whole.hi) + 2 * step) << name << " " << shortForm(spec);
                EXPECT_GE(range.lo, std::min(0.0f, whole.lo) - 2 * step) << name << " " << shortForm(spec);
                if (bits == 13) { // half of them for values of one sign: as many as there can be bins
                    EXPECT_EQ(range, whole) << name << ": one level a bin loses nothing";
                }
            }
}

} // namespace
} // namespace bitwright
