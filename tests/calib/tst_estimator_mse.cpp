// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calib/value_range.h"
#include "tests/calib/distributions.h"

#include <gtest/gtest.h>

namespace bitwright {
namespace {

using namespace testing;

std::string label(const std::string& name, const QuantSpec& spec)
{
    return name + " " + describe(spec);
}

Range estimated(const std::vector<float>& values, const QuantSpec& spec)
{
    const TensorStats stats = statsOf(values);
    return estimateRange(spec, distributionOf(stats));
}

void expectNearOptimum(const QuantSpec& spec, size_t count, double p = 2)
{
    for (const auto& [name, draw] : distributions()) {
        const std::vector<float> values = drawn(name, count);
        const double found = errorOfRange(values, spec, estimated(values, spec), p);
        EXPECT_LE(found, 1.01 * bruteForce(values, spec, p)) << label(name, spec);
    }
}

TEST(MseEstimator, SymmetricIsWithinOnePercentOfBruteForce)
{
    for (const int bits : {2, 3, 4, 6, 8})
        expectNearOptimum(specOf(Scheme::Symmetric, bits, Estimator::Mse), 20000);
}

TEST(MseEstimator, NarrowIsWithinOnePercentOfBruteForce)
{
    for (const int bits : {2, 3, 8})
        expectNearOptimum(specOf(Scheme::Narrow, bits, Estimator::Mse), 12000);
}

TEST(MseEstimator, UnsignedIsWithinOnePercentOfBruteForce)
{
    for (const int bits : {1, 2, 3, 4, 6, 8})
        expectNearOptimum(specOf(Scheme::Unsigned, bits, Estimator::Mse), 12000);
}

TEST(MseEstimator, AsymmetricIsWithinOnePercentOfBruteForce)
{
    for (const int bits : {2, 3, 4, 6, 8})
        expectNearOptimum(specOf(Scheme::Asymmetric, bits, Estimator::Mse), 8000);
}

TEST(MseEstimator, PowerOfTwoFindsTheBestPower)
{
    for (const int bits : {2, 3, 4, 8}) {
        const QuantSpec spec = specOf(Scheme::PowerOfTwo, bits, Estimator::Mse);
        for (const auto& [name, draw] : distributions()) {
            const std::vector<float> values = drawn(name, 20000);
            double best = INFINITY;
            for (int exponent = -20; exponent < 10; ++exponent)
                best = std::min(best, trueError(values, spec, {std::ldexp(1.0f, exponent), 0}));
            EXPECT_LE(errorOfRange(values, spec, estimated(values, spec)), 1.01 * best) << label(name, spec);
        }
    }
}

TEST(MseEstimator, KnowsEveryScaleRule)
{
    for (const ScaleRule rule : {ScaleRule::HalfSteps, ScaleRule::Range})
        for (const int bits : {2, 4, 8}) {
            QuantSpec spec = specOf(Scheme::Symmetric, bits, Estimator::Mse);
            spec.scaleRule = rule;
            expectNearOptimum(spec, 10000);
        }
}

TEST(MseEstimator, IsNeverWorseThanMinMaxAtAnyBitWidth)
{
    for (const Scheme scheme : {Scheme::Symmetric, Scheme::Unsigned, Scheme::Asymmetric, Scheme::PowerOfTwo})
        for (int bits = 1; bits <= 16; ++bits)
            for (const auto& [name, draw] : distributions()) {
                const std::vector<float> values = drawn(name, 10000);
                const QuantSpec spec = specOf(scheme, bits, Estimator::Mse);
                const QuantSpec plain = specOf(scheme, bits, Estimator::MinMax);
                EXPECT_LE(errorOfRange(values, spec, estimated(values, spec)),
                          1.03 * errorOfRange(values, plain, estimated(values, plain)))
                    << label(name, spec);
            }
}

TEST(MseEstimator, DoesNotTakeTheEightBitRangeForFourBits)
{
    // PyTorch's HistogramObserver optimises for 256 levels whatever quant_min and quant_max say.
    const std::vector<float> values = drawn("outliers", 100000);
    const QuantSpec four = specOf(Scheme::Asymmetric, 4, Estimator::Mse);
    const Range fourBits = estimated(values, four);
    const Range eightBits = estimated(values, specOf(Scheme::Asymmetric, 8, Estimator::Mse));
    EXPECT_LT(fourBits.hi, 0.7f * eightBits.hi);
    EXPECT_GT(errorOfRange(values, four, eightBits), 2 * errorOfRange(values, four, fourBits));
}

TEST(MseEstimator, PerChannelIsWithinOnePercentOfBruteForce)
{
    std::vector<float> all;
    std::vector<std::vector<float>> channels;
    float gain = 0.01f;
    for (const auto& [name, draw] : distributions()) {
        channels.push_back(drawn(name, 10000));
        for (float& value : channels.back())
            value *= gain;
        gain *= 5;
        all.insert(all.end(), channels.back().begin(), channels.back().end());
    }
    const Tensor weight = Tensor::fromFloats({int64_t(channels.size()), 10000}, all);
    const TensorStats stats = weightStats(weight, 0, ChannelHistograms::Yes);
    for (const int bits : {2, 3, 4, 8}) {
        const QuantSpec spec = specOf(Scheme::Symmetric, bits, Estimator::Mse);
        const std::vector<Range> ranges = estimateChannelRanges(spec, stats);
        ASSERT_EQ(ranges.size(), channels.size());
        for (size_t c = 0; c < channels.size(); ++c) {
            EXPECT_EQ(ranges[c], estimateRange(spec, distributionOf(stats, c)));
            EXPECT_LE(errorOfRange(channels[c], spec, ranges[c]), 1.01 * bruteForce(channels[c], spec)) << c;
        }
    }
}

TEST(MseEstimator, ReachesTheBestGridOfTheBinsToo)
{
    // The optimum of the binned error itself, from 4,000 candidates.
    for (const auto& [name, draw] : distributions())
        for (const int bits : {2, 3, 4, 8}) {
            const TensorStats stats = statsOf(drawn(name, 20000));
            const Distribution distribution = distributionOf(stats);
            const QuantSpec spec = specOf(Scheme::Symmetric, bits, Estimator::Mse);
            const auto cost = [&](Range range) {
                const BinnedError error = binnedError(spec, gridFromRange(spec, range), distribution);
                return error.rounding + error.clipping;
            };
            double best = INFINITY;
            const float end = std::max(-distribution.min, distribution.max);
            for (int i = 1; i <= 4000; ++i)
                best = std::min(best, cost({-end * i / 2000, end * i / 2000}));
            EXPECT_LE(cost(estimateRange(spec, distribution)), 1.01 * best) << label(name, spec);
        }
}

TEST(MseEstimator, OfAGroupIsWithinThreePercentOfBruteForce)
{
    // With 8 bits what is left is the luck of a few values' rounding.
    for (const Scheme scheme :
         {Scheme::Symmetric, Scheme::Narrow, Scheme::Unsigned, Scheme::PowerOfTwo, Scheme::Asymmetric})
        for (const auto& [name, draw] : distributions())
            for (const size_t size : {32, 128})
                for (const int bits : {2, 3, 4, 8}) {
                    const std::vector<float> values = drawn(name, size);
                    const QuantSpec spec = specOf(scheme, bits, Estimator::Mse);
                    EXPECT_LE(errorOfRange(values, spec, mseRangeOfValues(spec, values)),
                              (bits <= 4 ? 1.03 : 1.25) * bruteForce(values, spec) + 1e-12)
                        << label(name, spec) << " " << size;
                }
    const std::vector<float> none = {NAN, INFINITY};
    EXPECT_EQ(mseRangeOfValues(specOf(Scheme::Symmetric, 4, Estimator::Mse), none), Range());
}

TEST(LpEstimator, IsWithinOnePercentOfBruteForce)
{
    for (const double p : {1.0, 2.4, 4.0})
        for (const int bits : {3, 8})
            expectNearOptimum(specOf(Scheme::Symmetric, bits, Estimator::Lp, p), 4000, p);
    expectNearOptimum(specOf(Scheme::Asymmetric, 4, Estimator::Lp, 2.4), 2000, 2.4);
}

TEST(LpEstimator, OfTwoIsTheMseEstimator)
{
    for (const auto& [name, draw] : distributions()) {
        const std::vector<float> values = drawn(name, 20000);
        const QuantSpec lp = specOf(Scheme::Symmetric, 4, Estimator::Lp, 2);
        const Range mse = estimated(values, specOf(Scheme::Symmetric, 4, Estimator::Mse));
        EXPECT_NEAR(estimated(values, lp).hi, mse.hi, 0.02 * mse.hi) << name;
    }
}

} // namespace
} // namespace bitwright
