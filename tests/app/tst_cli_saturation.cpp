// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/cli_process.h"

#include <gtest/gtest.h>

namespace bitwright {
namespace {

using namespace test;
using Json = nlohmann::json;

Finished evaluated(const std::string& weights, std::vector<std::string> further)
{
    std::vector<std::string> arguments{
        "evaluate",  sample("mlp.pt"), "--data",  sample("fashion_mnist_mini.h5"),
        "--split",   "test",           "--limit", "300",
        "--weights", weights,          "--json",  "-",
        "--quiet",   "--calib-limit",  "64"};
    arguments.insert(arguments.end(), further.begin(), further.end());
    return runCli(arguments);
}

TEST(CliSaturation, SaysWhatSumsInSixteenBitsCostAndWhere)
{
    const Finished plain = evaluated("8:symmetric:channel:percentile=60", {});
    ASSERT_EQ(plain.code, 0) << plain.err;
    EXPECT_FALSE(plain.json().contains("saturation"));
    const Json json = evaluated("8:symmetric:channel:percentile=60", {"--saturate-int16"}).json();
    EXPECT_EQ(json["quantized"], plain.json()["quantized"]) << "saturation is beside the evaluation";
    const Json& cut = json["saturation"];
    EXPECT_LT(cut["output_sqnr_db"].get<double>(), json["output_sqnr_db"].get<double>());
    EXPECT_EQ(cut["samples"], 300);
    ASSERT_FALSE(cut["layers"].empty());
    for (const Json& layer : cut["layers"]) {
        EXPECT_GT(layer["pairs_at_risk"].get<double>(), 0);
        EXPECT_LE(layer["outputs_changed"].get<double>(), 1);
    }
}

TEST(CliSaturation, SevenBitWeightsLoseNothing)
{
    const Json json = evaluated("7:symmetric:channel:percentile=60", {"--saturate-int16"}).json();
    EXPECT_TRUE(json["saturation"]["layers"].empty());
    EXPECT_EQ(json["saturation"]["top1"], json["quantized"]["top1"]);
    EXPECT_EQ(json["saturation"]["loss"], json["quantized"]["loss"]);
}

TEST(CliSaturation, TheAllowedDropIsThatOfTheSaturatedModel)
{
    const std::string weights = "8:symmetric:channel:percentile=60";
    const Json json = evaluated(weights, {"--saturate-int16"}).json();
    const double exact =
        100 * (json["float"]["top1"].get<double>() - json["quantized"]["top1"].get<double>());
    const double cut = 100 * (json["float"]["top1"].get<double>() - json["saturation"]["top1"].get<double>());
    ASSERT_GT(cut, exact);
    const std::string between = std::to_string((exact + cut) / 2);
    EXPECT_EQ(evaluated(weights, {"--max-drop", between}).code, 0);
    EXPECT_EQ(evaluated(weights, {"--max-drop", between, "--saturate-int16"}).code, 3);
}

} // namespace
} // namespace bitwright
