// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calib/value_range.h"
#include "tests/calib/distributions.h"

#include <gtest/gtest.h>

#include <limits>

namespace bitwright {
namespace {

using namespace testing;

constexpr float kInfinity = std::numeric_limits<float>::infinity();

Range estimated(const std::vector<float>& values, const QuantSpec& spec)
{
    const TensorStats stats = statsOf(values);
    return estimateRange(spec, distributionOf(stats));
}

std::vector<Estimator> allEstimators()
{
    return {Estimator::MinMax,    Estimator::MovingAverage, Estimator::Percentile, Estimator::Mse,
            Estimator::Lp,        Estimator::Entropy,       Estimator::AciqGauss,  Estimator::AciqLaplace,
            Estimator::MeanSigma, Estimator::Fixed};
}

constexpr Scheme kSchemes[] = {Scheme::Symmetric, Scheme::Narrow, Scheme::Unsigned, Scheme::Asymmetric,
                               Scheme::PowerOfTwo};

TEST(MinMaxEstimator, TakesTheFormOfTheScheme)
{
    const std::vector<float> values = {-3, 1, 5};
    EXPECT_EQ(estimated(values, specOf(Scheme::Asymmetric, 8, Estimator::MinMax)), (Range{-3, 5}));
    EXPECT_EQ(estimated(values, specOf(Scheme::Symmetric, 8, Estimator::MinMax)), (Range{-5, 5}));
    EXPECT_EQ(estimated(values, specOf(Scheme::Unsigned, 8, Estimator::MinMax)), (Range{0, 5}));
    QuantSpec uneven = specOf(Scheme::Symmetric, 8, Estimator::MinMax);
    uneven.scaleRule = ScaleRule::Range;
    EXPECT_EQ(estimated(values, uneven), (Range{-3, 5})) << "this rule wants both ends";
}

TEST(MovingAverageEstimator, FollowsTheSamples)
{
    TensorStats stats;
    addToStats(stats, Tensor::fromFloats({2, 2}, std::vector<float>{-1, 1, -1, 101}), -1, true);
    const Range range =
        estimateRange(specOf(Scheme::Asymmetric, 8, Estimator::MovingAverage), distributionOf(stats));
    EXPECT_FLOAT_EQ(range.lo, -1);
    EXPECT_FLOAT_EQ(range.hi, 2);
}

TEST(MeanSigmaEstimator, IsMeanPlusMinusKSigmaCutToTheData)
{
    const std::vector<float> values = {0, 0, 0, 0, 0, 0, 0, 0, 0, 10}; // mean 1, sigma 3
    const QuantSpec spec = specOf(Scheme::Asymmetric, 8, Estimator::MeanSigma, 2);
    EXPECT_EQ(estimated(values, spec), (Range{0, 7}));
    EXPECT_EQ(estimated(values, specOf(Scheme::Symmetric, 8, Estimator::MeanSigma, 2)), (Range{-7, 7}));
    EXPECT_EQ(estimated(values, specOf(Scheme::Asymmetric, 8, Estimator::MeanSigma)), (Range{0, 10}))
        << "k = 3";
}

TEST(FixedEstimator, TakesTheRangeOfTheSpecWhateverTheData)
{
    QuantSpec spec = specOf(Scheme::Asymmetric, 8, Estimator::Fixed);
    spec.rangeLo = -0.5;
    spec.rangeHi = 6;
    EXPECT_EQ(estimated({1, 2, 3}, spec), (Range{-0.5f, 6}));
    EXPECT_EQ(estimateRange(spec, Distribution()), (Range{-0.5f, 6}));
}

TEST(PercentileEstimator, LosesTheStatedShare)
{
    std::vector<float> values(10001);
    for (size_t i = 0; i < values.size(); ++i)
        values[i] = -1 + 2 * float(i) / 10000;
    const Range both = estimated(values, specOf(Scheme::Asymmetric, 8, Estimator::Percentile, 90));
    EXPECT_NEAR(both.lo, -0.9, 0.001);
    EXPECT_NEAR(both.hi, 0.9, 0.001);
    EXPECT_NEAR(estimated(values, specOf(Scheme::Symmetric, 8, Estimator::Percentile, 90)).hi, 0.9, 0.001);
    EXPECT_NEAR(estimated(values, specOf(Scheme::Unsigned, 8, Estimator::Percentile, 90)).hi, 0.8, 0.001);
}

TEST(PercentileEstimator, OfOneHundredIsExactlyMinMax)
{
    for (const auto& [name, draw] : distributions()) {
        const std::vector<float> values = drawn(name, 5000);
        for (const Scheme scheme : kSchemes)
            EXPECT_EQ(estimated(values, specOf(scheme, 8, Estimator::Percentile, 100)),
                      estimated(values, specOf(scheme, 8, Estimator::MinMax)));
    }
}

TEST(PercentileEstimator, CountsZerosAsMassAtZero)
{
    // 60 % zeros, then 1 to 40: a quarter of the mass lies above 15.
    std::vector<float> values(60, 0.0f);
    for (int i = 1; i <= 40; ++i)
        values.push_back(float(i));
    const Range range = estimated(values, specOf(Scheme::Asymmetric, 8, Estimator::Percentile, 50));
    EXPECT_NEAR(range.lo, 0, 1e-6);
    EXPECT_NEAR(range.hi, 15, 0.05);
}

TEST(PercentileEstimator, AgreesWithSortingTheValues)
{
    for (const auto& [name, draw] : distributions()) {
        std::vector<float> values = drawn(name, 50000);
        const TensorStats stats = statsOf(values);
        for (const double percent : {99.0, 99.99}) {
            const Range range = estimateRange(specOf(Scheme::Asymmetric, 8, Estimator::Percentile, percent),
                                              distributionOf(stats));
            std::sort(values.begin(), values.end());
            const auto rank = size_t(double(values.size()) * (100 - percent) / 200);
            const double low = values[rank], high = values[values.size() - 1 - rank];
            // A bin, and the way to the next value: what lies between two ranks is nobody's.
            const double slack = stats.histogram.binWidth() + (percent > 99.9 ? 0.25 * (high - low) : 0);
            const double below = values[rank + 1] - low, above = high - values[values.size() - 2 - rank];
            EXPECT_NEAR(range.lo, low, slack + below) << name;
            EXPECT_NEAR(range.hi, high, slack + above) << name;
        }
    }
}

// Tables of Banner, Nahshan, Soudry 2019 as published with their code; the last entries are the one-sided 8
// bits.
TEST(AciqEstimator, HasThePublishedFactors)
{
    const double gauss[] = {1.24, 1.71, 2.15, 2.55, 2.93, 3.28, 3.61, 3.92, 4.2};
    const double laplace[] = {1.86, 2.83, 3.89, 5.03, 6.2, 7.41, 8.64, 9.89, 11.16};
    TensorStats wide = statsOf({-1e6f, 1e6f}); // so that nothing is cut to the data
    Distribution distribution = distributionOf(wide);
    distribution.mean = 0;
    distribution.std = 1;
    distribution.histogram = nullptr;
    for (int bits = 1; bits <= 9; ++bits) {
        EXPECT_NEAR(estimateRange(specOf(Scheme::Symmetric, bits, Estimator::AciqGauss), distribution).hi,
                    gauss[bits - 1], 0.02)
            << bits;
        EXPECT_NEAR(estimateRange(specOf(Scheme::Symmetric, bits, Estimator::AciqLaplace), distribution).hi,
                    laplace[bits - 1] / std::sqrt(2.0), 0.02)
            << bits;
    }
}

TEST(AciqEstimator, ScalesWithTheDataOfItsPrior)
{
    const std::vector<float> normal = drawn("normal", 200000), laplace = drawn("laplace", 200000);
    EXPECT_NEAR(estimated(normal, specOf(Scheme::Symmetric, 4, Estimator::AciqGauss)).hi, 2.55, 0.03);
    EXPECT_NEAR(estimated(laplace, specOf(Scheme::Symmetric, 4, Estimator::AciqLaplace)).hi, 5.03, 0.06);
}

TEST(AciqEstimator, TakesOneSidedDataAsHalfTheDensity)
{
    const std::vector<float> relu = drawn("relu", 200000);
    EXPECT_NEAR(estimated(relu, specOf(Scheme::Asymmetric, 4, Estimator::AciqGauss)).hi, 2.93, 0.04)
        << "one bit more";
    EXPECT_NEAR(estimated(relu, specOf(Scheme::Symmetric, 4, Estimator::AciqGauss)).hi, 2.55, 0.04);
    std::vector<float> mirrored = relu;
    for (float& value : mirrored)
        value = -value;
    EXPECT_NEAR(estimated(mirrored, specOf(Scheme::Asymmetric, 4, Estimator::AciqGauss)).lo, -2.93, 0.04);
}

TEST(AciqEstimator, IsCloseToTheMseOptimumOfItsPrior)
{
    for (const int bits : {3, 4, 6, 8}) {
        const std::vector<float> values = drawn("normal", 100000);
        const QuantSpec aciq = specOf(Scheme::Asymmetric, bits, Estimator::AciqGauss);
        const QuantSpec mse = specOf(Scheme::Asymmetric, bits, Estimator::Mse);
        EXPECT_LE(errorOfRange(values, aciq, estimated(values, aciq)),
                  1.1 * errorOfRange(values, mse, estimated(values, mse)))
            << bits;
    }
}

std::vector<std::vector<float>> oddTensors()
{
    return {{},
            {0, 0, 0},
            {3, 3, 3, 3},
            {-3, -3},
            {1.0f / 3},
            {1e-42f, -3e-42f, 2e-40f},
            {3e38f, -3.3e38f, 1e38f},
            {1e-30f, 1e30f},
            {1, kInfinity, -kInfinity, std::numeric_limits<float>::quiet_NaN(), -2},
            {kInfinity, kInfinity},
            {1000, 1000.0001f, 1000.0002f},
            {0, 1}};
}

TEST(Estimators, GiveAUsableGridForOddData)
{
    for (const auto& values : oddTensors())
        for (const Estimator estimator : allEstimators())
            for (const Scheme scheme : kSchemes)
                for (const int bits : {1, 2, 4, 8, 16}) {
                    const QuantSpec spec = specOf(scheme, bits, estimator);
                    const Range range = estimated(values, spec);
                    const Grid grid = gridFromRange(spec, range);
                    const std::string what = shortForm(spec) + " of " + std::to_string(values.size()) +
                                             " values, first " +
                                             (values.empty() ? "none" : std::to_string(values[0]));
                    EXPECT_TRUE(std::isfinite(range.lo) && std::isfinite(range.hi)) << what;
                    EXPECT_LE(range.lo, range.hi) << what;
                    EXPECT_TRUE(grid.scale > 0 && std::isfinite(grid.scale)) << what;
                }
}

TEST(Estimators, OfNothingGiveAnEmptyRange)
{
    for (const Estimator estimator : allEstimators())
        EXPECT_EQ(estimated({}, specOf(Scheme::Asymmetric, 8, estimator)), Range{});
    EXPECT_EQ(estimated({kInfinity}, specOf(Scheme::Symmetric, 8, Estimator::Mse)), Range{});
}

TEST(Estimators, RepresentAConstant)
{
    for (const float constant : {3.0f, -0.7f, 1e-20f, 5e20f})
        for (const Estimator estimator :
             {Estimator::MinMax, Estimator::Mse, Estimator::Lp, Estimator::Entropy})
            for (const int bits : {2, 4, 8}) {
                const std::vector<float> values(100, constant);
                const QuantSpec spec = specOf(Scheme::Asymmetric, bits, estimator);
                const double error = std::sqrt(errorOfRange(values, spec, estimated(values, spec)) / 100);
                EXPECT_LT(error, 1e-5 * std::abs(constant)) << shortForm(spec) << " of " << constant;
            }
}

TEST(Estimators, DoNotSeeTheUnitOfTheData)
{
    // A factor of two moves every bin edge exactly.
    const std::vector<float> values = drawn("gelu", 3000);
    std::vector<float> scaled = values;
    for (float& value : scaled)
        value *= 1024;
    for (const Estimator estimator : allEstimators())
        for (const Scheme scheme : {Scheme::Symmetric, Scheme::Asymmetric}) {
            const QuantSpec spec = specOf(scheme, 4, estimator);
            const Range small = estimated(values, spec), large = estimated(scaled, spec);
            EXPECT_NEAR(large.lo / 1024, small.lo, 1e-4 * std::abs(small.lo)) << shortForm(spec);
            EXPECT_NEAR(large.hi / 1024, small.hi, 1e-4 * std::abs(small.hi)) << shortForm(spec);
        }
}

TEST(Estimators, FallBackToMinMaxWhereThereIsNothingToSearch)
{
    const std::vector<float> values = drawn("outliers", 3000);
    for (const Estimator estimator :
         {Estimator::Mse, Estimator::Lp, Estimator::Entropy, Estimator::AciqGauss}) {
        QuantSpec spec = specOf(Scheme::Symmetric, 8, estimator);
        spec.format = Format::Minifloat;
        EXPECT_EQ(estimated(values, spec),
                  estimated(values, specOf(Scheme::Symmetric, 8, Estimator::MinMax)));
    }
    const TensorStats stats = weightStats(Tensor::fromFloats({3, 1000}, values), 0, ChannelHistograms::No);
    EXPECT_EQ(estimateRange(specOf(Scheme::Asymmetric, 8, Estimator::Mse), distributionOf(stats, 1)),
              (Range{stats.channels[1].min, stats.channels[1].max}));
}

TEST(PercentileEstimator, OfAGroupHoldsExactlyTheWantedShare)
{
    std::vector<float> values;
    for (int i = 1; i <= 100; ++i)
        values.push_back(float(i % 2 ? i : -i)); // magnitudes 1...100, -100...99
    values.push_back(NAN);
    const auto range = [&](Scheme scheme, double percent) {
        return percentileRangeOfValues(specOf(scheme, 8, Estimator::Percentile, percent), values);
    };
    EXPECT_EQ(range(Scheme::Symmetric, 90), (Range{-90, 90}));
    EXPECT_EQ(range(Scheme::Symmetric, 99.99), (Range{-100, 100}));
    EXPECT_EQ(range(Scheme::Asymmetric, 98), (Range{-100, 97}));
    EXPECT_EQ(range(Scheme::Asymmetric, 90), (Range{-92, 89}));
    EXPECT_EQ(range(Scheme::Unsigned, 90), (Range{0, 79}));
    EXPECT_EQ(percentileRangeOfValues(specOf(Scheme::Symmetric, 8, Estimator::Percentile), {}), Range());
}

} // namespace
} // namespace bitwright
