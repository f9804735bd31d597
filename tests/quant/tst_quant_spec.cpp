// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/quant_spec.h"
#include "core/quant/with_bits.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace bitwright;
using Json = nlohmann::json;

namespace {

/// Specs of every format, scheme, granularity, estimator, rule and rounding, valid ones only.
std::vector<QuantSpec> variety()
{
    std::vector<QuantSpec> specs{QuantSpec::float32(), QuantSpec::defaultWeights(),
                                 QuantSpec::defaultActivations(4)};
    for (int format = 0; format <= int(Format::Minifloat); ++format)
        for (int i = 0; i < 60; ++i) {
            QuantSpec spec;
            spec.format = Format(format);
            spec.bits = 2 + i % 7;
            spec.scheme = Scheme(i % 5);
            spec.scaleRule = ScaleRule(i % 3);
            spec.granularity = Granularity(i % 4);
            spec.group = spec.granularity == Granularity::Group ? 16 + i : 128;
            spec.estimator = Estimator(i % 10);
            if (spec.estimator == Estimator::Percentile)
                spec.parameter = 99 + 0.013 * i;
            if (spec.estimator == Estimator::Lp)
                spec.parameter = 0.1 * (i + 1);
            if (spec.estimator == Estimator::Fixed)
                spec.rangeLo = -0.1 * i, spec.rangeHi = 1.0 / 3;
            if (spec.format == Format::Int || spec.format == Format::Minifloat)
                spec.rounding = Rounding(i % 4);
            spec.dynamic = spec.hasRange() && spec.granularity == Granularity::Tensor;
            if (spec.format == Format::Minifloat)
                spec.exponentBits = 2 + i % 4, spec.mantissaBits = i % 8;
            if (!spec.hasRange() && spec.format != Format::Codebook)
                spec.bits = spec.storedBits();
            if (spec.format == Format::Minifloat)
                spec.bits = spec.storedBits();
            if (spec.format == Format::Float32 || spec.format == Format::Float16 ||
                spec.format == Format::BFloat16) {
                QuantSpec bare;
                bare.format = spec.format;
                bare.bits = spec.storedBits();
                spec = bare;
            }
            specs.push_back(spec);
        }
    return specs;
}

std::vector<QuantSpec> bases()
{
    QuantSpec odd = QuantSpec::defaultWeights(3);
    odd.format = Format::Minifloat;
    odd.exponentBits = 5;
    odd.mantissaBits = 2;
    odd.scheme = Scheme::Narrow;
    odd.scaleRule = ScaleRule::Range;
    odd.estimator = Estimator::Fixed;
    odd.rangeLo = -3;
    odd.rounding = Rounding::Floor;
    odd.dynamic = true;
    odd.granularity = Granularity::Group;
    odd.group = 7;
    return {QuantSpec{}, QuantSpec::float32(), QuantSpec::defaultActivations(), odd};
}

std::string errorOf(const char* json)
{
    const auto spec = specFromJson(Json::parse(json), QuantSpec{});
    return spec ? std::string("accepted") : spec.error().text();
}

} // namespace

TEST(SpecText, EveryShortFormReadsBackAsTheSameSpecOverAnyBase)
{
    for (const QuantSpec& base : bases())
        for (const QuantSpec& spec : variety()) {
            const auto read = parseSpec(shortForm(spec), base);
            ASSERT_TRUE(read) << shortForm(spec) << ": " << read.error().text();
            EXPECT_EQ(*read, spec) << shortForm(spec) << " became " << shortForm(*read);
        }
}

TEST(SpecText, LearnedRangesHaveNoShortFormAndItSaysSo)
{
    QuantSpec spec = QuantSpec::defaultWeights();
    spec.estimator = Estimator::Fixed;
    spec.ranges = {{-1, 1}, {-0.5, 0.25}};
    EXPECT_EQ(shortForm(spec), "8:symmetric:channel:fixed=learned");
    EXPECT_FALSE(parseSpec(shortForm(spec), {})) << "rather than as other ranges";
}

