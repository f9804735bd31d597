// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/progress.h"

#include <gtest/gtest.h>

#include <vector>

namespace bitwright {
namespace {

struct Recorder : Progress {
    std::vector<State> states;
    void changed(const State& state) override { states.push_back(state); }
};

TEST(Progress, ReportsTheStartAndTheEndOfEveryStage)
{
    Recorder progress;
    progress.begin("Counting", 1000);
    for (int i = 0; i < 1000; ++i)
        progress.advance();
    ASSERT_GE(progress.states.size(), 2u);
    EXPECT_EQ(progress.states.front().done, 0);
    EXPECT_FALSE(progress.states.front().secondsLeft);
    EXPECT_EQ(progress.states.back().done, 1000);
    EXPECT_EQ(progress.states.back().secondsLeft, 0.0);
}

TEST(Progress, DoesNotFloodTheFrontEnd)
{
    Recorder progress;
    progress.begin("Counting", 1000000);
    for (int i = 0; i < 900000; ++i)
        progress.advance();
    EXPECT_LT(progress.states.size(), 100u);
}

TEST(Progress, RemembersThatItWasCancelled)
{
    Progress progress;
    EXPECT_FALSE(progress.cancelled());
    progress.cancel();
    EXPECT_TRUE(progress.cancelled());
}

} // namespace
} // namespace bitwright
