// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/logits.h"
#include "core/analysis/error_metrics.h"
#include "core/analysis/sensitivity.h"
#include "core/quant/quantize.h"
#include "tests/support.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace bitwright {
namespace {

using test::FakeRunner;

struct Sensitivity : testing::Test {
    std::shared_ptr<FakeRunner> runner =
        FakeRunner::fromText("x = input 8\nh = linear x 16 relu\ng = linear h 16 relu\nk = linear g 16\ns = "
                             "add h k relu\ny = linear s 6");
    std::shared_ptr<Dataset> data = test::normalDataset({8}, 40, 6, 3);
    Progress progress;
    SampleSource source;
    CalibrationResult calibration;
    QuantPlan plan;
    SensitivityOptions options;

    void SetUp() override
    {
        source.dataset = data;
        source.indices.resize(40);
        std::iota(source.indices.begin(), source.indices.end(), 0);
        source.batchSize = 15;
        calibration = *calibrate(*runner, source, progress);
        options.bits = {8, 3};
        options.modes = {SensitivityMode::EnableOne, SensitivityMode::DisableOne, SensitivityMode::Local};
    }

    SensitivityTable table() { return *sensitivity(*runner, plan, calibration, source, options, progress); }

    Tensor outputs(const RunConfig& config)
    {
        return runner->run({*data->images(source.indices)}, config, {}, {}, progress)->at(0);
    }

