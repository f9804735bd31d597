// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calib/activation_sites.h"
#include "core/calib/calibrate.h"
#include "core/quant/quantize.h"
#include "tests/support.h"

#include <gtest/gtest.h>

#include <cmath>

namespace bitwright {
namespace {

using test::FakeRunner;

QuantSpec spec(const std::string& text)
{
    return *parseSpec(text, QuantSpec::defaultWeights());
}

Tensor ramp(int64_t channels, int64_t length)
{
    Tensor w = Tensor::empty(DType::F32, {channels, length});
    for (int64_t c = 0; c < channels; ++c)
        for (int64_t i = 0; i < length; ++i)
            w.mutableFloats()[size_t(c * length + i)] = float(c + 1) * float(i - length / 2) / float(length);
    return w;
}

const WeightRef kDense{"w", {}, 0, 1};

TEST(ResolveWeight, TakesTheLargestMagnitudePerTensor)
{
    const QuantParams params = *resolveWeight(ramp(3, 10), kDense, spec("8:symmetric:tensor:minmax"));
    ASSERT_EQ(params.scale.size(), 1u);
    EXPECT_FLOAT_EQ(params.scale[0], 1.5f / 127);
    EXPECT_EQ(params.axis, -1);
}

TEST(ResolveWeight, TakesTheLargestMagnitudePerChannel)
{
    const QuantParams params = *resolveWeight(ramp(3, 10), kDense, spec("8:symmetric:channel:minmax"));
    ASSERT_EQ(params.scale.size(), 3u);
    for (size_t c = 0; c < 3; ++c)
        EXPECT_FLOAT_EQ(params.scale[c], 0.5f * float(c + 1) / 127);
    EXPECT_EQ(params.axis, 0);
}

TEST(ResolveWeight, HonoursTheChannelAxis)
{
    Tensor w = Tensor::empty(DType::F32, {2, 3, 2});
    for (size_t i = 0; i < 12; ++i)
        w.mutableFloats()[i] = float(1 + (i / 2) % 3);
    const QuantParams params = *resolveWeight(w, {"w", {}, 1, 0}, spec("8:symmetric:channel:minmax"));
    ASSERT_EQ(params.scale.size(), 3u);
    for (size_t c = 0; c < 3; ++c)
        EXPECT_FLOAT_EQ(params.scale[c], float(c + 1) / 127);
    EXPECT_EQ(params.axis, 1);
}

TEST(ResolveWeight, GivesEveryGroupTheScaleOfItsOwnElements)
{
    const Tensor w = test::normalTensor({3, 10}, 4);
    const QuantParams params = *resolveWeight(w, kDense, spec("8:symmetric:group=4:minmax"));
    ASSERT_EQ(params.scale.size(), 9u); // 4 + 4 + 2 elements a channel
    const Tensor q = fakeQuantize(w, params);
    for (int64_t c = 0; c < 3; ++c)
        for (int64_t g = 0; g < 3; ++g) {
            float largest = 0, error = 0;
            for (int64_t i = g * 4; i < std::min<int64_t>(10, g * 4 + 4); ++i) {
                largest = std::max(largest, std::fabs(w.floats()[size_t(c * 10 + i)]));
                error = std::max(error,
                                 std::fabs(w.floats()[size_t(c * 10 + i)] - q.floats()[size_t(c * 10 + i)]));
            }
            EXPECT_FLOAT_EQ(params.scale[size_t(c * 3 + g)], largest / 127);
            EXPECT_LE(error, largest / 254 * 1.001f); // the executor cuts the same groups
        }
}

TEST(ResolveWeight, UsesFixedRangesAsGiven)
{
    QuantSpec fixed = spec("8:symmetric:channel");
    fixed.estimator = Estimator::Fixed;
    fixed.rangeLo = -2;
    fixed.rangeHi = 2;
    const QuantParams params = *resolveWeight(ramp(3, 10), kDense, fixed);
    ASSERT_EQ(params.scale.size(), 3u);
    for (const float s : params.scale)
        EXPECT_FLOAT_EQ(s, 2.0f / 127);
}

TEST(ResolveWeight, SurvivesTensorsThatDoNotFitTheScheme)
{
    const Tensor zeros = Tensor::fromFloats({2, 2}, std::vector<float>(4, 0));
    const Tensor negative = Tensor::fromFloats({2, 2}, std::vector<float>{-1, -2, -3, -4});
    const Tensor odd = Tensor::fromFloats({2, 2}, std::vector<float>{NAN, INFINITY, -1, 1});
    for (const char* text : {"8:unsigned:tensor:minmax", "4:unsigned:channel:mse", "4:asymmetric:channel:mse",
                             "2:symmetric:group=1:minmax", "binary", "ternary", "codebook2", "e4m3", "log4"})
        for (const Tensor& w : {zeros, negative, odd}) {
            const auto params = resolveWeight(w, kDense, spec(text));
            ASSERT_TRUE(params) << text;
            for (const float s : params->scale)
                EXPECT_TRUE(s > 0 && std::isfinite(s)) << text;
        }
}

TEST(ResolveWeight, MseAtFourBitsBeatsMinMaxOnATensorWithOutliers)
{
    Tensor w = test::normalTensor({4, 2000}, 3);
    for (size_t c = 0; c < 4; ++c)
        w.mutableFloats()[c * 2000] = 12;
    const auto error = [&](const char* text) {
        const Tensor q = fakeQuantize(w, *resolveWeight(w, kDense, spec(text)));
        double sum = 0;
        for (size_t i = 0; i < w.floats().size(); ++i)
            sum += std::pow(double(w.floats()[i]) - q.floats()[i], 2);
        return sum;
    };
    EXPECT_LT(error("4:symmetric:channel:mse"), 0.5 * error("4:symmetric:channel:minmax"));
}

TensorStats statsOf(const Tensor& x)
{
    TensorStats stats;
    addToStats(stats, x, 1, true);
    return stats;
}

TEST(ResolveActivation, WidensAsymmetricRangesToZero)
{
    const Tensor x = Tensor::fromFloats({2, 2}, std::vector<float>{1, 2, 3, 4});
    const auto quantizer = resolveActivation(statsOf(x), spec("8:asymmetric:tensor:minmax"));
    EXPECT_FALSE(quantizer.dynamic);
    ASSERT_EQ(quantizer.params.scale.size(), 1u);
    EXPECT_FLOAT_EQ(quantizer.params.scale[0], 4.0f / 255);
    EXPECT_EQ(quantizer.params.zeroPoint[0], 0);
}

TEST(ResolveActivation, ChannelRangesFallBackToMinMaxWithoutChannelHistograms)
{
    const Tensor x = Tensor::fromFloats({2, 2}, std::vector<float>{1, -10, -2, 5});
    for (const char* text : {"8:symmetric:channel:minmax", "8:symmetric:channel:mse"}) {
        const QuantParams params = resolveActivation(statsOf(x), spec(text)).params;
        ASSERT_EQ(params.scale.size(), 2u) << text;
        EXPECT_FLOAT_EQ(params.scale[0], 2.0f / 127);
        EXPECT_FLOAT_EQ(params.scale[1], 10.0f / 127);
        EXPECT_EQ(params.axis, 1);
    }
}

TEST(ResolveActivation, DynamicOnesTakeTheRangeOfEveryBatch)
{
    const Tensor small = Tensor::fromFloats({1, 3}, std::vector<float>{-0.5f, 0.25f, 0.5f});
    const Tensor large = Tensor::fromFloats({1, 3}, std::vector<float>{-50, 25, 50});
    const auto quantizer = resolveActivation(statsOf(large), spec("8:symmetric:tensor:minmax:dynamic"));
    ASSERT_TRUE(quantizer.dynamic);
    EXPECT_FLOAT_EQ(activationParams(small, quantizer).scale[0], 0.5f / 127);
    EXPECT_FLOAT_EQ(quantizeActivation(small, quantizer).floats()[2], 0.5f);
}

TEST(ResolveActivation, FormatsOfValuesTakeThemFromTheHistogram)
{
    const Tensor x = test::normalTensor({100, 50}, 2);
    double meanAbs = 0;
    for (const float v : x.floats())
        meanAbs += std::fabs(v) / 5000;
    const QuantParams binary = resolveActivation(statsOf(x), spec("binary")).params;
    ASSERT_EQ(binary.scale.size(), 1u);
    EXPECT_NEAR(binary.scale[0], meanAbs, 0.005 * meanAbs);
    EXPECT_EQ(resolveActivation(statsOf(x), spec("codebook3")).params.codebook.size(), 8u);
}

constexpr const char* kTied = R"(
x = input 8
h = linear x 8 relu
g = linear h 8 shares h
y = linear g 5)";

struct Resolved : testing::Test {
    std::shared_ptr<FakeRunner> runner = FakeRunner::fromText(kTied);
    Progress progress;
    CalibrationResult calibration = *calibrate(*runner, {}, progress);

