// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/analyze.h"
#include "core/analysis/sensitivity_cells.h"
#include "core/analysis/sensitivity_units.h"
#include "tests/support.h"

#include <gtest/gtest.h>

#include <numeric>

namespace bitwright {
namespace {

using test::FakeRunner;

const SensitivityCell* findCell(const SensitivityTable& table, const std::string& layer, SensitivityWhat what,
                                int bits, SensitivityMode mode)
{
    for (const SensitivityCell& cell : table.cells)
        if (cell.layer == layer && cell.what == what && cell.bits == bits && cell.mode == mode)
            return &cell;
    return nullptr;
}

struct SensitivityUnits : testing::Test {
    std::shared_ptr<FakeRunner> runner =
        FakeRunner::fromText("x = input 8\nh = linear x 16 relu\ng = linear h 16 relu\nk = linear g 16\ns = "
                             "add h k relu\ny = linear s 6");
    Progress progress;
    SampleSource source;
    CalibrationResult calibration;
    QuantPlan plan;
    SensitivityOptions options;

    void SetUp() override
    {
        source.dataset = test::normalDataset({8}, 40, 6, 3);
        source.indices.resize(40);
        std::iota(source.indices.begin(), source.indices.end(), 0);
        source.batchSize = 15;
        calibration = *calibrate(*runner, source, progress);
        options.bits = {8, 3};
        options.modes = {SensitivityMode::EnableOne, SensitivityMode::DisableOne, SensitivityMode::Local};
    }

    Result<SensitivityTable> run(const SensitivityTable& done = {}, const SensitivitySink& sink = {})
    {
        return sensitivityByUnits(*runner, plan, calibration, source, options, done, sink, progress);
    }
};

TEST_F(SensitivityUnits, GiveBitForBitTheCellsOfTheWholeSweep)
{
    const SensitivityTable whole = *sensitivity(*runner, plan, calibration, source, options, progress);
    const SensitivityTable table = *run();
    ASSERT_EQ(table.cells.size(), whole.cells.size());
    for (const SensitivityCell& cell : whole.cells) {
        const SensitivityCell* found = findCell(table, cell.layer, cell.what, cell.bits, cell.mode);
        ASSERT_TRUE(found) << cell.layer;
        EXPECT_EQ(*found, cell);
    }
    EXPECT_EQ(table.baseline, whole.baseline);
    EXPECT_EQ(table.bases.size(), whole.bases.size());
    EXPECT_EQ(table.samples, 40);
    EXPECT_FALSE(table.partial);
}

TEST_F(SensitivityUnits, AreHandedOutOneByOne)
{
    options.modes = {SensitivityMode::EnableOne};
    std::vector<std::string> layers;
    size_t cells = 0;
    const SensitivityTable table = *run({}, [&](const SensitivityTable& unit) {
        layers.push_back(unit.cells.front().layer);
        cells += unit.cells.size();
        for (const SensitivityCell& cell : unit.cells)
            EXPECT_EQ(cell.layer, layers.back());
    });
    EXPECT_EQ(layers, (std::vector<std::string>{"input", "h", "g", "k", "s", "y"}));
    EXPECT_EQ(cells, table.cells.size());
}

TEST_F(SensitivityUnits, GoOnWhereTheyWereStopped)
{
    const SensitivityTable whole = *run();
    int units = 0;
    const SensitivityTable partial = *run({}, [&](const SensitivityTable&) {
        if (++units == 3)
            progress.cancel();
    });
    EXPECT_TRUE(partial.partial);
    EXPECT_EQ(units, 3);
    Progress again;
    units = 0;
    const SensitivityTable resumed = *sensitivityByUnits(
        *runner, plan, calibration, source, options, partial, [&](const SensitivityTable&) { ++units; },
        again);
    EXPECT_EQ(units, int(sensitivityUnits(runner->graph(), options).size()) - 3);
    EXPECT_EQ(missingUnits(partial, runner->graph(), options).size(), size_t(units));
    EXPECT_TRUE(missingUnits(whole, runner->graph(), options).empty());
    SensitivityOptions more = options, fewer = options;
    more.bits = {8, 3, 2};
    fewer.bits = {2};
    EXPECT_EQ(missingUnits(whole, runner->graph(), more), sensitivityUnits(runner->graph(), fewer));
    EXPECT_EQ(resumed, whole);
}

TEST_F(SensitivityUnits, CancelledBeforeTheFirstUnitGiveNothing)
{
    progress.cancel();
    EXPECT_EQ(run().error().code, Error::Cancelled);
}

TEST_F(SensitivityUnits, CumulativeIsTheErrorOfTheWholePlanAtTheLayersOutput)
{
    options.modes = {SensitivityMode::Cumulative};
    options.what = {SensitivityWhat::Weights};
    const SensitivityTable table = *run();
    const auto rows =
        *analyze(*runner, planAtBits(plan, SensitivityWhat::Weights, 3), calibration, source, progress);
    for (const LayerReport& row : rows) {
        const SensitivityCell* cell =
            findCell(table, row.name, SensitivityWhat::Weights, 3, SensitivityMode::Cumulative);
        ASSERT_EQ(cell != nullptr, row.weight.has_value()) << row.name;
        if (cell) {
            EXPECT_EQ(cell->outputSqnrDb, *row.cumulativeSqnrDb);
        }
    }
    EXPECT_EQ(table.cells.size(), 8u);
}

TEST_F(SensitivityUnits, BasesOfAnEnableOneSweepAreThoseOfDisableOne)
{
    options.modes = {SensitivityMode::EnableOne};
    const SensitivityTable without = *run();
    EXPECT_TRUE(without.bases.empty());
    options.bases = true;
    const SensitivityTable with = *run();
    EXPECT_EQ(with.cells, without.cells) << "bases have no cells";
    EXPECT_EQ(with.baseline, without.baseline);
    ASSERT_EQ(with.bases.size(), options.bits.size() * options.what.size());
    options.modes = {SensitivityMode::DisableOne};
    options.bases = false;
    EXPECT_EQ(run()->bases, with.bases);
}

TEST_F(SensitivityUnits, TellTheirProgressInSamplesOfTheWholeSweep)
{
    struct Recorder : Progress {
        int64_t total = 0, done = 0;
        void changed(const State& state) override
        {
            total = state.total;
            done = state.done;
        }
    } recorder;
    options.modes = {SensitivityMode::EnableOne};
    ASSERT_TRUE(sensitivityByUnits(*runner, plan, calibration, source, options, {}, {}, recorder));
    EXPECT_EQ(recorder.total, 6 * 40);
    EXPECT_EQ(recorder.done, 6 * 40);
}

} // namespace
} // namespace bitwright
