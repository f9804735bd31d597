// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calib/tensor_stats.h"

#include <gtest/gtest.h>
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

namespace bitwright {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

Tensor normalTensor(Shape shape, uint32_t seed = 1)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> distribution(0.2f, 1.5f);
    Tensor tensor = Tensor::empty(DType::F32, std::move(shape));
    for (float& value : tensor.mutableFloats())
        value = std::max(-1.0f, distribution(random)) + (random() % 7 == 0 ? 3.0f : 0.0f);
    return tensor;
}

// Samples [begin, end) of a batch.
Tensor samples(const Tensor& tensor, int64_t begin, int64_t end)
{
    Shape shape = tensor.shape();
    const int64_t size = tensor.size() / shape[0];
    shape[0] = end - begin;
    return Tensor::fromFloats(shape,
                              tensor.floats().subspan(size_t(begin * size), size_t((end - begin) * size)));
}

TensorStats statsInBatches(const Tensor& tensor, int axis, int64_t batch)
{
    TensorStats stats;
    for (int64_t begin = 0; begin < tensor.shape()[0]; begin += batch)
        addToStats(stats, samples(tensor, begin, std::min(begin + batch, tensor.shape()[0])), axis, true);
    stats.shape = tensor.shape();
    return stats;
}

template<typename Body>
auto withThreads(int threads, Body&& body)
{
    const int before = omp_get_max_threads();
    omp_set_num_threads(threads);
    auto result = body();
    omp_set_num_threads(before);
    return result;
}

TEST(TensorStats, OfAHandMadeBatchAreRight)
{
    TensorStats stats;
    addToStats(stats, Tensor::fromFloats({2, 2, 2}, std::vector<float>{1, -2, 0, 4, 3, 0, 0, 2}), 1, true);
    EXPECT_EQ(stats.all.count, 8);
    EXPECT_EQ(stats.all.mean(), 1.0);
    EXPECT_DOUBLE_EQ(stats.all.std(), std::sqrt(34.0 / 8 - 1));
    EXPECT_EQ(stats.all.meanAbs(), 1.5);
    EXPECT_EQ(stats.zeros, 3);
    EXPECT_EQ(stats.histogram.total(), 8);
    ASSERT_EQ(stats.channels.size(), 2u);
    EXPECT_EQ(stats.channels[0].mean(), 0.5) << "1, -2, 3, 0";
    EXPECT_EQ(stats.channels[1].mean(), 1.5) << "0, 4, 0, 2";
    EXPECT_EQ(stats.channels[1].max, 4);
    EXPECT_EQ(stats.samples, 2);
    EXPECT_FLOAT_EQ(stats.emaMin, -2 + 0.01f * (0 - -2));
    EXPECT_FLOAT_EQ(stats.emaMax, 4 + 0.01f * (3 - 4));
    EXPECT_EQ(stats.shape, (Shape{2, 2, 2}));
}

TEST(TensorStats, DoNotDependOnBatchSizeBitForBit)
{
    for (const Shape& shape : {Shape{13, 3, 40, 41}, Shape{13, 20, 7, 7}, Shape{13, 50}, Shape{13, 5, 3},
                               Shape{13}, Shape{3, 1, 70000}, Shape{3, 4, 50000}})
        for (const int axis : {-1, 1, 2}) {
            const Tensor tensor = normalTensor(shape);
            const TensorStats whole = statsInBatches(tensor, axis, shape[0]);
            for (const int64_t batch : {int64_t(1), int64_t(4), int64_t(5)})
                EXPECT_EQ(statsInBatches(tensor, axis, batch), whole) << shapeText(shape) << " axis " << axis;
        }
}

TEST(TensorStats, DoNotDependOnSampleOrderButForTheMovingAverage)
{
    const Tensor tensor = normalTensor({11, 6, 30, 30});
    TensorStats backward;
    for (int64_t sample = 10; sample >= 0; --sample)
        addToStats(backward, samples(tensor, sample, sample + 1), 1, true);
    TensorStats forward = statsInBatches(tensor, 1, 11);
    EXPECT_NE(forward.emaMax, backward.emaMax);
    forward.emaMin = backward.emaMin;
    forward.emaMax = backward.emaMax;
    forward.shape = backward.shape;
    EXPECT_EQ(forward, backward);
}

