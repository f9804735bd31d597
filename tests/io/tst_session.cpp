// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/hdf5_file.h"
#include "core/io/session_file.h"
#include "tests/temporary_folder.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <random>

namespace bitwright {
namespace {

class SessionFile : public testing::Test {
protected:
    test::TemporaryFolder m_folder;
    std::string path = m_folder.file("work.bitwright");
};

std::vector<float> wildFloats(size_t count, unsigned seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0.0F, 3.0F);
    std::vector<float> values(count);
    for (float& value : values)
        value = std::ldexp(normal(random), int(random() % 40) - 20);
    values[0] = 0;
    values[1] = std::numeric_limits<float>::infinity();
    return values;
}

TensorStats statsOf(unsigned seed)
{
    TensorStats stats;
    addToStats(stats, Tensor::fromFloats({4, 6, 5, 5}, wildFloats(600, seed)), 1, true);
    addToStats(stats, Tensor::fromFloats({2, 6, 5, 5}, wildFloats(300, seed + 1)), 1, true);
    return stats;
}

Quality quality(double top1)
{
    Quality q;
    q.samples = 1000;
    q.top1 = top1;
    q.loss = 1.0 / 3.0;
    q.confusion = {{5, 1}, {0, 7}};
    return q;
}

SessionData fullSession()
{
    SessionData s;
    s.modelPath = "/models/mobil ä.pt";
    s.modelSha256 = std::string(64, 'a');
    s.dataPath = "/data/set.h5";
    s.dataOptions.split = "test";
    s.dataOptions.preprocess.mean = {0.1, 1.0 / 3};
    s.plan.modelSha256 = s.modelSha256;
    s.plan.setWeights("features.0", parseSpec("3:symmetric:group=7:mse", {}).value());
    s.plan.layers["features.0"].note = "keep \"this\"";
    CalibrationResult calibration;
    for (unsigned i = 0; i < 5; ++i)
        calibration.activations[ValueId(i * 3)] = statsOf(i);
    calibration.activations[7] = TensorStats{};
    calibration.prefixes.push_back({1, {{ValueId(0), statsOf(9)}}});
    calibration.prefixes.push_back({2, {{ValueId(0), statsOf(8)}, {ValueId(3), statsOf(7)}}});
    calibration.samples = 6;
    calibration.partial = true;
    s.calibration = std::make_shared<const CalibrationResult>(calibration);
    s.valueNames = {"x", "conv", "out"};
    SessionEvaluation e;
    e.evaluation.floating = quality(0.9131);
    e.evaluation.quantized = quality(0.1 + 0.2);
    e.evaluation.outputSqnrDb = std::numeric_limits<double>::infinity();
    e.evaluation.predictions = {{3, -1, 2, 1, 0.1F, std::numeric_limits<float>::infinity()},
                                {4, 1, 1, 1, 1e-30F, 2}};
    e.cost.bops = 1e18 / 7;
    e.plan = s.plan;
    s.evaluation = e;
    s.saturation = {e.evaluation, {{"features.0", 1.0 / 3, 1e-7}, {"features.3", 1, 0}}};
    SensitivityTable table;
    table.cells.push_back(
        {"features.0", SensitivityWhat::Activations, 3, SensitivityMode::DisableOne, 21.7, {}, 0.5, {}});
    table.baseline = quality(0.5);
    table.bases.push_back({SensitivityWhat::Activations, 4, quality(0.25)});
    table.samples = 12;
    s.sensitivity = std::make_shared<const SensitivityTable>(table);
    s.sweptPlan.setWeights("a", QuantSpec::float32());
    s.snapshots = {{"eins", s.plan}, {"zwei \"2\"", {}}};
    e.step = "a: weight bits → 4";
    s.measurements = {e, e};
    s.texts = {{"view", R"({"selection": ["a"]})"}, {"snapshots", std::string(200'000, 'x')}, {"empty", ""}};
    return s;
}

TEST_F(SessionFile, GivesBackEveryBit)
{
    const SessionData s = fullSession();
    ASSERT_TRUE(writeSession(path, s));
    const auto read = readSession(path);
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(read->modelPath, s.modelPath);
    EXPECT_EQ(read->modelSha256, s.modelSha256);
    EXPECT_EQ(read->dataPath, s.dataPath);
    EXPECT_EQ(read->dataOptions.split, "test");
    EXPECT_EQ(read->dataOptions.preprocess, s.dataOptions.preprocess);
    EXPECT_EQ(read->plan, s.plan);
    ASSERT_TRUE(read->calibration);
    EXPECT_EQ(*read->calibration, *s.calibration);
    EXPECT_EQ(read->valueNames, s.valueNames);
    EXPECT_EQ(read->evaluation, s.evaluation);
    EXPECT_EQ(read->saturation, s.saturation);
    ASSERT_TRUE(read->sensitivity);
    EXPECT_EQ(*read->sensitivity, *s.sensitivity);
    EXPECT_EQ(read->sweptPlan, s.sweptPlan);
    EXPECT_EQ(read->snapshots, s.snapshots);
    EXPECT_EQ(read->measurements, s.measurements);
    EXPECT_EQ(read->texts, s.texts);
}

TEST_F(SessionFile, WithoutResultsIsASessionToo)
{
    SessionData s;
    s.modelPath = "/m.pt";
    ASSERT_TRUE(writeSession(path, s));
    const auto read = readSession(path);
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_FALSE(read->calibration);
    EXPECT_FALSE(read->evaluation);
    EXPECT_FALSE(read->sensitivity);
    EXPECT_TRUE(read->texts.empty());
}

TEST_F(SessionFile, TheSameWorkGivesTheSameBytes)
{
    const std::string second = path + "2";
    ASSERT_TRUE(writeSession(path, fullSession()));
    ASSERT_TRUE(writeSession(second, fullSession()));
    const auto bytes = [](const std::string& file) {
        std::ifstream in(file, std::ios::binary);
        return std::string(std::istreambuf_iterator<char>(in), {});
    };
    EXPECT_EQ(bytes(path), bytes(second));
}

TEST_F(SessionFile, CutShortItSaysSoInOneSentence)
{
    ASSERT_TRUE(writeSession(path, fullSession()));
    const auto whole = std::filesystem::file_size(path);
    for (const double share : {0.0, 0.01, 0.3, 0.7, 0.95, 0.999}) {
        std::filesystem::copy_file(path, path + "cut", std::filesystem::copy_options::overwrite_existing);
        std::filesystem::resize_file(path + "cut", uintmax_t(double(whole) * share));
        const auto read = readSession(path + "cut");
        ASSERT_FALSE(read) << share;
        EXPECT_EQ(read.error().code, Error::Corrupt) << read.error().text();
        EXPECT_EQ(read.error().message.find('\n'), std::string::npos);
    }
}

TEST_F(SessionFile, WithDamagedBytesItIsReadOrRefusedAndNothingElse)
{
    ASSERT_TRUE(writeSession(path, fullSession()));
    const auto whole = std::filesystem::file_size(path);
    std::mt19937 random(3);
    int refused = 0;
    for (int i = 0; i < 60; ++i) {
        const std::string damagedPath = path + "damaged";
        std::filesystem::copy_file(path, damagedPath, std::filesystem::copy_options::overwrite_existing);
        std::fstream file(damagedPath, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(std::streamoff(random() % whole));
        const std::array<char, 4> noise{char(random()), char(random()), char(random()), char(random())};
        file.write(noise.data(), noise.size());
        file.close();
        const auto read = readSession(damagedPath);
        if (!read) {
            ++refused;
            EXPECT_FALSE(read.error().message.empty());
        }
    }
    EXPECT_GT(refused, 5);
}

TEST_F(SessionFile, OtherHdf5FilesAndNewerVersionsAreNamed)
{
    {
        auto file = Hdf5File::create(path);
        const float one = 1;
        ASSERT_TRUE(file->write("images", H5Type::F32, {1}, &one));
        ASSERT_TRUE(file->close());
    }
    EXPECT_EQ(readSession(path).error().message, "This is not a Bitwright session.");
    {
        auto file = Hdf5File::create(path);
        ASSERT_TRUE(file->writeAttribute("", "format", std::string("bitwright-session")));
        ASSERT_TRUE(file->writeAttribute("", "version", std::string("2")));
        ASSERT_TRUE(file->close());
    }
    EXPECT_EQ(readSession(path).error().code, Error::Unsupported);
    EXPECT_EQ(readSession("/nowhere.bitwright").error().code, Error::NotFound);
}

TEST_F(SessionFile, LengthsThatDoNotFitAreRefused)
{
    ASSERT_TRUE(writeSession(path, fullSession()));
    // The same statistics with one row more than there are moments.
    auto whole = Hdf5File::open(path);
    const auto info = whole->info("calibration/sites");
    std::vector<int64_t> sites(size_t(info->shape[0] * info->shape[1]));
    ASSERT_TRUE(whole->readRows("calibration/sites", 0, info->shape[0], sites.data()));
    for (const int64_t channels : {int64_t(1), int64_t(30'000), int64_t(-1), int64_t(1) << 40}) {
        auto changed = sites;
        changed.back() = channels; // the last column is the number of channels
        // Not reachable through the interface: written by hand.
        auto file = Hdf5File::create(path + "hand");
        ASSERT_TRUE(file->writeAttribute("", "format", std::string("bitwright-session")));
        ASSERT_TRUE(file->writeAttribute("", "version", std::string("1")));
        const auto keys = whole->datasets();
        for (const std::string& key : *keys) {
            const auto what = whole->info(key);
            int64_t elements = 1;
            for (const int64_t size : what->shape)
                elements *= size;
            std::vector<char> data(size_t(elements) * 8);
            if (what->shape[0] > 0) {
                ASSERT_TRUE(whole->readRows(key, 0, what->shape[0], data.data()));
            }
            const bool isSites = key == "calibration/sites";
            ASSERT_TRUE(
                file->write(key, what->type, what->shape, isSites ? (void*)changed.data() : data.data()));
        }
        ASSERT_TRUE(file->close());
        const auto read = readSession(path + "hand");
        ASSERT_FALSE(read) << channels;
        EXPECT_EQ(read.error().code, Error::Corrupt) << read.error().text();
    }
}

} // namespace
} // namespace bitwright
