// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/calib/distributions.h"

#include <gtest/gtest.h>

namespace bitwright {
namespace {

using namespace testing;

// Bins of width 1 from `first` on, reaching from `min` to `max`.
struct UnitBins {
    Histogram histogram;
    Distribution distribution;
    UnitBins(int64_t first, std::vector<int64_t> counts, float min, float max, int64_t zeros = 0)
        : histogram(Histogram::fromParts(0, first, std::move(counts)))
    {
        distribution.histogram = &histogram;
        distribution.count = histogram.total();
        distribution.zeros = zeros;
        distribution.min = min;
        distribution.max = max;
    }
};

const QuantSpec kUnsigned8 = specOf(Scheme::Unsigned, 8, Estimator::MinMax);

TEST(BinnedError, OfUniformDataIsATwelfthOfTheStepSquared)
{
    const UnitBins bins(0, {12, 12}, 0, 2);
    const BinnedError whole = binnedError(kUnsigned8, {1, 0}, bins.distribution);
    EXPECT_NEAR(whole.rounding, 24.0 / 12, 1e-9);
    EXPECT_NEAR(whole.clipping, 0, 1e-9);
    EXPECT_NEAR(whole.signal, 24 * 8.0 / 3 / 2, 1e-9) << "mean of x^2 on [0, 2]";
    EXPECT_EQ(whole.total, 24);
    EXPECT_NEAR(binnedError(kUnsigned8, {0.5f, 0}, bins.distribution).rounding, 24 * 0.25 / 12, 1e-9);
    EXPECT_NEAR(binnedError(kUnsigned8, {0.125f, 0}, bins.distribution).rounding, 24 * 0.015625 / 12, 1e-9)
        << "more levels than bins";
}

TEST(BinnedError, OfClippedValuesIsTheirDistanceFromTheEnd)
{
    // Levels 0 and 1; the bins [1,2), [2,3), [3,4) are clipped: (1 + 7 + 19) / 3.
    const UnitBins bins(0, {1, 1, 1, 1}, 0, 4);
    const BinnedError error =
        binnedError(specOf(Scheme::Unsigned, 1, Estimator::MinMax), {1, 0}, bins.distribution);
    EXPECT_NEAR(error.clipping, 9, 0.01);
    EXPECT_NEAR(error.clipped, 3, 0.01);
    EXPECT_NEAR(error.rounding, 1.0 / 12, 0.001);
}

TEST(BinnedError, LeavesExactZerosAlone)
{
    const UnitBins none(0, {5, 3}, 0, 2, 0), zeros(0, {1005, 3}, 0, 2, 1000);
    const BinnedError a = binnedError(kUnsigned8, {0.7f, 0}, none.distribution);
    const BinnedError b = binnedError(kUnsigned8, {0.7f, 0}, zeros.distribution);
    EXPECT_EQ(a.rounding, b.rounding);
    EXPECT_EQ(a.signal, b.signal);
    EXPECT_EQ(a.total + 1000, b.total);
}

TEST(BinnedError, OfTheFullRangeClipsNothing)
{
    for (const auto& [name, draw] : distributions())
        for (const int bits : {2, 8, 16}) {
            const TensorStats stats = statsOf(drawn(name, 5000));
            const QuantSpec spec = specOf(Scheme::Symmetric, bits, Estimator::MinMax);
            const Grid grid = gridFromRange(spec, estimateRange(spec, distributionOf(stats)));
            const BinnedError error = binnedError(spec, grid, distributionOf(stats));
            EXPECT_LT(error.clipped, 0.001) << name << bits;
            EXPECT_LT(error.clipping, 1e-6 * error.rounding) << name << bits;
        }
}

TEST(BinnedError, IsTheErrorOfTheValues)
{
    for (const auto& [name, draw] : distributions())
        for (const Scheme scheme : {Scheme::Symmetric, Scheme::Asymmetric, Scheme::Unsigned})
            for (const int bits : {2, 4, 8, 10, 12})
                for (const float share : {1.0f, 0.5f, 0.2f}) {
                    const std::vector<float> values = drawn(name, 100000);
                    const TensorStats stats = statsOf(values);
                    const QuantSpec spec = specOf(scheme, bits, Estimator::MinMax);
                    const Grid grid = gridFromRange(spec, {share * stats.all.min, share * stats.all.max});
                    const BinnedError error = binnedError(spec, grid, distributionOf(stats));
                    const double truth = trueError(values, spec, grid);
                    // For the bins and, where few values make the error, for chance; GELU's density is
                    // without bound at its minimum, and far from uniform in the bin there.
                    EXPECT_NEAR(error.rounding + error.clipping, truth,
                                (name == "gelu" ? 0.1 : 0.015) * truth)
                        << name << " " << shortForm(spec) << " " << share;
                }
}

TEST(BinnedError, CountsWhatIsClipped)
{
    for (const auto& [name, draw] : distributions()) {
        const std::vector<float> values = drawn(name, 50000);
        const TensorStats stats = statsOf(values);
        const QuantSpec spec = specOf(Scheme::Symmetric, 4, Estimator::MinMax);
        const Grid grid = gridFromRange(spec, {-1.5f, 1.5f});
        const auto outside = std::count_if(
            values.begin(), values.end(), [&](float x) { return x > 7 * grid.scale || x < -8 * grid.scale; });
        EXPECT_NEAR(binnedError(spec, grid, distributionOf(stats)).clipped, double(outside), 0.01 * 50000)
            << name;
    }
}

TEST(BinnedError, OfNothingIsNothing)
{
    const BinnedError error = binnedError(kUnsigned8, {1, 0}, Distribution());
    EXPECT_EQ(error.rounding + error.clipping + error.clipped + error.signal + error.total, 0);
}

} // namespace
} // namespace bitwright
