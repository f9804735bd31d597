// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/sha256.h"
#include "tests/app/cli_process.h"
#include "tests/temporary_folder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <fstream>

namespace bitwright {
namespace {

using test::Finished;
using test::runCli;
using test::TemporaryFolder;
using Json = nlohmann::json;
using Arguments = std::vector<std::string>;

/// Two layers, a bias and an integer tensor in a safetensors file.
class CliWeights : public testing::Test {
protected:
    void SetUp() override
    {
        const std::string header =
            R"({"block.fc.weight":{"dtype":"F32","shape":[6,64],"data_offsets":[0,1536]},)"
            R"("block.fc.bias":{"dtype":"F32","shape":[6],"data_offsets":[1536,1560]},)"
            R"("head.weight":{"dtype":"F32","shape":[4,6],"data_offsets":[1560,1656]},)"
            R"("steps":{"dtype":"I64","shape":[],"data_offsets":[1656,1664]}})";
        std::vector<float> values(414);
        for (size_t i = 0; i < values.size(); ++i)
            values[i] = float(std::sin(double(i)));
        const uint64_t length = header.size();
        std::ofstream file(m_model, std::ios::binary);
        file.write(reinterpret_cast<const char*>(&length), 8);
        file << header;
        file.write(reinterpret_cast<const char*>(values.data()), 1656);
        file.write("\7\0\0\0\0\0\0\0", 8);
    }

    Json jsonOf(Arguments arguments) const
    {
        arguments.insert(arguments.begin() + 1, m_model);
        arguments.insert(arguments.end(), {"--json", "-"});
        const Finished finished = runCli(arguments);
        EXPECT_EQ(finished.code, 0) << finished.err;
        return finished.json();
    }
    /// Exit code 1 and one sentence with `part` on standard error.
    void expectRefused(Arguments arguments, const std::string& part) const
    {
        arguments.insert(arguments.begin() + 1, m_model);
        const Finished finished = runCli(arguments);
        EXPECT_EQ(finished.code, 1) << finished.err;
        ASSERT_FALSE(finished.errorLines().empty());
        EXPECT_NE(finished.errorLines().back().find(part), std::string::npos) << finished.err;
        EXPECT_TRUE(finished.out.empty());
    }

    TemporaryFolder m_folder;
    std::string m_model = m_folder.file("m.safetensors");
};

TEST_F(CliWeights, inspect_lists_layers_and_other_tensors)
{
    const Json json = jsonOf({"inspect"});
    EXPECT_EQ(json["model"]["format"], "safetensors");
    const std::string bytes = test::readAll(m_model);
    EXPECT_EQ(json["model"]["sha256"], sha256(bytes.data(), bytes.size()));
    ASSERT_EQ(json["layers"].size(), 2u);
    EXPECT_EQ(json["layers"][0]["name"], "block.fc");
    EXPECT_EQ(json["layers"][0]["weight_shape"], Json({6, 64}));
    EXPECT_EQ(json["layers"][0]["params"], 390);
    EXPECT_EQ(json["totals"]["bytes"], 1664);
    EXPECT_EQ(json["parameters"].size(), 4u);
    EXPECT_EQ(json["parameters"][3]["dtype"], "int64");
    const Finished table = runCli({"inspect", m_model});
    EXPECT_NE(table.out.find("weights without a graph"), std::string::npos);
    EXPECT_NE(table.out.find("torch.jit.script"), std::string::npos) << "how to get a model that runs";
}

TEST_F(CliWeights, statistics_and_errors_need_no_data)
{
    const Json stats = jsonOf({"stats"});
    ASSERT_EQ(stats["tensors"].size(), 2u);
    EXPECT_EQ(stats["tensors"][0]["site"], "block.fc.weight");
    EXPECT_EQ(stats["tensors"][0]["channels"].size(), 6u);
    const Json groups = jsonOf({"analyze", "--weights", "4:symmetric:group=32", "--layer", "head=W8"});
    ASSERT_EQ(groups["layers"].size(), 2u);
    EXPECT_EQ(groups["layers"][0]["weight"]["scale"].size(), 12u);
    EXPECT_EQ(groups["layers"][1]["weight"]["bits"], 8);
    EXPECT_TRUE(groups["layers"][0]["activation"].is_null());
    EXPECT_TRUE(groups["layers"][0]["cumulative_sqnr_db"].is_null());
    EXPECT_EQ(groups["size"]["float_bytes"], 1664);
    EXPECT_LT(groups["size"]["quantized_bytes"], 500);
}

TEST_F(CliWeights, exports_come_back_as_they_were_quantized)
{
    const std::string h5 = m_folder.file("w.h5");
    const Json made =
        jsonOf({"export", "--weights", "3:asymmetric:channel", "--format", "weights-hdf5", "--out", h5});
    EXPECT_TRUE(made["parity"].is_null());
    const Finished again = runCli({"analyze", h5, "--json", "-"});
    ASSERT_EQ(again.code, 0) << again.err;
    const Json json = again.json();
    EXPECT_EQ(json["model"]["format"], "bitwright-weights");
    for (const Json& layer : json["layers"]) {
        EXPECT_EQ(layer["weight"]["bits"], 3) << "the file's own plan";
        EXPECT_TRUE(layer["weight"]["sqnr_db"].is_null()) << "exact";
        EXPECT_EQ(layer["weight"]["mse"], 0);
    }
    for (const char* format : {"encodings", "plan"})
        jsonOf({"export", "--format", format, "--out", m_folder.file(format)});
    EXPECT_EQ(Json::parse(test::readAll(m_folder.file("encodings")))["param_encodings"].size(), 2u);
    const Json report = jsonOf({"report", "--weights", "4", "--out", m_folder.file("r.html")});
    EXPECT_EQ(report["size"]["float_bytes"], 1664);
    EXPECT_NE(test::readAll(m_folder.file("r.html")).find("block.fc"), std::string::npos);
}

TEST_F(CliWeights, what_needs_a_run_is_one_sentence)
{
    expectRefused({"evaluate"}, "no graph");
    expectRefused({"sensitivity"}, "no graph");
    expectRefused({"tune", "--out", m_folder.file("t.pt")}, "no graph");
    expectRefused({"tune", "--method", "equalize", "--out", m_folder.file("t.pt")}, "no graph");
    expectRefused({"report", "--sensitivity", "--out", m_folder.file("r.html")}, "no graph");
    expectRefused({"analyze", "--activations", "8"}, "--activations");
    expectRefused({"stats", "--data", test::sample("fashion_mnist_mini.h5")}, "--data");
    for (const char* format :
         {"torchscript-fakequant", "torchscript-int8", "onnx-qdq", "onnx-float", "tensorrt-cache"})
        expectRefused({"export", "--format", format, "--out", m_folder.file("x")}, "no graph");
    EXPECT_FALSE(std::filesystem::exists(m_folder.file("x")));
}

} // namespace
} // namespace bitwright
