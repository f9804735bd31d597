// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/exact_sum.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace bitwright {
namespace {

ExactSum sumOf(const std::vector<double>& values)
{
    ExactSum sum;
    for (const double value : values)
        sum.add(value);
    return sum;
}

std::vector<double> wildValues(size_t count)
{
    std::mt19937_64 random(7);
    std::uniform_real_distribution<double> mantissa(-1, 1);
    std::uniform_int_distribution<int> exponent(-1000, 1000);
    std::vector<double> values(count);
    for (double& value : values)
        value = std::ldexp(mantissa(random), exponent(random));
    return values;
}

TEST(ExactSum, OfNothingIsZero)
{
    EXPECT_EQ(ExactSum().value(), 0.0);
}

TEST(ExactSum, KeepsWhatDoublesLose)
{
    EXPECT_EQ(sumOf({1e300, 1, -1e300}).value(), 1.0);
    EXPECT_EQ(sumOf({0x1p53, 1, 1}).value(), 0x1p53 + 2);
    EXPECT_EQ(sumOf({-0x1p1000, 0x1p-1074, 0x1p1000}).value(), 0x1p-1074);
    EXPECT_EQ(sumOf({1e300, 1e300, -2e300, -0.125}).value(), -0.125);
}

TEST(ExactSum, RoundsOnceToNearestEven)
{
    EXPECT_EQ(sumOf({1, 0x1p-53}).value(), 1.0) << "a tie goes to even";
    EXPECT_EQ(sumOf({1, 0x1p-53, 0x1p-1074}).value(), 1 + 0x1p-52) << "anything beyond a tie rounds up";
    EXPECT_EQ(sumOf({-1, -0x1p-53, -0x1p-1074}).value(), -1 - 0x1p-52);
}

TEST(ExactSum, ReachesTheEndsOfDouble)
{
    const double largest = std::numeric_limits<double>::max();
    EXPECT_EQ(sumOf({largest}).value(), largest);
    EXPECT_EQ(sumOf({largest, largest}).value(), std::numeric_limits<double>::infinity());
    EXPECT_EQ(sumOf({largest, largest, -largest}).value(), largest);
    EXPECT_EQ(sumOf({0x1p-1074, 0x1p-1074}).value(), 0x1p-1073);
}

TEST(ExactSum, IgnoresWhatIsNotFinite)
{
    const double infinity = std::numeric_limits<double>::infinity();
    EXPECT_EQ(sumOf({1, infinity, std::nan(""), -infinity}), sumOf({1}));
}

TEST(ExactSum, IsTheSameInEveryOrderAndGrouping)
{
    std::vector<double> values = wildValues(5000);
    const ExactSum reference = sumOf(values);
    std::mt19937 random(1);
    for (int round = 0; round < 5; ++round) {
        std::shuffle(values.begin(), values.end(), random);
        ExactSum grouped;
        for (size_t begin = 0; begin < values.size(); begin += 617) {
            const auto end = values.begin() + std::ptrdiff_t(std::min(begin + 617, values.size()));
            grouped.add(sumOf(std::vector<double>(values.begin() + std::ptrdiff_t(begin), end)));
        }
        EXPECT_EQ(grouped, reference);
        EXPECT_EQ(grouped.value(), reference.value());
    }
}

TEST(ExactSum, CancelsToExactlyZero)
{
    std::vector<double> values = wildValues(1000);
    ExactSum sum = sumOf(values);
    for (double& value : values)
        value = -value;
    sum.add(sumOf(values));
    EXPECT_EQ(sum.value(), 0.0);
    EXPECT_EQ(sum, ExactSum());
}

TEST(ExactSum, AgreesWithIntegersAfterManyMerges)
{
    // 2^40 times the sum of itself overflows the deferred carries unless they are propagated in time.
    ExactSum sum = sumOf({3, -0x1p-40});
    for (int i = 0; i < 40; ++i) {
        const ExactSum copy = sum;
        sum.add(copy);
    }
    EXPECT_EQ(sum.value(), 3 * 0x1p40 - 1);
}

TEST(ExactSum, ComesBackFromItsPartsBitForBit)
{
    for (const double sign : {1.0, -1.0}) {
        ExactSum sum;
        for (const double value : wildValues(500))
            sum.add(sign * value);
        const ExactSum again = ExactSum::fromParts(sum.parts());
        EXPECT_EQ(again, sum);
        EXPECT_EQ(again.value(), sum.value());
        EXPECT_EQ(again.parts().digits, sum.parts().digits);
        EXPECT_NE(sum.parts().digits.front(), 0u);
        EXPECT_NE(sum.parts().digits.back(), 0u);
    }
    EXPECT_TRUE(ExactSum().parts().digits.empty());
    ExactSum zero = sumOf({1e300, -1e300});
    EXPECT_TRUE(zero.parts().digits.empty());
    EXPECT_EQ(ExactSum::fromParts({}), zero);
    EXPECT_LT(sumOf({1.5, 2.25}).parts().digits.size(), 4u) << "a plain sum takes few bytes";
}

} // namespace
} // namespace bitwright
