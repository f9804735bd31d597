// Damaged files for a minute a reader: whatever the bytes, it answers with tensors or a sentence.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/io/weights/weights_case.h"

#include <chrono>
#include <cstdlib>

using namespace bitwright;
using namespace bitwright::test;

namespace {

class WeightsFuzz : public testing::TestWithParam<const char*> {};

} // namespace

TEST_P(WeightsFuzz, DamagedFilesGiveTensorsOrASentence)
{
    SKIP_WITHOUT_CASES();
    std::vector<std::string> seeds;
    for (const std::string& path : weightsCases()) {
        std::string format;
        if (!path.ends_with(".json") && openWeights(path, &format) && format == GetParam())
            seeds.push_back(contentsOf(path));
    }
    ASSERT_FALSE(seeds.empty());
    const char* given = std::getenv("BITWRIGHT_FUZZ_SEED");
    std::mt19937 random(given ? unsigned(std::atoi(given)) : 1u);
    const Folder folder;
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    int opened = 0, all = 0;
    for (; std::chrono::steady_clock::now() < end; ++all)
        opened += survives(folder.write(
            "file", damagedBytes(seeds[random() % seeds.size()], seeds[random() % seeds.size()], random)));
    std::printf("%s: opened %d of %d\n", GetParam(), opened, all);
    EXPECT_GT(all, 50);
}

INSTANTIATE_TEST_SUITE_P(Readers, WeightsFuzz,
                         testing::Values("safetensors", "sharded", "pytorch-state-dict", "keras", "keras-h5"));
