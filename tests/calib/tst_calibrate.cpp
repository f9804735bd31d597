// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calib/activation_sites.h"
#include "core/calib/calibrate.h"
#include "core/calib/flat_stats.h"
#include "tests/support.h"

#include <gtest/gtest.h>

#include <limits>
#include <numeric>

namespace bitwright {
namespace {

using test::FakeRunner;

constexpr const char* kResidual = R"(
x = input 8
h = linear x 16 relu
g = linear h 16
v = view g
s = add h v relu
y = linear s 5)";

SampleSource sourceOf(std::shared_ptr<const Dataset> data, int64_t batch)
{
    SampleSource source;
    source.indices.resize(size_t(data->size()));
    std::iota(source.indices.begin(), source.indices.end(), 0);
    source.dataset = std::move(data);
    source.batchSize = batch;
    return source;
}

TEST(Calibrate, CoversEveryInputAndEveryLayerOutput)
{
    const auto runner = FakeRunner::fromText(kResidual);
    Progress progress;
    const auto result = calibrate(*runner, sourceOf(test::normalDataset({8}, 37, 0, 5), 10), progress);
    ASSERT_TRUE(result) << result.error().text();
    const Graph& graph = runner->graph();
    EXPECT_EQ(result->activations.size(), 1 + graph.layers.size());
    for (const Layer& layer : graph.layers) {
        const TensorStats& stats = result->activations.at(layer.output);
        EXPECT_EQ(stats.all.count, 37 * layer.outputShape[1]) << layer.name;
        EXPECT_EQ(stats.channels.size(), size_t(layer.outputShape[1])) << layer.name;
        EXPECT_EQ(stats.samples, 37);
    }
    EXPECT_EQ(result->samples, 37);
    EXPECT_FALSE(result->partial);
}

TEST(FlatStats, ComeBackAsTheyAreOrAreRefused)
{
    const auto runner = FakeRunner::fromText(kResidual);
    Progress progress;
    const auto result = calibrate(*runner, sourceOf(test::normalDataset({8}, 9, 0, 5), 4), progress);
    ASSERT_TRUE(result);
    const FlatStats whole = flattened(*result);
    EXPECT_TRUE(unflattened(whole));
    for (const auto column : {FlatStats::Exponent, FlatStats::FirstBin, FlatStats::Zeros, FlatStats::Rank})
        for (const int64_t value :
             {std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max()}) {
            FlatStats damaged = whole;
            damaged.sites[column] = value;
            const auto read = unflattened(damaged);
            ASSERT_FALSE(read) << column << " " << value;
            EXPECT_EQ(read.error().code, Error::Corrupt);
        }
}

TEST(Calibrate, GivesTheNumbersOfAPlainLoop)
{
    const auto runner = FakeRunner::fromText(kResidual);
    const auto data = test::normalDataset({8}, 20, 0, 5);
    Progress progress;
    const auto result = calibrate(*runner, sourceOf(data, 7), progress);
    ASSERT_TRUE(result);
    const Layer& layer = runner->graph().layers[0];
    std::vector<float> values;
    const auto keep = [&](ValueId, const Tensor& x) {
        values.insert(values.end(), x.floats().begin(), x.floats().end());
    };
    const auto all = sourceOf(data, 20).indices;
    ASSERT_TRUE(runner->run({*data->images(all)}, {}, {layer.output}, keep, progress));
    const TensorStats& stats = result->activations.at(layer.output);
    double sum = 0;
    for (const float v : values)
        sum += v;
    EXPECT_NEAR(stats.all.mean(), sum / double(values.size()), 1e-12);
    EXPECT_EQ(stats.all.min, *std::min_element(values.begin(), values.end()));
    EXPECT_EQ(stats.all.max, *std::max_element(values.begin(), values.end()));
    EXPECT_EQ(stats.zeros, std::count(values.begin(), values.end(), 0.0f));
    EXPECT_EQ(stats.histogram.total(), int64_t(values.size()));
}

TEST(Calibrate, DoesNotDependOnTheBatchSize)
{
    const auto runner = FakeRunner::fromText(kResidual);
    const auto data = test::normalDataset({8}, 50, 0, 5);
    Progress progress;
    const auto whole = calibrate(*runner, sourceOf(data, 50), progress);
    for (const int64_t batch : {1, 7, 32})
        EXPECT_EQ(calibrate(*runner, sourceOf(data, batch), progress)->activations, whole->activations)
            << batch;
}

TEST(Calibrate, KeepsWhatEverySmallerSetWouldHaveGiven)
{
    const auto runner = FakeRunner::fromText(kResidual);
    const auto data = test::normalDataset({8}, 50, 0, 5);
    Progress progress;
    const auto whole = calibrate(*runner, sourceOf(data, 20), progress);
    ASSERT_EQ(whole->prefixes.size(), 6u); // 1 ... 32
    for (const CalibrationPrefix& prefix : whole->prefixes) {
        SampleSource source = sourceOf(data, 20);
        source.indices.resize(size_t(prefix.samples));
        const auto alone = calibrate(*runner, source, progress);
        ASSERT_EQ(prefix.activations.size(), alone->activations.size());
        for (const auto& [value, stats] : alone->activations) {
            TensorStats expected = stats;
            expected.channels.clear();
            expected.channelAxis = -1;
            EXPECT_EQ(prefix.activations.at(value), expected)
                << prefix.samples << " samples, value " << value;
        }
    }
    EXPECT_EQ(calibrate(*runner, sourceOf(data, 7), progress)->prefixes, whole->prefixes);
    const ValueId value = runner->graph().layers[0].output;
    EXPECT_EQ(whole->statsAfter(value, 50), &whole->activations.at(value));
    EXPECT_EQ(whole->statsAfter(value, 49), &whole->prefixes.back().activations.at(value));
    EXPECT_EQ(whole->statsAfter(value, 8), &whole->prefixes[3].activations.at(value));
    EXPECT_EQ(whole->statsAfter(value, 0), nullptr);
}

TEST(Calibrate, DoesNotDependOnHowRandomDataAreCutIntoBatches)
{
    const auto runner = FakeRunner::fromText(kResidual);
    SampleSource source;
    source.randomSamples = 30;
    source.seed = 9;
    Progress progress;
    source.batchSize = 30;
    const auto whole = calibrate(*runner, source, progress);
    source.batchSize = 7;
    EXPECT_EQ(calibrate(*runner, source, progress)->activations, whole->activations);
    source.seed = 10;
    EXPECT_NE(calibrate(*runner, source, progress)->activations, whole->activations);
}

TEST(Calibrate, KeepsWhatIsFinishedWhenCancelled)
{
    const auto runner = FakeRunner::fromText(kResidual);
    const auto data = test::normalDataset({8}, 40, 0, 5);
    Progress progress;
    const auto nodes = int64_t(runner->graph().nodes.size());
    runner->beforeNode = [&] {
        if (runner->nodesRun == 2 * nodes + 1)
            progress.cancel();
    };
    const auto result = calibrate(*runner, sourceOf(data, 10), progress);
    ASSERT_TRUE(result);
    EXPECT_TRUE(result->partial);
    EXPECT_EQ(result->samples, 20);
    EXPECT_EQ(calibrate(*runner, sourceOf(data, 10), progress).error().code, Error::Cancelled);
}

TEST(Calibrate, SaysSoWhenThereIsNothingToUse)
{
    const auto runner = FakeRunner::fromText("x = input 8\nz = input 8\ny = add x z");
    Progress progress;
    const auto two = calibrate(*runner, sourceOf(test::normalDataset({8}, 4, 0, 1), 2), progress);
    EXPECT_EQ(two.error().code, Error::Unsupported);
    SampleSource empty;
    empty.randomSamples = 0;
    EXPECT_EQ(calibrate(*runner, empty, progress).error().code, Error::InvalidArgument);
    SampleSource beyond = sourceOf(test::normalDataset({8}, 4, 0, 1), 2);
    beyond.indices = {4};
    EXPECT_FALSE(calibrate(*FakeRunner::fromText(kResidual), beyond, progress));
}

TEST(ActivationSites, ChannelsOfTokensAreTheLastAxis)
{
    const auto runner =
        FakeRunner::fromText("x = input 4x8\nh = linear x 6\nr = relu h\nv = view r\ns = add v h");
    const Graph& graph = runner->graph();
    for (const ActivationSite& site : activationSites(graph))
        EXPECT_EQ(site.channelAxis, site.layer == kNone ? 1 : 2) << site.name;
}

TEST(ActivationSites, ChannelsOfImagesAreAxisOne)
{
    Graph graph;
    graph.values = {{0, "x", true, DType::F32, {2, 3, 8, 8}, true, kNone},
                    {1, "conv", true, DType::F32, {2, 4, 8, 8}, true, 0},
                    {2, "ids", true, DType::I64, {2, 4}, true, 0}};
    graph.nodes = {{0, "aten::conv2d", "", {0}, {1}, {}}};
    graph.inputs = {0};
    Layer conv;
    conv.op = OpKind::Conv;
    conv.name = "c";
    conv.node = 0;
    conv.inputs = {0};
    conv.output = 1;
    graph.layers = {conv};
    const auto sites = activationSites(graph);
    ASSERT_EQ(sites.size(), 2u);
    EXPECT_EQ(sites[0].name, "input");
    EXPECT_EQ(sites[1].channelAxis, 1);
}

} // namespace
} // namespace bitwright
