// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/quant_plan.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace bitwright;

namespace {

/// input -> conv1 -> relu-less add -> flatten (no layer) -> fc, with conv2 beside conv1 into the add.
Graph sampleGraph()
{
    Graph graph;
    for (const char* name : {"x", "c1", "c2", "sum", "flat", "y"}) {
        Value value;
        value.id = ValueId(graph.values.size());
        value.name = name;
        value.isTensor = true;
        graph.values.push_back(value);
    }
    const auto node = [&](std::vector<ValueId> inputs, ValueId output) {
        Node n;
        n.id = NodeId(graph.nodes.size());
        n.inputs = std::move(inputs);
        n.outputs = {output};
        graph.values[size_t(output)].producer = n.id;
        graph.nodes.push_back(n);
        return n;
    };
    const auto layer = [&](const char* name, const Node& n, bool weights) {
        Layer l;
        l.id = LayerId(graph.layers.size());
        l.name = name;
        l.node = n.id;
        l.inputs = n.inputs;
        l.output = n.outputs[0];
        if (weights)
            l.weights.push_back({std::string(name) + ".weight", {4, 4}, 0, 1});
        graph.layers.push_back(l);
    };
    layer("features.conv1", node({0}, 1), true);
    layer("features.conv2", node({0}, 2), true);
    layer("add", node({1, 2}, 3), false);
    const Node flatten = node({3}, 4);
    layer("classifier.fc", node({flatten.outputs[0]}, 5), true);
    graph.inputs = {0};
    return graph;
}

std::string failure(std::string_view text)
{
    const auto plan = planFromJson(text);
    return plan ? std::string("accepted") : plan.error().text();
}

} // namespace

TEST(Glob, MatchesWholeNames)
{
    EXPECT_TRUE(globMatch("*", ""));
    EXPECT_TRUE(globMatch("*", "layer1.0"));
    EXPECT_TRUE(globMatch("layer?.*.conv1", "layer1.0.conv1"));
    EXPECT_TRUE(globMatch("*conv*", "conv"));
    EXPECT_TRUE(globMatch("a*b*c", "aXbYbZc"));
    EXPECT_FALSE(globMatch("conv", "conv1"));
    EXPECT_FALSE(globMatch("?", ""));
    EXPECT_FALSE(globMatch("a*b*c", "aXbYbZ"));
    EXPECT_FALSE(globMatch(std::string(30, '*') + "x", std::string(5000, 'y'))); // and in no time
}

TEST(Plan, ExceptionsWinOverDefaultsAndDisappearWhenReset)
{
    QuantPlan plan;
    EXPECT_EQ(plan.weights("a"), QuantSpec::defaultWeights());
    plan.setWeights("a", QuantSpec::defaultWeights(4));
    EXPECT_EQ(plan.weights("a").bits, 4);
    EXPECT_EQ(plan.weights("b").bits, 8);
    plan.setActivations("a", QuantSpec::float32());
    plan.setWeights("a", std::nullopt);
    EXPECT_EQ(plan.layers.size(), 1u);
    plan.setActivations("a", std::nullopt);
    EXPECT_EQ(plan, QuantPlan{});
    plan.layers["a"].locked = true;
    plan.setWeights("a", std::nullopt);
    EXPECT_TRUE(plan.locked("a"));
    EXPECT_TRUE(QuantPlan::floatPlan().weights("a").isFloat32());
    EXPECT_TRUE(QuantPlan::floatPlan().activations("a").isFloat32());
}

TEST(ApplyRule, SetsEveryLayerThatTheGlobNames)
{
    const Graph graph = sampleGraph();
    QuantPlan plan;
    ASSERT_TRUE(applyRule(plan, graph, "features.*=W4A6"));
    EXPECT_EQ(plan.weights("features.conv1").bits, 4);
    EXPECT_EQ(plan.weights("features.conv2").granularity, Granularity::Channel);
    EXPECT_EQ(plan.activations("features.conv2").bits, 6);
    EXPECT_EQ(plan.weights("classifier.fc").bits, 8);
    ASSERT_TRUE(applyRule(plan, graph, "*fc=float"));
    EXPECT_TRUE(plan.weights("classifier.fc").isFloat32());
    EXPECT_TRUE(plan.activations("classifier.fc").isFloat32());
    ASSERT_TRUE(applyRule(plan, graph, "*fc=w2"));
    EXPECT_EQ(plan.weights("classifier.fc"), QuantSpec::defaultWeights(2));
    ASSERT_TRUE(applyRule(plan, graph, "features.conv2=W:4:symmetric:channel:percentile=99.9,A:e4m3"));
    EXPECT_EQ(plan.weights("features.conv2").parameter, 99.9);
    EXPECT_EQ(plan.activations("features.conv2").format, Format::Minifloat);
    ASSERT_TRUE(applyRule(plan, graph, "input=A16"));
    EXPECT_EQ(plan.activations("input").bits, 16);
}

