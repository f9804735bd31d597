// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/graph/channel_pairs.h"
#include "core/ptq/channel_moments.h"
#include "core/ptq/repair.h"
#include "tests/support.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace bitwright {
namespace {

using test::FakeRunner;

const char* const kChain = R"(x = input 8
a = linear x 16 relu
b = linear a 12 relu
c = linear b 5)";

SampleSource samples(int64_t count = 200, float sigma = 1)
{
    SampleSource source;
    auto images = test::normalTensor({count, 8}, 77, sigma);
    source.dataset = std::make_shared<test::FakeDataset>(std::move(images), std::vector<int64_t>{});
    for (int64_t i = 0; i < count; ++i)
        source.indices.push_back(i);
    return source;
}

QuantPlan planOf(const char* weights, const char* activations)
{
    QuantPlan plan;
    plan.defaultWeights = *parseSpec(weights, QuantSpec::defaultWeights());
    plan.defaultActivations = *parseSpec(activations, QuantSpec::defaultActivations());
    return plan;
}

Tensor output(const ModelRunner& runner, const RunConfig& config = {})
{
    Progress progress;
    const Batch batch = *runner.exampleBatch(50, 3);
    return (*runner.run(batch, config, {}, {}, progress))[0];
}

double largestDifference(const Tensor& a, const Tensor& b)
{
    double most = 0;
    for (size_t i = 0; i < a.floats().size(); ++i)
        most = std::max(most, double(std::abs(a.floats()[i] - b.floats()[i])));
    return most;
}

/// Moments of every layer's operator output, quantized as `plan` says.
std::map<ValueId, ChannelMoments> moments(const ModelRunner& runner, const QuantPlan* plan,
                                          const SampleSource& data)
{
    Progress progress;
    RunConfig config;
    if (plan) {
        const auto calibration = calibrate(runner, data, progress);
        config = *makeRunConfig(runner, *resolvePlan(runner, *plan, *calibration, progress), progress);
    }
    std::map<ValueId, int> places;
    for (const Layer& layer : runner.graph().layers)
        places[runner.graph().nodes[size_t(layer.node)].outputs[0]] = 1;
    return *measureChannels(runner, config, places, data, progress);
}

Result<Repaired> repaired(const ModelRunner& runner, const QuantPlan& plan, const std::string& method,
                          const SampleSource& data)
{
    Progress progress;
    return repair(runner, plan, data, {method}, progress);
}

TEST(ChannelPairs, AreLayersOfWhichOneAloneReadsTheOther)
{
    const auto chain = FakeRunner::fromText(kChain);
    const std::vector<ChannelPair> pairs = channelPairs(chain->graph());
    ASSERT_EQ(pairs.size(), 2u);
    EXPECT_EQ(pairs[0].second, 1);
    EXPECT_EQ(pairs[0].channels, 16);
    EXPECT_EQ(pairs[1].channels, 12);
    const auto twoReaders = FakeRunner::fromText("x = input 8\na = linear x 8\nb = linear a 8\ns = add a b");
    EXPECT_TRUE(channelPairs(twoReaders->graph()).empty());
    const auto shared = FakeRunner::fromText("x = input 8\na = linear x 8\nb = linear a 8 shares a");
    EXPECT_TRUE(channelPairs(shared->graph()).empty());
}

