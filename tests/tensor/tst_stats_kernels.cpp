// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/stats_kernels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace bitwright {
namespace {

std::vector<float> mixed(size_t count)
{
    std::mt19937 random(11);
    std::normal_distribution<float> distribution(0.3f, 2);
    std::vector<float> values(count);
    for (size_t i = 0; i < count; ++i)
        values[i] = i % 5 == 3 ? 0.0f : distribution(random);
    return values;
}

// Lane i mod 16, lanes folded in halves: what the header promises for every vector width.
double inSixteenLanes(const std::vector<float>& values, double (*term)(double))
{
    double lanes[16] = {};
    for (size_t i = 0; i < values.size(); ++i)
        lanes[i % 16] += term(double(values[i]));
    for (size_t width = 8; width; width /= 2)
        for (size_t i = 0; i < width; ++i)
            lanes[i] += lanes[i + width];
    return lanes[0];
}

TEST(BlockStats, OfThreeValuesAreTheirMoments)
{
    const float values[] = {-3, 0, 1};
    const BlockStats stats = blockStats(values, 3);
    EXPECT_EQ(stats.sum, -2);
    EXPECT_EQ(stats.sumSquares, 10);
    EXPECT_EQ(stats.sumAbs, 4);
    EXPECT_EQ(stats.min, -3);
    EXPECT_EQ(stats.max, 1);
    EXPECT_EQ(stats.zeros, 1);
    EXPECT_TRUE(stats.finite);
}

TEST(BlockStats, OfNothingAreNeutral)
{
    const BlockStats stats = blockStats(nullptr, 0);
    EXPECT_EQ(stats.sum, 0);
    EXPECT_EQ(stats.min, std::numeric_limits<float>::infinity());
    EXPECT_EQ(stats.max, -std::numeric_limits<float>::infinity());
    EXPECT_TRUE(stats.finite);
}

TEST(BlockStats, SumInTheStatedOrderForEveryLength)
{
    for (const size_t count : {1u, 15u, 16u, 17u, 31u, 49u, 1000u, 4096u}) {
        const std::vector<float> values = mixed(count);
        const BlockStats stats = blockStats(values.data(), count);
        EXPECT_EQ(stats.sum, inSixteenLanes(values, [](double x) { return x; })) << count;
        EXPECT_EQ(stats.sumSquares, inSixteenLanes(values, [](double x) { return x * x; })) << count;
        EXPECT_EQ(stats.sumAbs, inSixteenLanes(values, [](double x) { return std::abs(x); })) << count;
        EXPECT_EQ(stats.min, *std::min_element(values.begin(), values.end())) << count;
        EXPECT_EQ(stats.max, *std::max_element(values.begin(), values.end())) << count;
        EXPECT_EQ(stats.zeros, std::count(values.begin(), values.end(), 0.0f)) << count;
    }
}

TEST(BlockStats, NoticeEveryNonFiniteValueWhereverItStands)
{
    for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                            -std::numeric_limits<float>::infinity()})
        for (const size_t where : {0u, 16u, 37u, 47u, 49u}) {
            std::vector<float> values = mixed(50);
            values[where] = bad;
            EXPECT_FALSE(blockStats(values.data(), values.size()).finite) << bad << " at " << where;
        }
    const std::vector<float> huge(100, std::numeric_limits<float>::max());
    EXPECT_TRUE(blockStats(huge.data(), huge.size()).finite) << "the largest float is finite";
}

TEST(BlockStats, ShowNoSignOfZero)
{
    for (const std::vector<float>& values : {std::vector<float>{-0.0f, 0.0f}, {0.0f, -0.0f}, {-0.0f}}) {
        const BlockStats stats = blockStats(values.data(), values.size());
        EXPECT_EQ(std::bit_cast<uint32_t>(stats.min), 0u);
        EXPECT_EQ(std::bit_cast<uint32_t>(stats.max), 0u);
    }
}

TEST(BinIndices, AreFloorOfTheQuotient)
{
    std::vector<float> values = mixed(77);
    std::vector<uint16_t> bins(values.size());
    binIndices(values.data(), values.size(), {-4, -500}, bins.data());
    for (size_t i = 0; i < values.size(); ++i)
        EXPECT_EQ(bins[i], int(std::floor(double(values[i]) * 16)) + 500) << values[i];
}

TEST(BinIndices, KnowTheSignOfWhatUnderflows)
{
    // -1e-40 / 2^100 is no float, but it is below zero.
    std::vector<float> values(33, -1e-40f);
    std::vector<uint16_t> bins(values.size());
    binIndices(values.data(), values.size(), {100, -7}, bins.data());
    EXPECT_EQ(bins, std::vector<uint16_t>(33, 6));
}

} // namespace
} // namespace bitwright
