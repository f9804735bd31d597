// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/entry_layout.h"
#include "core/quant/minifloat.h"
#include "core/quant/quantize.h"

#include <gtest/gtest.h>
#include <omp.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>

using namespace bitwright;

namespace {

Tensor normalTensor(const Shape& shape, uint32_t seed = 1, float sigma = 1)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0, sigma);
    std::vector<float> values(size_t(elementCount(shape)));
    for (float& x : values)
        x = normal(random);
    return Tensor::fromFloats(shape, values);
}

Tensor vectorOf(const std::vector<float>& values)
{
    return Tensor::fromFloats({int64_t(values.size())}, values);
}

std::vector<float> valuesOf(const Tensor& tensor)
{
    return {tensor.floats().begin(), tensor.floats().end()};
}

QuantParams intParams(float scale, int32_t zeroPoint, int32_t qmin, int32_t qmax)
{
    QuantParams params;
    params.format = Format::Int;
    params.qmin = qmin;
    params.qmax = qmax;
    params.scale = {scale};
    params.zeroPoint = {zeroPoint};
    return params;
}

QuantSpec formatSpec(Format format, int bits = 4)
{
    QuantSpec spec;
    spec.format = format;
    spec.bits = bits;
    return spec;
}

/// A spec of every format, with params fitted to `tensor`.
std::vector<QuantParams> everyFormat(const Tensor& tensor, Granularity granularity)
{
    std::vector<QuantParams> result;
    for (int format = 0; format <= int(Format::Minifloat); ++format)
        for (const Scheme scheme :
             {Scheme::Symmetric, Scheme::Narrow, Scheme::Unsigned, Scheme::Asymmetric, Scheme::PowerOfTwo}) {
            QuantSpec spec = formatSpec(Format(format));
            spec.scheme = scheme;
            spec.granularity = granularity;
            spec.group = 5;
            result.push_back(paramsFromValues(spec, tensor, 0));
            if (Format(format) != Format::Int)
                break;
        }
    return result;
}

void expectSameBits(const Tensor& a, const Tensor& b)
{
    ASSERT_EQ(a.size(), b.size());
    for (int64_t i = 0; i < a.size(); ++i)
        ASSERT_EQ(std::bit_cast<uint32_t>(a.floats()[size_t(i)]),
                  std::bit_cast<uint32_t>(b.floats()[size_t(i)]))
            << i;
}

} // namespace

TEST(Quantize, RoundsHalfToEvenAndClampsToTheGrid)
{
    const Tensor x = vectorOf({0.5f, 1.5f, 2.5f, -0.5f, -1.5f, 100, -100, 0.49f, 7.4f});
    const QuantParams params = intParams(1, 0, -8, 7);
    EXPECT_EQ(quantizeToCodes(x, params), (std::vector<int32_t>{0, 2, 2, 0, -2, 7, -8, 0, 7}));
    EXPECT_EQ(valuesOf(fakeQuantize(x, params)), (std::vector<float>{0, 2, 2, 0, -2, 7, -8, 0, 7}));
}

TEST(Quantize, MatchesTheWorkedAsymmetricExample)
{
    // s = 0.02, z = 128 (ONNX QuantizeLinear): -1.0 -> 78, 0 -> 128, 0.013 -> 129, 3 -> 255, -3 -> 0.
    const QuantParams params = intParams(0.02f, 128, 0, 255);
    EXPECT_EQ(quantizeToCodes(vectorOf({-1.0f, 0, 0.013f, 3, -3}), params),
              (std::vector<int32_t>{78, 128, 129, 255, 0}));
    EXPECT_FLOAT_EQ(fakeQuantize(vectorOf({3}), params).floats()[0], 0.02f * 127);
}

TEST(Quantize, RoundingModesDifferOnlyInTheDirection)
{
    const Tensor x = vectorOf({0.5f, -0.5f, 1.7f, -1.2f, 2.5f});
    QuantParams params = intParams(1, 0, -8, 7);
    params.rounding = Rounding::HalfAway;
    EXPECT_EQ(quantizeToCodes(x, params), (std::vector<int32_t>{1, -1, 2, -1, 3}));
    params.rounding = Rounding::Floor;
    EXPECT_EQ(quantizeToCodes(x, params), (std::vector<int32_t>{0, -1, 1, -2, 2}));
}