TEST(TensorStats, DoNotDependOnTheNumberOfThreads)
{
    for (const Shape& shape : {Shape{9, 6, 100, 100}, Shape{2, 3, 100000}, Shape{700, 300}}) {
        const Tensor tensor = normalTensor(shape);
        for (const int axis : {-1, 1}) {
            const auto once = [&] { return statsInBatches(tensor, axis, shape[0]); };
            EXPECT_EQ(withThreads(1, once), withThreads(2, once));
        }
        for (const int axis : {0, 1}) {
            const auto once = [&] { return weightStats(tensor, axis, ChannelHistograms::Yes); };
            EXPECT_EQ(withThreads(1, once), withThreads(3, once));
        }
    }
}

TEST(TensorStats, AgreeWithPlainLoops)
{
    const Tensor tensor = normalTensor({5, 7, 31, 33});
    const TensorStats stats = statsInBatches(tensor, 1, 2);
    const auto x = tensor.floats();
    long double sum = 0, squares = 0, absolute = 0;
    for (const float value : x) {
        sum += value;
        squares += (long double)(value)*value;
        absolute += std::abs(value);
    }
    const long double n = (long double)(x.size());
    EXPECT_EQ(stats.all.count, int64_t(x.size()));
    EXPECT_NEAR(stats.all.mean(), double(sum / n), 1e-14);
    EXPECT_NEAR(stats.all.std(), double(std::sqrt(squares / n - sum / n * (sum / n))), 1e-14);
    EXPECT_NEAR(stats.all.meanAbs(), double(absolute / n), 1e-14);
    EXPECT_EQ(stats.all.min, *std::min_element(x.begin(), x.end()));
    EXPECT_EQ(stats.zeros, std::count(x.begin(), x.end(), 0.0f));
    Histogram histogram;
    histogram.add(x, stats.all.min, stats.all.max);
    EXPECT_EQ(stats.histogram, histogram);
}

TEST(TensorStats, ChannelsAddUpToTheWhole)
{
    const Tensor tensor = normalTensor({4, 9, 25, 25});
    const TensorStats stats = statsInBatches(tensor, 1, 4);
    Moments sum;
    for (const Moments& channel : stats.channels)
        sum.add(channel);
    EXPECT_EQ(sum, stats.all);
}

TEST(TensorStats, ChannelsOfShortRunsAreExact)
{
    const Tensor tensor = normalTensor({50, 21});
    const TensorStats stats = statsInBatches(tensor, 1, 50);
    for (size_t c = 0; c < 21; ++c) {
        ExactSum sum;
        for (size_t sample = 0; sample < 50; ++sample)
            sum.add(tensor.floats()[sample * 21 + c]);
        EXPECT_EQ(stats.channels[c].sum, sum);
    }
}

TEST(TensorStats, NonFiniteValuesAreCountedApartAndChangeNothingElse)
{
    TensorStats clean, dirty;
    addToStats(clean, Tensor::fromFloats({1, 1, 9}, std::vector<float>{1, 2, 3, 4, 5, 6, 7, 8, 0}), 1, true);
    addToStats(dirty,
               Tensor::fromFloats({1, 1, 12},
                                  std::vector<float>{kNan, 1, 2, 3, kInfinity, 4, 5, 6, 7, 8, -kInfinity, 0}),
               1, true);
    EXPECT_EQ(dirty.nonFinite, 3);
    dirty.nonFinite = 0;
    dirty.shape = clean.shape;
    EXPECT_EQ(dirty, clean);
}

TEST(TensorStats, OfNothingButNonFiniteValuesAreEmpty)
{
    TensorStats stats;
    addToStats(stats, Tensor::fromFloats({2, 2}, std::vector<float>{kNan, kInfinity, kNan, kNan}), 1, true);
    EXPECT_TRUE(stats.isEmpty());
    EXPECT_EQ(stats.nonFinite, 4);
    EXPECT_EQ(stats.samples, 0);
    EXPECT_TRUE(stats.histogram.isEmpty());
    EXPECT_EQ(stats.all.mean(), 0);
}

TEST(TensorStats, TakeEveryShapeAndType)
{
    for (const Shape& shape : {Shape{}, Shape{0}, Shape{0, 3}, Shape{3, 0}, Shape{1}, Shape{2, 0, 4}})
        for (const int axis : {-1, 0, 1, 5})
            for (const bool batched : {false, true}) {
                const Tensor tensor = normalTensor(shape);
                TensorStats stats;
                addToStats(stats, tensor, axis, batched);
                EXPECT_EQ(stats.all.count, tensor.size()) << shapeText(shape);
                EXPECT_EQ(weightStats(tensor, axis, ChannelHistograms::Yes).all.count, tensor.size());
            }
    Tensor integers = Tensor::empty(DType::I64, {1, 2});
    static_cast<int64_t*>(integers.mutableData())[0] = -5;
    static_cast<int64_t*>(integers.mutableData())[1] = 9;
    TensorStats stats;
    addToStats(stats, integers, -1, true);
    EXPECT_EQ(stats.all.min, -5);
    EXPECT_EQ(stats.all.mean(), 2);
}

