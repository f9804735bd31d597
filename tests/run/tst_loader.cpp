// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/run/files.h"

#include <chrono>
#include <set>
#include <thread>

namespace bitwright {
namespace {

/// Sample i is the number i; sample `broken` cannot be decoded.
struct Numbers : Dataset {
    int64_t count = 0, broken = -1;
    bool throws = false;
    mutable std::atomic<int> decoded{0};

    Numbers(int64_t count, int64_t broken = -1)
        : count(count)
        , broken(broken)
    {
    }
    int64_t size() const override { return count; }
    Shape sampleShape() const override { return {1}; }
    bool hasLabels() const override { return true; }
    std::vector<std::string> classes() const override { return {}; }
    const Preprocess& preprocess() const override { return m_preprocess; }
    std::string describe() const override { return "numbers"; }
    Result<Tensor> images(std::span<const int64_t> indices) const override
    {
        ++decoded;
        if (throws)
            throw std::bad_alloc();
        std::vector<float> values(indices.begin(), indices.end());
        if (std::find(indices.begin(), indices.end(), broken) != indices.end())
            return Error{Error::Corrupt, "broken", {}};
        return Tensor::fromFloats({int64_t(indices.size()), 1}, values);
    }
    Result<std::vector<int64_t>> labels(std::span<const int64_t> indices) const override
    {
        return std::vector<int64_t>(indices.begin(), indices.end());
    }
    Preprocess m_preprocess;
};

TEST(BatchLoader, GivesEverySampleOnceInOrder)
{
    for (const int64_t batch : {1, 3, 10, 100}) {
        const std::vector<int64_t> indices = calibrationSubset(10, -1, 5);
        BatchLoader loader(std::make_shared<Numbers>(10), indices, batch);
        EXPECT_EQ(loader.batches(), (10 + batch - 1) / batch);
        std::vector<int64_t> seen;
        for (auto item = loader.next(); item && !item->indices.empty(); item = loader.next()) {
            EXPECT_EQ(item->labels, item->indices);
            EXPECT_EQ(item->images.floats()[0], float(item->indices[0]));
            seen.insert(seen.end(), item->indices.begin(), item->indices.end());
        }
        EXPECT_EQ(seen, indices);
        EXPECT_TRUE(loader.next()->indices.empty());
    }
}

TEST(BatchLoader, OfNothingIsAtItsEnd)
{
    BatchLoader loader(std::make_shared<Numbers>(0), {}, 4);
    EXPECT_EQ(loader.batches(), 0);
    EXPECT_TRUE(loader.next()->indices.empty());
}

TEST(BatchLoader, ReportsABrokenSampleWithItsBatch)
{
    BatchLoader loader(std::make_shared<Numbers>(10, 5), evaluationSubset(10, -1), 2);
    EXPECT_TRUE(loader.next());
    EXPECT_TRUE(loader.next());
    EXPECT_EQ(loader.next().error().code, Error::Corrupt);
    EXPECT_EQ(loader.next()->indices.front(), 6);
}

TEST(BatchLoader, TurnsLackOfMemoryIntoAnError)
{
    const auto data = std::make_shared<Numbers>(4);
    data->throws = true;
    BatchLoader loader(data, evaluationSubset(4, -1), 2);
    EXPECT_EQ(loader.next().error().code, Error::Limit);
}

TEST(BatchLoader, DecodesOnlyOneBatchAhead)
{
    const auto data = std::make_shared<Numbers>(100);
    BatchLoader loader(data, evaluationSubset(100, -1), 1);
    ASSERT_TRUE(loader.next());
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    EXPECT_LE(data->decoded, 3); // the one that was given, the one that waits, the one behind it
}

TEST(BatchLoader, MayBeLeftInTheMiddle)
{
    for (int i = 0; i < 50; ++i) {
        BatchLoader loader(std::make_shared<Numbers>(100), evaluationSubset(100, -1), 1);
        for (int k = 0; k < i % 4; ++k)
            ASSERT_TRUE(loader.next());
    }
}

TEST(Subset, CalibrationIsAShuffleThatTheSeedDecides)
{
    const auto all = calibrationSubset(1000, -1, 0);
    EXPECT_EQ(std::set<int64_t>(all.begin(), all.end()).size(), 1000u);
    EXPECT_EQ(calibrationSubset(1000, -1, 0), all);
    EXPECT_NE(calibrationSubset(1000, -1, 1), all);
    const auto some = calibrationSubset(1000, 10, 0);
    EXPECT_TRUE(std::equal(some.begin(), some.end(), all.begin()));
    EXPECT_EQ(some.size(), 10u);
    EXPECT_EQ(calibrationSubset(5, 10, 0).size(), 5u);
    EXPECT_TRUE(calibrationSubset(0, -1, 0).empty());
    EXPECT_TRUE(calibrationSubset(5, 0, 0).empty());
}

TEST(Subset, CalibrationIsTheSameOnEveryPlatform)
{
    // SplitMix64 seeded with 0 begins e220a8397b1dcdaf 6e789e6aa1b965f4 06c45d188009454f (published values);
    // their remainders by 10, 9 and 8 are the distances of the three swaps.
    EXPECT_EQ(calibrationSubset(10, 3, 0), (std::vector<int64_t>{5, 1, 9}));
}

TEST(Subset, CalibrationIsUniform)
{
    std::vector<int> firsts(5, 0);
    for (uint64_t seed = 0; seed < 5000; ++seed)
        ++firsts[size_t(calibrationSubset(5, 1, seed)[0])];
    for (const int count : firsts)
        EXPECT_NEAR(count, 1000, 120); // four deviations
}

TEST(Subset, EvaluationIsTheStoredOrder)
{
    EXPECT_EQ(evaluationSubset(5, 3), (std::vector<int64_t>{0, 1, 2}));
    EXPECT_EQ(evaluationSubset(2, 3), (std::vector<int64_t>{0, 1}));
    EXPECT_EQ(evaluationSubset(2, -1), (std::vector<int64_t>{0, 1}));
}

} // namespace
} // namespace bitwright
