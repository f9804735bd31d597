// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/cost.h"
#include "core/analysis/precision.h"
#include "core/quant/quantize.h"
#include "tests/support.h"

#include <gtest/gtest.h>

namespace bitwright {
namespace {

QuantParams paramsOf(const char* text, int64_t entries)
{
    const QuantSpec spec = *parseSpec(text, QuantSpec::defaultWeights());
    return paramsFromRanges(spec, std::vector<Range>(size_t(entries), Range{-1, 1}), 0);
}

TEST(Huffman, GivesTheTextbookLength)
{
    // Cormen et al., Introduction to Algorithms, 16.3: a 45, b 13, c 12, d 16, e 9, f 5 (thousand) take 224.
    EXPECT_EQ(huffmanBits({45, 13, 12, 16, 9, 5}), 224);
}

TEST(Huffman, IsThePackedLengthForEqualCounts)
{
    EXPECT_EQ(huffmanBits(std::vector<int64_t>(16, 10)), 16 * 10 * 4);
}

TEST(Huffman, NeedsOneBitForASingleSymbolAndNoneForNothing)
{
    EXPECT_EQ(huffmanBits({0, 7, 0}), 7);
    EXPECT_EQ(huffmanBits({}), 0);
    EXPECT_EQ(huffmanBits({0, 0}), 0);
}

TEST(SparseBytes, IsTheSmallestOfCodesABitmapAndRunLengths)
{
    const auto every = [](int64_t count, int64_t step) {
        std::vector<float> values(size_t(count), 0.0f);
        for (int64_t i = step - 1; i < count; i += step)
            values[size_t(i)] = 1;
        return values;
    };
    EXPECT_EQ(sparseBytes(every(800, 1), 8), 800);          // no zero: the codes
    EXPECT_EQ(sparseBytes(every(800, 2), 8), 100 + 400);    // a bitmap, and 400 codes
    EXPECT_EQ(sparseBytes(every(800, 10), 8), 80 * 12 / 8); // 80 codes with 4 bits for nine zeros each
    // 79 zeros need four stored zeros (each ends 15 others), so ten stored codes make 50.
    EXPECT_EQ(sparseBytes(every(800, 80), 8), 50 * 12 / 8);
    EXPECT_EQ(sparseBytes({}, 8), 0);
}

TEST(PackedBytes, CountsTrueBitsAndMetadata)
{
    const QuantParams whole = paramsOf("4:symmetric:tensor", 1);
    EXPECT_EQ(packedBytes(1001, whole), 501 + whole.metadataBytes());
    const QuantParams three = paramsOf("3:symmetric:tensor", 1);
    EXPECT_EQ(packedBytes(1000, three), 375 + three.metadataBytes());
    EXPECT_EQ(packedBytes(1000, QuantParams{}), 4000);
    const QuantParams channels = paramsOf("8:asymmetric:channel", 10);
    EXPECT_EQ(packedBytes(1000, channels), 1000 + channels.metadataBytes());
    EXPECT_GE(channels.metadataBytes(), 10 * 4);
}

TEST(MacEnergy, MeetsThePublishedPoints)
{
    EXPECT_NEAR(macEnergyPj(8, 8, false), 0.2 + 0.03, 1e-12);
    EXPECT_NEAR(macEnergyPj(32, 32, false), 3.1 + 0.1, 1e-12);
    EXPECT_NEAR(macEnergyPj(16, 16, true), 1.1 + 0.4, 1e-12);
    EXPECT_NEAR(macEnergyPj(32, 32, true), 3.7 + 0.9, 1e-12);
}

TEST(MacEnergy, FallsWithEveryBit)
{
    for (int bits = 2; bits <= 32; ++bits) {
        EXPECT_GT(macEnergyPj(bits, 8, false), macEnergyPj(bits - 1, 8, false));
        EXPECT_DOUBLE_EQ(macEnergyPj(bits, 4, false), macEnergyPj(4, bits, false));
    }
}

struct CostOfADenseLayer : testing::Test {
    Progress progress;
    std::shared_ptr<test::FakeRunner> runner =
        test::FakeRunner::fromText("x = input 100\nh = linear x 50 relu\nv = view h\ny = linear v 10");

