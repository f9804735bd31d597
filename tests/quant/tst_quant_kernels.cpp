// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/quant_kernels.h"

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <random>
#include <vector>

using namespace bitwright;

namespace {

/// Normal values with ties, huge, denormal and non-finite ones among them.
std::vector<float> mixture(size_t count, uint32_t seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0, 3);
    std::vector<float> values(count);
    for (size_t i = 0; i < count; ++i)
        values[i] = i % 5 == 1 ? std::bit_cast<float>(uint32_t(random())) : normal(random);
    for (size_t i = 0; i < count; i += 7)
        values[i] = (float(int(random() % 400) - 200) + 0.5f) * 0.03125f;
    return values;
}

struct Results {
    std::vector<float> values, valuesEach;
    std::vector<int32_t> codes, below;
    kernels::PairSums sums;
    int64_t clamped = 0;
    kernels::GridFit fit; ///< of the values that are near the grid, the others being 0
};

std::vector<float> near(std::vector<float> values)
{
    for (float& x : values)
        x = std::abs(x) < 50 ? x : 0;
    return values;
}

Results runAll(const std::vector<float>& x)
{
    const kernels::IntGrid grid{0.03125f, 3, -100, 90};
    const size_t n = x.size();
    Results r{std::vector<float>(n),
              std::vector<float>(n),
              std::vector<int32_t>(n),
              std::vector<int32_t>(n),
              {},
              0,
              {}};
    std::vector<float> scale(n), zeroPoint(n);
    for (size_t i = 0; i < n; ++i) {
        scale[i] = 0.01f + 0.001f * float(i % 11);
        zeroPoint[i] = float(i % 5);
    }
    const float thresholds[] = {-2, -0.5f, 0, 0.01f, 3};
    kernels::fakeQuantizeInt(x.data(), r.values.data(), n, grid);
    kernels::fakeQuantizeIntEach(x.data(), r.valuesEach.data(), n, scale.data(), zeroPoint.data(), -100, 90);
    kernels::quantizeInt(x.data(), r.codes.data(), n, grid);
    kernels::countBelow(x.data(), r.below.data(), n, thresholds, std::size(thresholds));
    r.sums = kernels::pairSums(x.data(), r.values.data(), n);
    r.clamped = kernels::countClamped(x.data(), n, grid);
    r.fit = kernels::gridFit(near(x).data(), n, grid, INFINITY);
    return r;
}

template<typename T>
bool sameBits(const std::vector<T>& a, const std::vector<T>& b)
{
    return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0);
}

} // namespace

TEST(QuantKernels, GiveTheSameBitsOnEveryInstructionSet)
{
    for (const size_t count : {0u, 1u, 3u, 15u, 16u, 17u, 63u, 1000u, 4099u}) {
        const std::vector<float> x = mixture(count, uint32_t(count));
        const Results expected = runAll(x);
        for (const auto target : hwy::SupportedAndGeneratedTargets()) {
            hwy::SetSupportedTargetsForTest(target);
            const Results r = runAll(x);
            EXPECT_TRUE(sameBits(r.values, expected.values)) << hwy::TargetName(target) << " " << count;
            EXPECT_TRUE(sameBits(r.valuesEach, expected.valuesEach))
                << hwy::TargetName(target) << " " << count;
            EXPECT_EQ(r.codes, expected.codes) << hwy::TargetName(target) << " " << count;
            EXPECT_EQ(r.below, expected.below) << hwy::TargetName(target) << " " << count;
            EXPECT_EQ(r.clamped, expected.clamped) << hwy::TargetName(target) << " " << count;
            EXPECT_EQ(std::memcmp(&r.sums, &expected.sums, sizeof r.sums), 0)
                << hwy::TargetName(target) << " " << count;
            EXPECT_EQ(std::memcmp(&r.fit, &expected.fit, sizeof r.fit), 0)
                << hwy::TargetName(target) << " " << count;
        }
        hwy::SetSupportedTargetsForTest(0);
    }
}

TEST(QuantKernels, AgreeWithThePlainDefinition)
{
    const std::vector<float> x = mixture(5000, 3);
    const Results r = runAll(x);
    const float inverse = 1.0f / 0.03125f;
    for (size_t i = 0; i < x.size(); ++i) {
        const float rounded = std::nearbyint(x[i] * inverse);
        const float q = rounded < 0x1p63f ? std::fmin(std::fmax(rounded + 3, -100.0f), 90.0f) : -100.0f;
        ASSERT_EQ(r.codes[i], int32_t(q)) << x[i];
        ASSERT_EQ(r.values[i], (q - 3) * 0.03125f) << x[i];
    }
}

TEST(QuantKernels, FitOfAGridIsTheSumsOfItsErrorsAndCodes)
{
    const std::vector<float> x = near(mixture(5000, 4));
    const kernels::GridFit fit = runAll(x).fit;
    double squared = 0, product = 0, codes = 0;
    for (const float value : x) {
        const double steps = double(value) / 0.03125, c = std::clamp(std::nearbyint(steps), -103.0, 87.0);
        squared += (steps - c) * (steps - c);
        product += (steps - c) * c;
        codes += c * c;
    }
    EXPECT_NEAR(fit.squared, squared, 1e-4 * squared);
    EXPECT_NEAR(fit.product, product, 1e-4 * std::abs(product));
    EXPECT_NEAR(fit.codes, codes, 1e-4 * codes);
}

TEST(QuantKernels, FitOfAGridStopsWhenItIsKnownToCostTooMuch)
{
    const std::vector<float> x = near(mixture(5000, 5));
    const kernels::IntGrid grid{0.03125f, 3, -100, 90};
    const double all = kernels::gridFit(x.data(), x.size(), grid, INFINITY).squared;
    const double some = kernels::gridFit(x.data(), x.size(), grid, all / 100).squared;
    EXPECT_GT(some, all / 100);
    EXPECT_LT(some, all / 2);
}
