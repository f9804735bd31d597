// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calib/activation_sites.h"
#include "core/calib/calibrate.h"
#include "core/quant/quantize.h"
#include "tests/torch/model_files.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <thread>

using namespace bitwright;
using namespace bitwright::test;

namespace {

bool same(const std::vector<Tensor>& a, const std::vector<Tensor>& b)
{
    bool equal = a.size() == b.size();
    for (size_t i = 0; equal && i < a.size(); ++i)
        equal =
            a[i].shape() == b[i].shape() && std::memcmp(a[i].data(), b[i].data(), size_t(a[i].bytes())) == 0;
    return equal;
}

ActivationQuantizer coarse(int bits = 4)
{
    ActivationQuantizer quantizer;
    quantizer.spec = QuantSpec::defaultActivations(bits);
    quantizer.dynamic = true;
    return quantizer;
}

Tensor quantizedWeight(const ModelRunner& runner, const std::string& name, int bits)
{
    const Tensor weight = runner.parameter(name)->toFloat();
    return fakeQuantize(weight, paramsFromRanges(QuantSpec::defaultWeights(bits), {{-1.0f, 1.0f}}, -1));
}

/// One variant per weight, per activation, one of both, one that takes away, and the empty one.
std::vector<Variant> variantsOf(const ModelRunner& runner, const RunConfig& base)
{
    std::vector<Variant> variants(1);
    for (const Layer& layer : runner.graph().layers) {
        Variant both;
        for (const WeightRef& weight : layer.weights) {
            if (runner.parameter(weight.parameter)->dtype() == DType::I64)
                continue;
            Variant variant;
            variant.changes.weights[weight.parameter] = quantizedWeight(runner, weight.parameter, 3);
            both.changes.weights = variant.changes.weights;
            variants.push_back(variant);
        }
        if (layer.output != kNone) {
            both.changes.activations[layer.output] = coarse();
            Variant variant;
            variant.changes.activations[layer.output] = coarse();
            variants.push_back(variant);
        }
        variants.push_back(both);
    }
    for (const ValueId input : runner.graph().inputs) {
        Variant variant;
        variant.changes.activations[input] = coarse();
        variants.push_back(variant);
    }
    Variant without;
    for (const auto& [id, quantizer] : base.activations)
        without.removeActivations.insert(id);
    for (const auto& [name, weight] : base.weights)
        without.removeWeights.insert(name);
    variants.push_back(without);
    return variants;
}

RunConfig whole(RunConfig base, const Variant& variant)
{
    for (const auto& name : variant.removeWeights)
        base.weights.erase(name);
    for (const ValueId id : variant.removeActivations)
        base.activations.erase(id);
    for (const auto& [name, weight] : variant.changes.weights)
        base.weights[name] = weight;
    for (const auto& [id, quantizer] : variant.changes.activations)
        base.activations[id] = quantizer;
    return base;
}

RunConfig everyOther(const ModelRunner& runner)
{
    RunConfig config;
    size_t i = 0;
    for (const Layer& layer : runner.graph().layers)
        if (++i % 2 && layer.output != kNone) {
            config.activations[layer.output] = coarse(6);
            if (!layer.weights.empty())
                config.weights[layer.weights[0].parameter] =
                    quantizedWeight(runner, layer.weights[0].parameter, 5);
        }
    return config;
}

std::vector<Tensor> run(const ModelRunner& runner, const Batch& batch, const RunConfig& config)
{
    Progress progress;
    auto outputs = runner.run(batch, config, {}, {}, progress);
    EXPECT_TRUE(outputs.has_value()) << (outputs ? "" : outputs.error().text());
    return outputs ? *outputs : std::vector<Tensor>{};
}

const std::vector<std::string> kModels = {
    "residual.script",  "twice.trace",   "encoder.script",   "lstm.trace",      "tied.script",
    "cell_loop.script", "flow.script",   "two_inputs.trace", "in_place.script", "counter.script",
    "noise.script",     "states.script", "double.script",    "plain.script"};

} // namespace

TEST(Variants, GiveTheBitsOfWholeRuns)
{
    SKIP_WITHOUT_MODELS();
    for (const std::string& name : kModels) {
        SCOPED_TRACE(name);
        const auto runner = opened(name);
        ASSERT_NE(runner, nullptr);
        const Batch batch = *runner->exampleBatch(3, 1);
        for (const RunConfig& base : {RunConfig{}, everyOther(*runner)}) {
            const std::vector<Variant> variants = variantsOf(*runner, base);
            std::vector<int> seen(variants.size());
            Progress progress;
            const auto outputs = runner->runVariants(
                batch, base, variants,
                [&](size_t i, const std::vector<Tensor>& made) {
                    ++seen[i];
                    EXPECT_TRUE(same(made, run(*runner, batch, whole(base, variants[i])))) << "variant " << i;
                },
                progress);
            ASSERT_TRUE(outputs.has_value()) << outputs.error().text();
            EXPECT_TRUE(same(*outputs, run(*runner, batch, base)));
            EXPECT_EQ(seen, std::vector<int>(variants.size(), 1));
        }
    }
}

