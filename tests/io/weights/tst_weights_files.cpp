// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calib/tensor_stats.h"
#include "core/quant/quantize.h"
#include "tests/io/weights/weights_case.h"
#include "tests/temporary_folder.h"

#include <nlohmann/json.hpp>
#include <sys/resource.h>

using namespace bitwright;
using namespace bitwright::test;

namespace {

using Json = nlohmann::json;

struct Case {
    const char *file, *expected, *format;
};
constexpr Case kCases[] = {{"types.safetensors", "types", "safetensors"},
                           {"shards.index.json", "shards", "sharded"},
                           {"plain.pth", "plain", "pytorch-state-dict"},
                           {"protocol4.pth", "protocol4", "pytorch-state-dict"},
                           {"protocol1.pth", "protocol1", "pytorch-state-dict"},
                           {"legacy.pth", "legacy", "pytorch-state-dict"},
                           {"views.pth", "views", "pytorch-state-dict"},
                           {"views_legacy.pth", "views_legacy", "pytorch-state-dict"},
                           {"checkpoint.pt", "checkpoint", "pytorch-state-dict"},
                           {"packed.pth", "packed", "pytorch-state-dict"},
                           {"huge_sparse.pth", "huge_sparse", "pytorch-state-dict"},
                           {"module.pt", "module", "pytorch-state-dict"},
                           {"evil.pt", "evil", "pytorch-state-dict"},
                           {"keras_weights.h5", "keras_weights", "keras-h5"},
                           {"keras_model.h5", "keras_model", "keras-h5"},
                           {"stored.keras", "stored", "keras"},
                           {"deflated.keras", "deflated", "keras"}};

std::string inCases(const std::string& name)
{
    return std::string(BITWRIGHT_WEIGHTS_CASES) + "/" + name;
}

std::unique_ptr<ModelRunner> opened(const std::string& path)
{
    auto runner = openWeights(path);
    EXPECT_TRUE(runner) << runner.error().text();
    return runner ? std::move(*runner) : nullptr;
}

void expectTensor(const ModelRunner& runner, const std::string& name, const Json& expected)
{
    const Parameter* parameter = runner.graph().findParameter(name);
    ASSERT_TRUE(parameter) << name;
    EXPECT_EQ(dtypeName(parameter->dtype), expected["dtype"].get<std::string>()) << name;
    EXPECT_EQ(parameter->shape, expected["shape"].get<Shape>()) << name;
    const auto tensor = runner.parameter(name);
    ASSERT_TRUE(tensor) << tensor.error().text();
    const Tensor floats = tensor->toFloat();
    if (expected.contains("sha256")) {
        EXPECT_EQ(sha256(floats.data(), size_t(floats.bytes())), expected["sha256"].get<std::string>())
            << name;
    }
    if (!expected.contains("mean"))
        return;
    const TensorStats stats = weightStats(*tensor, tensor->dim() > 0 ? 0 : -1, ChannelHistograms::No);
    EXPECT_EQ(stats.all.min, expected["min"].get<float>()) << name;
    EXPECT_EQ(stats.all.max, expected["max"].get<float>()) << name;
    EXPECT_NEAR(stats.all.mean(), expected["mean"].get<double>(), 1e-9 * (1 + std::abs(stats.all.mean())))
        << name;
    EXPECT_NEAR(stats.all.std(), expected["std"].get<double>(), 1e-9 * (1 + stats.all.std())) << name;
}

int axisOf(const ModelRunner& runner, const std::string& layer)
{
    const Layer* found = runner.graph().findLayer(layer);
    return found ? found->weights.front().channelAxis : -1;
}

} // namespace

TEST(WeightsFiles, OfEveryKindHoldTheNumbersThatPythonWrote)
{
    SKIP_WITHOUT_CASES();
    for (const Case& one : kCases) {
        SCOPED_TRACE(one.file);
        std::string format;
        const auto runner = openWeights(inCases(one.file), &format);
        ASSERT_TRUE(runner) << runner.error().text();
        EXPECT_EQ(format, one.format);
        const Json expected = Json::parse(contentsOf(inCases(std::string(one.expected) + ".json")));
        size_t names = 0;
        for (const Parameter& parameter : (*runner)->graph().parameters)
            names += 1 + parameter.aliases.size();
        const size_t tied = one.expected == std::string("checkpoint") ? 1 : 0;
        EXPECT_EQ(names, expected["tensors"].size() + tied);
        for (const auto& [name, tensor] : expected["tensors"].items())
            expectTensor(**runner, name, tensor);
        std::set<std::string> layers, wanted = expected["layers"].get<std::set<std::string>>();
        for (const Layer& layer : (*runner)->graph().layers)
            layers.insert(layer.name);
        EXPECT_EQ(layers, wanted);
    }
}

TEST(WeightsFiles, NothingInAPickleIsExecuted)
{
    SKIP_WITHOUT_CASES();
    std::filesystem::remove(inCases("executed"));
    const auto runner = opened(inCases("evil.pt"));
    ASSERT_TRUE(runner);
    EXPECT_FALSE(std::filesystem::exists(inCases("executed")));
    ASSERT_EQ(runner->graph().unsupported.size(), 1u);
    EXPECT_NE(runner->graph().unsupported[0].find("posix.system"), std::string::npos);
    const auto none = openWeights(inCases("no_tensors.bad"));
    ASSERT_FALSE(none);
    expectSentence(none.error(), "posix.system");
    EXPECT_FALSE(std::filesystem::exists(inCases("executed")));
}

