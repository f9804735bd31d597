// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/cli_process.h"
#include "tests/temporary_folder.h"

#include <gtest/gtest.h>

namespace bitwright {
namespace {

using test::Finished;
using test::runCli;
using test::sample;
using test::TemporaryFolder;
using Json = nlohmann::json;
using Arguments = std::vector<std::string>;

const std::string kData = sample("fashion_mnist_mini.h5");

/// Standard output of a run that must succeed.
Json jsonOf(Arguments arguments)
{
    arguments.insert(arguments.end(), {"--json", "-"});
    const Finished finished = runCli(arguments);
    EXPECT_EQ(finished.code, 0) << finished.err;
    const Json json = finished.json();
    EXPECT_FALSE(json.is_discarded()) << finished.out.substr(0, 400);
    return json;
}

void expectKeys(const Json& json, const std::vector<const char*>& keys)
{
    for (const char* key : keys)
        EXPECT_TRUE(json.contains(key)) << key << " in " << json.dump().substr(0, 200);
}

void expectHeader(const Json& json)
{
    expectKeys(json, {"bitwright", "model", "options", "seconds"});
    expectKeys(json["model"], {"path", "sha256", "format"});
    EXPECT_EQ(json["model"]["sha256"].get<std::string>().size(), 64u);
    EXPECT_GT(json["seconds"].get<double>(), 0);
}

/// The result without what may differ between two runs that must agree.
Json numbersOf(Json json)
{
    json.erase("seconds");
    json.erase("options");
    return json;
}

// ------------------------------------------------------------------ program

TEST(Cli, says_its_version_and_that_of_libtorch)
{
    const Finished finished = runCli({"--version"});
    EXPECT_EQ(finished.code, 0);
    EXPECT_NE(finished.out.find(BITWRIGHT_VERSION), std::string::npos);
    EXPECT_NE(finished.out.find("LibTorch"), std::string::npos);
}

TEST(Cli, explains_itself_and_every_verb)
{
    const Finished program = runCli({"--help"});
    EXPECT_EQ(program.code, 0);
    for (const char* verb :
         {"inspect", "stats", "analyze", "evaluate", "sensitivity", "plan", "tune", "export", "report"}) {
        EXPECT_NE(program.out.find(verb), std::string::npos) << verb;
        const Finished help = runCli({verb, "--help"});
        EXPECT_EQ(help.code, 0);
        for (const char* option : {"MODEL", "--json", "--threads", "--seed", "--data"})
            EXPECT_NE(help.out.find(option), std::string::npos) << verb << " " << option;
    }
}

TEST(Cli, wrong_use_is_exit_code_2_and_prints_nothing_on_standard_output)
{
    const std::vector<Arguments> wrong = {
        {},
        {"dance"},
        {"inspect"},
        {"inspect", sample("cnn.pt"), "--nonsense"},
        {"evaluate", sample("cnn.pt"), "--weights", "nine"},
        {"evaluate", sample("cnn.pt"), "--batch", "0"},
        {"evaluate", sample("cnn.pt"), "--resize", "28"},
        {"evaluate", sample("cnn.pt"), "--plan", "p.json", "--weights", "8"},
        {"export", sample("cnn.pt"), "--format", "floppy", "--out", "x"},
        {"sensitivity", sample("cnn.pt"), "--mode", "all-at-once"},
        {"inspect", sample("cnn.pt"), "--input-shape", "1,x,28"},
    };
    for (const Arguments& arguments : wrong) {
        const Finished finished = runCli(arguments);
        EXPECT_EQ(finished.code, 2) << (arguments.empty() ? "" : arguments.back());
        EXPECT_EQ(finished.out, "");
        EXPECT_NE(finished.err, "");
    }
}

TEST(Cli, an_unknown_export_format_names_the_known_ones)
{
    const Finished finished = runCli({"export", sample("cnn.pt"), "--format", "floppy", "--out", "x"});
    for (const char* format : {"encodings", "weights-hdf5", "plan"})
        EXPECT_NE(finished.err.find(format), std::string::npos) << finished.err;
}

TEST(Cli, what_cannot_be_read_is_one_line_and_exit_code_1)
{
    const TemporaryFolder folder;
    folder.write("garbage.pt", "this is not a model\n");
    folder.write("empty.pt", "");
    const std::string whole = test::readAll(sample("cnn.pt"));
    folder.write("half.pt", whole.substr(0, whole.size() / 2));
    for (const char* name : {"missing.pt", "garbage.pt", "empty.pt", "half.pt", ""}) {
        const Finished finished = runCli({"inspect", folder.file(name), "--json", "-"});
        EXPECT_EQ(finished.code, 1) << name;
        EXPECT_EQ(finished.out, "") << name;
        ASSERT_EQ(finished.errorLines().size(), 1u) << finished.err;
        EXPECT_EQ(finished.err.rfind("bitwright-cli: ", 0), 0u) << finished.err;
        EXPECT_NE(finished.err.find(folder.file("")), std::string::npos) << finished.err;
    }
}

TEST(Cli, missing_data_and_plans_are_exit_code_1)
{
    EXPECT_EQ(runCli({"evaluate", sample("cnn.pt"), "--data", "/no/such/data.h5"}).code, 1);
    EXPECT_EQ(runCli({"evaluate", sample("cnn.pt"), "--plan", "/no/such/plan.json"}).code, 1);
    const Finished rule = runCli({"evaluate", sample("cnn.pt"), "--layer", "nothing*=W4A8", "--data", kData});
    EXPECT_EQ(rule.code, 1);
    EXPECT_NE(rule.err.find("nothing*"), std::string::npos) << rule.err;
}

TEST(Cli, quiet_leaves_standard_error_empty)
{
    const Finished finished =
        runCli({"evaluate", sample("mlp.pt"), "--data", kData, "--limit", "50", "--quiet"});
    EXPECT_EQ(finished.code, 0);
    EXPECT_EQ(finished.err, "");
    EXPECT_NE(finished.out, "");
}

// -------------------------------------------------------------------- verbs

TEST(Cli, inspect_lists_layers_with_names_shapes_and_macs)
{
    const Json json = jsonOf({"inspect", sample("cnn.pt")});
    expectHeader(json);
    expectKeys(json, {"layers", "totals", "unsupported"});
    expectKeys(json["totals"], {"params", "macs", "bytes"});
    ASSERT_FALSE(json["layers"].empty());
    for (const Json& layer : json["layers"])
        expectKeys(layer, {"id", "name", "op", "weight_shape", "params", "macs", "input_shapes",
                           "output_shape", "activation"});
    EXPECT_EQ(json["layers"][0]["op"], "conv");
    EXPECT_EQ(json["layers"][0]["name"], "features.0");
}

TEST(Cli, inspect_prints_a_table_for_people)
{
    const Finished finished = runCli({"inspect", sample("cnn.pt")});
    EXPECT_EQ(finished.code, 0);
    EXPECT_NE(finished.out.find("features.0"), std::string::npos);
    EXPECT_NE(finished.out.find("MACs"), std::string::npos);
}

TEST(Cli, stats_of_weights_need_no_data)
{
    const Json json = jsonOf({"stats", sample("cnn.pt")});
    expectHeader(json);
    ASSERT_FALSE(json["tensors"].empty());
    for (const Json& tensor : json["tensors"]) {
        EXPECT_EQ(tensor["kind"], "weight");
        expectKeys(tensor, {"site", "layer", "kind", "shape", "count", "min", "max", "mean", "std", "zeros",
                            "histogram", "channels"});
    }
}

TEST(Cli, stats_count_every_value_of_every_sample)
{
    const Json json = jsonOf({"stats", sample("cnn.pt"), "--data", kData, "--limit", "40"});
    int inputs = 0, activations = 0;
    for (const Json& tensor : json["tensors"]) {
        int64_t total = 0;
        for (const Json& count : tensor["histogram"]["counts"])
            total += count.get<int64_t>();
        EXPECT_EQ(total, tensor["count"].get<int64_t>()) << tensor["site"];
        inputs += tensor["kind"] == "input";
        activations += tensor["kind"] == "activation";
        if (tensor["kind"] == "input") {
            EXPECT_EQ(tensor["count"], 40 * 28 * 28);
        }
    }
    EXPECT_EQ(inputs, 1);
    EXPECT_GT(activations, 3);
}

TEST(Cli, analyze_gives_every_layer_errors_that_fall_with_more_bits)
{
    const Arguments base = {"analyze", sample("cnn.pt"), "--data", kData, "--limit",
                            "32",      "--calib-limit",  "64"};
    const auto with = [&](const char* bits) {
        Arguments arguments = base;
        arguments.insert(arguments.end(), {"--weights", bits, "--activations", bits});
        return jsonOf(arguments);
    };
    const Json eight = with("8"), four = with("4");
    expectHeader(eight);
    ASSERT_EQ(eight["layers"].size(), four["layers"].size());
    size_t compared = 0;
    for (size_t i = 0; i < eight["layers"].size(); ++i) {
        const Json &a = eight["layers"][i], &b = four["layers"][i];
        expectKeys(a, {"name", "weight", "activation", "cumulative_sqnr_db"});
        if (a["weight"].is_null())
            continue;
        expectKeys(a["weight"], {"bits", "scheme", "granularity", "estimator", "scale", "zero_point",
                                 "sqnr_db", "mse", "mean_abs", "max_abs", "cosine", "clipped"});
        EXPECT_GT(a["weight"]["sqnr_db"].get<double>(), b["weight"]["sqnr_db"].get<double>() + 12);
        ++compared;
    }
    EXPECT_EQ(compared, 5u);
}

TEST(Cli, evaluate_compares_float_and_quantized)
{
    const Json json = jsonOf({"evaluate", sample("cnn.pt"), "--data", kData});
    expectHeader(json);
    for (const char* which : {"float", "quantized"})
        expectKeys(json[which], {"top1", "top5", "loss", "macro_precision", "macro_recall", "macro_f1",
                                 "confusion", "samples"});
    expectKeys(json, {"agreement", "output_sqnr_db", "size", "bops", "energy_pj"});
    EXPECT_EQ(json["float"]["samples"], 2000);
    EXPECT_NEAR(json["float"]["top1"].get<double>(), 0.9320, 1e-9);
    EXPECT_NEAR(json["quantized"]["top1"].get<double>(), 0.9320, 0.005);
    EXPECT_LT(json["size"]["quantized_bytes"].get<double>(), 0.3 * json["size"]["float_bytes"].get<double>());
    int64_t total = 0;
    for (const Json& row : json["quantized"]["confusion"])
        for (const Json& count : row)
            total += count.get<int64_t>();
    EXPECT_EQ(total, 2000);
}

TEST(Cli, evaluate_without_data_says_that_it_used_random_data)
{
    const Arguments arguments = {"evaluate", sample("cnn.pt"), "--json", "-", "--seed", "5"};
    const Finished finished = runCli(arguments);
    EXPECT_EQ(finished.code, 0) << finished.err;
    EXPECT_NE(finished.err.find("random"), std::string::npos);
    const Json json = finished.json();
    ASSERT_FALSE(json.is_discarded());
    EXPECT_TRUE(json["options"]["data"].is_null());
    EXPECT_TRUE(json["options"].contains("random_samples"));
    EXPECT_EQ(json["options"]["seed"], 5);
    EXPECT_TRUE(json["float"]["top1"].is_null());
}

TEST(Cli, a_missed_target_is_exit_code_3_and_a_met_one_0)
{
    const Arguments base = {"evaluate", sample("cnn.pt"), "--data", kData, "--limit", "300", "--json", "-"};
    Arguments met = base, missed = base;
    met.insert(met.end(), {"--max-drop", "5"});
    missed.insert(missed.end(), {"--max-drop", "5", "--weights", "2:symmetric:tensor:minmax"});
    EXPECT_EQ(runCli(met).code, 0);
    const Finished finished = runCli(missed);
    EXPECT_EQ(finished.code, 3);
    EXPECT_FALSE(finished.json().is_discarded());
}

TEST(Cli, sensitivity_has_a_cell_for_every_site_and_width)
{
    const Json json = jsonOf({"sensitivity", sample("cnn.pt"), "--data", kData, "--limit", "64", "--bits",
                              "8,4", "--what", "weights", "--mode", "enable-one,disable-one"});
    expectHeader(json);
    expectKeys(json, {"cells", "baseline"});
    EXPECT_EQ(json["cells"].size(), 5u * 2u * 2u);
    for (const Json& cell : json["cells"])
        expectKeys(cell, {"layer", "what", "bits", "mode", "output_sqnr_db", "kl", "top1", "loss"});
}

// ----------------------------------------------------------- plans and files

TEST(Cli, a_plan_that_was_exported_gives_the_same_numbers_when_read_again)
{
    const TemporaryFolder folder;
    const std::string plan = folder.file("p.plan.json");
    const Arguments shortForm = {"--weights",    "4", "--activations", "6",
                                 "--first-last", "8", "--layer",       "features.4=W3A5"};
    Arguments make = {"export", sample("cnn.pt"), "--format", "plan", "--out", plan};
    make.insert(make.end(), shortForm.begin(), shortForm.end());
    const Json exported = jsonOf(make);
    EXPECT_EQ(exported["files"][0]["path"], plan);
    EXPECT_EQ(exported["files"][0]["bytes"].get<size_t>(), test::readAll(plan).size());

    const Arguments base = {"evaluate", sample("cnn.pt"), "--data", kData, "--limit", "200"};
    Arguments direct = base, fromFile = base;
    direct.insert(direct.end(), shortForm.begin(), shortForm.end());
    fromFile.insert(fromFile.end(), {"--plan", plan});
    const Json a = jsonOf(direct), b = jsonOf(fromFile);
    EXPECT_EQ(numbersOf(a), numbersOf(b));
    EXPECT_EQ(a["options"]["plan"], b["options"]["plan"]);
}

TEST(Cli, a_quantized_file_is_evaluated_against_the_float_model_that_it_was_made_from)
{
    const TemporaryFolder folder;
    for (const auto& [format, path] : {std::pair(std::string("torchscript-int8"), folder.file("cnn.int8.pt")),
                                       std::pair(std::string("onnx-qdq"), folder.file("cnn.onnx"))}) {
        const Arguments data = {"--data", kData, "--limit", "100"};
        Arguments make = {"export", sample("cnn.pt"), "--weights", "3", "--format", format, "--out", path};
        Arguments own = {"evaluate", path}, against = {"evaluate", path, "--float", sample("cnn.pt")};
        for (Arguments* arguments : {&make, &own, &against})
            arguments->insert(arguments->end(), data.begin(), data.end());
        jsonOf(make);
        const Json itself = jsonOf(own), original = jsonOf(against);
        EXPECT_EQ(itself["quantized"], original["quantized"]) << format;
        // Three bits of weights: seen against the float model only.
        EXPECT_GT(itself["output_sqnr_db"].get<double>(), 25) << format;
        EXPECT_LT(original["output_sqnr_db"].get<double>(), 20) << format;
    }
}

TEST(Cli, encodings_name_every_weight)
{
    const TemporaryFolder folder;
    const std::string path = folder.file("cnn.encodings.json");
    jsonOf({"export", sample("cnn.pt"), "--data", kData, "--format", "encodings", "--out", path});
    const Json json = Json::parse(test::readAll(path), nullptr, false);
    ASSERT_FALSE(json.is_discarded());
    EXPECT_EQ(json["version"], "1.0.0");
    EXPECT_EQ(json["param_encodings"].size(), 5u);
    EXPECT_EQ(json["param_encodings"][0]["name"], "features.0.weight");
    EXPECT_EQ(json["param_encodings"][0]["enc_type"], "PER_CHANNEL");
    EXPECT_GE(json["activation_encodings"].size(), 5u);
}

TEST(Cli, report_is_one_file_without_outside_resources)
{
    const TemporaryFolder folder;
    const std::string path = folder.file("r.html");
    const Json json = jsonOf({"report", sample("cnn.pt"), "--data", kData, "--limit", "200", "--layer",
                              "classifier*=W4A8", "--out", path});
    const std::string html = test::readAll(path);
    EXPECT_EQ(json["files"][0]["bytes"].get<size_t>(), html.size());
    for (const char* outside : {"http://", "https://", "src=", "<script", "<link"})
        EXPECT_EQ(html.find(outside), std::string::npos) << outside;
    for (const char* part : {"features.0", "<svg", "Sneaker", "&#39;classifier*=W4A8&#39;",
                             json["model"]["sha256"].get_ref<const std::string&>().c_str()})
        EXPECT_NE(html.find(part), std::string::npos) << part;
}

TEST(Cli, a_file_that_cannot_be_written_is_exit_code_1_and_leaves_nothing)
{
    const Finished finished = runCli({"inspect", sample("cnn.pt"), "--json", "/no/such/folder/x.json"});
    EXPECT_EQ(finished.code, 1);
    EXPECT_NE(finished.err.find("/no/such/folder/x.json"), std::string::npos);
}

// ------------------------------------------------------------- repeatability

TEST(Cli, a_second_run_gives_the_same_bits_and_another_batch_the_same_answers)
{
    const Arguments base = {"evaluate", sample("cnn.pt"), "--data", kData, "--limit",
                            "100",      "--calib-limit",  "96"};
    const auto with = [&](const Arguments& more) {
        Arguments arguments = base;
        arguments.insert(arguments.end(), more.begin(), more.end());
        return numbersOf(jsonOf(arguments));
    };
    const Json first = with({});
    EXPECT_EQ(first, with({}));
    EXPECT_NE(first, with({"--seed", "1"}));
    // Float kernels sum in an order that depends on the batch and the threads, so the last bits may differ.
    for (const Arguments& other : {Arguments{"--batch", "7"}, Arguments{"--threads", "1"}}) {
        const Json again = with(other);
        EXPECT_EQ(first["float"]["confusion"], again["float"]["confusion"]);
        EXPECT_NEAR(first["float"]["loss"].get<double>(), again["float"]["loss"].get<double>(), 1e-6);
        EXPECT_NEAR(first["quantized"]["top1"].get<double>(), again["quantized"]["top1"].get<double>(), 0.01);
        EXPECT_NEAR(first["output_sqnr_db"].get<double>(), again["output_sqnr_db"].get<double>(), 0.1);
    }
}

TEST(Cli, an_interrupted_evaluation_keeps_what_was_finished)
{
    const TemporaryFolder folder;
    const std::string path = folder.file("partial.json");
    const Finished finished =
        runCli({"evaluate", sample("vit.pt"), "--data", kData, "--batch", "1", "--calib-limit", "16",
                "--json", path},
               {[](const std::string& err) { return err.find("Calibrating 16/16") != std::string::npos; }});
    EXPECT_EQ(finished.code, 130) << finished.err;
    const Json json = Json::parse(test::readAll(path), nullptr, false);
    ASSERT_FALSE(json.is_discarded());
    expectHeader(json);
    EXPECT_EQ(json["partial"], true);
    if (json.contains("float")) {
        EXPECT_GT(json["float"]["samples"].get<int64_t>(), 0);
        EXPECT_LT(json["float"]["samples"].get<int64_t>(), 2000);
    }
}

} // namespace
} // namespace bitwright