TEST(ChannelPairs, FollowFlattenedImagesAndFiltersInGroups)
{
    Graph graph;
    graph.values = {{0, "x", true, DType::F32, {1, 3, 6, 6}, true, kNone},
                    {1, "conv", true, DType::F32, {1, 4, 6, 6}, true, 0},
                    {2, "grouped", true, DType::F32, {1, 6, 6, 6}, true, 1},
                    {3, "pool", true, DType::F32, {1, 6, 3, 3}, true, 2},
                    {4, "flat", true, DType::F32, {1, 54}, true, 3},
                    {5, "linear", true, DType::F32, {1, 2}, true, 4}};
    graph.nodes = {{0, "aten::conv2d", "", {0}, {1}, {"a"}},
                   {1, "aten::conv2d", "", {1}, {2}, {"b"}},
                   {2, "aten::max_pool2d", "", {2}, {3}, {}},
                   {3, "aten::flatten", "", {3}, {4}, {}},
                   {4, "aten::linear", "", {4}, {5}, {"c"}}};
    const auto add = [&](OpKind op, NodeId node, const std::string& weight, Shape shape) {
        Layer layer;
        layer.id = LayerId(graph.layers.size());
        layer.op = op;
        layer.node = node;
        layer.weights = {{weight, std::move(shape), 0, 1}};
        graph.layers.push_back(layer);
    };
    add(OpKind::Conv, 0, "a", {4, 3, 3, 3});
    add(OpKind::Conv, 1, "b", {6, 2, 1, 1});
    add(OpKind::Linear, 4, "c", {2, 54});
    const auto pairs = channelPairs(graph);
    ASSERT_EQ(pairs.size(), 2u);
    EXPECT_EQ(pairs[1].channels, 6);
    EXPECT_EQ(pairs[1].spread, 9);
    // Two groups: filters 0..2 read channels 0 and 1, filters 3..5 channels 2 and 3.
    EXPECT_EQ(inputChannels(graph, pairs[0]), (std::vector<int32_t>{0, 1, 0, 1, 0, 1, 2, 3, 2, 3, 2, 3}));
    const std::vector<int32_t> columns = inputChannels(graph, pairs[1]);
    for (size_t e = 0; e < columns.size(); ++e)
        EXPECT_EQ(columns[e], int32_t(e % 54 / 9));
    graph.nodes[2].kind = "prim::If";
    EXPECT_TRUE(channelPairs(graph).empty());
}