TEST(ApplyRule, LeavesTensorsThatDoNotExistAlone)
{
    const Graph graph = sampleGraph();
    QuantPlan plan;
    ASSERT_TRUE(applyRule(plan, graph, "*=W4"));
    EXPECT_EQ(plan.layers.count("add"), 0u); // has no weights
    EXPECT_EQ(plan.layers.count("input"), 0u);
    EXPECT_EQ(plan.layers.size(), 3u);
}

TEST(ApplyRule, SaysWhatIsWrongAndChangesNothing)
{
    const Graph graph = sampleGraph();
    QuantPlan plan;
    const auto fails = [&](const char* rule, Error::Code code, const char* part) {
        const auto result = applyRule(plan, graph, rule);
        ASSERT_FALSE(result) << rule;
        EXPECT_EQ(result.error().code, code) << rule;
        EXPECT_NE(result.error().message.find(part), std::string::npos) << result.error().message;
        EXPECT_EQ(plan, QuantPlan{}) << rule;
    };
    fails("features.conv3=W4", Error::NotFound, "features.conv1");
    fails("add=W4", Error::NotFound, "has weights");
    fails("features.conv1", Error::InvalidArgument, "GLOB=");
    fails("=W4", Error::InvalidArgument, "GLOB=");
    fails("*=", Error::InvalidArgument, "W4A8");
    fails("*=X4", Error::InvalidArgument, "X4");
    fails("*=W4B8", Error::InvalidArgument, "W4B8");
    fails("*=W99", Error::InvalidArgument, "99");
    fails("*=W:4:banana", Error::InvalidArgument, "banana");
    fails("*=A8,W17", Error::InvalidArgument, "17");
}

TEST(SetFirstLast, TouchesTheEndsOfTheModelOnly)
{
    const Graph graph = sampleGraph();
    QuantPlan plan;
    plan.defaultWeights = QuantSpec::defaultWeights(4);
    plan.defaultActivations = QuantSpec::defaultActivations(4);
    setFirstLast(plan, graph, 8);
    EXPECT_EQ(plan.weights("features.conv1").bits, 8);
    EXPECT_EQ(plan.weights("features.conv2").bits, 4);
    EXPECT_EQ(plan.weights("classifier.fc").bits, 8);
    EXPECT_EQ(plan.activations("input").bits, 8);
    EXPECT_EQ(plan.activations("add").bits, 8); // the last layer's input, behind the flatten
    EXPECT_EQ(plan.activations("features.conv1").bits, 4);
    EXPECT_EQ(plan.activations("classifier.fc").bits, 4);

    QuantPlan weightsOnly;
    weightsOnly.defaultActivations = QuantSpec::float32();
    setFirstLast(weightsOnly, graph, 8);
    EXPECT_TRUE(weightsOnly.activations("input").isFloat32());
    QuantPlan locked;
    locked.layers["features.conv1"].locked = true;
    setFirstLast(locked, graph, 4);
    EXPECT_EQ(locked.weights("features.conv1").bits, 8);
    EXPECT_EQ(locked.weights("classifier.fc").bits, 4);
    setFirstLast(plan, Graph{}, 8); // a model without layers is no reason to fail
}

TEST(PlanJson, HasTheLayoutOfTheContract)
{
    QuantPlan plan;
    plan.modelSha256 = "abc";
    plan.setWeights("conv", QuantSpec::defaultWeights(4));
    const auto json = nlohmann::json::parse(planToJson(plan));
    EXPECT_EQ(json["version"], 1);
    EXPECT_EQ(json["model_sha256"], "abc");
    const auto& spec = json["layers"]["conv"]["weights"];
    for (const char* key :
         {"bits", "format", "scheme", "granularity", "group", "estimator", "percentile", "range", "rounding"})
        EXPECT_TRUE(spec.contains(key)) << key;
    EXPECT_EQ(spec["bits"], 4);
    EXPECT_EQ(spec["scheme"], "symmetric");
    EXPECT_EQ(json["layers"]["conv"]["locked"], false);
    EXPECT_FALSE(json["layers"]["conv"].contains("activations"));
}

