// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/error_metrics.h"
#include "core/quant/quantize.h"

#include <gtest/gtest.h>
#include <omp.h>

#include <cmath>
#include <limits>
#include <random>

using namespace bitwright;

namespace {

Tensor normalTensor(const Shape& shape)
{
    std::mt19937 random(4);
    std::normal_distribution<float> normal;
    std::vector<float> values(size_t(elementCount(shape)));
    for (float& x : values)
        x = normal(random);
    return Tensor::fromFloats(shape, values);
}

/// The plain loop that the kernels must agree with.
ErrorSums naive(std::span<const float> x, std::span<const float> y)
{
    ErrorSums sums;
    for (size_t i = 0; i < x.size(); ++i) {
        const double a = x[i], b = y[i];
        if (!std::isfinite(a))
            continue;
        sums.add({1, a * a, b * b, a * b, (a - b) * (a - b), std::fabs(a - b), std::fabs(a - b), 0});
    }
    return sums;
}

void expectNear(const ErrorSums& a, const ErrorSums& b)
{
    EXPECT_EQ(a.count, b.count);
    EXPECT_EQ(a.maxAbs, b.maxAbs);
    EXPECT_NEAR(a.signal, b.signal, 1e-12 * b.signal);
    EXPECT_NEAR(a.quantized, b.quantized, 1e-12 * b.quantized);
    EXPECT_NEAR(a.product, b.product, 1e-12 * b.signal);
    EXPECT_NEAR(a.squared, b.squared, 1e-12 * b.squared);
    EXPECT_NEAR(a.absolute, b.absolute, 1e-12 * b.absolute);
}

QuantSpec intSpec(int bits, Granularity granularity = Granularity::Tensor)
{
    QuantSpec spec;
    spec.bits = bits;
    spec.granularity = granularity;
    return spec;
}

} // namespace

TEST(ErrorSums, MetricsOfAWorkedPair)
{
    const float x[] = {3, 4}, y[] = {3, 2};
    const ErrorSums sums = compare(x, y);
    EXPECT_EQ(sums.count, 2);
    EXPECT_DOUBLE_EQ(sums.sqnrDb(), 10 * std::log10(25.0 / 4));
    EXPECT_DOUBLE_EQ(sums.mse(), 2);
    EXPECT_DOUBLE_EQ(sums.meanAbs(), 1);
    EXPECT_DOUBLE_EQ(sums.maxAbs, 2);
    EXPECT_DOUBLE_EQ(sums.cosine(), 17 / (5 * std::sqrt(13.0)));
}

TEST(ErrorSums, EdgeCasesAreDefined)
{
    const float zero[] = {0, 0}, one[] = {1, 1};
    EXPECT_EQ(compare(one, one).sqnrDb(), std::numeric_limits<double>::infinity());
    EXPECT_EQ(compare(zero, one).sqnrDb(), -std::numeric_limits<double>::infinity());
    EXPECT_EQ(compare(zero, zero).sqnrDb(), std::numeric_limits<double>::infinity());
    EXPECT_EQ(compare(zero, zero).cosine(), 1);
    EXPECT_EQ(compare(zero, one).cosine(), 0);
    EXPECT_EQ(ErrorSums{}.mse(), 0);
    EXPECT_EQ(ErrorSums{}.clippedShare(), 0);
}

TEST(Compare, AgreesWithThePlainLoopAtEveryLength)
{
    const Tensor x = normalTensor({100003});
    std::vector<float> y(x.floats().begin(), x.floats().end());
    for (size_t i = 0; i < y.size(); ++i)
        y[i] += 0.01f * float(i % 7);
    for (const size_t n : {0u, 1u, 7u, 8u, 9u, 16u, 31u, 32768u, 100003u})
        expectNear(compare(x.floats().first(n), std::span(y).first(n)),
                   naive(x.floats().first(n), std::span(y).first(n)));
}

TEST(Compare, LeavesOutElementsThatWereNotFiniteBefore)
{
    const float inf = std::numeric_limits<float>::infinity();
    const float x[] = {1, NAN, inf, -inf, 3, 3e38f, 1, 1, 1, NAN};
    const float y[] = {1, 1, inf, 4, 2, -3e38f, 1, 1, 0.5f, NAN};
    const ErrorSums sums = compare(x, y);
    expectNear(sums, naive(x, y));
    EXPECT_EQ(sums.count, 6);
    const float nothing[] = {NAN, inf};
    EXPECT_TRUE(std::isnan(compare(nothing, x).sqnrDb())) << "nothing was compared";
}