TEST(SpecText, ReadsTheExamplesOfTheContract)
{
    const QuantSpec weights = QuantSpec::defaultWeights();
    const auto eight = parseSpec("8", weights);
    ASSERT_TRUE(eight);
    EXPECT_EQ(*eight, weights);

    const auto four = parseSpec("4:symmetric:channel:mse", QuantSpec{});
    ASSERT_TRUE(four);
    EXPECT_EQ(four->bits, 4);
    EXPECT_EQ(four->granularity, Granularity::Channel);
    EXPECT_EQ(four->estimator, Estimator::Mse);

    const auto percentile = parseSpec("8:asymmetric:tensor:percentile=99.99", weights);
    ASSERT_TRUE(percentile);
    EXPECT_EQ(percentile->scheme, Scheme::Asymmetric);
    EXPECT_EQ(percentile->granularity, Granularity::Tensor);
    EXPECT_EQ(percentile->parameter, 99.99);

    EXPECT_EQ(*parseSpec("float", weights), QuantSpec::float32());
    const auto e4m3 = parseSpec("e4m3", weights);
    ASSERT_TRUE(e4m3);
    EXPECT_EQ(e4m3->format, Format::Minifloat);
    EXPECT_EQ(e4m3->granularity, Granularity::Channel);
    EXPECT_EQ(e4m3->storedBits(), 8);
    EXPECT_EQ(parseSpec("codebook4", weights)->format, Format::Codebook);
    EXPECT_EQ(parseSpec("log4", weights)->bits, 4);
    EXPECT_EQ(parseSpec("4:Power_of_Two:group=64", weights)->group, 64);
}

TEST(SpecText, BitsAloneKeepTheRestOfTheBase)
{
    QuantSpec base = QuantSpec::defaultActivations();
    base.rounding = Rounding::Stochastic;
    const auto spec = parseSpec("4", base);
    ASSERT_TRUE(spec);
    base.bits = 4;
    EXPECT_EQ(*spec, base);
}

TEST(SpecText, NonsenseIsRefusedWithTheWordThatIsWrong)
{
    for (const char* text : {"",
                             ":",
                             "banana",
                             "0",
                             "17",
                             "-4",
                             "4.5",
                             "8:",
                             "8:foo",
                             "8:group=0",
                             "8:group=x",
                             "8:percentile=",
                             "8:percentile=120",
                             "8:percentile=1e999",
                             "8:fixed",
                             "8:fixed=1",
                             "8:fixed=2..1",
                             "8:mse=3",
                             "8:tensor=4",
                             "codebook9",
                             "codebook",
                             "log1",
                             "e6m3",
                             "e4m8",
                             "float:symmetric",
                             "ternary:floor",
                             "1:narrow",
                             "8:channel:dynamic",
                             "999999999999"}) {
        const auto spec = parseSpec(text, QuantSpec{});
        ASSERT_FALSE(spec) << text;
        EXPECT_EQ(spec.error().code, Error::InvalidArgument) << text;
        EXPECT_EQ(spec.error().where, text);
        EXPECT_FALSE(spec.error().message.empty());
    }
    EXPECT_NE(parseSpec("8:foo", QuantSpec{}).error().message.find("\"foo\""), std::string::npos);
}

TEST(SpecJson, EverySpecReadsBackAsTheSameOverAnyBase)
{
    for (const QuantSpec& base : bases())
        for (const QuantSpec& spec : variety()) {
            const auto read = specFromJson(Json::parse(specToJson(spec).dump()), base);
            ASSERT_TRUE(read) << read.error().text();
            EXPECT_EQ(*read, spec) << specToJson(spec).dump();
        }
}

TEST(SpecJson, FieldsThatASpecDoesNotUseSurviveAFile)
{
    QuantSpec spec = QuantSpec::defaultWeights();
    spec.exponentBits = 5;
    spec.mantissaBits = 2;
    spec.group = 32;
    spec.rangeHi = 6;
    spec.parameter = 1.5;
    const auto read = specFromJson(specToJson(spec), QuantSpec{});
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, spec);
}

