// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/cli_process.h"
#include "tests/temporary_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

namespace bitwright {
namespace {

using test::Finished;
using test::runCli;
using test::sample;
using test::TemporaryFolder;
using Json = nlohmann::json;
using Arguments = std::vector<std::string>;

const std::string kData = sample("fashion_mnist_mini.h5");

Arguments joined(Arguments a, const Arguments& b)
{
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

Arguments tuneMlp(const Arguments& more)
{
    return joined({"tune", sample("mlp.pt"), "--data", kData, "--weights", "3:symmetric:channel:mse",
                   "--activations", "4:asymmetric:tensor:mse", "--limit", "500", "--threads", "2", "--quiet"},
                  more);
}

TEST(CliTune, GivesTheNumbersOfTheContractAndAFileThatEvaluateAgreesWith)
{
    const TemporaryFolder folder;
    const std::string out = folder.file("tuned.pt"), json = folder.file("tuned.json");
    // The result is named like the sidecar of the tuned model on purpose.
    const Finished finished = runCli(tuneMlp({"--epochs", "2", "--out", out, "--json", json}));
    ASSERT_EQ(finished.code, 0) << finished.err;
    const Json tuned = Json::parse(test::readAll(json));
    ASSERT_EQ(tuned["epochs"].size(), 2u);
    for (const Json& epoch : tuned["epochs"])
        for (const char* key : {"epoch", "loss", "top1"})
            EXPECT_TRUE(epoch[key].is_number()) << key;
    EXPECT_EQ(tuned["epochs"][0]["epoch"], 1);
    EXPECT_TRUE(tuned["best_epoch"].is_number_integer());
    EXPECT_GT(tuned["after"]["top1"].get<double>(), tuned["before"]["top1"].get<double>() - 0.01);
    EXPECT_FALSE(std::filesystem::exists(out + ".checkpoint"));

    const Finished again = runCli({"evaluate", out, "--data", kData, "--plan", folder.file("tuned.plan.json"),
                                   "--limit", "500", "--threads", "2", "--quiet", "--json", "-"});
    ASSERT_EQ(again.code, 0) << again.err;
    for (const char* part : {"float", "quantized", "agreement", "output_sqnr_db", "size"})
        EXPECT_EQ(again.json()[part], tuned["after"][part]) << part;

    const Finished exported =
        runCli({"export", out, "--data", kData, "--plan", folder.file("tuned.plan.json"), "--format",
                "torchscript-fakequant", "--out", folder.file("fq.pt"), "--quiet", "--json", "-"});
    ASSERT_EQ(exported.code, 0) << exported.err;
    EXPECT_EQ(exported.json()["parity"]["top1_agreement"], 1.0);
}

TEST(CliTune, GoesOnFromACheckpointToTheSameResult)
{
    const TemporaryFolder folder;
    const std::string checkpoint = folder.file("run.checkpoint");
    const Arguments options{"--epochs", "40", "--checkpoint", checkpoint, "--json", "-"};
    const Finished whole = runCli(tuneMlp({"--epochs", "40", "--json", "-"}));
    ASSERT_EQ(whole.code, 0) << whole.err;
    Arguments heard = tuneMlp(options);
    heard.erase(std::find(heard.begin(), heard.end(), "--quiet"));
    const Finished killed =
        runCli(heard, {[](const std::string& err) { return err.find("epoch 3 of") != err.npos; }});
    EXPECT_EQ(killed.code, 130) << killed.err;
    EXPECT_EQ(killed.json()["partial"], true);
    EXPECT_GE(killed.json()["epochs"].size(), 2u);
    const Finished resumed = runCli(tuneMlp({"--epochs", "40", "--resume", checkpoint, "--json", "-"}));
    ASSERT_EQ(resumed.code, 0) << resumed.err;
    EXPECT_EQ(resumed.json()["after"], whole.json()["after"]);
    EXPECT_EQ(resumed.json()["plan"], whole.json()["plan"]);
}

TEST(CliTune, KeepsTheBestEpochOfAnInterruptedRun)
{
    const TemporaryFolder folder;
    const std::string out = folder.file("tuned.pt");
    Arguments options = tuneMlp({"--epochs", "400", "--out", out, "--json", "-"});
    options.erase(std::find(options.begin(), options.end(), "--quiet"));
    const Finished stopped =
        runCli(options, {[](const std::string& err) { return err.find("epoch 3 of") != err.npos; }});
    EXPECT_EQ(stopped.code, 130) << stopped.err;
    const Json result = stopped.json();
    EXPECT_EQ(result["partial"], true);
    EXPECT_TRUE(result["after"].is_null());
    EXPECT_GE(result["best_epoch"], 1);
    EXPECT_LT(result["epochs"].size(), 400u);
    ASSERT_EQ(result["files"].size(), 2u);
    EXPECT_TRUE(std::filesystem::exists(out + ".checkpoint"));
    const Finished again = runCli({"evaluate", out, "--data", kData, "--plan", folder.file("tuned.plan.json"),
                                   "--limit", "500", "--quiet", "--json", "-"});
    ASSERT_EQ(again.code, 0) << again.err;
    EXPECT_GT(again.json()["quantized"]["top1"], result["before"]["top1"]);
}

TEST(CliTune, RepairsWithoutTrainingAndTheFilesSayTheSame)
{
    const TemporaryFolder folder;
    const std::string out = folder.file("repaired.pt");
    const Arguments plan{"--data", kData, "--limit", "500", "--threads", "2", "--quiet", "--json", "-"};
    const Finished finished = runCli(joined({"tune", sample("dwcnn.pt"), "--weights", "8:symmetric:tensor",
                                             "--method", "equalize,bias-correction", "--out", out},
                                            plan));
    ASSERT_EQ(finished.code, 0) << finished.err;
    const Json repaired = finished.json();
    EXPECT_EQ(repaired["epochs"], Json::array());
    EXPECT_EQ(repaired["best_epoch"], 0);
    EXPECT_EQ(repaired["notes"].size(), 2u);
    const double before = repaired["before"]["top1"], after = repaired["after"]["top1"];
    EXPECT_GT(after, before + 0.1);
    EXPECT_GT(after, repaired["before"]["float_top1"].get<double>() - 0.01);
    EXPECT_GT(repaired["after_against_original"]["agreement"].get<double>(), 0.97);
    const Finished again =
        runCli(joined({"evaluate", out, "--plan", folder.file("repaired.plan.json")}, plan));
    ASSERT_EQ(again.code, 0) << again.err;
    for (const char* part : {"float", "quantized", "agreement", "output_sqnr_db", "size"})
        EXPECT_EQ(again.json()[part], repaired["after"][part]) << part;
}

TEST(CliTune, PrunesAndTheFilesHoldTheZeros)
{
    const TemporaryFolder folder;
    const std::string out = folder.file("sparse.pt");
    const Finished finished = runCli({"tune",
                                      sample("cnn.pt"),
                                      "--data",
                                      kData,
                                      "--limit",
                                      "200",
                                      "--threads",
                                      "2",
                                      "--quiet",
                                      "--weights",
                                      "8:asymmetric:channel",
                                      "--epochs",
                                      "1",
                                      "--steps",
                                      "4",
                                      "--prune",
                                      "magnitude=0.5",
                                      "--prune-schedule",
                                      "gradual",
                                      "--out",
                                      out,
                                      "--json",
                                      "-"});
    ASSERT_EQ(finished.code, 0) << finished.err;
    const Json tuned = finished.json();
    ASSERT_EQ(tuned["layers"].size(), 5u);
    for (const Json& layer : tuned["layers"])
        EXPECT_NEAR(layer["sparsity"].get<double>(), 0.5, 0.005) << layer["name"];
    const Json& size = tuned["after"]["size"];
    EXPECT_LT(size["sparse_bytes"].get<int64_t>(), 0.7 * size["quantized_bytes"].get<double>());
    EXPECT_EQ(tuned["before"]["size"]["quantized_bytes"], size["quantized_bytes"]);
    const Finished rows = runCli({"analyze", out, "--plan", folder.file("sparse.plan.json"), "--data", kData,
                                  "--calib-limit", "32", "--quiet", "--json", "-"});
    ASSERT_EQ(rows.code, 0) << rows.err;
    for (const Json& layer : rows.json()["layers"])
        if (!layer["weight"].is_null())
            EXPECT_NEAR(layer["weight"]["sparsity"].get<double>(), 0.5, 0.005) << layer["name"];
}

TEST(CliTune, RemovesChannelsFromTheFile)
{
    const TemporaryFolder folder;
    const std::string out = folder.file("small.pt");
    const Finished finished =
        runCli({"tune", sample("dwcnn.pt"), "--data", kData, "--limit", "200", "--threads", "2", "--quiet",
                "--epochs", "1", "--steps", "4", "--prune", "channels=0.5", "--out", out, "--json", "-"});
    ASSERT_EQ(finished.code, 0) << finished.err;
    const auto totals = [](const std::string& model) {
        return runCli({"inspect", model, "--quiet", "--json", "-"}).json()["totals"];
    };
    const Json before = totals(sample("dwcnn.pt")), after = totals(out);
    EXPECT_LT(after["params"].get<double>(), 0.4 * before["params"].get<double>());
    EXPECT_LT(after["macs"].get<double>(), 0.5 * before["macs"].get<double>());
    EXPECT_EQ(finished.json()["after"]["macs"], after["macs"]);
    EXPECT_EQ(runCli({"evaluate", out, "--plan", folder.file("small.plan.json"), "--data", kData, "--limit",
                      "50", "--quiet"})
                  .code,
              0);
}

TEST(CliTune, RefusesWhatItDoesNotKnow)
{
    EXPECT_EQ(runCli(tuneMlp({"--prune", "magnitude=2"})).code, 2);
    EXPECT_EQ(runCli(tuneMlp({"--method", "equalize,lsq"})).code, 2);
    EXPECT_EQ(runCli(tuneMlp({"--method", "magic"})).code, 2);
    EXPECT_EQ(runCli(tuneMlp({"--epochs", "0"})).code, 2);
    EXPECT_EQ(runCli(tuneMlp({"--lr", "-1"})).code, 2);
    EXPECT_EQ(runCli(tuneMlp({"--loss", "none", "--no-distill"})).code, 2);
    EXPECT_EQ(runCli(tuneMlp({"--resume", "/nonexistent/checkpoint"})).code, 1);
}

TEST(CliTune, LearnsWithoutLabelsFromRandomData)
{
    const Finished finished = runCli({"tune", sample("lstm.pt"), "--weights", "3", "--activations", "6",
                                      "--epochs", "1", "--train-limit", "256", "--quiet", "--json", "-"});
    ASSERT_EQ(finished.code, 0) << finished.err;
    EXPECT_TRUE(finished.json()["epochs"][0]["top1"].is_null());
    EXPECT_TRUE(finished.json()["epochs"][0]["loss"].is_number());
}

TEST(CliTune, SaysWhatFewBitsAtTheEndsCost)
{
    const auto notes = [](const Arguments& plan) {
        return runCli(joined({"tune", sample("lstm.pt"), "--epochs", "1", "--train-limit", "64"}, plan)).err;
    };
    EXPECT_NE(notes({"--weights", "4", "--activations", "4"}).find("--first-last 8"), std::string::npos);
    EXPECT_EQ(notes({"--weights", "8", "--activations", "8"}).find("--first-last"), std::string::npos);
}

} // namespace
} // namespace bitwright
