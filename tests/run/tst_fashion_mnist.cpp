// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/run/files.h"

#include <sys/resource.h>

#include <algorithm>
#include <cmath>

namespace bitwright {
namespace {

constexpr const char* kFolder = "/usr/share/datasets/fashion-mnist";

struct FashionMnist : FilesTest {
    void SetUp() override
    {
        FilesTest::SetUp();
        if (!fs::exists(kFolder))
            GTEST_SKIP() << "the Debian package dataset-fashion-mnist is not installed";
    }
};

TEST_F(FashionMnist, HasTenThousandTestImages)
{
    const auto data = open(kFolder);
    ASSERT_TRUE(data) << data.error().text();
    EXPECT_EQ((*data)->describe(), "10,000 images 28x28 (IDX), 10 classes");
    EXPECT_EQ((*data)->sampleShape(), (Shape{1, 28, 28}));
    const auto labels = allLabels(**data);
    EXPECT_EQ(labels[0], 9); // an ankle boot
    EXPECT_EQ(std::count(labels.begin(), labels.end(), 3), 1000);
    EXPECT_EQ((*open(kFolder, "train"))->size(), 60000);
}

TEST_F(FashionMnist, IsPreparedAsTorchvisionDoes)
{
    Preprocess preprocess;
    preprocess.mean = {0.2860};
    preprocess.std = {0.3530};
    const auto plain = open(kFolder), normalised = open(kFolder, "", preprocess);
    const std::vector<int64_t> first = {0};
    const Tensor pixels = *(*plain)->images(first), values = *(*normalised)->images(first);
    double sum = 0;
    for (size_t i = 0; i < 784; ++i) {
        const float pixel = pixels.floats()[i];
        sum += std::round(pixel * 255);
        EXPECT_EQ(pixel, std::round(pixel * 255) / 255.f);
        EXPECT_EQ(values.floats()[i], (pixel - 0.2860f) / 0.3530f);
    }
    // The sum of the first 784 bytes behind the header, by another program.
    EXPECT_EQ(sum, 33456);
}

TEST_F(FashionMnist, StaysWithinItsMemory)
{
    const auto data = open(kFolder, "train");
    ASSERT_TRUE(data);
    rusage before = {}, after = {};
    getrusage(RUSAGE_SELF, &before);
    BatchLoader loader(*data, evaluationSubset((*data)->size(), -1), 256);
    int64_t seen = 0;
    for (auto item = loader.next(); item && !item->indices.empty(); item = loader.next())
        seen += item->images.shape()[0];
    getrusage(RUSAGE_SELF, &after);
    EXPECT_EQ(seen, 60000);
    EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 64 * 1024); // KiB; as F32 at once it would be 188 MB
}

} // namespace
} // namespace bitwright