TEST(SpecJson, MissingKeysKeepTheBase)
{
    const QuantSpec base = QuantSpec::defaultWeights();
    const auto spec = specFromJson(Json::parse(R"({"bits": 4})"), base);
    ASSERT_TRUE(spec);
    EXPECT_EQ(*spec, QuantSpec::defaultWeights(4));
    EXPECT_EQ(specFromJson(Json::parse(R"({"bits": 4})"), QuantSpec::float32())->format, Format::Int);
    EXPECT_EQ(specFromJson(Json::parse(R"({"estimator": "percentile", "percentile": 99})"), base)->parameter,
              99);
    EXPECT_EQ(specFromJson(Json::parse(R"({"format": "e5m2"})"), base)->storedBits(), 8);
}

TEST(SpecJson, NonsenseIsRefusedWithTheKey)
{
    EXPECT_NE(errorOf(R"({"bits": "eight"})").find("\"bits\""), std::string::npos);
    EXPECT_NE(errorOf(R"({"bits": 4.5})").find("\"bits\""), std::string::npos);
    EXPECT_NE(errorOf(R"({"bits": 1e300})").find("\"bits\""), std::string::npos);
    EXPECT_NE(errorOf(R"({"bits": 18446744073709551615})").find("\"bits\""), std::string::npos);
    EXPECT_NE(errorOf(R"({"scheme": "sideways"})").find("asymmetric"), std::string::npos);
    EXPECT_NE(errorOf(R"({"scheme": 4})").find("\"scheme\""), std::string::npos);
    EXPECT_NE(errorOf(R"({"range": [1]})").find("\"range\""), std::string::npos);
    EXPECT_NE(errorOf(R"({"range": [1, "x"]})").find("\"range\""), std::string::npos);
    EXPECT_NE(errorOf(R"({"dynamic": 1})").find("\"dynamic\""), std::string::npos);
    EXPECT_NE(errorOf(R"({"bitz": 1})").find("\"bitz\""), std::string::npos);
    EXPECT_NE(errorOf(R"([1])").find("object"), std::string::npos);
    EXPECT_NE(errorOf(R"({"granularity": "group", "group": -1})").find("group"), std::string::npos);
}

TEST(SpecText, DescriptionsFitATableCell)
{
    EXPECT_EQ(describe(QuantSpec::defaultWeights()), "8-bit symmetric");
    EXPECT_EQ(describe(QuantSpec::float32()), "float32");
    EXPECT_EQ(describe(*parseSpec("e4m3", QuantSpec{})), "E4M3");
    EXPECT_EQ(describe(*parseSpec("codebook4", QuantSpec{})), "4-bit codebook");
    EXPECT_EQ(describe(*parseSpec("8:asymmetric:tensor:minmax:dynamic", QuantSpec{})),
              "8-bit asymmetric dynamic");
}

TEST(SpecText, TheParameterInForceIsTheEstimatorsDefaultUnlessGiven)
{
    EXPECT_EQ(estimatorParameter(*parseSpec("8:percentile", QuantSpec{})), 99.99);
    EXPECT_EQ(estimatorParameter(*parseSpec("8:percentile=99", QuantSpec{})), 99);
    EXPECT_EQ(estimatorParameter(*parseSpec("8:lp", QuantSpec{})), 2.4);
    EXPECT_EQ(estimatorParameter(*parseSpec("8:mean-sigma", QuantSpec{})), 3);
    EXPECT_EQ(estimatorParameter(*parseSpec("8:moving-average", QuantSpec{})), 0.01);
    EXPECT_EQ(estimatorParameter(*parseSpec("8:mse", QuantSpec{})), 0);
}

TEST(WithBits, GivesAValidSpecOfEveryOtherOne)
{
    for (const QuantSpec& spec : variety())
        for (int bits = 1; bits <= 16; ++bits) {
            const QuantSpec changed = withBits(spec, bits);
            ASSERT_TRUE(validate(changed)) << describe(changed) << ": " << validate(changed).error().message;
            EXPECT_EQ(changed.storedBits(), bits);
        }
}
