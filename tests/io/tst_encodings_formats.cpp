// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/encodings_formats.h"
#include "core/io/encodings_import.h"
#include "tests/io/fake_model.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <bit>

namespace bitwright {
namespace {

using Json = nlohmann::json;
using test::integerParams;

ActivationQuantizer fixed(QuantParams params)
{
    return {std::move(params), false, {}};
}

ResolvedPlan somePlan()
{
    ResolvedPlan plan;
    plan.weights["features.0.weight"] = integerParams(8, -128, 127, {0.5F, 0.25F}, {0, 0}, 0);
    plan.weights["head.weight"] = integerParams(4, -8, 7, {0.125F}, {0});
    plan.activations[0] = fixed(integerParams(8, 0, 255, {0.125F}, {7}));
    plan.activations[1] = fixed(integerParams(8, -128, 127, {0.5F}, {0}));
    return plan;
}

TEST(EncodingFormats, layout_0_6_1_has_one_entry_a_channel)
{
    const Json json = Json::parse(makeEncodings061(test::twoLayerModel().graphValue, somePlan()).json);
    EXPECT_EQ(json["version"], "0.6.1");
    ASSERT_EQ(json["param_encodings"]["features.0.weight"].size(), 2u);
    EXPECT_EQ(json["param_encodings"]["features.0.weight"][1], (Json{{"bitwidth", 8},
                                                                     {"dtype", "int"},
                                                                     {"is_symmetric", "True"},
                                                                     {"max", 31.75},
                                                                     {"min", -32.0},
                                                                     {"offset", -128},
                                                                     {"scale", 0.25}}));
    EXPECT_EQ(json["activation_encodings"]["input"][0]["offset"], -7);
    EXPECT_EQ(json["activation_encodings"]["input"][0]["is_symmetric"], "False");
    EXPECT_EQ(json["activation_encodings"]["input"][0]["min"], -0.875);
    EXPECT_EQ(json["activation_encodings"]["input"][0]["max"], 31.0);
}

TEST(EncodingFormats, tensorrt_caches_hold_the_bits_of_scales_for_signed_bytes)
{
    const Encodings made = makeTensorRtCache(test::twoLayerModel().graphValue, somePlan());
    // x reaches from -0.875 to 31; features.0 from -64 to 63.5.
    char expected[64];
    std::snprintf(expected, sizeof expected, "x: %08x\n", std::bit_cast<uint32_t>(31.0F / 127.0F));
    EXPECT_EQ(made.json.find("TRT-"), 0u);
    EXPECT_NE(made.json.find(expected), std::string::npos) << made.json;
    std::snprintf(expected, sizeof expected, "features.0/out: %08x\n",
                  std::bit_cast<uint32_t>(64.0F / 127.0F));
    EXPECT_NE(made.json.find(expected), std::string::npos) << made.json;
}

TEST(EncodingFormats, overrides_name_type_scale_and_axis)
{
    const Json json = Json::parse(makeTensorOverrides(test::twoLayerModel().graphValue, somePlan()).json);
    EXPECT_EQ(
        json["x"],
        Json::array({{{"quant_type", "QUInt8"}, {"scale", 0.125}, {"zero_point", 7}, {"symmetric", false}}}));
    ASSERT_EQ(json["features.0.weight"].size(), 2u);
    EXPECT_EQ(json["features.0.weight"][0]["axis"], 0);
    EXPECT_EQ(json["features.0.weight"][0]["quant_type"], "QInt8");
    EXPECT_EQ(json["head.weight"][0]["quant_type"], "QInt4");
}

/// Both layouts bring back bits, schemes, granularities, and the exact ranges of activations.
TEST(EncodingFormats, a_plan_comes_back_from_either_layout)
{
    const Graph graph = test::twoLayerModel().graphValue;
    for (const std::string& text :
         {makeEncodings(graph, somePlan(), "abc").json, makeEncodings061(graph, somePlan()).json}) {
        ASSERT_TRUE(looksLikeEncodings(text));
        const auto plan = planFromEncodings(graph, text);
        ASSERT_TRUE(plan.has_value()) << plan.error().text();
        EXPECT_EQ(plan->weights("features.0").bits, 8);
        EXPECT_EQ(plan->weights("features.0").granularity, Granularity::Channel);
        EXPECT_EQ(plan->weights("head").bits, 4);
        EXPECT_EQ(plan->weights("head").granularity, Granularity::Tensor);
        EXPECT_TRUE(plan->activations("head").isFloat32());
        for (const auto& [name, id] : {std::pair("input", 0), std::pair("features.0", 1)}) {
            const QuantSpec& spec = plan->activations(name);
            EXPECT_EQ(spec.estimator, Estimator::Fixed);
            const Grid grid = gridFromRange(spec, {float(spec.rangeLo), float(spec.rangeHi)});
            const QuantParams params = somePlan().activations.at(id).params;
            EXPECT_FLOAT_EQ(grid.scale, params.scale[0]) << name;
            EXPECT_EQ(grid.zeroPoint, params.zeroPoint[0]) << name;
        }
    }
}

TEST(EncodingFormats, files_that_are_none_are_refused_in_a_sentence)
{
    const Graph graph = test::twoLayerModel().graphValue;
    EXPECT_FALSE(looksLikeEncodings(R"({"version": 1, "layers": {}})"));
    EXPECT_EQ(planFromEncodings(graph, "{").error().code, Error::Corrupt);
    EXPECT_EQ(planFromEncodings(graph, R"({"activation_encodings": {}})").error().code,
              Error::InvalidArgument);
    EXPECT_EQ(planFromEncodings(graph, R"({"activation_encodings": {}, "param_encodings": {}})").error().code,
              Error::NotFound);
    const std::string short1 = R"({"activation_encodings": [], "param_encodings":
        [{"name": "head.weight", "dtype": "INT", "bw": 8, "is_sym": true, "scale": [1], "offset": []}]})";
    EXPECT_EQ(planFromEncodings(graph, short1).error().code, Error::InvalidArgument);
    const std::string wild = R"({"activation_encodings": [], "param_encodings":
        [{"name": "head.weight", "dtype": "INT", "bw": 99, "is_sym": true, "scale": [1], "offset": [0]}]})";
    EXPECT_FALSE(planFromEncodings(graph, wild).has_value());
    const std::string kinds = R"({"activation_encodings": [], "param_encodings": [{"name": 3}]})";
    EXPECT_EQ(planFromEncodings(graph, kinds).error().code, Error::InvalidArgument);
}

} // namespace
} // namespace bitwright
