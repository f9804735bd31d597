// SPDX-License-Identifier: GPL-3.0-or-later
// Models with more weights than are run while they are opened.
#include "tests/torch/onnx/onnx_case.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

namespace bitwright::test {
namespace {

constexpr int64_t kWide = 4096;

struct LargeOnnx : OnnxFiles {
    /// Convolution, Gemm and product with 3 * 64 MB and 128 MB of weights in a file with holes; `wrong`: the Gemm's
    /// matrix does not fit.
    std::unique_ptr<ModelBuilder> chain(bool wrong = false)
    {
        auto b = std::make_unique<ModelBuilder>();
        b->input("x", {-1, kWide, 1, 1}).output("y");
        const auto at = [](int64_t megabytes) {
            return std::vector<std::pair<std::string, std::string>>{
                {"location", "weights.bin"}, {"offset", std::to_string(megabytes << 20)}};
        };
        b->external("conv.weight", {kWide, kWide, 1, 1}, at(0));
        b->external("gemm.weight", {wrong ? kWide - 1 : kWide, kWide}, at(64));
        b->external("product.weight", {kWide, 2 * kWide}, at(128));
        b->weight("gemm.bias", {kWide});
        b->node("Conv", {"x", "conv.weight"}, {"c"}, "conv");
        b->node("Relu", {"c"}, {"r"});
        b->node("Flatten", {"r"}, {"f"});
        ModelBuilder::set(b->node("Gemm", {"f", "gemm.weight", "gemm.bias"}, {"g"}, "gemm"), "transB", 0);
        b->node("MatMul", {"g", "product.weight"}, {"y"}, "product");
        writeWeights();
        return b;
    }
    void writeWeights() const
    {
        std::ofstream file(m_folder.file("weights.bin"), std::ios::binary);
        const float one = 1;
        for (const int64_t first : {int64_t(0), int64_t(64) << 20, int64_t(128) << 20}) {
            file.seekp(first);
            file.write(reinterpret_cast<const char*>(&one), sizeof one); // element (0, 0)
        }
        file.close();
        std::filesystem::resize_file(m_folder.file("weights.bin"), uintmax_t(256) << 20);
    }
};

TEST_F(LargeOnnx, KnowsLayersAndSizesWithoutComputing)
{
    const auto runner = opened(*chain());
    ASSERT_TRUE(runner);
    const Graph& graph = runner->graph();
    ASSERT_EQ(graph.layers.size(), 3u);
    EXPECT_EQ(graph.layers[0].outputShape, (Shape{1, kWide, 1, 1}));
    EXPECT_EQ(graph.layers[1].outputShape, (Shape{1, kWide}));
    EXPECT_EQ(graph.layers[2].outputShape, (Shape{1, 2 * kWide}));
    for (const Layer& layer : graph.layers)
        EXPECT_EQ(layer.weights.size(), 1u) << layer.name;
    EXPECT_EQ(graph.layers[2].weights[0].channelAxis, 1) << "the matrix stays as the file has it";
    EXPECT_TRUE(graph.unsupported.empty()) << "it takes any batch";
}

TEST_F(LargeOnnx, RunsAsTheFileSays)
{
    const auto runner = opened(*chain());
    ASSERT_TRUE(runner);
    std::vector<float> x(size_t(2 * kWide), 0.0f);
    x[0] = 3;
    const auto y = runOnce(*runner, {Tensor::fromFloats({2, kWide, 1, 1}, x)});
    ASSERT_TRUE(y) << y.error().text();
    const auto bias = runner->parameter("gemm.bias");
    ASSERT_TRUE(bias);
    const std::span<const float> got = y->at(0).floats();
    EXPECT_FLOAT_EQ(got[0], 3 + bias->floats()[0]);
    EXPECT_FLOAT_EQ(got[size_t(2 * kWide)], bias->floats()[0]) << "the second sample";
    EXPECT_EQ(got[1], 0.0f);
}

TEST_F(LargeOnnx, WeightsThatDoNotFitAreRefusedWithTheNode)
{
    save(chain(true)->model, m_folder.file("model.onnx"));
    const auto runner = openOnnx(m_folder.file("model.onnx"));
    ASSERT_FALSE(runner);
    EXPECT_NE(runner.error().message.find("gemm"), std::string::npos) << runner.error().message;
}

TEST_F(LargeOnnx, AFileOfWeightsThatIsCutWhileItIsOpenSaysSo)
{
    const auto runner = opened(*chain());
    ASSERT_TRUE(runner);
    std::this_thread::sleep_for(std::chrono::milliseconds(250));
    std::filesystem::resize_file(m_folder.file("weights.bin"), 4096);
    const auto weight = runner->parameter("conv.weight");
    ASSERT_FALSE(weight);
    EXPECT_NE(weight.error().text().find("weights.bin"), std::string::npos) << weight.error().text();
    EXPECT_NE(weight.error().message.find("open the model again"), std::string::npos);
    const auto batch = runner->exampleBatch(1, 0);
    ASSERT_TRUE(batch);
    EXPECT_FALSE(runOnce(*runner, *batch));
}

} // namespace
} // namespace bitwright::test
