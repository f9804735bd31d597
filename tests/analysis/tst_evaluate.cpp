// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/error_metrics.h"
#include "core/analysis/evaluate.h"
#include "core/analysis/logits.h"
#include "tests/support.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace bitwright {
namespace {

using test::FakeRunner;

TEST(QualityMeter, GivesTheWorkedNumbers)
{
    // Labels 0 0 1 2 -1; predictions 0 1 1 1 0.
    const Tensor logits =
        Tensor::fromFloats({5, 3}, std::vector<float>{2, 1, 0, 0, 3, 1, 0, 1, 0, 0, 1, 0, 9, 0, 0});
    QualityMeter meter(3);
    meter.add(logits, {0, 0, 1, 2, -1});
    const Quality q = meter.result();
    EXPECT_EQ(q.samples, 5);
    EXPECT_DOUBLE_EQ(*q.top1, 2.0 / 4);
    EXPECT_DOUBLE_EQ(*q.top5, 1.0);
    EXPECT_DOUBLE_EQ(*q.macroPrecision, (1.0 + 1.0 / 3 + 0) / 3);
    EXPECT_DOUBLE_EQ(*q.macroRecall, (0.5 + 1 + 0) / 3);
    EXPECT_DOUBLE_EQ(*q.macroF1, (2.0 / 3 + 0.5 + 0) / 3);
    EXPECT_EQ(q.confusion, (std::vector<std::vector<int64_t>>{{1, 1, 0}, {0, 1, 0}, {0, 1, 0}}));
    const double e = std::exp(1.0);
    const double losses =
        std::log(e * e + e + 1) - 2 + std::log(1 + e * e * e + e) + (std::log(2 + e) - 1) + std::log(2 + e);
    EXPECT_NEAR(*q.loss, losses / 4, 1e-12);
}

TEST(QualityMeter, LeavesClassesThatNeverOccurOutOfTheMeans)
{
    QualityMeter meter(0);
    meter.add(Tensor::fromFloats({2, 4}, std::vector<float>{1, 0, 0, 0, 0, 1, 0, 0}), {0, 1});
    EXPECT_DOUBLE_EQ(*meter.result().macroF1, 1.0);
    EXPECT_EQ(meter.result().confusion.size(), 4u);
}

TEST(QualityMeter, KnowsNothingWithoutLabels)
{
    QualityMeter meter(3);
    meter.add(Tensor::fromFloats({1, 3}, std::vector<float>{1, 2, 3}), {});
    EXPECT_EQ(meter.result().samples, 1);
    EXPECT_FALSE(meter.result().top1);
    EXPECT_FALSE(meter.result().loss);
    EXPECT_TRUE(meter.result().confusion.empty());
}

TEST(QualityMeter, CountsOutputsThatAreNoNumbersAsWrong)
{
    QualityMeter meter(0);
    meter.add(Tensor::fromFloats({2, 3}, std::vector<float>{NAN, NAN, NAN, 0, 2, 1}), {0, 1});
    const Quality q = meter.result();
    EXPECT_EQ(q.top1, 0.5);
    EXPECT_EQ(q.top5, 0.5);
    EXPECT_EQ(q.confusion[0], (std::vector<int64_t>{0, 0, 0}));
}

TEST(Logits, MarginIsTheLeadOverTheSecond)
{
    EXPECT_FLOAT_EQ(topMargin(std::vector<float>{1, 5, 3}), 2);
    EXPECT_FLOAT_EQ(topMargin(std::vector<float>{5, 1, 5}), 0);
    EXPECT_FLOAT_EQ(topMargin(std::vector<float>{-3, -1}), 2);
    EXPECT_FLOAT_EQ(topMargin(std::vector<float>{7}), 0);
}

TEST(Logits, TopFiveCountsLowerIndicesFirstAmongEqualValues)
{
    const std::vector<float> row{1, 1, 1, 1, 1, 1, 0};
    EXPECT_TRUE(isInTop(row, 4, 5));
    EXPECT_FALSE(isInTop(row, 5, 5));
    EXPECT_EQ(top1(row), 0);
}

TEST(Logits, LossAndDivergenceDoNotOverflow)
{
    const std::vector<float> p{10000, 0, -10000}, q{0, 10000, 0};
    EXPECT_DOUBLE_EQ(crossEntropy(p, 0), 0);
    EXPECT_DOUBLE_EQ(crossEntropy(p, 1), 10000);
    EXPECT_DOUBLE_EQ(klDivergence(p, q), 10000);
    EXPECT_DOUBLE_EQ(klDivergence(p, p), 0);
}

TEST(Logits, DivergenceFollowsItsDefinition)
{
    const std::vector<float> p{0.3f, -1.2f, 2}, q{0.1f, 0.4f, 1};
    const auto softmax = [](const std::vector<float>& x, size_t i) {
        return std::exp(double(x[i])) /
               (std::exp(double(x[0])) + std::exp(double(x[1])) + std::exp(double(x[2])));
    };
    double expected = 0;
    for (size_t i = 0; i < 3; ++i)
        expected += softmax(p, i) * std::log(softmax(p, i) / softmax(q, i));
    EXPECT_NEAR(klDivergence(p, q), expected, 1e-12);
}

struct Evaluate : testing::Test {
    std::shared_ptr<FakeRunner> runner =
        FakeRunner::fromText("x = input 8\nh = linear x 32 relu\ny = linear h 6");
    std::shared_ptr<Dataset> data = test::normalDataset({8}, 60, 6, 3);
    Progress progress;
    SampleSource source = over(data);

    static SampleSource over(std::shared_ptr<const Dataset> set)
    {
        SampleSource source;
        source.indices.resize(size_t(set->size()));
        std::iota(source.indices.begin(), source.indices.end(), 0);
        source.dataset = std::move(set);
        source.batchSize = 16;
        return source;
    }

