// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/quant_params.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

using namespace bitwright;

namespace {

QuantSpec intSpec(int bits, Scheme scheme, ScaleRule rule = ScaleRule::QMax)
{
    QuantSpec spec;
    spec.bits = bits;
    spec.scheme = scheme;
    spec.scaleRule = rule;
    return spec;
}

} // namespace

TEST(IntegerBounds, AreTheTwosComplementAndUnsignedRanges)
{
    EXPECT_EQ(integerBounds(intSpec(8, Scheme::Symmetric)).qmin, -128);
    EXPECT_EQ(integerBounds(intSpec(8, Scheme::Symmetric)).qmax, 127);
    EXPECT_EQ(integerBounds(intSpec(8, Scheme::Narrow)).qmin, -127);
    EXPECT_EQ(integerBounds(intSpec(4, Scheme::Asymmetric)).qmin, 0);
    EXPECT_EQ(integerBounds(intSpec(4, Scheme::Asymmetric)).qmax, 15);
    EXPECT_EQ(integerBounds(intSpec(16, Scheme::Unsigned)).qmax, 65535);
    EXPECT_EQ(integerBounds(intSpec(1, Scheme::Symmetric)).qmin, -1);
    EXPECT_EQ(integerBounds(intSpec(1, Scheme::Symmetric)).qmax, 0);
}

TEST(GridFromRange, FollowsTheNamedScaleRules)
{
    // AIMET and ONNX Runtime: delta = absmax / 127; PyTorch's observer: absmax / 127.5.
    EXPECT_FLOAT_EQ(gridFromRange(intSpec(8, Scheme::Symmetric), {-1, 2.54f}).scale, 0.02f);
    EXPECT_FLOAT_EQ(gridFromRange(intSpec(8, Scheme::Symmetric, ScaleRule::HalfSteps), {-1, 2.55f}).scale,
                    0.02f);
    // The least scale that covers [-1.28, 1]: the negative side has one code more.
    EXPECT_FLOAT_EQ(gridFromRange(intSpec(8, Scheme::Symmetric, ScaleRule::Range), {-1.28f, 1}).scale, 0.01f);
    EXPECT_FLOAT_EQ(gridFromRange(intSpec(8, Scheme::Symmetric, ScaleRule::Range), {-1, 1.27f}).scale, 0.01f);
    EXPECT_FLOAT_EQ(gridFromRange(intSpec(4, Scheme::Narrow), {-7, 3}).scale, 1);
    EXPECT_FLOAT_EQ(gridFromRange(intSpec(8, Scheme::Unsigned), {0, 25.5f}).scale, 0.1f);
    EXPECT_EQ(gridFromRange(intSpec(8, Scheme::PowerOfTwo), {-1, 1}).scale, 0x1p-6f); // 1/127 rounded up
    EXPECT_EQ(gridFromRange(intSpec(8, Scheme::PowerOfTwo), {-127, 127}).scale, 1);
}

TEST(GridFromRange, AsymmetricContainsZeroExactly)
{
    // Worked by hand: (2.55 - (-2.55)) / 255 = 0.02, z = round(2.55 / 0.02) = round(127.5) = 128 (half-even).
    const Grid grid = gridFromRange(intSpec(8, Scheme::Asymmetric), {-2.55f, 2.55f});
    EXPECT_FLOAT_EQ(grid.scale, 0.02f);
    EXPECT_NEAR(grid.zeroPoint, 128, 1); // the tie falls with the rounding of the scale
    const Grid positive = gridFromRange(intSpec(8, Scheme::Asymmetric), {3, 5.1f});
    EXPECT_FLOAT_EQ(positive.scale, 0.02f);
    EXPECT_EQ(positive.zeroPoint, 0);
    const Grid negative = gridFromRange(intSpec(8, Scheme::Asymmetric), {-5.1f, -3});
    EXPECT_FLOAT_EQ(negative.scale, 0.02f);
    EXPECT_EQ(negative.zeroPoint, 255);
    const Grid onnx = gridFromRange(intSpec(8, Scheme::Asymmetric), {-1, 3}); // s = 4/255, z = round(63.75)
    EXPECT_EQ(onnx.zeroPoint, 64);
}

