// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/result.h"

#include <gtest/gtest.h>

#include <memory>

namespace bitwright {
namespace {

Result<int> half(int x)
{
    if (x % 2)
        return Error{Error::InvalidArgument, "odd", "x"};
    return x / 2;
}

Result<int> quarter(int x)
{
    BITWRIGHT_TRY(const int h, half(x));
    return half(h);
}

Result<void> check(int x)
{
    BITWRIGHT_CHECK(quarter(x));
    return {};
}

TEST(Result, HoldsAValueOrAnError)
{
    EXPECT_EQ(*half(4), 2);
    EXPECT_EQ(half(3).error().text(), "x: odd");
}

TEST(Result, TryReturnsTheFirstErrorToTheCaller)
{
    EXPECT_EQ(*quarter(8), 2);
    EXPECT_FALSE(quarter(6));
    EXPECT_EQ(check(2).error().code, Error::InvalidArgument);
    EXPECT_TRUE(check(4));
}

TEST(Result, MovesWhatCannotBeCopied)
{
    Result<std::unique_ptr<int>> made = std::make_unique<int>(7);
    std::unique_ptr<int> taken = *std::move(made);
    EXPECT_EQ(*taken, 7);
}

} // namespace
} // namespace bitwright
