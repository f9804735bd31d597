// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calib/calibrate.h"
#include "core/run/integer_products.h"
#include "core/run/saturation.h"
#include "tests/torch/model_files.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

using namespace bitwright;
using namespace bitwright::test;

namespace {

struct Planned {
    std::unique_ptr<ModelRunner> runner;
    ResolvedPlan plan;
    RunConfig config;
    SaturatingProducts products;
    Batch batch;
};

/// Weights cut so that many are the largest codes.
Planned planned(const std::string& name, const char* weights, const char* activations = "8")
{
    Planned made;
    made.runner = opened(name);
    QuantPlan plan;
    plan.defaultWeights = *parseSpec(weights, QuantSpec::defaultWeights());
    plan.defaultActivations = *parseSpec(activations, QuantSpec::defaultActivations());
    SampleSource source;
    source.batchSize = 2;
    source.randomSamples = 4;
    Progress progress;
    const auto calibration = calibrate(*made.runner, source, progress);
    EXPECT_TRUE(calibration) << name << ": " << calibration.error().text();
    made.plan = *resolvePlan(*made.runner, plan, *calibration, progress);
    made.config = *makeRunConfig(*made.runner, made.plan, progress);
    const auto products = saturatingProducts(*made.runner, made.plan);
    EXPECT_TRUE(products) << products.error().text();
    made.products = *products;
    made.batch = *made.runner->exampleBatch(2, 3);
    return made;
}

/// What the layer's operator gives, before activation and quantizer.
Tensor made(const Planned& model, const RunConfig& config, NodeId node)
{
    const ValueId value = model.runner->graph().nodes[size_t(node)].outputs[0];
    Tensor seen;
    Progress progress;
    const auto done = model.runner->run(
        model.batch, config, {value}, [&](ValueId, const Tensor& tensor) { seen = tensor.toFloat(); },
        progress);
    EXPECT_TRUE(done) << done.error().text();
    return seen;
}

const Layer& layerOf(const Graph& graph, NodeId node)
{
    return *std::find_if(graph.layers.begin(), graph.layers.end(),
                         [&](const Layer& layer) { return layer.node == node; });
}

/// Index of an output element's channel.
size_t channelOf(const Tensor& output, const Layer& layer, int64_t element)
{
    if (layer.op != OpKind::Conv)
        return size_t(element % output.shape().back());
    int64_t inner = 1;
    for (size_t i = 2; i < output.shape().size(); ++i)
        inner *= output.shape()[i];
    return size_t(element / inner % output.shape()[1]);
}

/// The operator run once for every pair of weights alone, each sum cut to 16 bits: slow and independent of
/// how the simulation finds its pairs. The order of the summed axis is written out here once more.
std::vector<double> pairByPair(const Planned& model, NodeId node)
{
    const Layer& layer = layerOf(model.runner->graph(), node);
    const std::string& name = layer.weights[0].parameter;
    const Tensor& weight = model.config.weights.at(name);
    const QuantParams& grid = model.plan.weights.at(name);
    const SaturatingProduct& product = *model.products.at(node);
    const Shape& shape = weight.shape();
    const int64_t outputs = shape[0], length = weight.size() / outputs;
    const int64_t channels = shape[1], positions = length / channels;
    RunConfig config = model.config;
    const auto with = [&](int64_t begin) { // the pair (begin, begin + 1) alone; nothing for -1
        Tensor only = Tensor::empty(DType::F32, shape);
        std::fill(only.mutableFloats().begin(), only.mutableFloats().end(), 0.0f);
        for (int64_t k = begin; begin >= 0 && k < std::min(begin + 2, length); ++k)
            for (int64_t o = 0; o < outputs; ++o) {
                const int64_t at = o * length + k % channels * positions + k / channels;
                only.mutableFloats()[size_t(at)] = weight.floats()[size_t(at)];
            }
        config.weights[name] = only;
        return made(model, config, node);
    };
    const Tensor bias = with(-1);
    std::vector<double> sums(bias.floats().begin(), bias.floats().end());
    for (int64_t begin = 0; begin < length; begin += 2) {
        const Tensor part = with(begin);
        for (int64_t i = 0; i < part.size(); ++i) {
            const size_t o = channelOf(part, layer, i);
            const double step = double(product.inputScale) * grid.scale[grid.scale.size() == 1 ? 0 : o];
            double codes = 0;
            for (int64_t k = begin; k < std::min(begin + 2, length); ++k)
                codes +=
                    weight.floats()[o * size_t(length) + size_t(k % channels * positions + k / channels)] /
                    grid.scale[grid.scale.size() == 1 ? 0 : o];
            const double shift = std::nearbyint(codes) * product.inputZero;
            const double sum = (double(part.floats()[size_t(i)]) - bias.floats()[size_t(i)]) / step + shift;
            sums[size_t(i)] += step * (std::clamp(std::nearbyint(sum), -32768.0, 32767.0) - shift);
        }
    }
    return sums;
}

/// Every product of the model alone; returns how many elements differ from the exact product.
int64_t compareAll(const Planned& model, const std::string& name)
{
    int64_t changed = 0;
    for (const auto& [node, product] : model.products) {
        SCOPED_TRACE(name + " " + product->layer);
        RunConfig config = model.config;
        const Tensor exact = made(model, config, node);
        config.saturating = {{node, product}};
        const Tensor cut = made(model, config, node);
        const std::vector<double> expected = pairByPair(model, node);
        double largest = 0;
        for (const double value : expected)
            largest = std::max(largest, std::fabs(value));
        EXPECT_EQ(size_t(cut.size()), expected.size());
        for (size_t i = 0; i < expected.size(); ++i) {
            EXPECT_NEAR(cut.floats()[i], expected[i], 2e-5 * largest) << i;
            changed += std::fabs(cut.floats()[i] - exact.floats()[i]) > 1e-4 * largest;
        }
    }
    return changed;
}

} // namespace

