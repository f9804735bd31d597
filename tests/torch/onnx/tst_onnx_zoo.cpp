// SPDX-License-Identifier: GPL-3.0-or-later
// Architectures exported by PyTorch, against what PyTorch computes.
#include "tests/torch/onnx/onnx_case.h"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <tuple>

using namespace bitwright;
using namespace bitwright::test;

namespace {

const std::filesystem::path kZoo = BITWRIGHT_ONNX_ZOO;

std::vector<std::filesystem::path> casesIn(const std::filesystem::path& folder)
{
    std::vector<std::filesystem::path> cases;
    if (std::filesystem::exists(folder))
        for (const auto& entry : std::filesystem::directory_iterator(folder))
            if (std::filesystem::exists(entry.path() / "model.onnx"))
                cases.push_back(entry.path());
    std::sort(cases.begin(), cases.end());
    return cases;
}

std::unique_ptr<ModelRunner> openedZoo(const std::string& name)
{
    auto runner = openOnnx(kZoo / name / "model.onnx");
    EXPECT_TRUE(runner) << name << ": " << runner.error().message;
    return runner ? std::move(*runner) : nullptr;
}

const Layer* layerNamed(const ModelRunner& runner, const std::string& name)
{
    return runner.graph().findLayer(name);
}

#define SKIP_WITHOUT_ZOO()                                                                                   \
    if (casesIn(kZoo).empty())                                                                               \
    GTEST_SKIP() << "python3-torch is not installed"

} // namespace

TEST(OnnxZoo, EveryExportGivesWhatPyTorchGives)
{
    SKIP_WITHOUT_ZOO();
    const TemporaryFolder temporary;
    for (const auto& folder : casesIn(kZoo)) {
        Case tried = loadCase(folder);
        loadData(tried, folder);
        EXPECT_EQ(failure(tried, temporary, true, 1e-5, 1e-4), "") << tried.name;
    }
}

TEST(OnnxZoo, ModelsMadeForAnyBatchTakeAnyBatch)
{
    SKIP_WITHOUT_ZOO();
    for (const auto& folder : casesIn(kZoo)) {
        const auto runner = openedZoo(folder.filename());
        ASSERT_TRUE(runner);
        EXPECT_TRUE(runner->exampleBatch(3, 0)) << folder;
    }
}

TEST(OnnxZoo, LayersAreThoseOfThePyTorchModel)
{
    SKIP_WITHOUT_ZOO();
    const auto residual = openedZoo("residual.opset13");
    ASSERT_TRUE(residual);
    std::set<std::string> labels;
    for (const Layer& layer : residual->graph().layers)
        labels.insert(layer.label);
    EXPECT_EQ(labels.count("batch_norm"), 0u);
    EXPECT_GT(labels.count("conv2d"), 0u);
    EXPECT_TRUE(residual->graph().unsupported.empty()) << residual->graph().unsupported[0];

    const auto unfolded = openedZoo("unfolded.opset13");
    ASSERT_TRUE(unfolded);
    EXPECT_EQ(unfolded->graph().layers.size(), residual->graph().layers.size());

    const auto mlp = openedZoo("mlp_sequence.opset13");
    ASSERT_TRUE(mlp);
    const Layer* up = layerNamed(*mlp, "up");
    ASSERT_TRUE(up);
    EXPECT_EQ(up->op, OpKind::Linear);
    EXPECT_EQ(up->weights.at(0).shape, (Shape{24, 12}));
    EXPECT_EQ(up->biases.size(), 1u);
    EXPECT_EQ(up->activation, "relu");
}

TEST(OnnxZoo, ShapeArithmeticLeavesNoLayers)
{
    SKIP_WITHOUT_ZOO();
    const auto runner = openedZoo("mha.opset17");
    ASSERT_TRUE(runner);
    std::multiset<std::string> labels;
    for (const Layer& layer : runner->graph().layers)
        labels.insert(layer.label);
    EXPECT_EQ(labels.count("linear"), 2u);
    EXPECT_EQ(labels.count("matmul"), 2u);
    EXPECT_EQ(labels.count("softmax"), 1u);
    EXPECT_LE(runner->graph().layers.size(), 6u);
}

TEST(OnnxZoo, OperatorsThatWereWrittenOutAreWholeAgain)
{
    SKIP_WITHOUT_ZOO();
    for (const auto& [name, label, count] :
         {std::tuple("encoder.opset11", "layer_norm", 2), std::tuple("embedding.opset11", "layer_norm", 1),
          std::tuple("activations.opset14", "gelu", 1)}) {
        const auto runner = openedZoo(name);
        ASSERT_TRUE(runner);
        int found = 0;
        for (const Layer& layer : runner->graph().layers)
            found += layer.label == label;
        EXPECT_EQ(found, count) << name;
    }
}

/// More models on disk, in the layout of ONNX's test data.
TEST(OnnxZoo, EveryCaseInTheFolderOfTheEnvironmentGivesItsResults)
{
    const char* folder = std::getenv("BITWRIGHT_ONNX_CASES");
    if (!folder)
        GTEST_SKIP() << "BITWRIGHT_ONNX_CASES is not set";
    const TemporaryFolder temporary;
    for (const auto& path : casesIn(folder)) {
        Case tried = loadCase(path);
        std::set<std::string> numbers; // inputs without dimensions
        for (const auto& info : tried.model.graph().input())
            if (info.type().tensor_type().has_shape() && info.type().tensor_type().shape().dim_size() == 0)
                numbers.insert(info.name());
        loadData(tried, path, numbers);
        EXPECT_EQ(failure(tried, temporary, true, 1e-4, 1e-3), "") << tried.name;
    }
}
