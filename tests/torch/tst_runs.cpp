// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/torch/model_files.h"
#include "tests/torch/reference_forward.h"

#include <cmath>
#include <cstring>

using namespace bitwright;
using namespace bitwright::test;

namespace {

std::vector<Tensor> runFloat(const ModelRunner& runner, const Batch& batch)
{
    Progress progress;
    auto outputs = runner.run(batch, {}, {}, {}, progress);
    EXPECT_TRUE(outputs.has_value()) << (outputs ? "" : outputs.error().text());
    return outputs ? *outputs : std::vector<Tensor>{};
}

Batch example(const ModelRunner& runner, int64_t batch)
{
    auto made = runner.exampleBatch(batch, 7);
    EXPECT_TRUE(made.has_value()) << (made ? "" : made.error().text());
    return made ? *made : Batch{};
}

double relativeError(const std::vector<Tensor>& got, const std::vector<Tensor>& expected)
{
    double worst = got.size() == expected.size() ? 0 : INFINITY;
    for (size_t i = 0; i < std::min(got.size(), expected.size()); ++i) {
        if (got[i].shape() != expected[i].shape())
            return INFINITY;
        double peak = 1e-30, error = 0;
        for (int64_t k = 0; k < got[i].size(); ++k) {
            peak = std::max(peak, double(std::fabs(expected[i].floats()[size_t(k)])));
            error = std::max(error,
                             double(std::fabs(got[i].floats()[size_t(k)] - expected[i].floats()[size_t(k)])));
        }
        worst = std::max(worst, error / peak);
    }
    return worst;
}

bool sameBits(const std::vector<Tensor>& a, const std::vector<Tensor>& b)
{
    if (a.size() != b.size())
        return false;
    for (size_t i = 0; i < a.size(); ++i)
        if (a[i].shape() != b[i].shape() || std::memcmp(a[i].data(), b[i].data(), size_t(a[i].bytes())) != 0)
            return false;
    return true;
}

bool isFused(const std::string& name)
{
    return name.find(".fused") != std::string::npos;
}

Reference referenceOf(const std::string& name)
{
    if (name.starts_with("half"))
        return Reference::Widened;
    return name.starts_with("bfloat16") ? Reference::Unoptimized : Reference::Forward;
}

/// Batch sizes to compare at: fixed_batch takes one sample only.
std::vector<int64_t> batches(const std::string& name)
{
    return name.starts_with("fixed_batch") ? std::vector<int64_t>{1} : std::vector<int64_t>{1, 3};
}

void expectForward(const std::string& name, const ModelRunner& runner, const Batch& inputs)
{
    const auto got = runFloat(runner, inputs),
               expected = referenceForward(modelPath(name + ".pt"), inputs, referenceOf(name));
    EXPECT_TRUE(sameBits(got, expected)) << name << ": error " << relativeError(got, expected);
}

} // namespace

TEST(Runs, OutputsEqualForwardBitForBitWithoutFolding)
{
    SKIP_WITHOUT_MODELS();
    for (const std::string& name : modelNames()) {
        SCOPED_TRACE(name);
        if (isFused(name)) // the fused kernels round elsewhere than the plain operators they become
            continue;
        const auto runner = opened(name, false);
        if (!runner)
            continue;
        for (const int64_t batch : batches(name))
            expectForward(name, *runner, example(*runner, batch));
    }
}

TEST(Runs, OutputsWithFoldedBatchNormAreWithinOneInAHundredThousand)
{
    SKIP_WITHOUT_MODELS();
    for (const std::string& name : modelNames()) {
        SCOPED_TRACE(name);
        const auto runner = opened(name, true);
        if (!runner)
            continue;
        const Batch inputs = example(*runner, batches(name).back());
        const auto expected = referenceForward(modelPath(name + ".pt"), inputs, referenceOf(name));
        // A file of integers opens as its float model: within what 8 bits are worth.
        const double limit = runner->fileQuantization() ? 2e-2 : 1e-5;
        EXPECT_LT(relativeError(runFloat(*runner, inputs), expected), limit);
    }
}

TEST(Runs, OfOtherSizesThanTheExampleEqualForwardToo)
{
    SKIP_WITHOUT_MODELS();
    const std::map<std::string, Shape> sizes{
        {"branches.script", {3, 20, 7}}, {"branches.trace", {3, 20, 7}},     {"unet.script", {3, 8, 24}},
        {"depthwise.trace", {3, 50, 9}}, {"conv1d.script", {2, 99}},         {"conv3d.trace", {1, 5, 9, 12}},
        {"lstm.script", {9, 10}},        {"cell_loop.script", {7, 6}},       {"tied.trace", {3}},
        {"encoder.script", {11, 16}},    {"masked_encoder.script", {12}},    {"norms.script", {3, 9, 14}},
        {"spectrum.script", {700}},      {"size_branch.script", {3, 40, 21}}};
    for (const auto& [name, shape] : sizes) {
        const auto runner = opened(name, false);
        OpenOptions other;
        other.foldBatchNorm = false;
        other.inputShapes = {shape};
        Progress progress;
        const auto donor = torchScriptBackend().open(modelPath(name + ".pt"), other, progress);
        ASSERT_TRUE(donor.has_value()) << donor.error().text();
        const Batch inputs = example(**donor, 2);
        EXPECT_EQ(Shape(inputs[0].shape().begin() + 1, inputs[0].shape().end()), shape) << name;
        expectForward(name, *runner, inputs);
    }
}

TEST(Runs, OfFloat16ModelsComputeInFloat32AndSaySo)
{
    SKIP_WITHOUT_MODELS();
    struct Notes : Progress {
        std::vector<std::string> heard;
        void note(const std::string& message) override { heard.push_back(message); }
    } progress;
    const auto runner = torchScriptBackend().open(modelPath("half.script.pt"), {}, progress);
    ASSERT_TRUE(runner.has_value()) << runner.error().text();
    ASSERT_EQ(progress.heard.size(), 1u);
    EXPECT_NE(progress.heard[0].find("float16"), std::string::npos) << progress.heard[0];
}

TEST(Runs, OfAModelOfOneVectorTakeTheShapeThatIsGiven)
{
    SKIP_WITHOUT_MODELS();
    Progress progress;
    OpenOptions options;
    const auto without = torchScriptBackend().open(modelPath("vector.whole"), options, progress);
    ASSERT_FALSE(without);
    EXPECT_NE(without.error().message.find("give the input shape"), std::string::npos);
    options.inputShapes = {{8}};
    const auto runner = torchScriptBackend().open(modelPath("vector.whole"), options, progress);
    ASSERT_TRUE(runner) << runner.error().text();
    const Batch example = *(*runner)->exampleBatch(1, 0);
    EXPECT_EQ(example[0].shape(), Shape{8});
    const auto whole = (*runner)->run(example, {}, {}, {}, progress);
    const auto asOne = (*runner)->run({example[0].reshaped({1, 8})}, {}, {}, {}, progress);
    ASSERT_TRUE(whole && asOne) << "a dataset gives batches of one sample";
    EXPECT_EQ(whole->at(0).shape(), Shape{3});
    EXPECT_EQ(whole->at(0).floats()[1], asOne->at(0).floats()[1]);
}

TEST(Runs, OfModelsWithRandomNumbersDrawTheSameOnes)
{
    SKIP_WITHOUT_MODELS();
    const auto runner = opened("noise.script");
    const Batch inputs = example(*runner, 2);
    const auto first = runFloat(*runner, inputs);
    EXPECT_TRUE(sameBits(runFloat(*runner, inputs), first));
}
