// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/predict.h"
#include "core/analysis/sensitivity_units.h"
#include "core/calib/calibrate.h"
#include "tests/support.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <random>

namespace bitwright {
namespace {

using test::FakeRunner;

TEST(TrendCurve, PoolsWhatFallsAndKeepsWhatRises)
{
    const TrendCurve rising({{0, 0}, {1, 1}, {2, 2}, {3, 3}}, 0.05);
    EXPECT_NEAR(rising.mean(0), 0, 1e-6);
    EXPECT_NEAR(rising.mean(2), 2, 0.1);
    EXPECT_NEAR(rising.mean(9), 3, 1e-6); // the last value goes on
    const TrendCurve falling({{0, 3}, {1, 2}, {2, 1}}, 0.05);
    EXPECT_NEAR(falling.mean(0), falling.mean(2), 1e-9);
    EXPECT_GT(falling.spread(0), 0.5);
    EXPECT_TRUE(TrendCurve().isEmpty());
}

struct Predict : testing::Test {
    std::shared_ptr<FakeRunner> runner = FakeRunner::fromText(
        "x = input 12\na = linear x 32 relu\nb = linear a 32 relu\nc = linear b 32\ns = add a c relu\n"
        "d = linear s 32 relu\ny = linear d 5");
    Progress progress;
    SampleSource source;
    CalibrationResult calibration;
    QuantPlan plan;
    SensitivityTable table;

    void SetUp() override
    {
        // Labels that the float model itself gives: accuracy then falls with noise alone.
        const auto images = test::normalDataset({12}, 400, 0, 5);
        std::vector<int64_t> all(400);
        std::iota(all.begin(), all.end(), 0);
        const Tensor x = *images->images(all);
        const Tensor logits = runner->run({x}, {}, {}, {}, progress)->at(0);
        std::vector<int64_t> labels;
        for (int64_t i = 0; i < 400; ++i) {
            const auto row = logits.floats().subspan(size_t(i * 5), 5);
            labels.push_back(std::max_element(row.begin(), row.end()) - row.begin());
        }
        source.dataset = std::make_shared<test::FakeDataset>(x, labels);
        source.indices = all;
        calibration = *calibrate(*runner, source, progress);
        SensitivityOptions options;
        options.bases = true;
        table = *sensitivityByUnits(*runner, plan, calibration, source, options, {}, {}, progress);
    }

    Evaluation measure(const QuantPlan& p)
    {
        const auto config =
            *makeRunConfig(*runner, *resolvePlan(*runner, p, calibration, progress), progress);
        return *evaluate(*runner, config, source, 0, progress);
    }

