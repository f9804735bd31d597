// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <vector>

namespace bitwright {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

TEST(Text, OfCountsHasCommasEveryThreeDigits)
{
    EXPECT_EQ(text::count(0), "0");
    EXPECT_EQ(text::count(-999), "-999");
    EXPECT_EQ(text::count(-1000), "-1,000");
    EXPECT_EQ(text::count(12345678), "12,345,678");
    EXPECT_EQ(text::count(std::numeric_limits<int64_t>::min()), "-9,223,372,036,854,775,808");
}

TEST(Text, OfMagnitudesHasADecimalPrefix)
{
    EXPECT_EQ(text::magnitude(1.2345e9, "BOP"), "1.234 GBOP");
    EXPECT_EQ(text::magnitude(4.56e-6, "J"), "4.56 uJ");
    EXPECT_EQ(text::magnitude(1.23e9), "1.23 G");
    EXPECT_EQ(text::magnitude(12), "12") << "no unit, no prefix, no space";
    EXPECT_EQ(text::magnitude(0, "J"), "0 J");
    EXPECT_EQ(text::magnitude(kInfinity), "-");
    EXPECT_EQ(text::bytes(999), "999 B");
    EXPECT_EQ(text::bytes(431500), "431.5 kB");
}

TEST(Text, OfWhatDoesNotExistIsADash)
{
    EXPECT_EQ(text::percent(std::nullopt), "-");
    EXPECT_EQ(text::percent(kNaN), "-");
    EXPECT_EQ(text::percent(0.90123), "90.12 %");
    EXPECT_EQ(text::decibels(std::nullopt), "-");
    EXPECT_EQ(text::sizes({}), "-");
    EXPECT_EQ(text::sizes(std::vector<int64_t>{8, 1, 3, 3}), "8x1x3x3");
}

TEST(Text, OfDecibelsTellsEqualFromNotComparable)
{
    EXPECT_EQ(text::decibels(31.44), "31.4 dB");
    EXPECT_EQ(text::decibels(kInfinity), "exact");
    EXPECT_EQ(text::decibels(-kInfinity), "-inf dB");
    EXPECT_EQ(text::decibels(kNaN), "not comparable");
}

TEST(Text, OfAFileCannotSteerATerminal)
{
    EXPECT_EQ(text::printable("a\x1b[2Jb\nc\x7f"), "a?[2Jb?c?");
    EXPECT_EQ(text::printable("größe"), "größe");
}

} // namespace
} // namespace bitwright
