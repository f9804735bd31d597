// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/session_file.h"
#include "core/io/sweep_journal.h"
#include "tests/temporary_folder.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace bitwright {
namespace {

SensitivityTable unit(const std::string& layer, double sqnrDb, int64_t samples = 64)
{
    SensitivityTable table;
    for (int bits : {8, 4})
        table.cells.push_back({layer,
                               SensitivityWhat::Weights,
                               bits,
                               SensitivityMode::EnableOne,
                               sqnrDb / 3 * bits,
                               1e-7 / 3,
                               0.875,
                               {}});
    table.samples = samples;
    return table;
}

QuantPlan planOf(const std::string& note)
{
    QuantPlan plan;
    plan.layers["conv1"].note = note;
    return plan;
}

struct SweepJournalTest : testing::Test {
    test::TemporaryFolder folder;
    std::string path = sweepJournalOf(folder.file("work.bitwright"));

    std::string contents() const
    {
        std::ifstream file(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    void add(const SensitivityTable& measured)
    {
        ASSERT_TRUE(appendToSweepJournal(path, planOf("two\nlines"), measured));
    }
};

TEST_F(SweepJournalTest, GivesBackThePlanAndEveryUnitToTheLastBit)
{
    const std::vector units{unit("conv1", 31.7), unit("conv2", 9.1), unit("fc", 44.4)};
    for (const SensitivityTable& measured : units)
        add(measured);
    const auto journal = readSweepJournal(path);
    ASSERT_TRUE(journal) << journal.error().text();
    EXPECT_EQ(journal->plan, planOf("two\nlines"));
    EXPECT_EQ(journal->units, units);
}

TEST_F(SweepJournalTest, WithoutAFileIsNotFound)
{
    const auto journal = readSweepJournal(path);
    ASSERT_FALSE(journal);
    EXPECT_EQ(journal.error().code, Error::NotFound);
}

TEST_F(SweepJournalTest, OfAnEmptyOrForeignFileIsCorrupt)
{
    for (const char* bytes :
         {"", "\n", "garbage", "{}\n", "12\n", "\"no plan\"\n", "\x89HDF\r\n\x1a\n", "[[[[[["}) {
        folder.write("work.bitwright.sweep", bytes);
        const auto journal = readSweepJournal(path);
        ASSERT_FALSE(journal) << bytes;
        EXPECT_EQ(journal.error().code, Error::Corrupt) << bytes;
    }
}

TEST_F(SweepJournalTest, CutOffAnywhereKeepsTheWholeUnitsBefore)
{
    add(unit("conv1", 31.7));
    const size_t first = contents().size();
    add(unit("conv2", 9.1));
    const std::string whole = contents();
    const size_t plan = whole.find('\n');
    for (size_t length = 0; length < whole.size(); ++length) {
        folder.write("work.bitwright.sweep", whole.substr(0, length));
        const auto journal = readSweepJournal(path);
        ASSERT_EQ(bool(journal), length >= plan) << length;
        if (journal) {
            const size_t units = length + 1 >= whole.size() ? 2 : length + 1 >= first ? 1 : 0;
            EXPECT_EQ(journal->units.size(), units) << length;
        }
    }
}

TEST_F(SweepJournalTest, EndsAtTheFirstDamagedUnit)
{
    add(unit("conv1", 31.7));
    std::ofstream(path, std::ios::app) << "{\"cells\": 3}\n";
    add(unit("conv2", 9.1));
    const auto journal = readSweepJournal(path);
    ASSERT_TRUE(journal);
    EXPECT_EQ(journal->units, std::vector{unit("conv1", 31.7)});
}

TEST_F(SweepJournalTest, ThatCannotBeWrittenSaysSo)
{
    const auto written = appendToSweepJournal(folder.file("missing/work.sweep"), {}, unit("conv1", 1));
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, Error::Io);
}

TEST_F(SweepJournalTest, AddsToTheSameSweepOfTheSession)
{
    SessionData session;
    session.sweptPlan = planOf("mine");
    SensitivityTable saved = unit("conv1", 31.7);
    saved.partial = true;
    saved.baseline.samples = 64;
    session.sensitivity = std::make_shared<const SensitivityTable>(saved);
    addSweepJournal(session, {planOf("mine"), {unit("conv1", 30), unit("conv2", 9.1)}});
    ASSERT_EQ(session.sensitivity->cells.size(), 4u);
    EXPECT_EQ(session.sensitivity->cells[0], unit("conv1", 30).cells[0]) << "the later measurement counts";
    EXPECT_EQ(session.sensitivity->cells[3], unit("conv2", 9.1).cells[1]);
    EXPECT_EQ(session.sensitivity->baseline, saved.baseline);
    EXPECT_TRUE(session.sensitivity->partial);
}

TEST_F(SweepJournalTest, TakesThePlaceOfASweepOfAnotherPlanOrOtherSamples)
{
    for (const auto& [plan, samples] : {std::pair(planOf("other"), 64), std::pair(planOf("mine"), 32)}) {
        SessionData session;
        session.sweptPlan = plan;
        session.sensitivity = std::make_shared<const SensitivityTable>(unit("conv1", 31.7, samples));
        addSweepJournal(session, {planOf("mine"), {unit("conv2", 9.1)}});
        EXPECT_EQ(session.sweptPlan, planOf("mine"));
        EXPECT_EQ(session.sensitivity->cells, unit("conv2", 9.1).cells);
        EXPECT_TRUE(session.sensitivity->partial);
    }
}

TEST_F(SweepJournalTest, WithoutUnitsChangesNothing)
{
    SessionData session;
    addSweepJournal(session, {planOf("mine"), {}});
    EXPECT_FALSE(session.sensitivity);
    EXPECT_EQ(session.sweptPlan, QuantPlan());
}

} // namespace
} // namespace bitwright