TEST(Saturation, CutsEveryPairOfConvolutionsAndProductsAsSixteenBitsDo)
{
    SKIP_WITHOUT_MODELS();
    int64_t changed = 0;
    size_t products = 0;
    for (const std::string name : {"conv1d.script", "conv3d.trace", "same_conv.script", "mixed.script"}) {
        if (!std::filesystem::exists(modelPath(name + ".pt")))
            continue;
        const Planned model = planned(name, "8:symmetric:channel:percentile=60");
        products += model.products.size();
        changed += compareAll(model, name);
    }
    EXPECT_GE(products, 3u);
    EXPECT_GT(changed, 100);
}

TEST(Saturation, SevenBitWeightsAndFloatLayersHaveNone)
{
    SKIP_WITHOUT_MODELS();
    for (const char* weights : {"7:symmetric:channel:percentile=60", "4:symmetric:tensor", "float", "16"})
        EXPECT_TRUE(planned("conv1d.script", weights).products.empty()) << weights;
    for (const char* activations : {"float", "16:symmetric:tensor:minmax"})
        EXPECT_TRUE(
            planned("conv1d.script", "8:symmetric:channel:percentile=60", activations).products.empty())
            << activations;
    EXPECT_FALSE(
        planned("conv1d.script", "8:symmetric:channel:percentile=60", "8:symmetric").products.empty());
}

TEST(Saturation, PartsOfAStoredMatrixAreFloatProducts)
{
    SKIP_WITHOUT_MODELS();
    EXPECT_TRUE(planned("chunked.script", "8:symmetric:channel:percentile=60").products.empty());
}

TEST(Saturation, LeavesDepthwiseConvolutionsExact)
{
    SKIP_WITHOUT_MODELS();
    const Planned model = planned("depthwise.trace", "8:symmetric:tensor:percentile=60");
    ASSERT_FALSE(model.products.empty());
    for (const auto& [node, product] : model.products) {
        const Layer& layer = layerOf(model.runner->graph(), node);
        const Shape& weight = layer.weights[0].shape;
        EXPECT_FALSE(layer.op == OpKind::Conv && weight.size() == 4 && weight[1] == 1 &&
                     layer.inputShapes[0][1] == weight[0])
            << layer.name;
    }
}

TEST(Saturation, ForksOfARunHaveItToo)
{
    SKIP_WITHOUT_MODELS();
    Planned model = planned("conv1d.script", "8:symmetric:channel:percentile=60");
    RunConfig cut = model.config;
    cut.saturating = model.products;
    Progress progress;
    const auto whole = model.runner->run(model.batch, cut, {}, {}, progress);
    const auto both = model.runner->runPaired(model.batch, model.config, cut, {}, {}, progress);
    ASSERT_TRUE(whole && both);
    EXPECT_EQ(numbers(both->at(1)[0]), numbers(whole->at(0)));
    EXPECT_NE(numbers(both->at(0)[0]), numbers(whole->at(0)));
}