TEST(Equalize, GivesTheFactorsOfAimet)
{
    // W1 = 1..12 and W2 = 1, 3, .., 23 in the order of AIMET's own test: ranges 6 and 17, 12 and 23.
    auto runner = FakeRunner::fromText("x = input 6\na = linear x 2\nb = linear a 6");
    const float one[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    const float two[] = {1, 7, 3, 9, 5, 11, 13, 19, 15, 21, 17, 23};
    const float bias[] = {1, 1};
    runner->setParameter("a.weight", Tensor::fromFloats({2, 6}, one));
    runner->setParameter("a.bias", Tensor::fromFloats({2}, bias));
    runner->setParameter("b.weight", Tensor::fromFloats({6, 2}, two));
    SampleSource data;
    const auto result = repaired(*runner, QuantPlan(), "equalize", data);
    ASSERT_TRUE(result.has_value()) << result.error().message;
    const Tensor w1 = *result->runner->parameter("a.weight"), b1 = *result->runner->parameter("a.bias");
    const Tensor w2 = *result->runner->parameter("b.weight");
    EXPECT_NEAR(w1.floats()[0], 1.683251, 1e-6);
    EXPECT_NEAR(b1.floats()[0], 1.683251, 1e-6);
    EXPECT_NEAR(w1.floats()[11], 12 * std::sqrt(23.0 / 12), 1e-5);
    EXPECT_NEAR(w2.floats()[0], 0.594089, 1e-6);
    EXPECT_NEAR(w2.floats()[11], 23 * std::sqrt(12.0 / 23), 1e-5);
}

TEST(Equalize, LeavesTheFunctionAndGivesEveryChannelOneRangeInBothWeights)
{
    const auto runner = FakeRunner::fromText(kChain);
    const auto result = repaired(*runner, QuantPlan(), "equalize", samples());
    ASSERT_TRUE(result.has_value()) << result.error().message;
    EXPECT_LT(largestDifference(output(*runner), output(*result->runner)), 1e-5);
    EXPECT_EQ(result->plan, QuantPlan());
    const Tensor first = *result->runner->parameter("a.weight"),
                 second = *result->runner->parameter("b.weight");
    for (size_t c = 0; c < 16; ++c) {
        float r1 = 0, r2 = 0;
        for (size_t i = 0; i < 8; ++i)
            r1 = std::max(r1, std::abs(first.floats()[c * 8 + i]));
        for (size_t o = 0; o < 12; ++o)
            r2 = std::max(r2, std::abs(second.floats()[o * 16 + c]));
        EXPECT_NEAR(r1 / r2, 1, 1e-3) << c;
    }
}

TEST(Equalize, LeavesPairsWithRangesFixedByHand)
{
    const auto runner = FakeRunner::fromText(kChain);
    QuantPlan plan;
    plan.setWeights("b", *parseSpec("8:symmetric:tensor:fixed=-1..1", QuantSpec()));
    const auto result = repaired(*runner, plan, "equalize", samples());
    ASSERT_TRUE(result.has_value());
    EXPECT_EQ(largestDifference(*runner->parameter("a.weight"), *result->runner->parameter("a.weight")), 0);
    EXPECT_NE(result->notes.back().find("fixes ranges"), std::string::npos) << result->notes.back();
}

TEST(BiasCorrection, GivesEveryChannelTheMeanOfTheFloatModel)
{
    const auto runner = FakeRunner::fromText(kChain);
    const SampleSource data = samples();
    const QuantPlan plan = planOf("3:symmetric:tensor", "4:asymmetric:tensor");
    const auto result = repaired(*runner, plan, "bias-correction", data);
    ASSERT_TRUE(result.has_value()) << result.error().message;
    const auto floating = moments(*runner, nullptr, data);
    const auto before = moments(*runner, &plan, data), after = moments(*result->runner, &result->plan, data);
    double errorBefore = 0, errorAfter = 0;
    for (const auto& [value, reference] : floating)
        for (size_t c = 0; c < reference.sum.size(); ++c) {
            errorBefore = std::max(errorBefore, std::abs(reference.mean(c) - before.at(value).mean(c)));
            errorAfter = std::max(errorAfter, std::abs(reference.mean(c) - after.at(value).mean(c)));
        }
    EXPECT_GT(errorBefore, 1e-2);
    EXPECT_LT(errorAfter, 1e-5);
    for (const char* name : {"a.weight", "b.weight", "c.weight"})
        EXPECT_EQ(largestDifference(*runner->parameter(name), *result->runner->parameter(name)), 0);
}

TEST(BiasCorrection, SaysWhichLayersItCannotReach)
{
    const auto runner =
        FakeRunner::fromText("x = input 8\na = linear x 8\nb = linear a 8 shares a\nc = linear b 4");
    const auto result = repaired(*runner, planOf("4", "8"), "bias-correction", samples());
    ASSERT_TRUE(result.has_value());
    EXPECT_EQ(result->notes[0], "1 layer was matched to the float model.");
    EXPECT_NE(result->notes[1].find("a, b"), std::string::npos) << result->notes[1];
}

TEST(NormReestimate, GivesEveryChannelMeanAndDeviationOfTheFloatModel)
{
    const auto runner = FakeRunner::fromText(kChain);
    const SampleSource data = samples();
    const QuantPlan plan = planOf("3:symmetric:channel", "8:asymmetric:tensor");
    const auto result = repaired(*runner, plan, "norm-reestimate", data);
    ASSERT_TRUE(result.has_value()) << result.error().message;
    const auto floating = moments(*runner, nullptr, data);
    const auto before = moments(*runner, &plan, data), after = moments(*result->runner, &result->plan, data);
    double worstBefore = 0;
    for (const auto& [value, reference] : floating)
        for (size_t c = 0; c < reference.sum.size(); ++c) {
            worstBefore = std::max(worstBefore, std::abs(before.at(value).std(c) / reference.std(c) - 1));
            EXPECT_NEAR(after.at(value).std(c) / reference.std(c), 1, 1e-3);
            EXPECT_NEAR(after.at(value).mean(c), reference.mean(c), 1e-4);
        }
    EXPECT_GT(worstBefore, 0.05);
}

TEST(Repair, NamesItsMethodsAndStopsWhenCancelled)
{
    const auto runner = FakeRunner::fromText(kChain);
    const auto unknown = repaired(*runner, QuantPlan(), "magic", samples());
    ASSERT_FALSE(unknown.has_value());
    EXPECT_EQ(unknown.error().code, Error::InvalidArgument);
    for (const RepairMethod& method : repairMethods()) {
        Progress progress;
        runner->beforeNode = [&] { progress.cancel(); };
        const auto result = repair(*runner, QuantPlan(), samples(), {method.name}, progress);
        ASSERT_FALSE(result.has_value()) << method.name;
        EXPECT_EQ(result.error().code, Error::Cancelled) << method.name;
    }
}

TEST(Repair, DoesOneMethodAfterAnotherAndKeepsAFloatPlanAsItIs)
{
    const auto runner = FakeRunner::fromText(kChain);
    Progress progress;
    const auto both =
        repair(*runner, QuantPlan::floatPlan(), samples(), {"equalize", "bias-correction"}, progress);
    ASSERT_TRUE(both.has_value());
    EXPECT_LT(largestDifference(output(*runner), output(*both->runner)), 1e-4);
    EXPECT_EQ(both->notes[0].rfind("equalize: ", 0), 0u);
}

} // namespace
} // namespace bitwright
