// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calib/calibrate.h"
#include "core/quant/quantize.h"
#include "core/run/dataset.h"
#include "core/torch/guard_p.h"
#include "core/torch/train/remove_channels_p.h"
#include "core/torch/train/trainer_p.h"
#include "tests/torch/model_files.h"

#include <algorithm>
#include <map>

namespace bitwright {
namespace {

/// The sample CNN (batch-norms folded) with 256 images.
struct CnnTraining {
    std::unique_ptr<ModelRunner> runner;
    TrainJob job;

    CnnTraining(const char* weights, const char* prune, bool gradual)
    {
        Progress progress;
        const std::string samples = BITWRIGHT_SOURCE_DIR "/sample_models/";
        runner = *torchScriptBackend().open(samples + "cnn.pt", {}, progress);
        const std::shared_ptr<const Dataset> data =
            *openDataset(samples + "fashion_mnist_mini.h5", {}, *readSidecar(samples + "cnn.pt"), progress);
        SampleSource source;
        source.dataset = data;
        source.indices = evaluationSubset(data->size(), 256);
        job.plan.defaultWeights = *parseSpec(weights, QuantSpec::defaultWeights());
        const auto calibration = calibrate(*runner, source, progress);
        job.resolved = *resolvePlan(*runner, job.plan, *calibration, progress);
        job.train = job.validation = {data, source.indices, 0};
        job.options.prune = *parsePrune(prune);
        job.options.prune.gradual = gradual;
        job.options.batch = 32;
    }