TEST(PlanJson, ReadsBackAsTheSamePlan)
{
    QuantPlan plan;
    plan.modelSha256 = "0123";
    plan.defaultWeights = *parseSpec("4:narrow:group=32:lp=2.4:halfsteps:half-away", QuantSpec{});
    plan.defaultActivations = *parseSpec("8:asymmetric:tensor:percentile=99.987:dynamic", QuantSpec{});
    plan.setWeights("a.b", *parseSpec("e5m2:symmetric:channel:mse", QuantSpec{}));
    plan.setActivations("a.b", QuantSpec::float32());
    plan.setActivations("input", *parseSpec("8:asymmetric:tensor:fixed=-0.1..0.3", QuantSpec{}));
    plan.layers["c \"quoted\" \xc3\xa4"] = {std::nullopt, *parseSpec("ternary", QuantSpec{}), true,
                                            "keep\n\"this\""};
    const auto read = planFromJson(planToJson(plan));
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(*read, plan);
    EXPECT_EQ(planToJson(*read), planToJson(plan));
    EXPECT_EQ(*planFromJson(planToJson(QuantPlan{})), QuantPlan{});
    EXPECT_EQ(*planFromJson(planToJson(QuantPlan::floatPlan())), QuantPlan::floatPlan());
}

TEST(PlanJson, MissingKeysMeanTheDefaults)
{
    const auto bare = planFromJson(R"({"version": 1})");
    ASSERT_TRUE(bare);
    EXPECT_EQ(*bare, QuantPlan{});
    const auto some = planFromJson(R"({"version": 1, "model_sha256": null, "bitwright": "0.1",
        "defaults": {"weights": {"bits": 6}}, "layers": {"a": {"weights": {"estimator": "mse"}, "activations": null}}})");
    ASSERT_TRUE(some) << some.error().text();
    EXPECT_EQ(some->weights("a").bits, 6);
    EXPECT_EQ(some->weights("a").estimator, Estimator::Mse);
}

TEST(PlanJson, HostileFilesGetOneSentenceThatNamesTheKey)
{
    EXPECT_NE(failure("").find("JSON"), std::string::npos);
    EXPECT_NE(failure("{\"version\": 1").find("JSON"), std::string::npos);
    EXPECT_NE(failure("[]").find("object"), std::string::npos);
    EXPECT_NE(failure("{}").find("version"), std::string::npos);
    EXPECT_NE(failure(R"({"version": "1"})").find("version"), std::string::npos);
    EXPECT_NE(failure(R"({"version": 2})").find("version 2"), std::string::npos);
    EXPECT_NE(failure(R"({"version": 1, "layers": []})").find("\"layers\""), std::string::npos);
    EXPECT_NE(failure(R"({"version": 1, "layers": {"a": 3}})").find("layers.a"), std::string::npos);
    EXPECT_NE(failure(R"({"version": 1, "layers": {"a": {"weight": {}}}})").find("layers.a.weight"),
              std::string::npos);
    EXPECT_NE(
        failure(R"({"version": 1, "layers": {"a": {"weights": {"bits": 0}}}})").find("layers.a.weights"),
        std::string::npos);
    EXPECT_NE(failure(R"({"version": 1, "layers": {"a": {"weights": {"bits": []}}}})")
                  .find("layers.a.weights.bits"),
              std::string::npos);
    EXPECT_NE(failure(R"({"version": 1, "layers": {"a": {"locked": "yes"}}})").find("layers.a.locked"),
              std::string::npos);
    EXPECT_NE(failure(R"({"version": 1, "layers": {"a": {"note": 1}}})").find("layers.a.note"),
              std::string::npos);
    EXPECT_NE(failure(R"({"version": 1, "defaults": 1})").find("\"defaults\""), std::string::npos);
    EXPECT_NE(failure(R"({"version": 1, "defaults": {"weights": "8"}})").find("defaults.weights"),
              std::string::npos);
    EXPECT_NE(failure(R"({"version": 1, "model_sha256": 1})").find("model_sha256"), std::string::npos);
    const std::string deep(200000, '[');
    EXPECT_NE(failure(deep).find("JSON"), std::string::npos);
}

TEST(InputLayerName, CountsFromTheSecond)
{
    EXPECT_EQ(inputLayerName(0), "input");
    EXPECT_EQ(inputLayerName(1), "input:1");
}
