// SPDX-License-Identifier: GPL-3.0-or-later
// Damaged models for a minute: whatever the bytes, the reader answers with a model or a sentence.
#include "tests/damaged_bytes.h"
#include "tests/torch/onnx/onnx_case.h"

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <random>

using namespace bitwright;
using namespace bitwright::test;

namespace {

std::vector<std::string> seeds()
{
    constexpr size_t kLargest = 64 << 10;
    std::vector<std::string> files;
    for (const char* folder : {BITWRIGHT_ONNX_ZOO, "/usr/share/libonnx-testdata/data/node"}) {
        if (!std::filesystem::exists(folder))
            continue;
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            const std::string bytes = contents(entry.path() / "model.onnx");
            if (!bytes.empty() && bytes.size() < kLargest)
                files.push_back(bytes);
        }
    }
    std::sort(files.begin(), files.end()); // folders come in any order
    return files;
}

} // namespace

TEST(OnnxFuzz, DamagedModelsGiveAModelOrASentence)
{
    const std::vector<std::string> files = seeds();
    if (files.empty())
        GTEST_SKIP() << "neither libonnx-testdata nor python3-torch is installed";
    const char* given = std::getenv("BITWRIGHT_FUZZ_SEED");
    std::mt19937 random(given ? unsigned(std::atoi(given)) : 1u);
    const TemporaryFolder folder;
    const std::string path = folder.file("model.onnx");
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(55);
    int opened = 0, refused = 0;
    while (std::chrono::steady_clock::now() < end) {
        const std::string bytes =
            damagedBytes(files[random() % files.size()], files[random() % files.size()], random);
        std::ofstream(path, std::ios::binary) << bytes;
        OpenOptions options;
        options.timeLimitSeconds = 3;
        const auto runner = openOnnx(path, options);
        if (!runner) {
            ++refused;
            EXPECT_FALSE(runner.error().message.empty());
            EXPECT_EQ(runner.error().message.find('\n'), std::string::npos) << runner.error().message;
            continue;
        }
        ++opened;
        if (const auto batch = (*runner)->exampleBatch(1, 1))
            (void)runOnce(**runner, *batch);
    }
    std::printf("opened %d, refused %d\n", opened, refused);
    EXPECT_GT(opened + refused, 100);
}
