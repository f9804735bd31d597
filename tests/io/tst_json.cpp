// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/json_results.h"
#include "core/io/json_text.h"
#include "tests/io/fake_model.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <limits>
#include <utility>

namespace bitwright {
namespace {

using Json = nlohmann::ordered_json;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::vector<std::string> keys(const Json& json)
{
    std::vector<std::string> names;
    for (const auto& item : json.items())
        names.push_back(item.key());
    return names;
}

/// What scripts of everybody else read back.
Json reread(const Json& json)
{
    return Json::parse(jsonText(json));
}

TEST(JsonText, keeps_lists_of_plain_values_on_one_line_and_indents_the_rest)
{
    const Json json = {{"a", {1, 2, 3}}, {"b", {{"c", nullptr}}}, {"d", Json::array()}};
    EXPECT_EQ(jsonText(json), "{\n  \"a\": [1, 2, 3],\n  \"b\": {\n    \"c\": null\n  },\n  \"d\": []\n}\n");
}

TEST(JsonText, writes_what_is_not_finite_as_null_and_repairs_broken_utf8)
{
    const Json json = {{"x", std::nan("")}, {"y", kInfinity}, {"name", "a\xff\"b\n"}};
    const Json back = reread(json);
    EXPECT_TRUE(back["x"].is_null());
    EXPECT_TRUE(back["y"].is_null());
    EXPECT_EQ(back["name"], "a\xEF\xBF\xBD\"b\n");
}

TEST(JsonResults, header_names_program_and_model)
{
    const Json json = headerJson("a/b.pt", "00ff", "torchscript");
    EXPECT_EQ(json["bitwright"], BITWRIGHT_VERSION);
    EXPECT_EQ(keys(json["model"]), (std::vector<std::string>{"path", "sha256", "format"}));
}

TEST(JsonResults, inspect_has_the_keys_of_the_contract)
{
    Graph graph = test::twoLayerModel().graphValue;
    graph.unsupported = {"aten::foo cannot be analysed."};
    const Json json = reread(inspectJson(graph));
    ASSERT_EQ(json["layers"].size(), 2u);
    const Json& conv = json["layers"][0];
    for (const char* key :
         {"id", "name", "op", "weight_shape", "params", "macs", "input_shapes", "output_shape", "activation"})
        EXPECT_TRUE(conv.contains(key)) << key;
    EXPECT_EQ(conv["weight_shape"], (Json{2, 1, 3, 3}));
    EXPECT_EQ(conv["activation"], "relu");
    EXPECT_TRUE(json["layers"][1]["activation"].is_null());
    EXPECT_EQ(json["totals"], (Json{{"params", 18 + 96}, {"macs", 288 + 96}, {"bytes", 4 * (18 + 96)}}));
    EXPECT_EQ(json["unsupported"].size(), 1u);
}

TEST(JsonResults, stats_tell_weights_inputs_and_activations_apart_and_count_every_value)
{
    const test::StubRunner runner = test::twoLayerModel();
    CalibrationResult calibration;
    calibration.samples = 5;
    addToStats(calibration.activations[0], test::waves({5, 1, 4, 4}), 1, true);
    addToStats(calibration.activations[1], test::waves({5, 2, 4, 4}), 1, true);
    const std::vector<std::pair<std::string, TensorStats>> weights = {
        {"head.weight", weightStats(runner.parameters.at("head.weight"), 0, ChannelHistograms::No)}};
    const Json json = reread(statsJson(runner.graphValue, calibration, weights));
    ASSERT_EQ(json["tensors"].size(), 3u);
    const Json &weight = json["tensors"][0], &input = json["tensors"][1], &activation = json["tensors"][2];
    EXPECT_EQ(weight["kind"], "weight");
    EXPECT_EQ(weight["layer"], "head");
    EXPECT_EQ(weight["channels"].size(), 3u);
    EXPECT_EQ(input["kind"], "input");
    EXPECT_EQ(input["layer"], "input");
    EXPECT_EQ(activation["kind"], "activation");
    EXPECT_EQ(activation["layer"], "features.0");
    EXPECT_EQ(activation["count"], 5 * 2 * 4 * 4);
    int64_t sum = 0;
    for (const Json& count : activation["histogram"]["counts"])
        sum += count.get<int64_t>();
    EXPECT_EQ(sum, activation["count"].get<int64_t>());
    EXPECT_LE(activation["histogram"]["lo"].get<double>(), activation["min"].get<double>());
    EXPECT_GE(activation["histogram"]["hi"].get<double>(), activation["max"].get<double>());
}

TEST(JsonResults, stats_of_a_tensor_that_was_never_seen_are_null)
{
    CalibrationResult calibration;
    calibration.activations[0] = {};
    const Json json = reread(statsJson(test::twoLayerModel().graphValue, calibration, {}));
    EXPECT_TRUE(json["tensors"][0]["min"].is_null());
    EXPECT_TRUE(json["tensors"][0]["mean"].is_null());
    EXPECT_TRUE(json["tensors"][0]["histogram"].is_null());
}

TEST(JsonResults, analyze_gives_one_scale_as_a_number_many_as_a_list_and_an_exact_copy_as_null)
{
    SiteReport weight;
    weight.params = test::integerParams(8, -128, 127, {0.5F, 0.25F}, {0, 0}, 0);
    weight.error.count = 4;
    weight.error.signal = weight.error.quantized = weight.error.product = 2;
    SiteReport activation = weight;
    activation.params = test::integerParams(8, 0, 255, {0.125F}, {7});
    activation.error.squared = 0.02;
    activation.error.clipped = 1;
    const Json json = reread(
        analyzeJson({{"head", 1, weight, {weight}, activation, 12.5}, {"input", kNone, {}, {}, {}, {}}}));
    const Json& row = json["layers"][0];
    EXPECT_EQ(row["weight"]["scale"], (Json{0.5, 0.25}));
    EXPECT_TRUE(row["weight"]["sqnr_db"].is_null());
    EXPECT_EQ(row["weight"]["exact"], true);
    EXPECT_EQ(row["activation"]["exact"], false);
    EXPECT_EQ(row["activation"]["scale"], 0.125);
    EXPECT_EQ(row["activation"]["zero_point"], 7);
    EXPECT_NEAR(row["activation"]["sqnr_db"].get<double>(), 20.0, 1e-9);
    EXPECT_EQ(row["activation"]["clipped"], 0.25);
    EXPECT_EQ(row["cumulative_sqnr_db"], 12.5);
    for (const char* key :
         {"bits", "scheme", "granularity", "estimator", "mse", "mean_abs", "max_abs", "cosine"})
        EXPECT_TRUE(row["weight"].contains(key)) << key;
    EXPECT_TRUE(json["layers"][1]["weight"].is_null());
}

TEST(JsonResults, evaluate_without_labels_has_null_label_metrics)
{
    Evaluation evaluation;
    evaluation.floating.samples = evaluation.quantized.samples = 64;
    evaluation.outputSqnrDb = 31;
    Cost cost;
    cost.floatBytes = 400;
    cost.quantizedBytes = 100;
    const Json json = reread(evaluateJson(evaluation, cost));
    for (const char* key :
         {"top1", "top5", "loss", "macro_precision", "macro_recall", "macro_f1", "confusion"})
        EXPECT_TRUE(json["quantized"].at(key).is_null()) << key;
    EXPECT_EQ(json["float"]["samples"], 64);
    EXPECT_TRUE(json["agreement"].is_null());
    EXPECT_EQ(json["size"]["quantized_bytes"], 100);
    EXPECT_EQ(json["output_sqnr_db"], 31);
    EXPECT_TRUE(json.contains("bops") && json.contains("energy_pj"));
}

TEST(JsonResults, an_sqnr_of_null_says_why)
{
    const std::pair<double, Json> cases[] = {{kInfinity, true}, {-kInfinity, false}, {NAN, nullptr}};
    for (const auto& [sqnr, exact] : cases) {
        Evaluation evaluation;
        evaluation.outputSqnrDb = sqnr;
        const Json json = reread(evaluateJson(evaluation, {}));
        EXPECT_TRUE(json["output_sqnr_db"].is_null());
        EXPECT_EQ(json["output_exact"], exact) << sqnr;
    }
}

TEST(JsonResults, sensitivity_cells_and_export_parity_follow_the_contract)
{
    SensitivityTable table;
    table.cells = {
        {"head", SensitivityWhat::Activations, 4, SensitivityMode::DisableOne, kInfinity, 0.5, 0.9, {}}};
    const Json sensitivity = reread(sensitivityJson(table));
    EXPECT_EQ(keys(sensitivity["cells"][0]),
              (std::vector<std::string>{"layer", "what", "bits", "mode", "output_sqnr_db", "output_exact",
                                        "kl", "top1", "loss"}));
    EXPECT_EQ(sensitivity["cells"][0]["what"], "activations");
    EXPECT_EQ(sensitivity["cells"][0]["mode"], "disable-one");
    EXPECT_TRUE(sensitivity["cells"][0]["output_sqnr_db"].is_null());
    EXPECT_EQ(sensitivity["cells"][0]["output_exact"], true);

    ExportResult result;
    result.files = {{"a.pt", "ff", 12}};
    EXPECT_TRUE(exportJson(result)["parity"].is_null());
    result.parity = Parity{3, 0.5, 40, 1.0};
    const Json exported = reread(exportJson(result));
    EXPECT_EQ(exported["files"][0], (Json{{"path", "a.pt"}, {"bytes", 12}, {"sha256", "ff"}}));
    EXPECT_EQ(
        exported["parity"],
        (Json{
            {"samples", 3}, {"max_abs", 0.5}, {"sqnr_db", 40.0}, {"exact", false}, {"top1_agreement", 1.0}}));
}

} // namespace
} // namespace bitwright