TEST(TensorStats, KeepNoChannelsWhenThereAreTooMany)
{
    TensorStats stats;
    addToStats(stats, normalTensor({1, kMostChannels}), 1, true);
    EXPECT_EQ(int64_t(stats.channels.size()), kMostChannels);
    TensorStats flat;
    addToStats(flat, normalTensor({1, kMostChannels + 1}), 1, true);
    EXPECT_EQ(flat.channelAxis, -1);
    EXPECT_TRUE(flat.channels.empty());
    EXPECT_EQ(flat.all.count, kMostChannels + 1);
}

TEST(TensorStats, GrowWhenLaterBatchesHaveMoreChannels)
{
    TensorStats stats;
    addToStats(stats, normalTensor({2, 3, 10}), 1, true);
    addToStats(stats, normalTensor({2, 5, 10}), 1, true);
    ASSERT_EQ(stats.channels.size(), 5u);
    EXPECT_EQ(stats.channels[0].count, 40);
    EXPECT_EQ(stats.channels[4].count, 20);
}

TEST(WeightStats, AreTheSameAlongEveryAxisUpToTheOrderOfSums)
{
    const Tensor weight = normalTensor({24, 18, 3, 3});
    for (const int axis : {0, 1, 3}) {
        const TensorStats stats = weightStats(weight, axis, ChannelHistograms::Yes);
        const TensorStats whole = weightStats(weight, -1, ChannelHistograms::No);
        EXPECT_EQ(stats.histogram, whole.histogram);
        EXPECT_EQ(stats.zeros, whole.zeros);
        EXPECT_NEAR(stats.all.mean(), whole.all.mean(), 1e-15);
        EXPECT_EQ(int64_t(stats.channels.size()), weight.shape()[size_t(axis)]);
        EXPECT_EQ(stats.emaMin, stats.all.min);
    }
}

TEST(WeightStats, HistogramsOfChannelsChangeNothingElse)
{
    const Tensor weight = normalTensor({40, 11, 5});
    for (const int axis : {0, 1, 2}) {
        TensorStats with = weightStats(weight, axis, ChannelHistograms::Yes);
        EXPECT_EQ(with.channelHistograms.size(), with.channels.size());
        with.channelHistograms.clear();
        with.channelZeros.clear();
        EXPECT_EQ(with, weightStats(weight, axis, ChannelHistograms::No));
    }
}

TEST(WeightStats, OfHalfPrecisionAreThoseOfTheSameFloats)
{
    Tensor half = Tensor::empty(DType::BF16, {40, 6, 5});
    auto* codes = static_cast<uint16_t*>(half.mutableData());
    for (int64_t i = 0; i < half.size(); ++i)
        codes[i] = uint16_t(0x3c00 + (i * 7919) % 1024 + (i % 3 == 0 ? 0x8000 : 0));
    for (const int axis : {-1, 0, 1, 2})
        EXPECT_EQ(weightStats(half, axis, ChannelHistograms::Yes),
                  weightStats(half.toFloat(), axis, ChannelHistograms::Yes));
}

TEST(WeightStats, EveryChannelIsWhatItsElementsSay)
{
    const Tensor weight = normalTensor({6, 10, 4});
    const TensorStats stats = weightStats(weight, 1, ChannelHistograms::Yes);
    for (size_t c = 0; c < 10; ++c) {
        std::vector<float> channel;
        for (size_t o = 0; o < 6; ++o)
            for (size_t i = 0; i < 4; ++i)
                channel.push_back(weight.floats()[(o * 10 + c) * 4 + i]);
        const TensorStats alone = weightStats(Tensor::fromFloats({24}, channel), -1, ChannelHistograms::No);
        EXPECT_EQ(stats.channels[c], alone.all);
        EXPECT_EQ(stats.channelHistograms[c], alone.histogram);
        EXPECT_EQ(stats.channelZeros[c], alone.zeros);
    }
}

} // namespace
} // namespace bitwright