    RunConfig quantized(const char* bits)
    {
        QuantPlan plan;
        plan.defaultWeights = *parseSpec(bits, plan.defaultWeights);
        const CalibrationResult calibration = *calibrate(*runner, source, progress);
        return *makeRunConfig(*runner, *resolvePlan(*runner, plan, calibration, progress), progress);
    }
};

TEST_F(Evaluate, FloatAgainstItselfIsExact)
{
    const auto result = evaluate(*runner, {}, source, 6, progress);
    ASSERT_TRUE(result) << result.error().text();
    EXPECT_EQ(result->floating, result->quantized);
    EXPECT_EQ(result->agreement, 1.0);
    EXPECT_EQ(result->outputSqnrDb, INFINITY);
    EXPECT_EQ(result->floating.samples, 60);
    EXPECT_FALSE(result->partial);
}

TEST_F(Evaluate, GivesWhatTwoPlainRunsGive)
{
    const RunConfig config = quantized("3");
    const auto result = evaluate(*runner, config, source, 6, progress);
    ASSERT_TRUE(result);
    const Batch batch{*data->images(source.indices)};
    const Tensor a = runner->run(batch, {}, {}, {}, progress)->at(0);
    const Tensor b = runner->run(batch, config, {}, {}, progress)->at(0);
    double signal = 0, noise = 0, agreed = 0;
    for (size_t i = 0; i < a.floats().size(); ++i) {
        signal += double(a.floats()[i]) * a.floats()[i];
        noise += std::pow(double(a.floats()[i]) - b.floats()[i], 2);
    }
    for (int64_t i = 0; i < 60; ++i)
        agreed += top1(logitsRow(a, i)) == top1(logitsRow(b, i));
    EXPECT_NEAR(result->outputSqnrDb, 10 * std::log10(signal / noise), 1e-9);
    EXPECT_DOUBLE_EQ(*result->agreement, agreed / 60);
    ASSERT_EQ(result->predictions.size(), 60u);
    double same = 0;
    for (size_t i = 0; i < 60; ++i) {
        const SamplePrediction& p = result->predictions[i];
        EXPECT_EQ(p.sample, int64_t(i));
        EXPECT_GE(p.floatMargin, 0);
        same += !p.flipped();
    }
    EXPECT_EQ(same, agreed);
    EXPECT_LT(result->outputSqnrDb, evaluate(*runner, quantized("8"), source, 6, progress)->outputSqnrDb);
}

TEST_F(Evaluate, OutputsThatAreNotFiniteAreNoAgreementAndSaidSo)
{
    struct Notes : Progress {
        std::vector<std::string> heard;
        void note(const std::string& message) override { heard.push_back(message); }
    } notes;
    const std::string weight = runner->graph().layers.back().weights.at(0).parameter;
    Tensor lost = Tensor::empty(DType::F32, {6, 32});
    std::fill(lost.mutableFloats().begin(), lost.mutableFloats().end(), NAN);
    RunConfig config;
    config.weights[weight] = lost;
    const auto result = evaluate(*runner, config, source, 6, notes);
    ASSERT_TRUE(result);
    EXPECT_EQ(result->outputSqnrDb, -INFINITY);
    EXPECT_EQ(result->agreement, 0.0);
    EXPECT_EQ(notes.heard, std::vector<std::string>{
                               "The outputs of the quantized model are not finite for 60 of 60 samples."});
    runner->setParameter(weight, lost);
    const auto neither = evaluate(*runner, {}, source, 6, notes);
    ASSERT_TRUE(neither);
    EXPECT_TRUE(std::isnan(neither->outputSqnrDb)) << "nothing could be compared";
    EXPECT_EQ(neither->agreement, 0.0);
}

TEST_F(Evaluate, WithoutLabelsKnowsAgreementOnly)
{
    const auto result = evaluate(*runner, {}, over(test::normalDataset({8}, 10, 0, 3)), 0, progress);
    ASSERT_TRUE(result);
    EXPECT_FALSE(result->floating.top1);
    EXPECT_EQ(result->agreement, 1.0);
}

TEST_F(Evaluate, OutputsThatAreNoScoresStillHaveAnSqnr)
{
    const auto tokens = FakeRunner::fromText("x = input 3x8\ny = linear x 6");
    const auto result = evaluate(*tokens, {}, over(test::normalDataset({3, 8}, 10, 4, 3)), 0, progress);
    ASSERT_TRUE(result);
    EXPECT_FALSE(result->agreement);
    EXPECT_FALSE(result->floating.top1);
    EXPECT_EQ(result->floating.samples, 10);
    EXPECT_EQ(result->outputSqnrDb, INFINITY);
}

TEST_F(Evaluate, RefusesLabelsThatTheModelDoesNotKnow)
{
    const auto result = evaluate(*runner, {}, over(test::normalDataset({8}, 10, 9, 3)), 0, progress);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Error::Unsupported);
    EXPECT_NE(result.error().message.find("6 classes"), std::string::npos) << result.error().message;
}

TEST_F(Evaluate, KeepsTheFinishedBatchesWhenCancelled)
{
    const auto nodes = int64_t(runner->graph().nodes.size());
    runner->beforeNode = [&] {
        if (runner->nodesRun == 2 * nodes * 2 + 1)
            progress.cancel();
    };
    const auto result = evaluate(*runner, {}, source, 6, progress);
    ASSERT_TRUE(result);
    EXPECT_TRUE(result->partial);
    EXPECT_EQ(result->floating.samples, 32);
    EXPECT_EQ(evaluate(*runner, {}, source, 6, progress).error().code, Error::Cancelled);
}

} // namespace
} // namespace bitwright
