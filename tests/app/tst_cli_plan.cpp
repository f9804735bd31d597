// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/cli_process.h"
#include "tests/temporary_folder.h"

#include <gtest/gtest.h>

#include <fstream>

namespace bitwright {
namespace {

using test::Finished;
using test::runCli;
using test::sample;
using test::TemporaryFolder;
using Json = nlohmann::json;

const std::string kData = sample("fashion_mnist_mini.h5");

Finished planOf(const std::string& model, std::vector<std::string> more)
{
    std::vector<std::string> all{"plan", model, "--quiet", "--json", "-"};
    all.insert(all.end(), more.begin(), more.end());
    return runCli(all);
}

Finished planOfCnn(std::vector<std::string> more)
{
    more.insert(more.end(), {"--data", kData, "--limit", "500", "--threads", "2"});
    return planOf(sample("cnn.pt"), more);
}

int bitsOf(const Json& result, const std::string& layer)
{
    for (const Json& row : result["layers"])
        if (row["name"] == layer)
            return row["bits"];
    return -1;
}

TEST(CliPlan, KeepsTheAverageAndItsFileGivesTheSameNumbers)
{
    const TemporaryFolder folder;
    const std::string out = folder.file("plan.json");
    const Finished made = planOfCnn({"--average-bits", "4.5", "--out", out});
    ASSERT_EQ(made.code, 0) << made.err;
    const Json result = made.json();
    EXPECT_LE(result["average_bits"], 4.5);
    EXPECT_GT(result["average_bits"], 3.0);
    const Finished again = runCli({"evaluate", sample("cnn.pt"), "--data", kData, "--plan", out, "--limit",
                                   "500", "--threads", "2", "--quiet", "--json", "-"});
    ASSERT_EQ(again.code, 0) << again.err;
    for (const char* part : {"float", "quantized", "size", "output_sqnr_db"})
        EXPECT_EQ(again.json()[part], result[part]) << part;
}

TEST(CliPlan, KeepsTheSizeAndTheLayersThatAreLocked)
{
    const TemporaryFolder folder;
    const std::string start = folder.file("start.json");
    const Json eight = {{"bits", 8}, {"granularity", "channel"}};
    std::ofstream(start) << Json{{"version", 1},
                                 {"defaults", {{"weights", eight}, {"activations", {{"bits", 8}}}}},
                                 {"layers", {{"features.4", {{"locked", true}}}}}};
    const Finished made = planOfCnn({"--max-bytes", "60000", "--plan", start});
    ASSERT_EQ(made.code, 0) << made.err;
    EXPECT_LE(made.json()["size"]["quantized_bytes"], 60000);
    EXPECT_EQ(bitsOf(made.json(), "features.4"), 8);
    EXPECT_LT(bitsOf(made.json(), "classifier.1"), 8);
    const Finished tiny = planOfCnn({"--max-bytes", "1000"});
    EXPECT_EQ(tiny.code, 3);
    EXPECT_NE(tiny.err.find("1000 bytes"), std::string::npos) << tiny.err;
    EXPECT_EQ(bitsOf(tiny.json(), "features.4"), 2) << "the closest that there is";
    const Finished few = planOfCnn({"--average-bits", "1.5"});
    EXPECT_EQ(few.code, 3);
    EXPECT_NE(few.err.find("at least 2.00 bits"), std::string::npos) << few.err;
}

TEST(CliPlan, TakesAsFewBitsAsTheAllowedLossOfAccuracy)
{
    const Finished made = planOfCnn({"--max-drop", "1"});
    ASSERT_EQ(made.code, 0) << made.err;
    const Json result = made.json();
    EXPECT_LT(result["average_bits"], 6);
    EXPECT_GT(result["trials"].size(), 2u);
    EXPECT_LE(100 * (result["float"]["top1"].get<double>() - result["quantized"]["top1"].get<double>()),
              1 + 1e-9);
    const Finished impossible = planOfCnn({"--max-drop", "-50"});
    EXPECT_EQ(impossible.code, 3);
    EXPECT_NE(impossible.err.find("-50.00"), std::string::npos) << impossible.err;
}

TEST(CliPlan, SaysWhatIsMissing)
{
    EXPECT_EQ(planOfCnn({}).code, 2);
    for (const char* number : {"nan", "inf", "two", "17"})
        EXPECT_EQ(planOfCnn({"--average-bits", number}).code, 2) << number;
    EXPECT_EQ(planOfCnn({"--max-drop", "nan"}).code, 2);
    EXPECT_EQ(planOfCnn({"--max-drop", "1", "--average-bits", "4"}).code, 2);
    const Finished unlabelled = planOf(sample("cnn.pt"), {"--max-drop", "1", "--limit", "16"});
    EXPECT_EQ(unlabelled.code, 2);
    EXPECT_NE(unlabelled.err.find("labels"), std::string::npos) << unlabelled.err;
}

TEST(CliPlan, WorksOnWeightsWithoutAGraph)
{
    const TemporaryFolder folder;
    const std::string packed = folder.file("packed.h5");
    ASSERT_EQ(runCli({"export", sample("cnn.pt"), "--data", kData, "--weights", "float", "--format",
                      "weights-hdf5", "--out", packed, "--quiet"})
                  .code,
              0);
    const Finished made = planOf(packed, {"--average-bits", "4.5", "--weights", "8:symmetric:group=32"});
    ASSERT_EQ(made.code, 0) << made.err;
    EXPECT_LE(made.json()["average_bits"], 4.5);
    EXPECT_LT(bitsOf(made.json(), "classifier.1"), 8);
    EXPECT_EQ(planOf(packed, {"--max-drop", "1"}).code, 1);
}

} // namespace
} // namespace bitwright
