// SPDX-License-Identifier: GPL-3.0-or-later
// Damaged files for a minute a reader: whatever the bytes, it answers with tensors or a sentence.
#include "tests/io/weights/weights_case.h"
#include "tests/temporary_folder.h"

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
    const TemporaryFolder folder;
    std::vector<std::string> files = weightsCases();
    exportWeights(waves({6, 5, 3, 3}), folder.file("own.h5"));
    files.push_back(folder.file("own.h5"));
    for (const std::string& path : files) {
        std::string format;
        if (openWeights(path, &format) && format == GetParam())
            seeds.push_back(contentsOf(path));
        if (path.ends_with(".safetensors")) // beside an index
            std::filesystem::copy_file(path, folder.file(std::filesystem::path(path).filename()));
    }
    ASSERT_FALSE(seeds.empty());
    const char* given = std::getenv("BITWRIGHT_FUZZ_SEED");
    std::mt19937 random(given ? unsigned(std::atoi(given)) : 1u);
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    int opened = 0, all = 0;
    for (; std::chrono::steady_clock::now() < end; ++all)
        opened += survives(folder.write(
            "file", damagedBytes(seeds[random() % seeds.size()], seeds[random() % seeds.size()], random)));
    std::printf("%s: opened %d of %d\n", GetParam(), opened, all);
    EXPECT_GT(all, 50);
}

INSTANTIATE_TEST_SUITE_P(Readers, WeightsFuzz,
                         testing::Values("safetensors", "sharded", "pytorch-state-dict", "keras", "keras-h5",
                                         "bitwright-weights"));
