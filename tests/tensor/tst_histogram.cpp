// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/bin_counter.h"
#include "core/tensor/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

namespace bitwright {
namespace {

using Counts = std::vector<int64_t>;

Histogram histogramOf(const std::vector<float>& values)
{
    Histogram histogram;
    if (!values.empty()) {
        const auto [min, max] = std::minmax_element(values.begin(), values.end());
        histogram.add(values, *min, *max);
    }
    return histogram;
}

// The rule of the header, one value at a time, in double.
Histogram referenceOf(const std::vector<float>& values)
{
    const auto [min, max] = std::minmax_element(values.begin(), values.end());
    const int exponent = Histogram::leastExponent(*min, *max);
    const int64_t first = int64_t(std::floor(std::ldexp(double(*min), -exponent)));
    Counts counts(size_t(Histogram::kBins));
    for (const float value : values)
        ++counts.at(size_t(int64_t(std::floor(std::ldexp(double(value), -exponent))) - first));
    return Histogram::fromParts(exponent, first, counts);
}

std::vector<float> normal(size_t count, float mean, float sigma, uint32_t seed = 3)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> distribution(mean, sigma);
    std::vector<float> values(count);
    for (float& value : values)
        value = distribution(random);
    return values;
}

std::vector<std::vector<float>> manyShapes()
{
    std::vector<std::vector<float>> all = {{0},
                                           {1},
                                           {-1},
                                           {0, 1},
                                           {-0.0f, 0.0f, 1e-30f, -1e-30f, 1e10f, -1e10f},
                                           {1000, 1001, 1000.5f},
                                           {-3e38f, 3e38f, 1e-45f, -1e-45f},
                                           {1e-45f, 3e-45f, -7e-45f},
                                           {1e-40f, -1e-39f, 5e-38f},
                                           {1, std::nextafter(1.0f, 2.0f)},
                                           {2047, 0},
                                           {2048, 0},
                                           {2048, -1},
                                           {4095, 0},
                                           {4096, 0},
                                           {4096, -1}};
    all.push_back(normal(10001, 0, 1));
    all.push_back(normal(10001, 100, 0.01f));
    all.push_back(normal(10001, -5e-39f, 1e-38f));
    all.push_back(normal(10001, 0, 1e37f));
    return all;
}

TEST(Histogram, OfIntegersCountsThem)
{
    const Histogram histogram = histogramOf({0, 4094, 4095, 4095});
    EXPECT_EQ(histogram.binWidth(), 1.0);
    EXPECT_EQ(histogram.lo(), 0.0);
    EXPECT_EQ(histogram.hi(), 4096.0);
    EXPECT_EQ(histogram.counts()[0], 1);
    EXPECT_EQ(histogram.counts()[4094], 1);
    EXPECT_EQ(histogram.counts()[4095], 2);
    EXPECT_EQ(histogram.centre(3), 3.5);
}

TEST(Histogram, OneMoreBinThanFitsDoublesTheWidth)
{
    EXPECT_EQ(histogramOf({0, 4096}).binWidth(), 2.0);
    EXPECT_EQ(histogramOf({-1, 4095}).binWidth(), 2.0);
    EXPECT_EQ(histogramOf({-1, 4094}).binWidth(), 1.0);
}

TEST(Histogram, OfOneValueIsOneBinAsWideAsFloatsAreApart)
{
    EXPECT_EQ(histogramOf({1, 1, 1}), Histogram::fromParts(-23, 1 << 23, {3}));
    EXPECT_EQ(histogramOf({0}), Histogram::fromParts(-149, 0, {1}));
}

TEST(Histogram, PutsEveryValueWhereTheRuleSays)
{
    for (const auto& values : manyShapes())
        EXPECT_EQ(histogramOf(values), referenceOf(values))
            << values[0] << ", " << values.size() << " values";
}

TEST(Histogram, UsesBetween2048And4096Bins)
{
    for (const float sigma : {1e-20f, 0.37f, 1.0f, 3e30f}) {
        const size_t bins = histogramOf(normal(50000, sigma, sigma)).counts().size();
        EXPECT_GE(bins, 2048u);
        EXPECT_LE(bins, 4096u);
    }
}

TEST(Histogram, DoesNotDependOnHowValuesArrive)
{
    for (std::vector<float> values : manyShapes()) {
        const Histogram whole = histogramOf(values);
        std::mt19937 random(5);
        std::shuffle(values.begin(), values.end(), random);
        for (const size_t size : {size_t(1), size_t(7), size_t(5000)}) {
            Histogram streamed, merged;
            for (size_t begin = 0; begin < values.size(); begin += size) {
                const auto first = values.begin() + std::ptrdiff_t(begin);
                const std::vector<float> part(first,
                                              first + std::ptrdiff_t(std::min(size, values.size() - begin)));
                const auto [min, max] = std::minmax_element(part.begin(), part.end());
                streamed.add(part, *min, *max);
                merged.add(histogramOf(part));
            }
            EXPECT_EQ(streamed, whole);
            EXPECT_EQ(merged, whole);
        }
    }
}

TEST(Histogram, LosesNoMassWhenTheRangeGrowsByThirtyOrders)
{
    Histogram histogram;
    int64_t added = 0;
    for (float scale = 1e-20f; scale < 1e18f; scale *= 100) {
        const auto values = normal(999, 0, scale);
        const auto [min, max] = std::minmax_element(values.begin(), values.end());
        histogram.add(values, *min, *max);
        added += 999;
    }
    EXPECT_EQ(histogram.total(), added);
    EXPECT_EQ(std::accumulate(histogram.counts().begin(), histogram.counts().end(), int64_t(0)), added);
}

TEST(Histogram, SkipsWhatIsNotFinite)
{
    const float nan = std::numeric_limits<float>::quiet_NaN(),
                infinity = std::numeric_limits<float>::infinity();
    Histogram histogram;
    histogram.add(std::vector<float>{nan, 1, infinity, 2, -infinity}, 1, 2);
    EXPECT_EQ(histogram, histogramOf({1, 2}));
    Histogram nothing;
    nothing.add(std::vector<float>{nan}, infinity, -infinity);
    EXPECT_TRUE(nothing.isEmpty());
}

TEST(Histogram, FromPartsCutsEmptyEnds)
{
    const Histogram histogram = Histogram::fromParts(-2, 10, {0, 0, 5, 0, 1, 0});
    EXPECT_EQ(histogram.firstBin(), 12);
    EXPECT_EQ(histogram.counts(), (Counts{5, 0, 1}));
    EXPECT_TRUE(Histogram::fromParts(0, 0, {0, 0}).isEmpty());
}

TEST(BinCounter, GivesTheHistogramOfAllBlocks)
{
    for (const auto& values : manyShapes()) {
        BinCounter counter;
        for (size_t begin = 0; begin < values.size(); begin += 300) {
            const size_t count = std::min<size_t>(300, values.size() - begin);
            const auto [min, max] = std::minmax_element(values.begin() + std::ptrdiff_t(begin),
                                                        values.begin() + std::ptrdiff_t(begin + count));
            counter.add(values.data() + begin, count, *min, *max);
        }
        EXPECT_EQ(counter.take(), histogramOf(values));
        EXPECT_TRUE(counter.take().isEmpty());
    }
}

TEST(BinCounter, StartsAnewAfterTake)
{
    const std::vector<float> large = normal(5000, 0, 1000), small = normal(5000, 0, 0.001f);
    BinCounter counter;
    for (const auto& values : {large, small}) {
        const auto [min, max] = std::minmax_element(values.begin(), values.end());
        counter.add(values.data(), values.size(), *min, *max);
        EXPECT_EQ(counter.take(), histogramOf(values));
    }
}

} // namespace
} // namespace bitwright
