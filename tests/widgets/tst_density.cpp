// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/fake_model.h"
#include "widgets/plots/density.h"

using namespace bitwright;
using namespace bitwright::test;

namespace {

double area(const Density& density)
{
    double sum = 0;
    for (size_t i = 0; i + 1 < density.x.size(); ++i)
        sum += density.y[i] * (density.x[i + 1] - density.x[i]);
    return sum;
}

SiteDistribution distribution(const QuantSpec& spec)
{
    const auto model = fakeModel("x = input 64\na = linear x 64\n");
    QuantPlan plan;
    plan.setWeights("a", spec);
    Progress progress;
    auto result = weightDistribution(*model, *model->graph().findLayer("a"), 0, plan, progress);
    EXPECT_TRUE(result);
    return result ? *result : SiteDistribution{};
}

QuantSpec perTensor(int bits)
{
    QuantSpec spec = QuantSpec::defaultWeights(bits);
    spec.granularity = Granularity::Tensor;
    return spec;
}

} // namespace

TEST(Density, bothCurvesHaveAreaOneAtEveryWidth)
{
    const SiteDistribution d = distribution(perTensor(4));
    ASSERT_FALSE(d.levels.empty());
    for (int bins : {20, 100, 5000}) {
        const double width = binWidthFor(d, d.stats.all.max - d.stats.all.min, bins);
        EXPECT_NEAR(area(histogramDensity(d.stats.histogram, width)), 1, 1e-9);
        EXPECT_NEAR(area(levelDensity(d, width)), 1, 1e-9);
    }
}

TEST(Density, aGridOfOneScaleShowsItsLevels)
{
    const SiteDistribution d = distribution(perTensor(3));
    EXPECT_LE(d.levels.size(), 8u);
    EXPECT_GE(d.levels.size(), 7u);
    double total = 0;
    for (const auto& level : d.levels)
        total += level.count;
    EXPECT_EQ(total, 64 * 64);
    EXPECT_FLOAT_EQ(d.widest.lo, d.params.range(0).lo);
}

TEST(Density, severalScalesShowAHistogramAndTwoRanges)
{
    const SiteDistribution d = distribution(QuantSpec::defaultWeights(4));
    EXPECT_TRUE(d.levels.empty());
    EXPECT_EQ(d.quantized.total(), 64 * 64);
    EXPECT_GT(d.widest.hi, d.narrowest.hi);
}

TEST(Density, binsStartAtMultiplesOfTheirWidthOnBothSidesOfZero)
{
    const Histogram histogram = Histogram::fromParts(0, -3, {1, 2, 3, 4, 5});
    const Density coarse = histogramDensity(histogram, 2);
    EXPECT_EQ(coarse.x, (std::vector<double>{-4, -2, 0, 2}));
    EXPECT_NEAR(coarse.y[0] * 30, 1, 1e-12);
    EXPECT_NEAR(coarse.y[1] * 30, 5, 1e-12);
    EXPECT_NEAR(coarse.y[2] * 30, 9, 1e-12);
}

TEST(Density, cutKeepsExactlyThePartInside)
{
    const Density whole{{0, 1, 2, 3}, {1, 2, 3, 0}};
    EXPECT_NEAR(area(cut(whole, 0.5, 2.5)), 0.5 + 2 + 1.5, 1e-12);
    EXPECT_NEAR(area(cut(whole, 2, INFINITY)), 3, 1e-12);
    EXPECT_TRUE(cut(whole, 5, 6).x.empty());
}

TEST(Density, heightsLeaveOutTheStepsAtZeroWhenAsked)
{
    const Density density{{-1, 0, 1, 2, 3}, {2, 50, 3, 1, 0}};
    const Heights all = heightsOf(density, -5, 5);
    EXPECT_EQ(all.top, 50);
    EXPECT_EQ(all.least, 1);
    EXPECT_EQ(all.topBesideZero, 3) << "[-1, 0] and [0, 1] reach zero, [1, 2] does not";
    EXPECT_EQ(heightsOf(density, 2.5, 5).top, 1);
    EXPECT_EQ(heightsOf(density, 10, 11).top, 0);
}