    const SensitivityCell& find(const SensitivityTable& table, const std::string& layer, SensitivityWhat what,
                                int bits, SensitivityMode mode)
    {
        for (const SensitivityCell& cell : table.cells)
            if (cell.layer == layer && cell.what == what && cell.bits == bits && cell.mode == mode)
                return cell;
        ADD_FAILURE() << "no cell for " << layer;
        return table.cells.at(0);
    }
};

double sqnr(const Tensor& a, const Tensor& b)
{
    return compare(a.floats(), b.floats()).sqnrDb();
}

TEST_F(Sensitivity, HasTheCellsInTheStatedOrder)
{
    const SensitivityTable all = table();
    // 4 layers with weights, 5 layers + 1 input with activations.
    EXPECT_EQ(all.cells.size(), 3u * 2 * (4 + 6));
    EXPECT_EQ(all.cells[0].layer, "h");
    EXPECT_EQ(all.cells[0].bits, 8);
    EXPECT_EQ(all.cells[1].bits, 3);
    EXPECT_EQ(all.cells[8].layer, "input");
    EXPECT_EQ(all.cells[8].what, SensitivityWhat::Activations);
    EXPECT_EQ(all.cells[20].mode, SensitivityMode::DisableOne);
    EXPECT_EQ(all.cells.back().mode, SensitivityMode::Local);
    EXPECT_EQ(all.samples, 40);
}

TEST_F(Sensitivity, TheSuffixOnlySweepIsBitIdenticalToWholeRuns)
{
    const SensitivityTable quick = table();
    options.suffixOnly = false;
    EXPECT_EQ(quick, table());
}

TEST_F(Sensitivity, TheSuffixOnlySweepRunsFewerNodes)
{
    options.modes = {SensitivityMode::EnableOne};
    table();
    const int64_t quick = runner->nodesRun.exchange(0);
    options.suffixOnly = false;
    table();
    EXPECT_LT(quick, runner->nodesRun);
}

TEST_F(Sensitivity, EnableOneQuantizesOneWeightOfTheFloatModel)
{
    const SensitivityTable all = table();
    const QuantSpec three = *parseSpec("3", plan.defaultWeights);
    const Tensor w = *runner->parameter("g.weight");
    RunConfig config;
    config.weights["g.weight"] = fakeQuantize(w, *resolveWeight(w, {"g.weight", {}, 0, 1}, three));
    const Tensor a = outputs({}), b = outputs(config);
    const auto& cell = find(all, "g", SensitivityWhat::Weights, 3, SensitivityMode::EnableOne);
    EXPECT_NEAR(cell.outputSqnrDb, sqnr(a, b), 1e-9);
    double kl = 0, loss = 0, hits = 0;
    for (int64_t i = 0; i < 40; ++i) {
        kl += klDivergence(logitsRow(a, i), logitsRow(b, i));
        loss += crossEntropy(logitsRow(b, i), i * 7 % 6);
        hits += top1(logitsRow(b, i)) == i * 7 % 6;
    }
    EXPECT_NEAR(*cell.kl, kl / 40, 1e-12);
    EXPECT_NEAR(*cell.loss, loss / 40, 1e-12);
    EXPECT_DOUBLE_EQ(*cell.top1, hits / 40);
}

TEST_F(Sensitivity, EnableOneQuantizesOneActivationOfTheFloatModel)
{
    const QuantSpec three = *parseSpec("3", plan.defaultActivations);
    const ValueId value = runner->graph().layers[1].output;
    RunConfig config;
    config.activations[value] = resolveActivation(calibration.activations.at(value), three);
    const SensitivityTable all = table();
    const auto& cell = find(all, "g", SensitivityWhat::Activations, 3, SensitivityMode::EnableOne);
    EXPECT_NEAR(cell.outputSqnrDb, sqnr(outputs({}), outputs(config)), 1e-9);
}

TEST_F(Sensitivity, DisableOneTakesOneSiteOutOfTheWholePlan)
{
    plan.defaultWeights = *parseSpec("3", plan.defaultWeights);
    plan.setWeights("k", QuantSpec::float32());
    const SensitivityTable all = table();
    RunConfig config = *makeRunConfig(*runner, *resolvePlan(*runner, plan, calibration, progress), progress);
    QualityMeter whole(0);
    std::vector<int64_t> labels;
    for (int64_t i = 0; i < 40; ++i)
        labels.push_back(i * 7 % 6);
    whole.add(outputs(config), labels);
    const auto base = std::find_if(all.bases.begin(), all.bases.end(), [](const SensitivityBase& b) {
        return b.what == SensitivityWhat::Weights && b.bits == 3;
    });
    ASSERT_NE(base, all.bases.end());
    EXPECT_EQ(base->quality.top1, whole.result().top1);
    config.weights.erase("g.weight");
    const auto& cell = find(all, "g", SensitivityWhat::Weights, 3, SensitivityMode::DisableOne);
    EXPECT_NEAR(cell.outputSqnrDb, sqnr(outputs({}), outputs(config)), 1e-9);
    for (const SensitivityCell& other : all.cells)
        EXPECT_FALSE(other.layer == "k" && other.mode == SensitivityMode::DisableOne &&
                     other.what == SensitivityWhat::Weights);
}

TEST_F(Sensitivity, LocalLooksAtTheLayersOwnOutputOnly)
{
    const SensitivityTable all = table();
    const ValueId value = runner->graph().layers[1].output;
    const Tensor w = *runner->parameter("g.weight");
    RunConfig config;
    config.weights["g.weight"] =
        fakeQuantize(w, *resolveWeight(w, {"g.weight", {}, 0, 1}, *parseSpec("3", plan.defaultWeights)));
    Tensor a, b;
    const Batch batch{*data->images(source.indices)};
    ASSERT_TRUE(runner->run(
        batch, {}, {value}, [&](ValueId, const Tensor& x) { a = x; }, progress));
    ASSERT_TRUE(runner->run(
        batch, config, {value}, [&](ValueId, const Tensor& x) { b = x; }, progress));
    const auto& weights = find(all, "g", SensitivityWhat::Weights, 3, SensitivityMode::Local);
    EXPECT_NEAR(weights.outputSqnrDb, sqnr(a, b), 1e-9);
    EXPECT_FALSE(weights.kl || weights.top1 || weights.loss);
    const auto quantizer =
        resolveActivation(calibration.activations.at(value), *parseSpec("3", plan.defaultActivations));
    const auto& activations = find(all, "g", SensitivityWhat::Activations, 3, SensitivityMode::Local);
    EXPECT_NEAR(activations.outputSqnrDb, quantizationError(a, quantizer.params).sqnrDb(), 1e-9);
}

TEST_F(Sensitivity, ACancelledSweepComparesAllCellsOverTheSameSamples)
{
    options.modes = {SensitivityMode::EnableOne};
    source.indices.resize(15);
    const SensitivityTable first = table();
    const int64_t perBatch = runner->nodesRun.exchange(0);
    source.indices.resize(40);
    std::iota(source.indices.begin(), source.indices.end(), 0);
    runner->beforeNode = [&] {
        if (runner->nodesRun == perBatch + perBatch / 2)
            progress.cancel();
    };
    SensitivityTable partial = table();
    EXPECT_TRUE(partial.partial);
    EXPECT_EQ(partial.cells, first.cells);
    EXPECT_EQ(partial.samples, 15);
    EXPECT_EQ(sensitivity(*runner, plan, calibration, source, options, progress).error().code,
              Error::Cancelled);
}

TEST_F(Sensitivity, RefusesImpossibleBits)
{
    options.bits = {17};
    EXPECT_EQ(sensitivity(*runner, plan, calibration, source, options, progress).error().code,
              Error::InvalidArgument);
}

} // namespace
} // namespace bitwright
