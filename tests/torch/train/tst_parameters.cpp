// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support.h"
#include "tests/torch/model_files.h"

#include <cmath>
#include <filesystem>

namespace bitwright {
namespace {

std::unique_ptr<ModelRunner> open(const std::string& path)
{
    Progress progress;
    auto runner = torchScriptBackend().open(path, {}, progress);
    EXPECT_TRUE(runner.has_value()) << (runner ? "" : runner.error().message);
    return runner ? std::move(*runner) : nullptr;
}

/// Every floating parameter of layers a little different.
std::map<std::string, Tensor> varied(const ModelRunner& runner)
{
    std::map<std::string, Tensor> changed;
    uint64_t seed = 1;
    const auto vary = [&](const std::string& name) {
        const Tensor before = *runner.parameter(name),
                     noise = test::normalTensor(before.shape(), seed++, 0.01f);
        Tensor after = Tensor::empty(DType::F32, before.shape());
        for (size_t i = 0; i < after.mutableFloats().size(); ++i)
            after.mutableFloats()[i] = before.floats()[i] + noise.floats()[i];
        after.mutableFloats()[0] = 0; // pruned weights must come back as exactly 0
        changed[name] = after;
    };
    for (const Layer& layer : runner.graph().layers) {
        for (const WeightRef& weight : layer.weights)
            vary(weight.parameter);
        for (const std::string& bias : layer.biases)
            vary(bias);
    }
    return changed;
}

void expectNear(const Tensor& a, const Tensor& b, const std::string& name)
{
    for (size_t i = 0; i < a.floats().size(); ++i)
        ASSERT_NEAR(a.floats()[i], b.floats()[i], 1e-6 * (1 + std::abs(a.floats()[i]))) << name << " " << i;
}

TEST(WithParameters, ChangesFoldedModelsAndWhatTheyAreWrittenFrom)
{
    for (const char* name : {"dwcnn.pt", "cnn.pt", "mlp.pt", "vit.pt"}) {
        SCOPED_TRACE(name);
        const auto runner = open(std::string(BITWRIGHT_SOURCE_DIR "/sample_models/") + name);
        ASSERT_TRUE(runner);
        const auto changed = varied(*runner);
        const auto made = runner->withParameters(changed);
        ASSERT_TRUE(made.has_value()) << made.error().message;
        EXPECT_EQ((*made)->graph(), runner->graph());
        Progress progress;
        const std::string file = ::testing::TempDir() + "with_parameters.pt";
        const auto saved = torchScriptBackend().save(**made, file, "test", progress);
        ASSERT_TRUE(saved.has_value()) << saved.error().message;
        const auto reopened = open(file);
        std::filesystem::remove(file);
        ASSERT_TRUE(reopened);
        for (const auto& [parameter, value] : changed) {
            const Tensor now = *(*made)->parameter(parameter);
            expectNear(value, now, parameter);
            EXPECT_TRUE(value.floats()[0] != 0 || std::abs(now.floats()[0]) < 1e-6f);
        }
        const Batch batch = *runner->exampleBatch(4, 5);
        const auto a = (*made)->run(batch, {}, {}, {}, progress),
                   b = reopened->run(batch, {}, {}, {}, progress);
        const auto c = runner->run(batch, {changed, {}}, {}, {}, progress);
        EXPECT_EQ(std::vector<float>((*a)[0].floats().begin(), (*a)[0].floats().end()),
                  std::vector<float>((*b)[0].floats().begin(), (*b)[0].floats().end()));
        for (size_t i = 0; i < (*a)[0].floats().size(); ++i)
            EXPECT_NEAR((*a)[0].floats()[i], (*c)[0].floats()[i], 1e-3);
    }
}

TEST(WithParameters, RefusesOtherNamesAndShapes)
{
    const auto runner = open(BITWRIGHT_SOURCE_DIR "/sample_models/mlp.pt");
    ASSERT_TRUE(runner);
    EXPECT_FALSE(runner->withParameters({{"nobody.weight", test::normalTensor({3}, 1)}}).has_value());
    const std::string name = runner->graph().layers[0].weights[0].parameter;
    EXPECT_FALSE(runner->withParameters({{name, test::normalTensor({3}, 1)}}).has_value());
}

} // namespace
} // namespace bitwright