TEST(Quantize, StochasticRoundingIsUnbiasedAndRepeatable)
{
    QuantParams params = intParams(1, 0, -128, 127);
    params.rounding = Rounding::Stochastic;
    const Tensor x = vectorOf(std::vector<float>(200000, 2.3f));
    const std::vector<int32_t> codes = quantizeToCodes(x, params);
    EXPECT_EQ(codes, quantizeToCodes(x, params));
    double sum = 0;
    for (const int32_t q : codes) {
        ASSERT_TRUE(q == 2 || q == 3);
        sum += q;
    }
    EXPECT_NEAR(sum / 200000, 2.3, 0.005); // five standard deviations
    EXPECT_EQ(quantizeToCodes(vectorOf({2, -5}), params), (std::vector<int32_t>{2, -5}));
}

TEST(Quantize, FakeQuantizationIsDequantizationOfTheCodesInEveryFormat)
{
    for (const Shape& shape : {Shape{6, 7}, Shape{3, 40, 3}, Shape{5}, Shape{4, 1}})
        for (const Granularity granularity :
             {Granularity::Tensor, Granularity::Channel, Granularity::Group}) {
            const Tensor x = normalTensor(shape);
            for (const QuantParams& params : everyFormat(x, granularity))
                expectSameBits(fakeQuantize(x, params),
                               dequantize(quantizeToCodes(x, params), shape, params));
        }
}

TEST(Quantize, QuantizedValuesAreFixedPoints)
{
    const Tensor x = normalTensor({16, 33});
    for (const Granularity granularity : {Granularity::Tensor, Granularity::Channel, Granularity::Group})
        for (const QuantParams& params : everyFormat(x, granularity)) {
            const Tensor once = fakeQuantize(x, params);
            expectSameBits(fakeQuantize(once, params), once);
        }
}

TEST(Quantize, ErrorInsideTheGridIsAtMostHalfAStep)
{
    const Tensor x = normalTensor({1000}, 3);
    for (int bits = 2; bits <= 16; ++bits) {
        const QuantParams params = paramsFromValues(formatSpec(Format::Int, bits), x, 0);
        const Tensor quantized = fakeQuantize(x, params);
        for (size_t i = 0; i < 1000; ++i)
            EXPECT_LE(std::fabs(x.floats()[i] - quantized.floats()[i]), 0.5001f * params.scale[0]);
    }
}

TEST(Quantize, ThreadCountAndMemoryDoNotMatter)
{
    const Tensor x = normalTensor({64, 3, 500});
    const int threads = omp_get_max_threads();
    for (const Granularity granularity : {Granularity::Tensor, Granularity::Channel, Granularity::Group})
        for (QuantParams params : everyFormat(x, granularity)) {
            if (params.format == Format::Int)
                params.rounding = Rounding::Stochastic;
            omp_set_num_threads(1);
            const Tensor one = fakeQuantize(x, params);
            omp_set_num_threads(4);
            Tensor inPlace = Tensor::fromFloats(x.shape(), x.floats());
            float* data = inPlace.mutableFloats().data();
            fakeQuantize(data, data, x.shape(), params);
            expectSameBits(one, inPlace);
        }
    omp_set_num_threads(threads);
}

TEST(Quantize, EmptyTensorsAndEmptyParamsAreHarmless)
{
    EXPECT_EQ(fakeQuantize(Tensor::empty(DType::F32, {0, 3}), intParams(1, 0, -8, 7)).size(), 0);
    QuantParams params = intParams(1, 0, -8, 7);
    params.scale.clear();
    params.zeroPoint.clear();
    EXPECT_EQ(fakeQuantize(vectorOf({1.4f}), params).floats()[0], 1);
    params.format = Format::Codebook;
    params.bits = 2;
    EXPECT_EQ(fakeQuantize(vectorOf({1.4f}), params).floats()[0], 0);
}

