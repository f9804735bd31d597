// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/pruning.h"

#include <gtest/gtest.h>

#include <cmath>

namespace bitwright {
namespace {

PruneOptions options(const char* text)
{
    return *parsePrune(text);
}

TEST(Pruning, ReadsItsShortFormAndNamesWhatThereIs)
{
    EXPECT_EQ(options("magnitude=0.75").share, 0.75);
    EXPECT_EQ(pruneText(options("magnitude=0.75")), "magnitude=0.75");
    EXPECT_EQ(pruneText(options("channels=0.3")), "channels=0.3");
    EXPECT_EQ(pruneText(options("2:4")), "2:4");
    EXPECT_EQ(pruneText(options("none")), "none");
    for (const char* wrong : {"magnitude", "magnitude=", "magnitude=0", "magnitude=1", "magnitude=nan",
                              "magnitude=0.5x", "1:4", "channels=1"})
        EXPECT_FALSE(parsePrune(wrong).has_value()) << wrong;
}

TEST(Pruning, TakesTheWeightsThatTorchPruneTakes)
{
    const std::vector<float> weight{.3f, -.1f, .2f, -.4f, .05f, .6f, -.7f, .15f, .25f, -.35f};
    const WeightRef reference{"w", {2, 5}, 0, 1};
    const auto mask = [&](const char* text) { return pruneMask(weight, reference, options(text), 1); };
    // torch.nn.utils.prune.l1_unstructured(linear, "weight", amount)
    EXPECT_EQ(mask("magnitude=0.5"), (std::vector<uint8_t>{1, 0, 0, 1, 0, 1, 1, 0, 0, 1}));
    EXPECT_EQ(mask("magnitude=0.25"), (std::vector<uint8_t>{1, 0, 1, 1, 0, 1, 1, 1, 1, 1})); // 2.5 to even
    EXPECT_EQ(mask("magnitude=0.45"), (std::vector<uint8_t>{1, 0, 0, 1, 0, 1, 1, 0, 1, 1}));
}

TEST(Pruning, KeepsTheTwoLargestOfEveryFourInputChannels)
{
    // Two filters of four channels of two taps: the fours run along the channels, not along the taps.
    const std::vector<float> weight{1, -8, -2, 7, 3, 6, -4, 5, 4, 1, 1, 4, 1, 4, 4, 1};
    const WeightRef reference{"w", {2, 4, 2}, 0, 1};
    EXPECT_EQ(pruneMask(weight, reference, options("2:4"), 1),
              (std::vector<uint8_t>{0, 1, 0, 1, 1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 1, 0}));
    EXPECT_NE(whyNotPruned({"w", {8, 3, 3, 3}, 0, 1}, options("2:4")), "");
    EXPECT_EQ(whyNotPruned({"w", {8, 3, 3, 3}, 0, 1}, options("magnitude=0.5")), "");
}

TEST(Pruning, RisesByTheCubicScheduleAndNeverGivesAWeightBack)
{
    PruneOptions gradual = options("magnitude=0.6");
    gradual.gradual = true;
    EXPECT_EQ(pruneProgress(gradual, 0), 0);
    EXPECT_DOUBLE_EQ(pruneProgress(gradual, 0.375), 0.875); // half way of three quarters: 1 - (1/2)^3
    EXPECT_EQ(pruneProgress(gradual, 0.75), 1);
    EXPECT_EQ(pruneProgress(gradual, 1), 1);
    EXPECT_EQ(pruneProgress(options("magnitude=0.6"), 0), 1);
    std::vector<float> weight(1000);
    for (size_t i = 0; i < weight.size(); ++i)
        weight[i] = float(std::sin(double(i) * 1.7));
    const WeightRef reference{"w", {10, 100}, 0, 1};
    std::vector<uint8_t> before(weight.size(), 1);
    for (const double part : {0.0, 0.2, 0.5, 1.0}) {
        const std::vector<uint8_t> mask = pruneMask(weight, reference, gradual, part);
        EXPECT_EQ(std::count(mask.begin(), mask.end(), 0), std::lround(600 * part));
        for (size_t i = 0; i < mask.size(); ++i) {
            EXPECT_LE(mask[i], before[i]);
            weight[i] *= float(mask[i]);
        }
        before = mask;
    }
}

TEST(Pruning, LeavesDepthwiseFiltersAlone)
{
    Layer layer;
    layer.op = OpKind::Conv;
    layer.weights = {{"w", {8, 1, 3, 3}, 0, 1}};
    EXPECT_FALSE(isPrunable(layer));
    layer.weights[0].shape = {8, 4, 3, 3};
    EXPECT_TRUE(isPrunable(layer));
    layer.op = OpKind::Embedding;
    EXPECT_FALSE(isPrunable(layer));
}

} // namespace
} // namespace bitwright
