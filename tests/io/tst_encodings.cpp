// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/encodings.h"
#include "core/quant/quantize.h"
#include "tests/io/fake_model.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace bitwright {
namespace {

using Json = nlohmann::json;
using test::integerParams;

Json document(const ResolvedPlan& plan, std::vector<std::string>* notes = nullptr)
{
    const Encodings encodings = makeEncodings(test::twoLayerModel().graphValue, plan, "abc");
    if (notes)
        *notes = encodings.notes;
    return Json::parse(encodings.json);
}

ActivationQuantizer fixed(QuantParams params)
{
    return {std::move(params), false, {}};
}

TEST(Encodings, follow_the_layout_of_version_1_0_0)
{
    ResolvedPlan plan;
    plan.weights["features.0.weight"] = integerParams(8, -128, 127, {0.5F, 0.25F}, {0, 0}, 0);
    plan.activations[0] = fixed(integerParams(8, 0, 255, {0.125F}, {7}));
    plan.activations[1] = fixed(integerParams(4, 0, 15, {0.75F}, {0}));
    const Json json = document(plan);
    EXPECT_EQ(json["version"], "1.0.0");
    EXPECT_EQ(json["param_encodings"], (Json::array({{{"name", "features.0.weight"},
                                                      {"dtype", "INT"},
                                                      {"bw", 8},
                                                      {"enc_type", "PER_CHANNEL"},
                                                      {"is_sym", true},
                                                      {"scale", {0.5, 0.25}},
                                                      {"offset", {-128, -128}}}})));
    ASSERT_EQ(json["activation_encodings"].size(), 2u);
    EXPECT_EQ(json["activation_encodings"][0], (Json{{"name", "input"},
                                                     {"dtype", "INT"},
                                                     {"bw", 8},
                                                     {"enc_type", "PER_TENSOR"},
                                                     {"is_sym", false},
                                                     {"scale", {0.125}},
                                                     {"offset", {-7}}}));
    EXPECT_EQ(json["activation_encodings"][1]["name"], "features.0");
    EXPECT_EQ(json["activation_encodings"][1]["offset"], Json::array({0}));
    EXPECT_EQ(json["excluded_layers"], Json::array({"head"}));
    EXPECT_EQ(json["producer"]["model_sha256"], "abc");
}

/// scale * (c + offset) over all codes must be the grid that we simulate.
void expectSameGrid(const Json& encoding, const QuantParams& params)
{
    const double scale = encoding["scale"][0];
    const int64_t offset = encoding["offset"][0];
    for (int32_t q = params.qmin; q <= params.qmax; ++q) {
        const int64_t code = q - params.zeroPoint[0] - offset;
        EXPECT_GE(code, 0);
        EXPECT_LT(code, int64_t(1) << encoding["bw"].get<int>());
        const Tensor value = dequantize({q}, {1}, params);
        EXPECT_FLOAT_EQ(value.floats()[0], float(scale * double(code + offset)));
    }
}

TEST(Encodings, offsets_give_back_every_value_of_every_integer_grid)
{
    for (const QuantParams& params :
         {integerParams(8, -128, 127, {0.1F}, {0}), integerParams(8, -127, 127, {0.1F}, {0}),
          integerParams(4, 0, 15, {0.3F}, {0}), integerParams(4, 0, 15, {0.3F}, {11}),
          integerParams(2, -2, 1, {0.7F}, {0})}) {
        ResolvedPlan plan;
        plan.activations[1] = fixed(params);
        expectSameGrid(document(plan)["activation_encodings"][0], params);
    }
}

TEST(Encodings, groups_become_blocks_in_channel_order)
{
    ResolvedPlan plan;
    plan.weights["head.weight"] = integerParams(4, -8, 7, {1, 2, 3, 4, 5, 6}, {0, 0, 0, 0, 0, 0}, 0, 16);
    const Json encoding = document(plan)["param_encodings"][0];
    EXPECT_EQ(encoding["enc_type"], "PER_BLOCK");
    EXPECT_EQ(encoding["block_size"], 16);
    EXPECT_EQ(encoding["scale"], (Json{1, 2, 3, 4, 5, 6}));
}

TEST(Encodings, say_what_the_format_cannot_hold)
{
    ResolvedPlan plan;
    plan.weights["features.0.weight"].format = Format::Float16;
    plan.weights["head.weight"].format = Format::Codebook;
    plan.activations[1] = {integerParams(8, 0, 255, {1}, {0}), true, {}};
    plan.activations[2] = fixed(integerParams(2, 0, 3, {1}, {0}));
    std::vector<std::string> notes;
    const Json json = document(plan, &notes);
    ASSERT_EQ(json["param_encodings"].size(), 1u);
    EXPECT_EQ(json["param_encodings"][0]["dtype"], "FLOAT");
    EXPECT_EQ(json["param_encodings"][0]["bw"], 16);
    EXPECT_EQ(json["activation_encodings"].size(), 1u);
    ASSERT_EQ(notes.size(), 3u);
    EXPECT_NE(notes[0].find("dynamic"), std::string::npos);
    EXPECT_NE(notes[1].find("2 bits"), std::string::npos);
    EXPECT_NE(notes[2].find("head.weight"), std::string::npos);
}

TEST(Encodings, float_tensors_have_none)
{
    ResolvedPlan plan;
    plan.weights["head.weight"].format = Format::Float32;
    plan.activations[1] = {};
    const Json json = document(plan);
    EXPECT_TRUE(json["param_encodings"].empty());
    EXPECT_TRUE(json["activation_encodings"].empty());
    EXPECT_EQ(json["excluded_layers"], (Json{"features.0", "head"}));
}

} // namespace
} // namespace bitwright
