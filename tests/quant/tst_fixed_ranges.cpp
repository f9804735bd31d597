// SPDX-License-Identifier: GPL-3.0-or-later
// Ranges that a plan fixes for every scale: how training brings back what it learned.
#include "core/quant/quant_params.h"
#include "core/quant/quant_plan.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>

namespace bitwright {
namespace {

TEST(RangeOfGrid, IsTheInverseOfGridFromRange)
{
    for (const Scheme scheme : {Scheme::Symmetric, Scheme::Narrow, Scheme::Unsigned, Scheme::Asymmetric})
        for (const ScaleRule rule : {ScaleRule::QMax, ScaleRule::HalfSteps, ScaleRule::Range})
            for (const int bits : {2, 3, 4, 8, 16})
                for (int i = 1; i < 200; ++i) {
                    QuantSpec spec;
                    spec.bits = bits;
                    spec.scheme = scheme;
                    spec.scaleRule = rule;
                    const IntegerBounds bounds = integerBounds(spec);
                    Grid grid{float(std::exp(std::sin(i) * 9)), 0};
                    if (scheme == Scheme::Asymmetric)
                        grid.zeroPoint = int32_t(i * 7919 % (bounds.qmax + 1));
                    const Grid once = gridFromRange(spec, rangeOfGrid(spec, grid));
                    EXPECT_EQ(once.zeroPoint, grid.zeroPoint);
                    EXPECT_NEAR(once.scale / grid.scale, 1, 3e-7);
                    const Grid twice = gridFromRange(spec, rangeOfGrid(spec, once));
                    EXPECT_EQ(twice.scale, once.scale);
                    EXPECT_EQ(twice.zeroPoint, once.zeroPoint);
                }
}

TEST(RangeOfGrid, KeepsPowersOfTwo)
{
    QuantSpec spec;
    spec.bits = 4;
    spec.scheme = Scheme::PowerOfTwo;
    for (int e = -30; e < 30; ++e)
        EXPECT_EQ(gridFromRange(spec, rangeOfGrid(spec, {std::ldexp(1.0f, e), 0})).scale,
                  std::ldexp(1.0f, e));
}

QuantPlan listedPlan()
{
    QuantPlan plan;
    QuantSpec spec = QuantSpec::defaultWeights(4);
    spec.estimator = Estimator::Fixed;
    spec.ranges = {{-0.1, 0.1}, {-1.0 / 3, 1.0 / 3}, {-1e-20, 1e-20}};
    plan.setWeights("layer", spec);
    return plan;
}

TEST(FixedRanges, OfEveryScaleSurviveThePlanFile)
{
    const QuantPlan plan = listedPlan();
    const auto again = planFromJson(planToJson(plan));
    ASSERT_TRUE(again.has_value()) << again.error().text();
    EXPECT_EQ(*again, plan);
}

TEST(FixedRanges, ThatAreNoRangesAreRefused)
{
    for (const char* text : {"[[1]]", "[[2, 1]]", "[1, 2, 3]", "\"wide\"", "[]", "[[0, 1], 3]"}) {
        nlohmann::json json = nlohmann::json::parse(planToJson(listedPlan()));
        json["layers"]["layer"]["weights"]["range"] = nlohmann::json::parse(text);
        EXPECT_FALSE(planFromJson(json.dump()).has_value()) << text;
    }
}

} // namespace
} // namespace bitwright
