// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/analyze.h"
#include "core/analysis/error_metrics.h"
#include "core/analysis/evaluate.h"
#include "core/calib/activation_sites.h"
#include "core/quant/quantize.h"
#include "tests/support.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace bitwright {
namespace {

using test::FakeRunner;

QuantSpec spec(const char* text)
{
    return *parseSpec(text, QuantSpec::defaultWeights());
}

TEST(QuantizationError, FollowsTheDefinitions)
{
    const Tensor x = Tensor::fromFloats({5}, std::vector<float>{-3, -1, 0.2f, 1, 1.3f});
    QuantSpec s = spec("3:symmetric:tensor");
    const QuantParams params = paramsFromRanges(s, {Range{-1.5f, 1.5f}}, -1); // scale 0.5, -2 ... 1.5
    const ErrorSums e = quantizationError(x, params);
    EXPECT_EQ(e.count, 5);
    EXPECT_NEAR(e.squared, 1 + 0 + 0.04 + 0 + 0.04, 1e-6);
    EXPECT_NEAR(e.absolute, 1 + 0.2 + 0.2, 1e-6);
    EXPECT_DOUBLE_EQ(e.maxAbs, 1);
    EXPECT_EQ(e.clipped, 1);
    EXPECT_NEAR(e.sqnrDb(), 10 * std::log10((9 + 1 + 0.04 + 1 + 1.69) / 1.08), 1e-5);
}

TEST(QuantizationError, CountsClippedElementsByChannelAndGroup)
{
    const Tensor x = Tensor::fromFloats({2, 4}, std::vector<float>{1, 9, 1, 9, 5, 5, 5, 50});
    const auto ranges = [](std::vector<float> tops) {
        std::vector<Range> all;
        for (const float t : tops)
            all.push_back({-t, t});
        return all;
    };
    EXPECT_EQ(quantizationError(x, paramsFromRanges(spec("8:symmetric:channel"), ranges({2, 6}), 0)).clipped,
              3);
    EXPECT_EQ(
        quantizationError(x, paramsFromRanges(spec("8:symmetric:channel"), ranges({1, 9, 5, 10}), 1)).clipped,
        2);
    QuantSpec grouped = spec("8:symmetric:group=2");
    EXPECT_EQ(quantizationError(x, paramsFromRanges(grouped, ranges({9, 1, 5, 5}), 0)).clipped, 2);
    EXPECT_EQ(quantizationError(x, paramsFromRanges(spec("8:symmetric:tensor"), ranges({50}), -1)).clipped,
              0);
}

struct Analyze : testing::Test {
    std::shared_ptr<FakeRunner> runner = FakeRunner::fromText(
        "x = input 8\nh = linear x 32 relu\ng = linear h 32\ns = add h g relu\ny = linear s 6");
    std::shared_ptr<Dataset> data = test::normalDataset({8}, 50, 6, 3);
    Progress progress;
    SampleSource source;
    CalibrationResult calibration;
    QuantPlan plan;