TEST(EntryLayout, GroupsCutTheChannelsRemainingElementsInRowMajorOrder)
{
    // [in 2, out 3, k 4], axis 1: channel c is (0, c, *) then (1, c, *); groups of 3 leave one of 2.
    const EntryLayout layout = entryLayout({2, 3, 4}, 1, 3);
    EXPECT_EQ(layout.groups, 3);
    EXPECT_EQ(layout.entries(), 9);
    std::vector<float> values(24);
    for (size_t i = 0; i < 24; ++i)
        values[i] = float(i);
    const Tensor x = Tensor::fromFloats({2, 3, 4}, values);
    EXPECT_EQ(entryValues(x, layout, 3), (std::vector<float>{4, 5, 6}));
    EXPECT_EQ(entryValues(x, layout, 4), (std::vector<float>{7, 16, 17}));
    EXPECT_EQ(entryValues(x, layout, 5), (std::vector<float>{18, 19}));
    EXPECT_EQ(entryRanges(x, 1, 3)[4], (Range{7, 17}));
}

TEST(EntryLayout, RunsAndPiecesAgreeOnEveryElement)
{
    for (const Shape& shape : {Shape{4, 6, 5}, Shape{1, 7}, Shape{9}, Shape{3, 2, 2, 3}})
        for (int axis = -1; axis < int(shape.size()); ++axis)
            for (const int64_t group : {0, 1, 2, 4, 7, 1000}) {
                const EntryLayout layout = entryLayout(shape, axis, group);
                std::vector<int64_t> byPiece(size_t(layout.size()), -1), byRun = byPiece;
                for (int64_t e = 0; e < layout.entries(); ++e)
                    forEachPiece(layout, e, [&](int64_t entry, int64_t offset, int64_t length) {
                        std::fill_n(byPiece.begin() + offset, length, entry);
                    });
                forEachRun(layout, 0, layout.size(), [&](int64_t entry, int64_t offset, int64_t length) {
                    std::fill_n(byRun.begin() + offset, length, entry);
                });
                EXPECT_EQ(byPiece, byRun);
                EXPECT_EQ(std::ranges::count(byRun, -1), 0);
            }
}

TEST(EntryLayout, RangesLeaveOutWhatIsNotFinite)
{
    const float inf = std::numeric_limits<float>::infinity();
    const Tensor x = Tensor::fromFloats({2, 3}, std::vector<float>{1, inf, -2, NAN, inf, -inf});
    EXPECT_EQ(entryRanges(x, 0, 0), (std::vector<Range>{{-2, 1}, {0, 0}}));
}

TEST(Minifloat, LargestValuesAreThoseOfThePublishedFormats)
{
    EXPECT_EQ((Minifloat{4, 3}.max()), 448);
    EXPECT_EQ((Minifloat{5, 2}.max()), 57344);
    EXPECT_EQ((Minifloat{2, 1}.max()), 6);
    EXPECT_EQ((Minifloat{3, 2}.max()), 28);
    EXPECT_EQ((Minifloat{2, 3}.max()), 7.5);
    EXPECT_EQ((Minifloat{4, 3}.value(1)), 0x1p-9); // least subnormal of E4M3
    EXPECT_EQ((Minifloat{5, 2}.value(1)), 0x1p-16);
}

TEST(Minifloat, EveryValueTakesTheNearestCodeTiesToTheEvenOne)
{
    for (int e = 2; e <= 5; ++e)
        for (int m = 0; m <= 7; ++m) {
            const Minifloat format{e, m};
            QuantParams params;
            params.format = Format::Minifloat;
            params.exponentBits = e;
            params.mantissaBits = m;
            params.scale = {1};
            for (int32_t code = 0; code < format.topPattern(); ++code) {
                const double a = format.value(code), b = format.value(code + 1), tie = (a + b) / 2;
                const auto below = float(std::nextafter(float(tie), 0.0f)),
                           above = float(std::nextafter(float(tie), 1e9f));
                // Without mantissa bits every significand is the odd 1: ties go up (IEEE 754 with p = 1), or
                // to 0.
                const int32_t even = m == 0 ? (code ? code + 1 : 0) : code + code % 2;
                const Tensor x = vectorOf({float(a), below, float(tie), above, -float(tie)});
                ASSERT_EQ(quantizeToCodes(x, params),
                          (std::vector<int32_t>{code, code, even, code + 1, even | format.signBit()}))
                    << "e" << e << "m" << m << " code " << code;
            }
            const Tensor beyond = vectorOf({1e30f, -INFINITY, NAN});
            const Tensor saturated = fakeQuantize(beyond, params);
            EXPECT_EQ(saturated.floats()[0], float(format.max()));
            EXPECT_EQ(saturated.floats()[1], -float(format.max()));
            EXPECT_EQ(std::isnan(saturated.floats()[2]), e >= 4);
        }
}

