// SPDX-License-Identifier: GPL-3.0-or-later
// TorchScript with integer operators opens as a float graph with the file's encodings.
#include "core/calib/calibrate.h"
#include "tests/torch/model_files.h"
#include "tests/torch/reference_forward.h"

#include <algorithm>
#include <cmath>

using namespace bitwright;
using namespace bitwright::test;
namespace fs = std::filesystem;

namespace {

double sqnrOf(const Tensor& x, const Tensor& y)
{
    double signal = 0, noise = 0;
    for (size_t i = 0; i < x.floats().size(); ++i) {
        signal += std::pow(double(x.floats()[i]), 2);
        noise += std::pow(double(x.floats()[i]) - y.floats()[i], 2);
    }
    return noise == 0 ? INFINITY : 10 * std::log10(signal / noise);
}

/// `asFloat`: as a float graph; else with the integer kernels of the file.
std::unique_ptr<ModelRunner> openFile(const std::string& path, const std::vector<Shape>& shapes, bool asFloat)
{
    Progress progress;
    OpenOptions options;
    options.inputShapes = shapes;
    options.foldBatchNorm = asFloat;
    options.keepIntegers = !asFloat;
    auto runner = torchScriptBackend().open(path, options, progress);
    EXPECT_TRUE(runner) << path << ": " << runner.error().text();
    return runner ? std::move(*runner) : nullptr;
}

Tensor firstOutput(const ModelRunner& runner, const Batch& batch, const RunConfig& config)
{
    Progress progress;
    const auto outputs = runner.run(batch, config, {}, {}, progress);
    EXPECT_TRUE(outputs) << outputs.error().text();
    return outputs ? outputs->at(0) : Tensor();
}

RunConfig fileConfig(const ModelRunner& runner)
{
    Progress progress;
    auto config = makeRunConfig(runner, runner.fileQuantization()->exact, progress);
    EXPECT_TRUE(config) << config.error().text();
    return config ? *std::move(config) : RunConfig();
}

/// The file's own integer kernels against our simulation of its encodings.
double agreement(const std::string& path, const std::vector<Shape>& shapes)
{
    const auto integers = openFile(path, shapes, false), floats = openFile(path, shapes, true);
    if (!integers || !floats || !floats->fileQuantization())
        return -INFINITY;
    const Batch batch = *floats->exampleBatch(8, 3);
    return sqnrOf(firstOutput(*integers, batch, {}), firstOutput(*floats, batch, fileConfig(*floats)));
}

std::vector<std::string> quantizedNames()
{
    std::vector<std::string> names;
    if (haveModels())
        for (const auto& entry : fs::directory_iterator(BITWRIGHT_TEST_MODELS))
            if (entry.path().extension() == ".quantized")
                names.push_back(entry.path().stem().string());
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace

TEST(QuantizedFiles, OfTorchAoHaveTheirEncodingsAsPlan)
{
    SKIP_WITHOUT_MODELS();
    ASSERT_EQ(quantizedNames().size(), 8u);
    for (const std::string& name : quantizedNames()) {
        SCOPED_TRACE(name);
        const auto runner = openFile(modelPath(name + ".quantized"), inputShapes(name), true);
        ASSERT_NE(runner, nullptr);
        EXPECT_TRUE(runner->graph().unsupported.empty()) << runner->graph().unsupported[0];
        const FileQuantization* own = runner->fileQuantization();
        ASSERT_NE(own, nullptr);
        for (const Layer& layer : runner->graph().layers)
            for (const WeightRef& weight : layer.weights)
                EXPECT_TRUE(own->exact.weights.count(weight.parameter)) << weight.parameter;
        const bool isDynamic = name.starts_with("dynamic");
        EXPECT_EQ(own->exact.activations.empty(), isDynamic);
        if (!isDynamic)
            EXPECT_TRUE(own->exact.activations.count(runner->graph().inputs[0]));
    }
}

TEST(QuantizedFiles, OfTorchAoAreSimulatedAsTheirKernelsCompute)
{
    SKIP_WITHOUT_MODELS();
    for (const std::string& name : quantizedNames())
        if (!name.starts_with("dynamic")) // its ranges are found while it runs
            EXPECT_GT(agreement(modelPath(name + ".quantized"), inputShapes(name)), 25) << name;
}

TEST(QuantizedFiles, OfRecurrentLayersHaveTheNamesOfTheFloatOnes)
{
    SKIP_WITHOUT_MODELS();
    const auto runner = openFile(modelPath("dynamic_recurrent.quantized"), {{5, 8}}, true);
    ASSERT_NE(runner, nullptr);
    for (const char* name :
         {"rnn.weight_ih_l0", "rnn.weight_hh_l1_reverse", "rnn.bias_ih_l1", "gru.weight_hh_l0"})
        EXPECT_TRUE(runner->parameter(name)) << name;
    // Inputs are rounded while the kernels run, and sums in 7 bits of them; the weights are the same.
    for (const std::string name : {"dynamic_recurrent", "dynamic_cells"})
        EXPECT_GT(agreement(modelPath(name + ".quantized"), inputShapes(name)), 25) << name;
}

TEST(QuantizedFiles, OfEmbeddingsHoldTheTableTheyStandFor)
{
    SKIP_WITHOUT_MODELS();
    const auto floats = openFile(modelPath("table.codes"), {{7}}, true);
    ASSERT_NE(floats, nullptr);
    ASSERT_EQ(floats->graph().layers.at(0).op, OpKind::Embedding);
    EXPECT_EQ(floats->graph().layers[0].name, "table");
    const Batch batch = *floats->exampleBatch(4, 3);
    const Tensor expected = referenceForward(modelPath("table.codes"), batch).at(0);
    EXPECT_GT(sqnrOf(expected, firstOutput(*floats, batch, {})), 100);
}

TEST(QuantizedFiles, OfEmbeddingsGiveTheNumbersOfTheirKernels)
{
    SKIP_WITHOUT_MODELS();
    for (const std::string name : {"bag4", "bag8", "rows4", "rows8"}) {
        SCOPED_TRACE(name);
        const auto runner = openFile(modelPath(name + ".codes"), {{7}}, true);
        ASSERT_NE(runner, nullptr);
        EXPECT_EQ(runner->graph().layers.at(0).op, OpKind::Embedding);
        EXPECT_EQ(runner->graph().layers[0].weights.at(0).shape, (Shape{20, 12}));
        EXPECT_TRUE(runner->graph().unsupported.empty());
        const Batch batch = *runner->exampleBatch(4, 3);
        const Tensor expected = referenceForward(modelPath(name + ".codes"), batch).at(0);
        EXPECT_GT(sqnrOf(expected, firstOutput(*runner, batch, {})), 130);
    }
}

TEST(QuantizedFiles, OfOursComeBackWithTheNamesAndGridsOfThePlan)
{
    const fs::path path = fs::path(testing::TempDir()) / "bitwright_quantized.pt";
    for (const std::string name : {"mlp", "cnn", "dwcnn", "vit"}) {
        SCOPED_TRACE(name);
        const auto runner =
            openFile(BITWRIGHT_SOURCE_DIR "/sample_models/" + name + ".pt", {{1, 28, 28}}, true);
        ASSERT_NE(runner, nullptr);
        Progress progress;
        const auto calibration = calibrate(*runner, SampleSource{}, progress);
        ASSERT_TRUE(calibration) << calibration.error().text();
        QuantPlan wanted;
        wanted.defaultWeights = QuantSpec::defaultWeights(8);
        wanted.defaultActivations = QuantSpec::defaultActivations(8);
        const auto plan = resolvePlan(*runner, wanted, *calibration, progress);
        ASSERT_TRUE(plan) << plan.error().text();
        ASSERT_TRUE(torchScriptBackend().write(*runner, {"torchscript-int8", path, *plan, ""}, progress));
        const auto again = openFile(path, {{1, 28, 28}}, true);
        ASSERT_NE(again, nullptr);
        const FileQuantization* own = again->fileQuantization();
        ASSERT_NE(own, nullptr);
        for (const Layer& layer : runner->graph().layers) {
            if (layer.op != OpKind::Conv && layer.op != OpKind::Linear)
                continue;
            const Layer* read = again->graph().findLayer(layer.name);
            ASSERT_NE(read, nullptr) << layer.name;
            const auto weight = own->exact.weights.find(read->weights.at(0).parameter);
            ASSERT_NE(weight, own->exact.weights.end()) << layer.name;
            EXPECT_EQ(weight->second.scale, plan->weights.at(layer.weights[0].parameter).scale) << layer.name;
            const auto planned = plan->activations.find(layer.output);
            const auto kept = own->exact.activations.find(read->output);
            if (planned != plan->activations.end()) {
                ASSERT_NE(kept, own->exact.activations.end()) << layer.name;
                EXPECT_EQ(kept->second.params.scale, planned->second.params.scale) << layer.name;
            }
        }
        EXPECT_GT(agreement(path, {{1, 28, 28}}), 30) << name;
    }
    fs::remove(path);
}