    void SetUp() override
    {
        source.dataset = data;
        source.indices.resize(50);
        std::iota(source.indices.begin(), source.indices.end(), 0);
        source.batchSize = 20;
        calibration = *calibrate(*runner, source, progress);
        plan.defaultWeights = spec("5:symmetric:channel:minmax");
        plan.defaultActivations = spec("6:asymmetric:tensor:minmax");
    }
};

TEST_F(Analyze, HasARowForEveryInputAndLayerInOrder)
{
    const auto rows = analyze(*runner, plan, calibration, source, progress);
    ASSERT_TRUE(rows) << rows.error().text();
    std::vector<std::string> names;
    for (const LayerReport& row : *rows)
        names.push_back(row.name);
    EXPECT_EQ(names, (std::vector<std::string>{"input", "h", "g", "s", "y"}));
    EXPECT_FALSE(rows->at(3).weight);
    EXPECT_TRUE(rows->at(3).activation);
    EXPECT_EQ(rows->at(0).layer, kNone);
}

TEST_F(Analyze, WeightErrorsAreExact)
{
    const auto rows = *analyze(*runner, plan, calibration, source, progress);
    const ResolvedPlan resolved = *resolvePlan(*runner, plan, calibration, progress);
    const Tensor w = *runner->parameter("g.weight");
    const Tensor q = fakeQuantize(w, resolved.weights.at("g.weight"));
    double signal = 0, noise = 0;
    for (size_t i = 0; i < w.floats().size(); ++i) {
        signal += double(w.floats()[i]) * w.floats()[i];
        noise += std::pow(double(w.floats()[i]) - q.floats()[i], 2);
    }
    EXPECT_NEAR(rows[2].weight->error.sqnrDb(), 10 * std::log10(signal / noise), 1e-9);
    EXPECT_EQ(rows[2].weight->elements, 32 * 32);
    EXPECT_EQ(rows[2].weight->bytes, 32 * 32 * 5 / 8 + resolved.weights.at("g.weight").metadataBytes());
    const LayerReport alone = *weightReport(*runner, runner->graph().layers[1], plan);
    EXPECT_EQ(alone.weight, rows[2].weight);
    EXPECT_EQ(alone.weightTensors, rows[2].weightTensors);
}

TEST_F(Analyze, LocalActivationErrorsComeFromTheFloatValues)
{
    const auto rows = *analyze(*runner, plan, calibration, source, progress);
    const ResolvedPlan resolved = *resolvePlan(*runner, plan, calibration, progress);
    const ValueId value = runner->graph().layers[2].output;
    ErrorSums expected;
    const auto observer = [&](ValueId, const Tensor& x) {
        expected = quantizationError(x, resolved.activations.at(value).params);
    };
    ASSERT_TRUE(runner->run({*data->images(source.indices)}, {}, {value}, observer, progress));
    EXPECT_NEAR(rows[3].activation->error.sqnrDb(), expected.sqnrDb(), 1e-9);
    EXPECT_EQ(rows[3].activation->error.count, 50 * 32);
}

TEST_F(Analyze, TheCumulativeErrorOfTheLastLayerIsThatOfTheOutput)
{
    const auto rows = *analyze(*runner, plan, calibration, source, progress);
    const ResolvedPlan resolved = *resolvePlan(*runner, plan, calibration, progress);
    const auto whole = *evaluate(*runner, *makeRunConfig(*runner, resolved, progress), source, 6, progress);
    EXPECT_DOUBLE_EQ(*rows.back().cumulativeSqnrDb, whole.outputSqnrDb);
    EXPECT_LT(*rows.back().cumulativeSqnrDb, rows.back().activation->error.sqnrDb());
}

TEST_F(Analyze, AFloatPlanHasNoErrors)
{
    const auto rows = *analyze(*runner, QuantPlan::floatPlan(), calibration, source, progress);
    for (const LayerReport& row : rows) {
        EXPECT_FALSE(row.activation) << row.name;
        EXPECT_EQ(row.cumulativeSqnrDb, INFINITY) << row.name;
        EXPECT_TRUE(!row.weight || row.weight->error.sqnrDb() == INFINITY) << row.name;
    }
}

TEST_F(Analyze, StopsWhenCancelled)
{
    progress.cancel();
    EXPECT_EQ(analyze(*runner, plan, calibration, source, progress).error().code, Error::Cancelled);
}

TEST_F(Analyze, TheExpectedActivationErrorIsNearTheMeasuredOne)
{
    const auto normal = test::normalTensor({200, 100}, 8);
    TensorStats stats;
    addToStats(stats, normal, 1, true);
    for (const char* text : {"8:asymmetric:tensor:minmax", "4:symmetric:tensor:mse",
                             "3:unsigned:tensor:minmax", "e4m3:tensor", "6:symmetric:tensor:percentile=99"}) {
        const SiteReport report = activationReport(stats, spec(text));
        const ErrorSums exact = quantizationError(normal, report.params);
        EXPECT_NEAR(report.error.sqnrDb(), exact.sqnrDb(), 0.15) << text;
        EXPECT_NEAR(report.error.clippedShare(), exact.clippedShare(), 0.002) << text;
        EXPECT_EQ(report.error.count, exact.count);
    }
    const SiteReport channels = activationReport(stats, spec("6:symmetric:channel:minmax"));
    EXPECT_NEAR(channels.error.sqnrDb(), quantizationError(normal, channels.params).sqnrDb(), 0.2);
}

} // namespace
} // namespace bitwright