    QuantPlan randomPlan(std::mt19937& random)
    {
        QuantPlan p;
        const int bits[]{8, 6, 5, 4, 3};
        for (const Layer& layer : runner->graph().layers) {
            p.setWeights(layer.name, QuantSpec::defaultWeights(bits[random() % 5]));
            p.setActivations(layer.name, QuantSpec::defaultActivations(bits[random() % 5]));
        }
        return p;
    }
};

TEST_F(Predict, GivesTheFloatAccuracyForTheFloatPlan)
{
    const AccuracyPredictor predictor(runner->graph(), table, plan, {});
    const Prediction float32 = *predictor.predict(QuantPlan::floatPlan());
    EXPECT_NEAR(float32.top1->value, *table.baseline.top1, 0.01);
    EXPECT_NEAR(float32.loss->value, *table.baseline.loss, 0.02);
}

TEST_F(Predict, HoldsTheMeasuredAccuracyInItsBandForFourOfFivePlans)
{
    std::mt19937 random(3);
    const AccuracyPredictor predictor(runner->graph(), table, plan, {});
    int top1 = 0, loss = 0;
    double half = 0;
    constexpr int kPlans = 40;
    for (int i = 0; i < kPlans; ++i) {
        const QuantPlan p = randomPlan(random);
        const Prediction prediction = *predictor.predict(p);
        const Evaluation measured = measure(p);
        top1 += prediction.top1->contains(*measured.quantized.top1);
        loss += prediction.loss->contains(*measured.quantized.loss);
        half += prediction.top1->half / kPlans;
        EXPECT_NEAR(prediction.outputSqnrDb, measured.outputSqnrDb, 6);
    }
    EXPECT_GE(top1, kPlans * 8 / 10);
    EXPECT_GE(loss, kPlans * 8 / 10);
    // A band that holds everything would say nothing.
    EXPECT_LT(half, 0.10);
}

TEST_F(Predict, WholePlansOfTheSweepTellHowItsCellsAddUp)
{
    ASSERT_EQ(table.bases.size(), 10u);
    std::mt19937 random(11);
    const AccuracyPredictor with(runner->graph(), table, plan, {});
    table.bases.clear();
    const AccuracyPredictor without(runner->graph(), table, plan, {});
    double errorWith = 0, errorWithout = 0;
    for (int i = 0; i < 30; ++i) {
        const QuantPlan p = randomPlan(random);
        const double truth = *measure(p).quantized.top1;
        errorWith += std::abs(with.predict(p)->top1->value - truth);
        errorWithout += std::abs(without.predict(p)->top1->value - truth);
    }
    EXPECT_LE(errorWith, errorWithout);
}

TEST_F(Predict, WithoutDivergencesTheNoiseItselfIsAdded)
{
    for (SensitivityCell& cell : table.cells)
        cell.kl.reset();
    const AccuracyPredictor predictor(runner->graph(), table, plan, {});
    QuantPlan coarse;
    coarse.defaultWeights.bits = coarse.defaultActivations.bits = 3;
    EXPECT_LT(predictor.predict(coarse)->top1->value, predictor.predict(plan)->top1->value);
    EXPECT_NEAR(predictor.predict(plan)->top1->value, *table.baseline.top1, 0.05);
}

TEST_F(Predict, FewerBitsAreNeverPredictedToBeBetter)
{
    const AccuracyPredictor predictor(runner->graph(), table, plan, {});
    double last = 2;
    for (const int bits : {8, 6, 4, 3, 2}) {
        QuantPlan p;
        p.defaultWeights.bits = bits;
        const double value = predictor.predict(p)->top1->value;
        EXPECT_LE(value, last + 1e-12);
        last = value;
    }
    EXPECT_LT(last, 0.9);
}

TEST_F(Predict, AnEvaluatedPlanPullsTheEstimateTowardsWhatWasMeasured)
{
    QuantPlan p;
    p.defaultWeights.bits = p.defaultActivations.bits = 3;
    const Evaluation measured = measure(p);
    const AccuracyPredictor before(runner->graph(), table, plan, {});
    const AccuracyPredictor after(runner->graph(), table, plan, {*MeasuredPlan::from(p, measured)});
    const double truth = *measured.quantized.top1;
    EXPECT_LE(std::abs(after.predict(p)->top1->value - truth),
              std::abs(before.predict(p)->top1->value - truth));
}

TEST_F(Predict, SaysThatAPartialSweepIsNotEnough)
{
    std::erase_if(table.cells, [](const SensitivityCell& cell) { return cell.layer == "c"; });
    table.partial = true;
    const AccuracyPredictor predictor(runner->graph(), table, plan, {});
    EXPECT_EQ(predictor.predict(plan).error().code, Error::Unsupported);
    QuantPlan without = plan;
    without.setWeights("c", QuantSpec::float32());
    without.setActivations("c", QuantSpec::float32());
    EXPECT_TRUE(predictor.predict(without));
}

TEST_F(Predict, CountsTheSitesItHasToExtrapolate)
{
    const AccuracyPredictor predictor(runner->graph(), table, plan, {});
    EXPECT_EQ(predictor.predict(plan)->extrapolated, 0);
    QuantPlan p = plan;
    p.setWeights("a", *parseSpec("5", plan.defaultWeights));
    EXPECT_EQ(predictor.predict(p)->extrapolated, 1);
    QuantSpec coarse = plan.defaultWeights;
    coarse.granularity = Granularity::Tensor;
    p.setWeights("b", coarse);
    EXPECT_EQ(predictor.predict(p)->extrapolated, 2);
}

} // namespace
} // namespace bitwright