TEST(WeightsFiles, WhatIsNoTensorIsSaidToBeLeftOut)
{
    SKIP_WITHOUT_CASES();
    const auto runner = opened(inCases("checkpoint.pt"));
    ASSERT_TRUE(runner);
    std::string notes;
    for (const std::string& note : runner->graph().unsupported)
        notes += note;
    for (const char* part : {"optimizer", "Unknown", "ComplexFloatStorage"})
        EXPECT_NE(notes.find(part), std::string::npos) << notes;
    const Parameter* tied = runner->graph().findParameter("model.fc.weight");
    ASSERT_TRUE(tied);
    EXPECT_EQ(tied->aliases, std::vector<std::string>{"tied"});
    EXPECT_TRUE(runner->parameter("tied"));
}

TEST(WeightsFiles, TheOutputAxisFollowsTheFormatAndTheBias)
{
    SKIP_WITHOUT_CASES();
    const auto torch = opened(inCases("plain.pth")), keras = opened(inCases("keras_weights.h5")),
               modern = opened(inCases("stored.keras"));
    ASSERT_TRUE(torch && keras && modern);
    EXPECT_EQ(axisOf(*torch, "conv"), 0);
    EXPECT_EQ(axisOf(*torch, "fc"), 0);
    EXPECT_EQ(axisOf(*torch, "up"), 1) << "a transposed convolution: only axis 1 fits to its bias";
    EXPECT_EQ(axisOf(*keras, "conv/conv"), 3);
    EXPECT_EQ(axisOf(*keras, "dense/dense"), 1);
    EXPECT_EQ(axisOf(*keras, "depthwise/depthwise/depthwise_kernel:0"), 2);
    EXPECT_EQ(axisOf(*keras, "emb/emb"), 0);
    EXPECT_EQ(axisOf(*modern, "layers/dense"), 1);
    EXPECT_EQ(axisOf(*modern, "layers/embedding"), 0);
    EXPECT_EQ(torch->graph().findLayer("fc")->biases, std::vector<std::string>{"fc.bias"});
    EXPECT_EQ(torch->graph().findLayer("fc")->params, 210);
}

TEST(WeightsFiles, EveryRunSaysThatThereIsNoGraph)
{
    SKIP_WITHOUT_CASES();
    const auto runner = opened(inCases("plain.pth"));
    ASSERT_TRUE(runner);
    Progress progress;
    expectSentence(runner->exampleBatch(1, 0).error(), "torch.jit.script");
    expectSentence(runner->run({}, {}, {}, {}, progress).error(), "no graph");
    expectSentence(runner->runPaired({}, {}, {}, {}, {}, progress).error(), "no graph");
    expectSentence(runner->runVariants({}, {}, {}, {}, progress).error(), "no graph");
    EXPECT_FALSE(runner->parameter("nonsense"));
}

TEST(WeightsFiles, ExportedWeightsComeBackWithTheirGrids)
{
    const TemporaryFolder folder;
    const std::string path = folder.file("w.h5");
    const Tensor w = waves({6, 5, 3, 3});
    const ResolvedPlan plan = exportWeights(w, path);
    const auto runner = opened(path);
    ASSERT_TRUE(runner);
    ASSERT_TRUE(runner->fileQuantization());
    for (const auto& [name, params] : plan.weights) {
        const auto values = runner->parameter(name);
        ASSERT_TRUE(values) << values.error().text();
        const Tensor expected = fakeQuantize(w, params), got = values->toFloat();
        EXPECT_EQ(std::memcmp(expected.data(), got.data(), size_t(expected.bytes())), 0) << name;
        const auto& exact = runner->fileQuantization()->exact.weights;
        if (params.format == Format::Int) {
            ASSERT_TRUE(exact.count(name)) << name;
            const Tensor again = fakeQuantize(got, exact.at(name));
            EXPECT_EQ(std::memcmp(got.data(), again.data(), size_t(got.bytes())), 0) << name;
        }
    }
}

TEST(WeightsFiles, OfSixteenGigabytesOpenAtOnceAndReadOneTensor)
{
    const TemporaryFolder folder;
    constexpr int64_t kBytes = int64_t(4) << 30;
    std::string header = "{";
    for (int64_t i = 0; i < 4; ++i)
        header += std::string(i ? "," : "") + "\"big." + std::to_string(i) +
                  "\":{\"dtype\":\"BF16\",\"shape\":[" + std::to_string(kBytes / 2 / 4096) +
                  ",4096],\"data_offsets\":[" + std::to_string(i * kBytes) + "," +
                  std::to_string((i + 1) * kBytes) + "]}";
    header += ",\"small.weight\":{\"dtype\":\"BF16\",\"shape\":[2,2],\"data_offsets\":[" +
              std::to_string(4 * kBytes) + "," + std::to_string(4 * kBytes + 8) + "]}}";
    const uint64_t length = header.size();
    const std::string path =
        folder.write("big.safetensors", std::string(reinterpret_cast<const char*>(&length), 8) + header);
    std::error_code failure;
    std::filesystem::resize_file(path, 8 + length + uint64_t(4 * kBytes + 8), failure);
    if (failure)
        GTEST_SKIP() << "no sparse file of 16 GB here: " << failure.message();
    rusage before = {}, after = {};
    getrusage(RUSAGE_SELF, &before);
    const auto runner = opened(path);
    ASSERT_TRUE(runner);
    EXPECT_EQ(totals(runner->graph()).bytes, 4 * kBytes + 8);
    const auto small = runner->parameter("small.weight");
    ASSERT_TRUE(small) << small.error().text();
    EXPECT_EQ(small->toFloat().floats()[3], 0.0f);
    getrusage(RUSAGE_SELF, &after);
    EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 16 << 10) << "kB";
}
