// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calib/threshold_error.h"
#include "tests/calib/distributions.h"

#include <gtest/gtest.h>

#include <chrono>

namespace bitwright {
namespace {

using namespace testing;

/// The same numbers from the values themselves.
struct Direct {
    double rounding = 0, clipping = 0, clipped = 0, signal = 0, count = 0;

    Direct(const std::vector<float>& values, const QuantSpec& spec, const ThresholdError& at)
        : count(double(values.size()))
    {
        const IntegerBounds bounds = integerBounds(spec);
        const double s = at.grid.scale, lo = at.range.lo, hi = at.range.hi;
        for (const double x : values) {
            const double level = std::clamp(std::nearbyint(x / s), double(bounds.qmin - at.grid.zeroPoint),
                                            double(bounds.qmax - at.grid.zeroPoint));
            const double e = x - s * level;
            (x < lo || x > hi ? clipping : rounding) += e * e;
            clipped += x < lo - s / 2 || x > hi + s / 2;
            signal += x * x;
        }
    }
    double sqnrDb() const { return 10 * std::log10(signal / (rounding + clipping)); }
};

TEST(ThresholdError, IsThatOfTheValues)
{
    for (const auto& [name, draw] : distributions()) {
        if (name == "gelu")
            continue; // its density is without bound at the minimum, far from uniform in the bin there
        const std::vector<float> values = drawn(name, 100000);
        const TensorStats stats = statsOf(values);
        const ThresholdModel model(distributionOf(stats));
        for (const Scheme scheme : {Scheme::Symmetric, Scheme::Asymmetric, Scheme::Unsigned})
            for (const int bits : {3, 8})
                for (const float share : {1.0f, 0.6f, 0.25f}) {
                    const QuantSpec spec = specOf(scheme, bits, Estimator::MinMax);
                    const ThresholdError error =
                        model.at(spec, {share * stats.all.min, share * stats.all.max});
                    const Direct truth(values, spec, error);
                    const double whole = (truth.rounding + truth.clipping) / truth.count;
                    const std::string what = name + " " + shortForm(spec) + " " + std::to_string(share);
                    EXPECT_NEAR(error.roundingMse, truth.rounding / truth.count, 0.02 * whole) << what;
                    EXPECT_NEAR(error.clippingMse, truth.clipping / truth.count, 0.02 * whole) << what;
                    EXPECT_NEAR(error.clippedShare, truth.clipped / truth.count, 0.002) << what;
                    EXPECT_NEAR(error.sqnrDb, truth.sqnrDb(), 0.1) << what;
                }
    }
}

TEST(ThresholdError, TradesRoundingForClippingAsTheRangeNarrows)
{
    const TensorStats stats = statsOf(drawn("heavy", 50000));
    const ThresholdModel model(distributionOf(stats));
    const QuantSpec spec = specOf(Scheme::Symmetric, 6, Estimator::MinMax);
    ThresholdError before = model.at(spec, {-stats.all.max, stats.all.max});
    EXPECT_EQ(before.clippedShare, 0);
    for (const float share : {0.7f, 0.4f, 0.2f, 0.1f}) {
        const ThresholdError now = model.at(spec, {-share * stats.all.max, share * stats.all.max});
        EXPECT_LT(now.roundingMse, before.roundingMse);
        EXPECT_GT(now.clippingMse, before.clippingMse);
        EXPECT_GE(now.clippedShare, before.clippedShare);
        before = now;
    }
}

TEST(ThresholdError, HasTheGridThatTheFixedEstimatorGives)
{
    const TensorStats stats = statsOf(drawn("shifted", 5000));
    const ThresholdModel model(distributionOf(stats));
    for (const Scheme scheme :
         {Scheme::Symmetric, Scheme::Narrow, Scheme::Asymmetric, Scheme::Unsigned, Scheme::PowerOfTwo}) {
        QuantSpec spec = specOf(scheme, 5, Estimator::Mse);
        spec.granularity = Granularity::Channel;
        const ThresholdError error = model.at(spec, {-0.3f, 1.7f});
        const QuantSpec fixed = withFixedRange(spec, {-0.3f, 1.7f});
        ASSERT_TRUE(validate(fixed)) << schemeName(scheme);
        EXPECT_EQ(fixed.granularity, Granularity::Tensor);
        const Grid grid = gridFromRange(fixed, estimateRange(fixed, distributionOf(stats)));
        EXPECT_EQ(error.grid.scale, grid.scale) << schemeName(scheme);
        EXPECT_EQ(error.grid.zeroPoint, grid.zeroPoint) << schemeName(scheme);
    }
    EXPECT_EQ(withFixedRange(specOf(Scheme::Symmetric, 8, Estimator::Mse), {-1, 2}).rangeLo, -2);
    EXPECT_EQ(withFixedRange(specOf(Scheme::Unsigned, 8, Estimator::Mse), {-1, 2}).rangeLo, 0);
    EXPECT_EQ(withFixedRange(specOf(Scheme::Asymmetric, 8, Estimator::Mse), {1, 2}).rangeLo, 0);
}

TEST(ThresholdError, ADraggedEndOfTheGridLiesWhereItWasPut)
{
    const TensorStats stats = statsOf(drawn("normal", 1000));
    const ThresholdModel model(distributionOf(stats));
    for (const Scheme scheme : {Scheme::Symmetric, Scheme::Narrow, Scheme::Asymmetric, Scheme::Unsigned})
        for (const ScaleRule rule : {ScaleRule::QMax, ScaleRule::HalfSteps})
            for (const int bits : {2, 8}) {
                QuantSpec spec = specOf(scheme, bits, Estimator::MinMax);
                spec.scaleRule = rule;
                const Range start = model.at(spec, {-2, 2}).range;
                const float step = model.at(spec, {-2, 2}).grid.scale;
                const Range up = model.at(spec, withEndAt(spec, start, RangeEnd::Upper, 1.5)).range;
                // The zero point of an asymmetric grid is an integer.
                const float slack = scheme == Scheme::Asymmetric ? step : 1e-6f;
                EXPECT_NEAR(up.hi, 1.5, slack) << schemeName(scheme) << bits;
                const Range down = model.at(spec, withEndAt(spec, start, RangeEnd::Lower, -1)).range;
                if (scheme == Scheme::Unsigned)
                    EXPECT_EQ(down, start);
                else
                    EXPECT_NEAR(down.lo, -1, slack) << schemeName(scheme) << bits;
                EXPECT_EQ(withEndAt(spec, start, RangeEnd::Upper, -3).hi, 0) << "an end does not cross 0";
            }
}

TEST(ThresholdError, OfNothingIsNothing)
{
    const ThresholdError error =
        ThresholdModel(Distribution()).at(specOf(Scheme::Symmetric, 8, Estimator::MinMax), {-1, 1});
    EXPECT_EQ(error.mse(), 0);
    EXPECT_EQ(error.clippedShare, 0);
    EXPECT_EQ(error.sqnrDb, INFINITY);
    const TensorStats zeros = statsOf(std::vector<float>(100, 0.0f));
    EXPECT_EQ(ThresholdModel(distributionOf(zeros))
                  .at(specOf(Scheme::Asymmetric, 8, Estimator::MinMax), {0, 0})
                  .mse(),
              0);
}

TEST(ThresholdError, FollowsADrag)
{
    const TensorStats stats = statsOf(drawn("laplace", 200000));
    const ThresholdModel model(distributionOf(stats));
    const QuantSpec spec = specOf(Scheme::Symmetric, 8, Estimator::MinMax);
    const auto start = std::chrono::steady_clock::now();
    double sum = 0;
    constexpr int kAnswers = 200;
    for (int i = 1; i <= kAnswers; ++i)
        sum += model.at(spec, {-0.05f * float(i), 0.05f * float(i)}).mse();
    const double ms =
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count() /
        kAnswers;
    RecordProperty("milliseconds_an_answer", std::to_string(ms));
    EXPECT_GT(sum, 0);
    EXPECT_LT(ms, 5) << "a frame at 20 a second has 50";
}

} // namespace
} // namespace bitwright