TEST(Log2, RoundsTheExponentInTheLogarithm)
{
    QuantParams params;
    params.format = Format::Log2;
    params.bits = 3; // 1, 1/2, 1/4 and zero
    params.scale = {1};
    const Tensor x = vectorOf({1, 1.5f, 0.71f, 0.70f, 0.5f, 0.3f, 0.13f, 0.12f, 0, -0.6f, 100, NAN});
    EXPECT_EQ(valuesOf(fakeQuantize(x, params)),
              (std::vector<float>{1, 1, 1, 0.5f, 0.5f, 0.25f, 0.25f, 0, 0, -0.5f, 1, 0}));
    EXPECT_EQ(quantizeToCodes(x, params), (std::vector<int32_t>{3, 3, 3, 2, 2, 1, 1, 0, 0, 2 + 4, 3, 0}));
    params.bits = 8;
    EXPECT_EQ(fakeQuantize(vectorOf({0x1p-126f, 0x1p-128f, 0}), params).floats()[0], 0x1p-126f);
    EXPECT_EQ(fakeQuantize(vectorOf({0x1p-128f}), params).floats()[0], 0);
}

TEST(Binary, IsTheSignTimesTheMeanMagnitude)
{
    const Tensor x = vectorOf({1, -2, 0, 5});
    const QuantParams params = paramsFromValues(formatSpec(Format::Binary), x, 0);
    EXPECT_EQ(valuesOf(fakeQuantize(x, params)), (std::vector<float>{2, -2, 2, 2}));
    EXPECT_EQ(quantizeToCodes(x, params), (std::vector<int32_t>{1, 0, 1, 1}));
}

TEST(Ternary, FollowsTernaryWeightNetworks)
{
    // mean|x| = 2, threshold 1.4; above it 2 and 5: s = 3.5.
    const Tensor x = vectorOf({1, -2, 0, 5});
    const QuantParams params = paramsFromValues(formatSpec(Format::Ternary), x, 0);
    EXPECT_EQ(valuesOf(fakeQuantize(x, params)), (std::vector<float>{0, -3.5f, 0, 3.5f}));
    EXPECT_EQ(quantizeToCodes(x, params), (std::vector<int32_t>{0, -1, 0, 1}));
    EXPECT_EQ(params.metadataBytes(), 4); // the threshold is not needed to read the codes back
}

TEST(ParamsFromValues, DegenerateTensorsGiveUsableParams)
{
    const float inf = std::numeric_limits<float>::infinity();
    for (const std::vector<float>& values : {std::vector<float>{},
                                             {0, 0, 0},
                                             {NAN, NAN},
                                             {inf, -inf},
                                             {3, 3, 3},
                                             {-1e-45f, 1e-45f},
                                             {1e38f, -1e38f}}) {
        const Tensor x = vectorOf(values);
        for (const QuantParams& params : everyFormat(x, Granularity::Tensor)) {
            for (const float s : params.scale)
                EXPECT_TRUE(std::isnormal(s) && s > 0);
            const Tensor quantized = fakeQuantize(x, params);
            const bool overflows = params.format == Format::Float16 || params.format == Format::BFloat16;
            for (size_t i = 0; i < values.size(); ++i) {
                const bool finite = std::isfinite(quantized.floats()[i]);
                EXPECT_TRUE(finite || overflows || !std::isfinite(values[i]))
                    << values[i] << " " << formatName(params.format);
            }
        }
    }
}
