// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/pair_kernels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace bitwright::kernels {
namespace {

TEST(PairKernels, AreAtRiskWhereTwoFullCodesLeaveSixteenBits)
{
    for (int first = -128; first <= 127; ++first)
        for (int second = -128; second <= 127; ++second) {
            bool leaves = false; // the extremes are at the corners
            for (const int a : {0, 255})
                for (const int b : {0, 255})
                    leaves |= a * first + b * second > 32767 || a * first + b * second < -32768;
            ASSERT_EQ(canSaturate(int8_t(first), int8_t(second)), leaves) << first << " " << second;
        }
}

TEST(PairKernels, SevenBitWeightsNeverSaturate)
{
    for (int first = -64; first <= 63; ++first)
        for (int second = -64; second <= 63; ++second)
            ASSERT_FALSE(canSaturate(int8_t(first), int8_t(second)));
}

TEST(PairKernels, TheLossIsThatOfThePlainLoopAtEveryLength)
{
    std::mt19937 random(7);
    std::uniform_int_distribution<int> code(0, 255), weight(-128, 127);
    for (const size_t count : {0u, 1u, 7u, 8u, 15u, 16u, 17u, 33u, 100u}) {
        const size_t stride = count + 3, rows = 12;
        std::vector<uint8_t> codes(stride * rows);
        std::generate(codes.begin(), codes.end(), [&] { return uint8_t(code(random)); });
        codes[0] = codes[stride] = 255;
        std::vector<WeightPair> pairs{{0, 127, 127}, {2, -128, -128}};
        for (int32_t row = 4; row < 12; row += 2)
            pairs.push_back({row, int8_t(weight(random)), int8_t(weight(random))});
        std::vector<int32_t> loss(count + 2, 42);
        pairLoss(codes.data(), stride, pairs, loss.data(), count);
        for (size_t i = 0; i < count; ++i) {
            int32_t expected = 0;
            for (const WeightPair& pair : pairs) {
                const int32_t sum = pair.first * codes[size_t(pair.row) * stride + i] +
                                    pair.second * codes[size_t(pair.row + 1) * stride + i];
                expected += std::clamp(sum, -32768, 32767) - sum;
            }
            ASSERT_EQ(loss[i], expected) << count << " " << i;
        }
        EXPECT_EQ(loss[count], 42);
    }
}

} // namespace
} // namespace bitwright::kernels