    ResolvedPlan quantized(const char* weights, const char* activations)
    {
        ResolvedPlan resolved;
        for (const Layer& layer : runner->graph().layers) {
            resolved.weights[layer.weights[0].parameter] = paramsOf(weights, layer.weights[0].shape[0]);
            resolved.activations[layer.output].params = paramsOf(activations, 1);
        }
        resolved.activations[runner->graph().inputs[0]].params = paramsOf(activations, 1);
        return resolved;
    }
};

TEST_F(CostOfADenseLayer, InFloatIsThirtyTwoBitsEverywhere)
{
    const Cost cost = *modelCost(*runner, {}, progress);
    EXPECT_EQ(cost.macs, 100 * 50 + 50 * 10);
    EXPECT_EQ(cost.floatBytes, 4 * (5000 + 50 + 500 + 10));
    EXPECT_EQ(cost.quantizedBytes, cost.floatBytes);
    EXPECT_EQ(cost.huffmanBytes, cost.floatBytes);
    EXPECT_DOUBLE_EQ(cost.bops, 5500.0 * 32 * 32);
    // 4.6 pJ a MAC; 5560 words from DRAM; 100 + 50 and 50 + 10 words through SRAM.
    EXPECT_NEAR(cost.energyPj, 5500 * 4.6 + 5560 * 640 + 210 * 5, 1e-6);
}

TEST_F(CostOfADenseLayer, EndsWhenItIsCancelled)
{
    progress.cancel();
    EXPECT_EQ(modelCost(*runner, {}, progress).error().code, Error::Cancelled);
}

TEST_F(CostOfADenseLayer, QuantizedFollowsTheBitsOfWeightsAndInputs)
{
    const Cost cost = *modelCost(*runner, quantized("4:symmetric:channel", "8:asymmetric:tensor"), progress);
    const int64_t metadata = paramsOf("4:symmetric:channel", 50).metadataBytes() +
                             paramsOf("4:symmetric:channel", 10).metadataBytes();
    EXPECT_EQ(cost.quantizedBytes, 2500 + 250 + 4 * 60 + metadata);
    EXPECT_DOUBLE_EQ(cost.bops, 5500.0 * 4 * 8);
    EXPECT_LT(cost.huffmanBytes, cost.quantizedBytes); // the normal weights use the outer codes rarely
    const double arithmetic = 5500 * macEnergyPj(4, 8, false);
    EXPECT_NEAR(cost.energyPj, arithmetic + double(cost.quantizedBytes) / 4 * 640 + 210.0 / 4 * 5, 1e-6);
}

TEST_F(CostOfADenseLayer, ThePrecisionOfAMovedTensorIsThatOfItsSource)
{
    const ResolvedPlan resolved = quantized("4:symmetric:channel", "6:asymmetric:tensor");
    const Graph& graph = runner->graph();
    EXPECT_EQ(activationPrecision(graph, resolved, graph.layers[1].inputs[0]), (Precision{6, false}));
    EXPECT_EQ(activationPrecision(graph, {}, graph.layers[1].inputs[0]), Precision{});
}

TEST_F(CostOfADenseLayer, HuffmanOfTheCodesIsWhatIsReported)
{
    ResolvedPlan resolved;
    const QuantParams params = paramsOf("3:symmetric:tensor", 1);
    resolved.weights["y.weight"] = params;
    std::map<int32_t, int64_t> counts;
    for (const int32_t code : quantizeToCodes(*runner->parameter("y.weight"), params))
        ++counts[code];
    std::vector<int64_t> flat;
    for (int32_t code = counts.begin()->first; code <= counts.rbegin()->first; ++code)
        flat.push_back(counts.count(code) ? counts[code] : 0);
    const int64_t others = 4 * (5000 + 50 + 10);
    EXPECT_EQ(modelCost(*runner, resolved, progress)->huffmanBytes,
              others + (huffmanBits(flat) + 7) / 8 + int64_t(flat.size()) + params.metadataBytes());
}

} // namespace
} // namespace bitwright