    Result<TrainResult> train()
    {
        Progress progress;
        return TorchTrainer(dynamic_cast<const TorchRunner&>(*runner), job).train({}, {}, progress);
    }
};

double zeroShare(const Tensor& tensor)
{
    return double(std::ranges::count(tensor.floats(), 0.0f)) / double(tensor.size());
}

/// Every pruned weight is 0 in float and under the tuned plan; returns the worst share of zeros too few.
void expectSparse(const TrainResult& result, double share)
{
    Progress progress;
    const ResolvedPlan resolved = *resolvePlan(*result.runner, result.plan, {}, progress);
    int layers = 0;
    for (const Layer& layer : result.runner->graph().layers)
        for (const WeightRef& reference : layer.weights) {
            const Tensor weight = *result.runner->parameter(reference.parameter);
            if (reference.shape[1] % 4 != 0)
                continue;
            ++layers;
            EXPECT_NEAR(zeroShare(weight), share, 1.0 / double(weight.size())) << layer.name;
            const Tensor quantized = fakeQuantize(weight, resolved.weights.at(reference.parameter));
            for (size_t i = 0; i < weight.floats().size(); ++i)
                ASSERT_TRUE(weight.floats()[i] != 0 || quantized.floats()[i] == 0) << layer.name;
        }
    EXPECT_GE(layers, 3);
}

TEST(TrainPruning, LeavesExactZerosBehindInEveryFormat)
{
    for (const char* weights : {"8:symmetric:channel", "4:asymmetric:channel", "3:asymmetric:tensor",
                                "codebook3", "ternary", "e4m3", "float"}) {
        SCOPED_TRACE(weights);
        CnnTraining training(weights, "magnitude=0.6", false);
        training.job.options.stepsPerEpoch = 3;
        if (std::string(weights) == "float") {
            const auto result = training.train();
            ASSERT_TRUE(result.has_value()) << result.error().message;
            for (const Layer& layer : result->runner->graph().layers)
                for (const WeightRef& reference : layer.weights)
                    EXPECT_NEAR(zeroShare(*result->runner->parameter(reference.parameter)), 0.6, 1e-2);
            continue;
        }
        const auto result = training.train();
        ASSERT_TRUE(result.has_value()) << result.error().message;
        expectSparse(*result, 0.6);
    }
}

TEST(TrainPruning, ReachesItsShareGraduallyWithEveryMethod)
{
    for (const TrainChoice& method : trainMethods()) {
        SCOPED_TRACE(method.name);
        CnnTraining training("4:symmetric:channel", "2:4", true);
        training.job.options.method = method.name;
        training.job.options.stepsPerEpoch = 4;
        const auto result = training.train();
        ASSERT_TRUE(result.has_value()) << result.error().message;
        ASSERT_EQ(result->bestEpoch, 1);
        expectSparse(*result, 0.5);
    }
}

TEST(TrainPruning, RefusesFormatsWithoutAZero)
{
    CnnTraining training("binary", "magnitude=0.5", false);
    const auto result = training.train();
    ASSERT_FALSE(result.has_value());
    EXPECT_NE(result.error().message.find("no zero"), std::string::npos);
}

TEST(TrainPruning, RemovesChannelsFromTheGraphForReal)
{
    for (const char* name : {"cnn.pt", "dwcnn.pt", "mlp.pt"}) {
        SCOPED_TRACE(name);
        Progress progress;
        const auto opened = torchScriptBackend().open(
            std::string(BITWRIGHT_SOURCE_DIR "/sample_models/") + name, {}, progress);
        ASSERT_TRUE(opened.has_value());
        const auto& runner = dynamic_cast<const TorchRunner&>(**opened);
        const ChannelMap map = removableChannels(runner);
        EXPECT_EQ(map.others.size(), 1u); // the classifier, whose channels are the model's output
        const auto smaller = withoutChannels(runner, map, strongestChannels(runner, map, 0.5), progress);
        const GraphTotals before = totals(runner.graph()), after = totals(smaller->graph());
        EXPECT_LT(after.params, before.params / 2);
        EXPECT_LT(after.macs, 0.6 * double(before.macs));
        EXPECT_EQ(smaller->graph().layers.size(), runner.graph().layers.size());
    }
}

TEST(TrainPruning, RemovesChannelsOfEveryArchitectureOrNamesWhatStays)
{
    using test::haveModels;
    SKIP_WITHOUT_MODELS();
    std::map<std::string, double> left; // share of the parameters
    for (const std::string& name : test::modelNames()) {
        SCOPED_TRACE(name);
        const auto opened = test::opened(name);
        const auto& runner = dynamic_cast<const TorchRunner&>(*opened);
        const ChannelMap map = removableChannels(runner);
        if (map.count == 0)
            continue;
        Progress progress;
        // withoutChannels compares the outputs with those of the masked model.
        const Result<double> share = guarded(name, [&]() -> Result<double> {
            const auto smaller = withoutChannels(runner, map, strongestChannels(runner, map, 0.5), progress);
            return double(totals(smaller->graph()).params) / double(totals(runner.graph()).params);
        });
        EXPECT_TRUE(share.has_value()) << share.error().text();
        left[name] = share ? *share : 1;
    }
    // Channels that are added to each other, joined, filtered one by one, skipped past a bottleneck.
    EXPECT_LT(left.at("residual.script"), 0.3);
    EXPECT_LT(left.at("branches.script"), 0.55);
    EXPECT_LT(left.at("depthwise.script"), 0.4);
    EXPECT_LT(left.at("unet.trace"), 0.4);
    EXPECT_EQ(left.count("twice.script"), 0u); // its convolution reads the model's input with the same weight
}

TEST(TrainPruning, TrainsWhatIsLeft)
{
    CnnTraining training("8:symmetric:channel", "channels=0.25", false);
    training.job.options.stepsPerEpoch = 8;
    const auto result = training.train();
    ASSERT_TRUE(result.has_value()) << result.error().message;
    const Graph& graph = result->runner->graph();
    EXPECT_EQ(graph.layers[0].weights[0].shape[0], 12); // of 16
    EXPECT_NE(result->notes.at(0).find("12 of 16"), std::string::npos) << result->notes[0];
    for (const auto& [name, layer] : result->plan.layers)
        EXPECT_TRUE(graph.findLayer(name) || name.rfind("input", 0) == 0) << name;
    EXPECT_GT(result->epochs.back().top1.value_or(0), 0.5);
}

} // namespace
} // namespace bitwright