TEST(Compare, AnOverflowIsAnInfiniteError)
{
    const float inf = std::numeric_limits<float>::infinity();
    for (const float lost : {inf, -inf, NAN}) {
        std::vector<float> x(13, 1), y(13, 1);
        x[9] = 1e6f;
        y[9] = lost;
        const ErrorSums sums = compare(x, y);
        EXPECT_EQ(sums.count, 13);
        EXPECT_EQ(sums.sqnrDb(), -std::numeric_limits<double>::infinity());
        EXPECT_EQ(sums.mse(), std::numeric_limits<double>::infinity());
        EXPECT_EQ(sums.maxAbs, std::numeric_limits<double>::infinity());
        EXPECT_EQ(sums.cosine(), 0);
    }
}

TEST(ErrorAtMany, IsTheErrorOfEveryFakeQuantization)
{
    const Tensor x = normalTensor({24, 3, 50, 50});
    std::vector<QuantParams> params;
    for (const Granularity granularity : {Granularity::Tensor, Granularity::Channel, Granularity::Group})
        for (const int bits : {8, 6, 4, 3, 2})
            params.push_back(paramsFromValues(intSpec(bits, granularity), x, 0));
    QuantSpec minifloat;
    minifloat.format = Format::Minifloat;
    params.push_back(paramsFromValues(minifloat, x, 0));
    const std::vector<ErrorSums> sums = errorAtMany(x, params);
    ASSERT_EQ(sums.size(), params.size());
    for (size_t p = 0; p < params.size(); ++p)
        expectNear(sums[p], compare(x.floats(), fakeQuantize(x, params[p]).floats()));
}

TEST(ErrorAtMany, ChannelsAddUpToTheTensor)
{
    const Tensor x = normalTensor({6, 5, 70});
    const std::vector<QuantParams> params{paramsFromValues(intSpec(4, Granularity::Channel), x, 1),
                                          paramsFromValues(intSpec(3), x, 1)};
    for (const int axis : {0, 1, 2, -1}) {
        const auto channels = channelErrorAtMany(x, params, axis);
        for (size_t p = 0; p < params.size(); ++p) {
            EXPECT_EQ(channels[p].size(), axis < 0 ? 1u : size_t(x.shape()[size_t(axis)]));
            ErrorSums total;
            for (const ErrorSums& channel : channels[p])
                total.add(channel);
            expectNear(total, errorAtMany(x, params)[p]);
        }
    }
}

TEST(ErrorAtMany, IsTheSameForEveryThreadCount)
{
    const Tensor x = normalTensor({300, 1000});
    const std::vector<QuantParams> params{paramsFromValues(intSpec(4, Granularity::Channel), x, 0)};
    const int threads = omp_get_max_threads();
    omp_set_num_threads(1);
    const auto one = errorAtMany(x, params);
    const auto pair = compare(x.floats(), x.floats());
    omp_set_num_threads(5);
    EXPECT_EQ(errorAtMany(x, params), one);
    EXPECT_EQ(compare(x.floats(), x.floats()), pair);
    omp_set_num_threads(threads);
}

TEST(ErrorAtMany, NeverClipsMoreThanEverything)
{
    QuantSpec half;
    half.format = Format::Float16;
    const Tensor x = Tensor::fromFloats({4}, std::vector<float>{1, 1e6f, -1e6f, 2e6f});
    const ErrorSums sums = quantizationError(x, paramsFromValues(half, x, 0));
    EXPECT_EQ(sums.clipped, 3);
    EXPECT_DOUBLE_EQ(sums.clippedShare(), 0.75);
    EXPECT_EQ(sums.sqnrDb(), -std::numeric_limits<double>::infinity());
}

TEST(ErrorAtMany, CountsTheElementsThatHadToBeClamped)
{
    QuantParams params;
    params.format = Format::Int;
    params.qmin = -8;
    params.qmax = 7;
    params.scale = {1};
    params.zeroPoint = {0};
    const Tensor x =
        Tensor::fromFloats({8}, std::vector<float>{0, 7.4f, 7.6f, -8.4f, -8.6f, 100, NAN, INFINITY});
    const ErrorSums sums = errorAtMany(x, {&params, 1})[0];
    EXPECT_EQ(sums.clipped, 3);
    EXPECT_EQ(sums.count, 6);
    EXPECT_DOUBLE_EQ(sums.clippedShare(), 0.5);
}
