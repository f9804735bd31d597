// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/cli_process.h"
#include "tests/temporary_folder.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace bitwright {
namespace {

using test::Finished;
using test::runCli;
using test::sample;
using test::TemporaryFolder;

/// An IDX file of `count` samples of 28 x 28 bytes, or of labels.
std::string idxFile(uint8_t count, bool labels, char label = 0)
{
    if (labels)
        return std::string({0, 0, 8, 1, 0, 0, 0, char(count)}) + std::string(count, label);
    return std::string({0, 0, 8, 3, 0, 0, 0, char(count), 0, 0, 0, 28, 0, 0, 0, 28}) +
           std::string(size_t(count) * 28 * 28, '\1');
}

Finished evaluate(const std::string& data, std::vector<std::string> more = {})
{
    more.insert(more.begin(), {"evaluate", sample("mlp.pt"), "--data", data, "--quiet", "--json", "-"});
    return runCli(more);
}

TEST(CliData, ADamagedTrainSplitIsAnErrorAndNoneIsSaidSo)
{
    const TemporaryFolder folder;
    folder.write("t10k-images-idx3-ubyte", idxFile(4, false));
    const Finished none = evaluate(folder.file(""));
    ASSERT_EQ(none.code, 0) << none.err;
    EXPECT_TRUE(none.json()["options"]["calib_split"].is_null());
    const std::string train = folder.write("train-images-idx3-ubyte", idxFile(4, false).substr(0, 2000));
    const Finished damaged = evaluate(folder.file(""));
    EXPECT_EQ(damaged.code, 1);
    EXPECT_NE(damaged.err.find(train), std::string::npos) << damaged.err;
    folder.write("train-images-idx3-ubyte", idxFile(4, false));
    EXPECT_EQ(evaluate(folder.file("")).json()["options"]["calib_split"], "train");
}

TEST(CliData, WhatIsWrongInAFileIsExitCode1AndOnTheCommandLine2)
{
    const TemporaryFolder folder;
    const auto put = [&](uint8_t samples, char label) {
        folder.write("images-idx3-ubyte", idxFile(samples, false));
        folder.write("labels-idx1-ubyte", idxFile(samples, true, label));
    };
    put(0, 0);
    EXPECT_EQ(evaluate(folder.file("")).code, 1) << "no sample";
    put(4, 77);
    EXPECT_EQ(evaluate(folder.file("")).code, 1) << "a label that the model does not know";
    put(4, 3);
    EXPECT_EQ(evaluate(folder.file("")).code, 0);
    EXPECT_EQ(evaluate(folder.file(""), {"--mean", "1,2,3"}).code, 1) << "grey images";
    EXPECT_EQ(evaluate(folder.file(""), {"--mean", "1,nan,3"}).code, 2);
    EXPECT_EQ(evaluate(folder.file(""), {"--std", "0"}).code, 2);
    EXPECT_EQ(evaluate(folder.file(""), {"--max-drop", "nan"}).code, 2);
    const std::string plan = folder.write(
        "plan.json", R"({"version": 1, "defaults": {"weights": {"bits": 99}, "activations": {"bits": 8}}})");
    EXPECT_EQ(evaluate(folder.file(""), {"--plan", plan}).code, 1);
    folder.write("bitwright.json", R"({"preprocess": {"scale": 0}})");
    EXPECT_EQ(evaluate(folder.file("")).code, 1);
}

TEST(CliData, TuningOnThePartThatIsEvaluatedIsSaid)
{
    const TemporaryFolder folder;
    folder.write("images-idx3-ubyte", idxFile(40, false));
    folder.write("labels-idx1-ubyte", idxFile(40, true));
    const Finished tuned = runCli({"tune", sample("mlp.pt"), "--data", folder.file(""), "--epochs", "1",
                                   "--threads", "2", "--json", "-"});
    ASSERT_EQ(tuned.code, 0) << tuned.err;
    EXPECT_TRUE(tuned.json()["options"]["calib_split"].is_null());
    EXPECT_NE(tuned.err.find("same part of the data"), std::string::npos) << tuned.err;
}

} // namespace
} // namespace bitwright
