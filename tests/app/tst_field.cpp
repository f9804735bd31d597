// SPDX-License-Identifier: GPL-3.0-or-later
// Models that others published, through every verb. They are not part of the project: the folder is
// BITWRIGHT_FIELD_MODELS, and the program skips itself where there is none.
#include "tests/app/cli_process.h"
#include "tests/temporary_folder.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace bitwright {
namespace {

using test::Finished;
using test::runCli;
using test::TemporaryFolder;
using Arguments = std::vector<std::string>;

/// The files that some backend opens as a model with a graph.
std::vector<std::string> models()
{
    std::vector<std::string> found;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(BITWRIGHT_FIELD_MODELS, none)) {
        const std::string suffix = entry.path().extension();
        if (suffix == ".pt" || suffix == ".jit" || suffix == ".onnx")
            found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    return found;
}

class Field : public testing::TestWithParam<std::string> {
protected:
    nlohmann::json run(const std::string& verb, Arguments more = {})
    {
        Arguments arguments{verb, GetParam(), "--quiet", "--json", "-"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const Finished finished = runCli(arguments);
        EXPECT_EQ(finished.code, 0) << verb << ": " << finished.err;
        return finished.code == 0 ? finished.json() : nlohmann::json::object();
    }
    const Arguments m_few{"--calib-limit", "4"};
    TemporaryFolder m_folder;
};

TEST_P(Field, model_has_layers_with_names_and_statistics)
{
    const auto inspected = run("inspect");
    ASSERT_FALSE(inspected.value("layers", nlohmann::json::array()).empty());
    for (const auto& layer : inspected["layers"])
        EXPECT_FALSE(layer["name"].get<std::string>().empty());
    EXPECT_GT(inspected["totals"]["params"].get<double>(), 0);
    EXPECT_FALSE(run("stats", m_few).value("tensors", nlohmann::json::array()).empty());
}

TEST_P(Field, model_is_analyzed_evaluated_and_swept)
{
    EXPECT_FALSE(run("analyze", m_few).value("layers", nlohmann::json::array()).empty());
    const auto evaluation = run("evaluate", {"--calib-limit", "128"});
    ASSERT_TRUE(evaluation.contains("output_sqnr_db"));
    EXPECT_GT(evaluation["output_sqnr_db"].get<double>(), 3);
    EXPECT_LT(evaluation["size"]["quantized_bytes"].get<double>(),
              evaluation["size"]["float_bytes"].get<double>());
    Arguments sweep = m_few;
    sweep.insert(sweep.end(), {"--bits", "8,4", "--what", "weights"});
    EXPECT_FALSE(run("sensitivity", sweep).value("cells", nlohmann::json::array()).empty());
}

TEST_P(Field, model_is_exported_as_it_was_simulated)
{
    Arguments exported = m_few;
    exported.insert(exported.end(),
                    {"--format", "torchscript-fakequant", "--out", m_folder.file("exported.pt")});
    const auto result = run("export", exported);
    ASSERT_TRUE(result.contains("parity"));
    EXPECT_EQ(result["parity"]["max_abs"].get<double>(), 0);
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Field);
INSTANTIATE_TEST_SUITE_P(Published, Field, testing::ValuesIn(models()), [](const auto& info) {
    std::string name = std::filesystem::path(info.param).filename();
    std::replace_if(
        name.begin(), name.end(), [](unsigned char c) { return !std::isalnum(c); }, '_');
    return name;
});

} // namespace
} // namespace bitwright