TEST(Variants, ThatStopEarlyGiveTheValueBeforeItsQuantizer)
{
    SKIP_WITHOUT_MODELS();
    const auto runner = opened("residual.trace");
    const Batch batch = *runner->exampleBatch(2, 1);
    for (const Layer& layer : runner->graph().layers) {
        for (const bool earlier : {false, true}) { // the change lies at the value, or behind it
            Variant variant;
            variant.stopAt = layer.output;
            if (earlier)
                variant.changes.activations[runner->graph().layers.back().output] = coarse();
            else
                variant.changes.activations[layer.output] = coarse();
            Tensor expected, got;
            Progress progress;
            ASSERT_TRUE(runner->run(
                batch, {}, {layer.output}, [&](ValueId, const Tensor& t) { expected = t; }, progress));
            ASSERT_TRUE(runner->runVariants(
                batch, {}, std::span(&variant, 1),
                [&](size_t, const std::vector<Tensor>& made) { got = made.at(0); }, progress));
            EXPECT_TRUE(same({got}, {expected})) << layer.name;
        }
    }
}

TEST(Variants, ReallyChangeTheOutput)
{
    SKIP_WITHOUT_MODELS();
    const auto runner = opened("cnn.script");
    const Batch batch = *runner->exampleBatch(2, 1);
    const auto outputs = run(*runner, batch, {});
    for (const Layer& layer : runner->graph().layers) {
        RunConfig config;
        config.activations[layer.output] = coarse(2);
        EXPECT_FALSE(same(run(*runner, batch, config), outputs)) << layer.name;
    }
}

TEST(Quantizers, AreAppliedToWhatTheNextLayersSee)
{
    SKIP_WITHOUT_MODELS();
    const auto runner = opened("cnn.trace");
    const Graph& graph = runner->graph();
    const ValueId site = graph.layers.back().output; // the model's output
    RunConfig config;
    config.activations[site] = coarse(3);
    const Batch batch = *runner->exampleBatch(2, 1);
    const Tensor raw = run(*runner, batch, {})[0], quantized = run(*runner, batch, config)[0];
    const auto values = numbers(raw);
    const auto [lo, hi] = std::minmax_element(values.begin(), values.end());
    const QuantParams params = paramsFromRanges(config.activations[site].spec, {{*lo, *hi}}, -1);
    EXPECT_EQ(numbers(quantized), numbers(fakeQuantize(raw, params)));
}

TEST(Quantizers, WithDynamicRangesLeaveOutWhatIsNotFinite)
{
    SKIP_WITHOUT_MODELS();
    const auto runner = opened("cnn.script");
    Tensor image = runner->exampleBatch(1, 1)->at(0);
    image.mutableFloats()[3] = std::numeric_limits<float>::infinity();
    image.mutableFloats()[4] = -std::numeric_limits<float>::infinity();
    ActivationQuantizer quantizer;
    quantizer.spec = QuantSpec::defaultActivations(4);
    quantizer.dynamic = quantizer.spec.dynamic = true;
    RunConfig config;
    config.activations[runner->graph().inputs.at(0)] = quantizer;
    Progress progress;
    const auto hooked = runner->run({image}, config, {}, {}, progress);
    const auto before = runner->run({quantizeActivation(image, quantizer)}, {}, {}, {}, progress);
    ASSERT_TRUE(hooked && before);
    EXPECT_EQ(numbers(hooked->at(0)), numbers(before->at(0)));
    EXPECT_TRUE(std::isfinite(hooked->at(0).floats()[0]));
}

TEST(PairedRuns, GiveBothOutputsAndBothValuesOfEverySite)
{
    SKIP_WITHOUT_MODELS();
    for (const std::string& name : kModels) {
        SCOPED_TRACE(name);
        const auto runner = opened(name);
        const Batch batch = *runner->exampleBatch(2, 1);
        const RunConfig config = everyOther(*runner);
        std::set<ValueId> sites;
        for (const Layer& layer : runner->graph().layers)
            if (layer.output != kNone)
                sites.insert(layer.output);
        std::map<ValueId, Tensor> floats, quantized;
        Progress progress;
        ASSERT_TRUE(runner->run(
            batch, {}, sites, [&](ValueId id, const Tensor& t) { floats[id] = t; }, progress));
        ASSERT_TRUE(runner->run(
            batch, config, sites, [&](ValueId id, const Tensor& t) { quantized[id] = t; }, progress));
        size_t seen = 0;
        const auto outputs = runner->runPaired(
            batch, {}, config, sites,
            [&](ValueId id, const Tensor& a, const Tensor& b) {
                ++seen;
                EXPECT_TRUE(same({a}, {floats.at(id)}));
                EXPECT_TRUE(same({b}, {quantized.at(id)}));
            },
            progress);
        ASSERT_TRUE(outputs.has_value()) << outputs.error().text();
        EXPECT_EQ(seen, sites.size());
        EXPECT_TRUE(same((*outputs)[0], run(*runner, batch, {})));
        EXPECT_TRUE(same((*outputs)[1], run(*runner, batch, config)));
    }
}

