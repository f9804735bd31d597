// SPDX-License-Identifier: GPL-3.0-or-later
// Several processes that share a job: the same answer as one gives.
#include "tests/app/cli_process.h"
#include "tests/temporary_folder.h"

#include <gtest/gtest.h>

#include <cmath>

namespace bitwright {
namespace {

using test::Finished;
using test::runCli;
using test::runWorkers;
using test::sample;
using test::TemporaryFolder;
using Json = nlohmann::json;
using Arguments = std::vector<std::string>;

/// What two workers say; nothing comes from the second.
Json together(const Arguments& arguments)
{
    const std::vector<Finished> finished = runWorkers(2, arguments);
    for (const Finished& worker : finished)
        EXPECT_EQ(worker.code, 0) << worker.err;
    EXPECT_EQ(finished[1].out + finished[1].err, "");
    return finished[0].json();
}

Json alone(const Arguments& arguments)
{
    const Finished finished = runCli(arguments);
    EXPECT_EQ(finished.code, 0) << finished.err;
    return finished.json();
}

Arguments job(const Arguments& verbAndModel, const Arguments& more)
{
    Arguments all = verbAndModel;
    for (const char* word : {"--threads", "1", "--quiet", "--json", "-"})
        all.push_back(word);
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

const std::string kData = sample("fashion_mnist_mini.h5");

void expectTheSame(const Arguments& arguments, const Arguments& keys)
{
    const Json one = alone(arguments), two = together(arguments);
    for (const std::string& key : keys) {
        EXPECT_TRUE(one.contains(key)) << key;
        EXPECT_EQ(one[key], two[key]) << key;
    }
}

TEST(CliWorkers, MeasureTheSameStatistics)
{
    // Seven batches, the last one short: one worker has a batch more than the other.
    expectTheSame(job({"stats", sample("cnn.pt"), "--data", kData}, {"--limit", "101", "--batch", "16"}),
                  {"tensors"});
}

TEST(CliWorkers, FindTheSameRangesWhereTheOrderOfSamplesMatters)
{
    expectTheSame(job({"analyze", sample("dwcnn.pt"), "--data", kData},
                      {"--calib-limit", "75", "--limit", "16", "--batch", "8", "--weights", "8",
                       "--activations", "8:asymmetric:tensor:moving-average"}),
                  {"layers"});
}

TEST(CliWorkers, EvaluateToTheSameNumbers)
{
    expectTheSame(job({"evaluate", sample("vit.pt"), "--data", kData},
                      {"--limit", "150", "--calib-limit", "50", "--batch", "32"}),
                  {"float", "quantized", "agreement", "output_sqnr_db", "size"});
}

TEST(CliWorkers, EvaluateRandomDataToTheSameNumbers)
{
    expectTheSame(job({"evaluate", sample("mlp.pt")}, {"--limit", "40", "--batch", "16"}),
                  {"float", "quantized", "agreement", "output_sqnr_db"});
}

TEST(CliWorkers, ShareTheCellsOfASweep)
{
    expectTheSame(
        job({"sensitivity", sample("cnn.pt"), "--data", kData},
            {"--limit", "64", "--calib-limit", "64", "--bits", "8,4,2", "--mode", "enable-one,disable-one"}),
        {"cells", "baseline"});
}

TEST(CliWorkers, TrainLikeOneProcessWithTheSameBatch)
{
    // Batch-norm over the whole batch, distillation, learned ranges. With a seed where no value lies so near
    // the middle between two codes that the last bits of a sum decide: one 4-bit logit less is 1 % of the
    // loss.
    const Arguments arguments = job({"tune", sample("dwcnn.pt"), "--data", kData}, {"--weights",
                                                                                    "4:symmetric:channel:mse",
                                                                                    "--activations",
                                                                                    "4:asymmetric:tensor:mse",
                                                                                    "--epochs",
                                                                                    "1",
                                                                                    "--train-limit",
                                                                                    "320",
                                                                                    "--batch",
                                                                                    "32",
                                                                                    "--optimizer",
                                                                                    "sgd",
                                                                                    "--lr",
                                                                                    "0.001",
                                                                                    "--limit",
                                                                                    "200",
                                                                                    "--calib-limit",
                                                                                    "100",
                                                                                    "--distill",
                                                                                    "--seed",
                                                                                    "2"});
    const Json one = alone(arguments), two = together(arguments);
    const auto near = [](const Json& a, const Json& b) {
        return std::abs(a.get<double>() - b.get<double>()) <= 1e-5 * std::abs(a.get<double>());
    };
    ASSERT_EQ(one["epochs"].size(), 1u);
    const Json &a = one["epochs"][0], &b = two["epochs"][0];
    EXPECT_TRUE(near(a["loss"], b["loss"])) << a["loss"] << " " << b["loss"];
    EXPECT_TRUE(near(a["scales"][0]["scale"], b["scales"][0]["scale"]));
    EXPECT_EQ(one["before"], two["before"]);
    EXPECT_NEAR(a["validation_loss"].get<double>(), b["validation_loss"].get<double>(), 1e-3);
}

TEST(CliWorkers, SayThatAnotherOneHasDiedAndKeepTheCheckpoint)
{
    const TemporaryFolder folder;
    const std::string checkpoint = folder.file("run.checkpoint");
    const test::Interruption death{[&](const std::string&) { return std::filesystem::exists(checkpoint); },
                                   SIGKILL};
    const std::vector<Finished> finished =
        runWorkers(2,
                   job({"tune", sample("mlp.pt"), "--data", kData},
                       {"--weights", "4", "--activations", "8", "--epochs", "20", "--limit", "100",
                        "--checkpoint", checkpoint}),
                   {{1, death}});
    EXPECT_EQ(finished[1].code, 128 + SIGKILL);
    EXPECT_EQ(finished[0].code, 1);
    EXPECT_NE(finished[0].err.find("Another worker has ended"), std::string::npos) << finished[0].err;
    EXPECT_EQ(finished[0].errorLines().size(), 1u);
    const Finished resumed = runCli(
        job({"tune", sample("mlp.pt"), "--data", kData}, {"--weights", "4", "--activations", "8", "--epochs",
                                                          "20", "--limit", "100", "--resume", checkpoint}));
    EXPECT_EQ(resumed.code, 0) << resumed.err;
}

TEST(CliWorkers, RefuseABatchThatCannotBeShared)
{
    const std::vector<Finished> finished =
        runWorkers(2, job({"tune", sample("mlp.pt"), "--data", kData}, {"--batch", "33", "--limit", "50"}));
    EXPECT_EQ(finished[0].code, 2);
    EXPECT_NE(finished[0].err.find("33"), std::string::npos) << finished[0].err;
}

TEST(CliWorkers, SayWhichVariableIsWrong)
{
    const Finished finished =
        runCli(job({"stats", sample("mlp.pt")}, {}), {}, {{"WORLD_SIZE", "2"}, {"RANK", "7"}});
    EXPECT_EQ(finished.code, 2);
    EXPECT_NE(finished.err.find("RANK"), std::string::npos) << finished.err;
}

} // namespace
} // namespace bitwright
