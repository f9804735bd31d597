// SPDX-License-Identifier: GPL-3.0-or-later
//
// Bit-exactness against LibTorch's own operators. The only test program outside the torch room that sees
// LibTorch; it is therefore built without the macro that keeps LibTorch's headers out.
#include "core/quant/quantize.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>

using namespace bitwright;

namespace {

/// Random values, ties and their neighbours, grid edges, huge, denormal and non-finite numbers.
std::vector<float> adversarial(float scale, size_t count, uint32_t seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0, 40 * scale);
    std::uniform_int_distribution<int> code(-70000, 70000), bits;
    const float specials[] = {
        0.0f,   -0.0f,           INFINITY,        -INFINITY,        NAN,
        -NAN,   1e-45f,          -1e-45f,         1e-38f,           3e38f,
        -3e38f, 9.3e18f * scale, 9.2e18f * scale, -9.3e18f * scale, 2147483648.0f * scale};
    std::vector<float> values;
    for (size_t i = 0; i < count; ++i) {
        const float tie = (float(code(random) / (i % 3 ? 200 : 1)) + 0.5f) * scale;
        switch (i % 8) {
        case 0:
            values.push_back(tie);
            break;
        case 1:
            values.push_back(std::nextafter(tie, INFINITY));
            break;
        case 2:
            values.push_back(std::nextafter(tie, -INFINITY));
            break;
        case 3:
            values.push_back(std::bit_cast<float>(bits(random) ^ int(i << 31)));
            break;
        case 4:
            values.push_back(specials[(i / 8) % std::size(specials)]);
            break;
        default:
            values.push_back(normal(random));
        }
    }
    return values;
}

struct GridCase {
    float scale;
    int zeroPoint, qmin, qmax, bits;
};

const GridCase kGrids[] = {
    {0.0317f, 0, -128, 127, 8},     {0.1f, 3, 0, 255, 8},     {1.0f / 3, -7, -128, 127, 8},
    {1e-3f, 15, 0, 15, 4},          {0.7f, 0, -8, 7, 4},      {0.013f, 1, 0, 1, 1},
    {2.5e-5f, 40000, 0, 65535, 16}, {0.25f, 0, -127, 127, 8}, {1e-30f, 128, 0, 255, 8},
    {0x1p-126f, 0, -128, 127, 8},   {1e30f, 9, 0, 255, 8}};

QuantParams paramsOf(const GridCase& grid)
{
    QuantParams params;
    params.format = Format::Int;
    params.bits = grid.bits;
    params.qmin = grid.qmin;
    params.qmax = grid.qmax;
    params.scale = {grid.scale};
    params.zeroPoint = {grid.zeroPoint};
    return params;
}

at::Tensor toTorch(const std::vector<float>& values, at::IntArrayRef shape)
{
    return at::from_blob(const_cast<float*>(values.data()), shape, at::kFloat).clone();
}

/// Index of the first element with different bits, or -1.
int64_t firstDifference(const Tensor& ours, const at::Tensor& theirs)
{
    const at::Tensor dense = theirs.contiguous();
    const float* a = ours.floats().data();
    const float* b = dense.data_ptr<float>();
    for (int64_t i = 0; i < ours.size(); ++i)
        if (std::bit_cast<uint32_t>(a[i]) != std::bit_cast<uint32_t>(b[i]))
            return i;
    return -1;
}

/// Channels with scales and zero points of their own.
QuantParams channelParams(int64_t channels, int axis, int qmin, int qmax)
{
    QuantParams params = paramsOf({1, 0, qmin, qmax, 8});
    params.axis = axis;
    params.scale.clear();
    params.zeroPoint.clear();
    for (int64_t c = 0; c < channels; ++c) {
        params.scale.push_back(0.01f * float(c + 1) + 0.003f);
        params.zeroPoint.push_back(qmin + int32_t(c * 37 % (qmax - qmin + 1)));
    }
    return params;
}

at::Tensor scalesOf(const QuantParams& params)
{
    return at::from_blob(const_cast<float*>(params.scale.data()), {int64_t(params.scale.size())}, at::kFloat)
        .clone();
}

at::Tensor zeroPointsOf(const QuantParams& params)
{
    return at::from_blob(const_cast<int32_t*>(params.zeroPoint.data()), {int64_t(params.zeroPoint.size())},
                         at::kInt)
        .clone();
}

const std::pair<Shape, int> kChannelShapes[] = {{{7, 5, 3, 3}, 0}, {{7, 5, 3, 3}, 1}, {{3, 4, 5}, 2},
                                                {{64, 300}, 0},    {{300, 64}, 1},    {{2, 6, 40, 41}, 1},
                                                {{1, 9}, 0},       {{9}, 0},          {{5, 17, 33}, 1}};

} // namespace

