// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/codebook.h"
#include "core/quant/quantize.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

using namespace bitwright;

namespace {

std::vector<float> sample(size_t count, bool laplace)
{
    std::mt19937 random(11);
    std::normal_distribution<float> normal;
    std::exponential_distribution<float> exponential;
    std::vector<float> values(count);
    for (float& x : values)
        x = laplace ? (random() % 2 ? exponential(random) : -exponential(random)) : normal(random);
    return values;
}

double errorOf(const std::vector<float>& values, const std::vector<float>& centres)
{
    double sum = 0;
    for (const float x : values) {
        double least = std::numeric_limits<double>::infinity();
        for (const float c : centres)
            least = std::min(least, (double(x) - c) * (double(x) - c));
        sum += least;
    }
    return sum;
}

/// The least squared error of any codebook, by dynamic programming over the sorted values.
double optimalError(std::vector<float> values, size_t levels)
{
    std::ranges::sort(values);
    const size_t n = values.size();
    std::vector<double> s(n + 1), ss(n + 1);
    for (size_t i = 0; i < n; ++i) {
        s[i + 1] = s[i] + values[i];
        ss[i + 1] = ss[i] + double(values[i]) * values[i];
    }
    const auto cost = [&](size_t a, size_t b) {
        return ss[b] - ss[a] - (s[b] - s[a]) * (s[b] - s[a]) / double(b - a);
    };
    std::vector<double> best(n + 1, std::numeric_limits<double>::infinity());
    best[0] = 0;
    for (size_t k = 0; k < levels; ++k) {
        std::vector<double> next(n + 1, std::numeric_limits<double>::infinity());
        next[0] = 0;
        for (size_t b = 1; b <= n; ++b)
            for (size_t a = 0; a < b; ++a)
                next[b] = std::min(next[b], best[a] + cost(a, b));
        best = next;
    }
    return best[n];
}

} // namespace

TEST(Codebook, IsTheTrueOptimumOfFewValues)
{
    for (const bool laplace : {false, true})
        for (const size_t levels : {2u, 4u, 8u, 16u}) {
            const std::vector<float> values = sample(600, laplace);
            EXPECT_LE(errorOf(values, fitCodebook(values, levels)), 1.00001 * optimalError(values, levels))
                << levels << (laplace ? " Laplace" : " Gauss");
        }
}

TEST(Codebook, ReachesThePublishedGaussianLloydMaxQuantizers)
{
    // Max 1960: mean squared error of the optimal quantizer of a unit Gaussian, 4, 8 and 16 levels.
    const std::vector<float> values = sample(400000, false);
    const std::pair<size_t, double> published[] = {{4, 0.1175}, {8, 0.03454}, {16, 0.009497}};
    for (const auto& [levels, mse] : published)
        EXPECT_NEAR(errorOf(values, fitCodebook(values, levels)) / 400000, mse, 0.01 * mse) << levels;
}

TEST(Codebook, FewDistinctValuesAreExact)
{
    EXPECT_EQ(fitCodebook({3, 1, 3, 1, 2}, 4), (std::vector<float>{1, 2, 3, 3}));
    EXPECT_EQ(fitCodebook({5}, 2), (std::vector<float>{5, 5}));
    EXPECT_EQ(fitCodebook({}, 2), (std::vector<float>{0, 0}));
    EXPECT_EQ(fitCodebook({NAN, INFINITY}, 2), (std::vector<float>{0, 0}));
    EXPECT_EQ(fitCodebook(std::vector<float>(100000, 2.5f), 2), (std::vector<float>{2.5f, 2.5f}));
}

TEST(Codebook, EveryElementTakesItsNearestCentroidPerChannel)
{
    QuantSpec spec;
    spec.format = Format::Codebook;
    spec.bits = 3;
    spec.granularity = Granularity::Channel;
    const std::vector<float> values = sample(400, false);
    const Tensor x = Tensor::fromFloats({4, 100}, values);
    const QuantParams params = paramsFromValues(spec, x, 0);
    ASSERT_EQ(params.codebook.size(), 4u * 8u);
    EXPECT_EQ(params.metadataBytes(), 4 * 8 * 4);
    const std::vector<int32_t> codes = quantizeToCodes(x, params);
    for (size_t i = 0; i < values.size(); ++i) {
        const float* list = params.codebook.data() + i / 100 * 8;
        EXPECT_TRUE(std::is_sorted(list, list + 8));
        for (int k = 0; k < 8; ++k)
            EXPECT_LE(std::fabs(values[i] - list[codes[i]]), std::fabs(values[i] - list[k]) + 1e-6f);
    }
}