TEST(Runner, IsThreadSafe)
{
    SKIP_WITHOUT_MODELS();
    for (const std::string name : {"residual.script", "in_place.script", "encoder.script",
                                   "size_branch.script", "noise.script", "counter.script"}) {
        const auto runner = opened(name);
        const Batch batch = *runner->exampleBatch(2, 1);
        const auto expected = run(*runner, batch, {});
        std::array<int, 3> wrong{};
        std::vector<std::thread> threads;
        for (int& mine : wrong)
            threads.emplace_back([&] {
                for (int i = 0; i < 10; ++i)
                    mine += !same(run(*runner, batch, {}), expected);
            });
        for (std::thread& thread : threads)
            thread.join();
        EXPECT_EQ(wrong, (std::array<int, 3>{})) << name;
    }
}

TEST(Runner, RefusesNamesAndShapesThatAreNotTheModels)
{
    SKIP_WITHOUT_MODELS();
    const auto runner = opened("cnn.script");
    const Batch batch = *runner->exampleBatch(1, 1);
    Progress progress;
    RunConfig unknown, misshapen, stranger;
    unknown.weights["no.such"] = Tensor::fromFloats({1}, std::vector<float>{1});
    misshapen.weights["head.weight"] = Tensor::fromFloats({1}, std::vector<float>{1});
    stranger.activations[100000] = coarse();
    EXPECT_EQ(runner->run(batch, unknown, {}, {}, progress).error().code, Error::NotFound);
    EXPECT_EQ(runner->run(batch, misshapen, {}, {}, progress).error().code, Error::InvalidArgument);
    EXPECT_EQ(runner->run(batch, stranger, {}, {}, progress).error().code, Error::InvalidArgument);
    EXPECT_EQ(runner->run({}, {}, {}, {}, progress).error().code, Error::InvalidArgument);
    EXPECT_EQ(runner->run({batch[0].reshaped({28, 28})}, {}, {}, {}, progress).error().code,
              Error::Unsupported);
    EXPECT_EQ(runner->parameter("no.such").error().code, Error::NotFound);
    // Wrong sizes reach LibTorch; its complaint comes back as one sentence.
    const auto wrong =
        runner->run({Tensor::fromFloats({1, 1, 5, 5}, std::vector<float>(25))}, {}, {}, {}, progress);
    ASSERT_FALSE(wrong.has_value());
    EXPECT_EQ(wrong.error().message.find('\n'), std::string::npos);
}

TEST(Runner, TakesOtherSizesOnlyWhenTheModelTakesTheSameWay)
{
    SKIP_WITHOUT_MODELS();
    const auto runner = opened("size_branch.script"); // opened at 32 x 32; branches at 40
    Progress progress;
    const auto images = [](int64_t size) {
        return Batch{
            Tensor::fromFloats({1, 3, size, size}, std::vector<float>(size_t(3 * size * size), 0.5f))};
    };
    EXPECT_TRUE(runner->run(images(36), {}, {}, {}, progress).has_value());
    const auto other = runner->run(images(64), {}, {}, {}, progress);
    ASSERT_FALSE(other.has_value());
    EXPECT_NE(other.error().message.find("[3, 64, 64]"), std::string::npos) << other.error().message;
}

TEST(Runner, StopsBetweenNodesWhenCancelled)
{
    SKIP_WITHOUT_MODELS();
    const auto runner = opened("residual.script");
    const Batch batch = *runner->exampleBatch(2, 1);
    Progress progress;
    std::set<ValueId> sites;
    for (const Layer& layer : runner->graph().layers)
        sites.insert(layer.output);
    int seen = 0;
    const auto outputs = runner->run(
        batch, {}, sites,
        [&](ValueId, const Tensor&) {
            if (++seen == 2)
                progress.cancel();
        },
        progress);
    ASSERT_FALSE(outputs.has_value());
    EXPECT_EQ(outputs.error(), cancelledError());
    EXPECT_EQ(seen, 2);
}

TEST(Opening, CanBeCancelledAndHasATimeLimit)
{
    SKIP_WITHOUT_MODELS();
    Progress progress;
    progress.cancel();
    EXPECT_EQ(torchScriptBackend().open(modelPath("cnn.script.pt"), {}, progress).error(), cancelledError());
    OpenOptions hurried;
    hurried.timeLimitSeconds = 1e-9;
    Progress patient;
    const auto late = torchScriptBackend().open(modelPath("cnn.script.pt"), hurried, patient);
    ASSERT_FALSE(late.has_value());
    EXPECT_EQ(late.error().code, Error::Limit);
}