TEST(AgainstTorch, FakeQuantizePerTensorIsTheSameBits)
{
    for (const GridCase& grid : kGrids)
        for (size_t count : {1u, 7u, 16u, 33u, 100003u}) {
            const std::vector<float> values = adversarial(grid.scale, count, uint32_t(count));
            const Tensor ours = fakeQuantize(Tensor::fromFloats({int64_t(count)}, values), paramsOf(grid));
            const at::Tensor theirs = at::fake_quantize_per_tensor_affine(
                toTorch(values, {int64_t(count)}), grid.scale, grid.zeroPoint, grid.qmin, grid.qmax);
            const int64_t at = firstDifference(ours, theirs);
            EXPECT_EQ(at, -1) << "scale " << grid.scale << " value " << values[size_t(at)] << " ours "
                              << ours.floats()[size_t(at)] << " theirs " << theirs.data_ptr<float>()[at];
        }
}

TEST(AgainstTorch, FakeQuantizePerChannelIsTheSameBitsForEveryAxis)
{
    for (const auto& [shape, axis] : kChannelShapes)
        for (const auto& [qmin, qmax] : {std::pair{-128, 127}, {0, 255}, {0, 15}, {-8, 7}}) {
            const std::vector<float> values = adversarial(0.05f, size_t(elementCount(shape)), 5);
            const QuantParams params = channelParams(shape[size_t(axis)], axis, qmin, qmax);
            const Tensor ours = fakeQuantize(Tensor::fromFloats(shape, values), params);
            const at::Tensor theirs = at::fake_quantize_per_channel_affine(
                toTorch(values, shape), scalesOf(params), zeroPointsOf(params), axis, qmin, qmax);
            EXPECT_EQ(firstDifference(ours, theirs), -1) << shapeText(shape) << " axis " << axis;
        }
}

TEST(AgainstTorch, CodesAreThoseOfQuantizePerTensor)
{
    for (const GridCase& grid : kGrids) {
        const bool isSigned = grid.qmin == -128 && grid.qmax == 127;
        if (!isSigned && !(grid.qmin == 0 && grid.qmax == 255))
            continue; // LibTorch has no other 8-bit ranges
        const std::vector<float> values = adversarial(grid.scale, 40000, 9);
        const std::vector<int32_t> ours =
            quantizeToCodes(Tensor::fromFloats({40000}, values), paramsOf(grid));
        const at::Tensor theirs = at::quantize_per_tensor(toTorch(values, {40000}), grid.scale,
                                                          grid.zeroPoint, isSigned ? at::kQInt8 : at::kQUInt8)
                                      .int_repr()
                                      .to(at::kInt);
        EXPECT_EQ(std::memcmp(ours.data(), theirs.data_ptr<int>(), ours.size() * sizeof(int)), 0)
            << grid.scale;
    }
}

TEST(AgainstTorch, CodesAreThoseOfQuantizePerChannel)
{
    for (const auto& [shape, axis] : kChannelShapes)
        for (const bool isSigned : {true, false}) {
            const std::vector<float> values = adversarial(0.05f, size_t(elementCount(shape)), 6);
            const QuantParams params =
                channelParams(shape[size_t(axis)], axis, isSigned ? -128 : 0, isSigned ? 127 : 255);
            const std::vector<int32_t> ours = quantizeToCodes(Tensor::fromFloats(shape, values), params);
            const at::Tensor theirs =
                at::quantize_per_channel(toTorch(values, shape), scalesOf(params), zeroPointsOf(params), axis,
                                         isSigned ? at::kQInt8 : at::kQUInt8)
                    .int_repr()
                    .to(at::kInt)
                    .contiguous();
            EXPECT_EQ(std::memcmp(ours.data(), theirs.data_ptr<int>(), ours.size() * sizeof(int)), 0)
                << shapeText(shape) << " axis " << axis;
        }
}

TEST(AgainstTorch, HalfAndBfloat16AreTheSameBitsForSampledPatternsOfTheWholeFloatRange)
{
    std::vector<float> values;
    for (uint64_t pattern = 0; pattern <= 0xFFFFFFFFu; pattern += 2039) // prime: hits every low-bit pattern
        values.push_back(std::bit_cast<float>(uint32_t(pattern)));
    for (uint32_t half = 0; half < 0x10000; ++half) // bfloat16 and half ties, and both neighbours
        for (uint32_t low : {0x7FFFu, 0x8000u, 0x8001u, 0xFFFu, 0x1000u, 0x1001u})
            values.push_back(std::bit_cast<float>(half << 16 | low));
    const Shape shape{int64_t(values.size())};
    for (const Format format : {Format::Float16, Format::BFloat16}) {
        QuantParams params;
        params.format = format;
        const Tensor ours = fakeQuantize(Tensor::fromFloats(shape, values), params);
        const at::Tensor theirs =
            toTorch(values, shape).to(format == Format::Float16 ? at::kHalf : at::kBFloat16).to(at::kFloat);
        const float* expected = theirs.data_ptr<float>();
        for (size_t i = 0; i < values.size(); ++i) {
            const float actual = ours.floats()[i];
            ASSERT_EQ(std::isnan(actual), std::isnan(expected[i])) << values[i];
            if (std::isnan(actual))
                continue;
            ASSERT_EQ(std::bit_cast<uint32_t>(actual), std::bit_cast<uint32_t>(expected[i])) << values[i];
        }
    }
}