TEST(GridFromRange, DegenerateRangesGiveASafeScale)
{
    constexpr float inf = std::numeric_limits<float>::infinity();
    constexpr float nan = std::numeric_limits<float>::quiet_NaN();
    constexpr float most = std::numeric_limits<float>::max();
    constexpr float least = std::numeric_limits<float>::denorm_min();
    const Range ranges[] = {{0, 0},          {1, -1},       {inf, -inf}, {-inf, inf},      {nan, nan},
                            {nan, 1},        {-most, most}, {0, least},  {-least, 0},      {0, most},
                            {-least, least}, {5, 5},        {-5, -5},    {1e-30f, 1e-30f}, {-0.0f, 0.0f}};
    for (int bits = 1; bits <= 16; ++bits)
        for (int scheme = 0; scheme < 5; ++scheme)
            for (int rule = 0; rule < 3; ++rule)
                for (const Range& range : ranges) {
                    const QuantSpec spec = intSpec(bits, Scheme(scheme), ScaleRule(rule));
                    if (!validate(spec))
                        continue;
                    const Grid grid = gridFromRange(spec, range);
                    const IntegerBounds bounds = integerBounds(spec);
                    EXPECT_TRUE(std::isnormal(grid.scale) && grid.scale > 0);
                    EXPECT_TRUE(std::isnormal(1 / grid.scale));
                    EXPECT_GE(grid.zeroPoint, std::min(bounds.qmin, 0));
                    EXPECT_LE(grid.zeroPoint, std::max(bounds.qmax, 0));
                }
}

TEST(GridFromRange, MinifloatAndLogarithmScaleTheRangesEndToTheFormatsLargestValue)
{
    QuantSpec spec;
    spec.format = Format::Minifloat;
    EXPECT_EQ(gridFromRange(spec, {-448, 1}).scale, 1);
    spec.exponentBits = 5;
    spec.mantissaBits = 2;
    EXPECT_EQ(gridFromRange(spec, {0, 57344 * 0.5f}).scale, 0.5f);
    spec.exponentBits = 2;
    spec.mantissaBits = 1;
    EXPECT_EQ(gridFromRange(spec, {-1, 6}).scale, 1);
    spec.format = Format::Log2;
    EXPECT_EQ(gridFromRange(spec, {-1.4f, 0}).scale, 1);
    EXPECT_EQ(gridFromRange(spec, {-1.6f, 0}).scale, 2);
    EXPECT_EQ(gridFromRange(spec, {0, 0}).scale, 1);
}

TEST(QuantParams, RangeIsWhatTheGridCovers)
{
    const QuantParams params =
        paramsFromRanges(intSpec(8, Scheme::Asymmetric), {{-1.28f, 1.27f}, {0, 2.55f}}, 0);
    EXPECT_EQ(params.axis, -1); // per tensor ignores the axis
    EXPECT_NEAR(params.range(0).lo, -1.28f, 0.006f);
    EXPECT_NEAR(params.range(0).hi, 1.27f, 0.006f);
    EXPECT_EQ(params.range(1).lo, 0);
    EXPECT_FLOAT_EQ(params.range(1).hi, 2.55f);
}

TEST(QuantParams, MetadataCountsScalesAndZeroPointsAtTheStoredWidth)
{
    QuantSpec spec = intSpec(8, Scheme::Symmetric);
    spec.granularity = Granularity::Channel;
    EXPECT_EQ(paramsFromRanges(spec, std::vector<Range>(16, {-1, 1}), 0).metadataBytes(), 16 * 4);
    spec.scheme = Scheme::Asymmetric;
    EXPECT_EQ(paramsFromRanges(spec, std::vector<Range>(16, {-1, 1}), 0).metadataBytes(), 16 * 5);
    spec.bits = 12;
    EXPECT_EQ(paramsFromRanges(spec, std::vector<Range>(16, {-1, 1}), 0).metadataBytes(), 16 * 6);
    EXPECT_EQ(paramsFromRanges(QuantSpec::float32(), {}, 0).metadataBytes(), 0);
}