    ResolvedPlan of(const QuantPlan& plan) { return *resolvePlan(*runner, plan, calibration, progress); }
};

TEST_F(Resolved, HasEveryQuantizedSite)
{
    const ResolvedPlan resolved = of(QuantPlan{});
    EXPECT_EQ(resolved.weights.size(), 2u); // the tied weight once
    EXPECT_EQ(resolved.activations.size(), 4u);
    EXPECT_EQ(of(QuantPlan::floatPlan()), ResolvedPlan{});
}

TEST_F(Resolved, LeavesFloatLayersAndUnobservedActivationsAlone)
{
    QuantPlan plan;
    plan.setWeights("y", QuantSpec::float32());
    plan.setActivations("input", QuantSpec::float32());
    calibration.activations.erase(runner->graph().layers[1].output);
    const ResolvedPlan resolved = of(plan);
    EXPECT_EQ(resolved.weights.count("y.weight"), 0u);
    EXPECT_EQ(resolved.activations.size(), 2u);
}

TEST_F(Resolved, TheFirstLayerDecidesASharedWeight)
{
    QuantPlan plan;
    plan.setWeights("h", spec("4"));
    plan.setWeights("g", spec("2"));
    EXPECT_EQ(of(plan).weights.at("h.weight").bits, 4);
    plan.setWeights("h", QuantSpec::float32());
    EXPECT_EQ(of(plan).weights.count("h.weight"), 0u);
}

TEST_F(Resolved, ModelGranularityGivesAllWeightsOneScale)
{
    QuantPlan plan;
    plan.defaultWeights = spec("8:symmetric:model:minmax");
    const ResolvedPlan resolved = of(plan);
    float largest = 0;
    for (const char* name : {"h.weight", "y.weight"})
        for (const float v : runner->parameter(name)->floats())
            largest = std::max(largest, std::fabs(v));
    for (const auto& [name, params] : resolved.weights)
        EXPECT_FLOAT_EQ(params.scale.at(0), largest / 127) << name;
}

} // namespace
} // namespace bitwright
