// SPDX-License-Identifier: GPL-3.0-or-later
// What exporters make of one layer is one layer again, with the file's rounding.
#include "tests/torch/onnx/onnx_case.h"

#include <algorithm>
#include <cmath>

using namespace bitwright;
using namespace bitwright::test;

namespace {

constexpr int kUint8 = 2, kInt8 = 3;

using OnnxAgain = OnnxFiles;

/// A linear layer of [N, 5, 8] as rows, folded back, with a ReLU and, on request, a quantizer behind.
ModelBuilder rowsModel(bool isQuantized)
{
    ModelBuilder b(17);
    b.input("x", {-1, 5, 8}).output("y").weight("w", {4, 8}).weight("bias", {4});
    b.integers("rows", {2}, {-1, 8}).integers("back", {3}, {-1, 5, 4});
    b.node("Reshape", {"x", "rows"}, {"r"}, "fc/Reshape");
    ModelBuilder::set(b.node("Gemm", {"r", "w", "bias"}, {"g"}, "fc"), "transB", int64_t(1));
    b.node("Reshape", {"g", "back"}, {"f"}, "fc/Reshape_1");
    b.node("Relu", {"f"}, {isQuantized ? "a" : "y"}, "relu");
    if (isQuantized) {
        b.weight("s", {}, {0.05f}).integers("z", {}, {0}, kUint8);
        b.node("QuantizeLinear", {"a", "s", "z"}, {"q"});
        b.node("DequantizeLinear", {"q", "s", "z"}, {"y"});
    }
    return b;
}

} // namespace

TEST_F(OnnxAgain, RowsThatAreFoldedBackAreOneLayer)
{
    const auto runner = opened(rowsModel(false));
    ASSERT_TRUE(runner);
    ASSERT_EQ(runner->graph().layers.size(), 1u);
    const Layer& layer = runner->graph().layers[0];
    EXPECT_EQ(layer.name, "fc");
    EXPECT_EQ(layer.activation, "relu");
    EXPECT_EQ(layer.outputShape, (Shape{1, 5, 4}));
    const Tensor x = ramp({3, 5, 8}), w = *runner->parameter("w"), bias = *runner->parameter("bias");
    const std::vector<float> y = floatsOf(*runner, {x});
    ASSERT_EQ(y.size(), 60u);
    for (size_t row = 0; row < 15; ++row)
        for (size_t c = 0; c < 4; ++c) {
            float sum = bias.floats()[c];
            for (size_t k = 0; k < 8; ++k)
                sum += x.floats()[row * 8 + k] * w.floats()[c * 8 + k];
            EXPECT_NEAR(y[row * 4 + c], std::max(sum, 0.0f), 1e-5);
        }
}

TEST_F(OnnxAgain, AQuantizerBehindAReshapeIsTheLayers)
{
    const auto rows = opened(rowsModel(true));
    ASSERT_TRUE(rows);
    ASSERT_TRUE(rows->fileQuantization());
    EXPECT_EQ(rows->fileQuantization()->plan.activations("fc").bits, 8);

    ModelBuilder b(17);
    b.input("x", {-1, 2, 4, 4}).output("y").weight("w", {3, 2, 1, 1}).weight("s", {}, {0.05f});
    b.integers("z", {}, {3}, kUint8).integers("flat", {2}, {-1, 48});
    b.node("Conv", {"x", "w"}, {"c"}, "conv");
    b.node("Reshape", {"c", "flat"}, {"f"}, "flatten");
    b.node("QuantizeLinear", {"f", "s", "z"}, {"q"});
    b.node("DequantizeLinear", {"q", "s", "z"}, {"y"});
    const auto conv = opened(b);
    ASSERT_TRUE(conv);
    ASSERT_TRUE(conv->fileQuantization());
    EXPECT_EQ(conv->fileQuantization()->plan.activations("conv").bits, 8);
}

TEST_F(OnnxAgain, AQuantizerBehindWhatIsFoldedOrFusedIsTheLayers)
{
    ModelBuilder b(17);
    b.input("x", {-1, 2, 4, 4}).output("y").weight("w", {3, 2, 1, 1}).weight("s", {}, {0.05f});
    b.weight("gamma", {3}, {1, 2, 3}).weight("beta", {3}, {0, 1, 2}).weight("mean", {3}, {0, 0, 1});
    b.weight("var", {3}, {1, 2, 1}).integers("z", {}, {3}, kUint8);
    b.node("Conv", {"x", "w"}, {"c"}, "conv");
    b.node("BatchNormalization", {"c", "gamma", "beta", "mean", "var"}, {"n"}, "norm");
    b.node("QuantizeLinear", {"n", "s", "z"}, {"q"});
    b.node("DequantizeLinear", {"q", "s", "z"}, {"d"});
    b.node("Sigmoid", {"d"}, {"g"}, "gate");
    b.node("Mul", {"d", "g"}, {"m"}, "silu");
    b.node("QuantizeLinear", {"m", "s", "z"}, {"q2"});
    b.node("DequantizeLinear", {"q2", "s", "z"}, {"y"});
    const auto runner = opened(b);
    ASSERT_TRUE(runner);
    EXPECT_EQ(namesOf(runner->graph()), (std::vector<std::string>{"conv", "silu"}));
    ASSERT_TRUE(runner->fileQuantization());
    EXPECT_EQ(runner->fileQuantization()->plan.activations("conv").bits, 8);
    EXPECT_EQ(runner->fileQuantization()->plan.activations("silu").bits, 8);
}

TEST_F(OnnxAgain, AQuantizerInFrontOfAClipIsTheLayersWhereItsGridComesAgain)
{
    for (const bool isOneGrid : {true, false}) {
        SCOPED_TRACE(isOneGrid);
        ModelBuilder b(17);
        b.input("x", {-1, 2, 4, 4}).output("y").weight("w", {3, 2, 1, 1}).weight("s", {}, {0.05f});
        b.weight("t", {}, {0.025f}).weight("low", {}, {0}).weight("high", {}, {6});
        b.integers("z", {}, {0}, kUint8);
        b.node("Conv", {"x", "w"}, {"c"}, "conv");
        b.node("QuantizeLinear", {"c", "s", "z"}, {"q"});
        b.node("DequantizeLinear", {"q", "s", "z"}, {"d"});
        b.node("Clip", {"d", "low", "high"}, {"r"}, "relu6");
        b.node("QuantizeLinear", {"r", isOneGrid ? "s" : "t", "z"}, {"q2"});
        b.node("DequantizeLinear", {"q2", isOneGrid ? "s" : "t", "z"}, {"y"});
        const auto runner = opened(b);
        ASSERT_TRUE(runner);
        using Names = std::vector<std::string>;
        EXPECT_EQ(namesOf(runner->graph()), isOneGrid ? Names({"conv"}) : Names({"conv", "relu6"}));
        EXPECT_EQ(runner->graph().layers[0].activation, isOneGrid ? "relu6" : "relu");
        ASSERT_TRUE(runner->fileQuantization());
        EXPECT_EQ(runner->fileQuantization()->exact.activations.size(), isOneGrid ? 1u : 2u);
    }
}

TEST_F(OnnxAgain, AGeluByTanhIsOneOperatorHoweverItIsWritten)
{
    for (const bool hasPower : {true, false}) {
        SCOPED_TRACE(hasPower);
        ModelBuilder b(13);
        b.input("x", {-1, 7}).output("y").weight("k", {}, {0.044715f}).weight("half", {}, {0.5f});
        b.weight("one", {}, {1}).weight("three", {}, {3}).weight("root", {}, {0.7978845608f});
        if (hasPower) {
            b.node("Pow", {"x", "three"}, {"cube"});
        } else {
            b.node("Mul", {"x", "x"}, {"square"});
            b.node("Mul", {"x", "square"}, {"cube"});
        }
        b.node("Mul", {"k", "cube"}, {"small"});
        b.node("Add", {"x", "small"}, {"sum"});
        b.node("Mul", {"root", "sum"}, {"inner"});
        b.node("Tanh", {"inner"}, {"t"});
        b.node("Add", {"one", "t"}, {"gate"});
        b.node("Mul", {hasPower ? "half" : "x", hasPower ? "x" : "gate"}, {"m"});
        b.node("Mul", {hasPower ? "m" : "half", hasPower ? "gate" : "m"}, {"y"}, "gelu");
        const auto runner = opened(b);
        ASSERT_TRUE(runner);
        EXPECT_EQ(namesOf(runner->graph()), std::vector<std::string>({"gelu"}));
        ASSERT_EQ(runner->graph().nodes.size(), 1u);
        EXPECT_EQ(runner->graph().nodes[0].kind, "aten::gelu");
        const Tensor x = ramp({2, 7});
        const std::vector<float> y = floatsOf(*runner, {x});
        for (size_t i = 0; i < y.size(); ++i) {
            const double v = x.floats()[i];
            EXPECT_NEAR(y[i], v / 2 * (1 + std::tanh(std::sqrt(2 / M_PI) * (v + 0.044715 * v * v * v))),
                        1e-6);
        }
    }
}

TEST_F(OnnxAgain, ALayerWithTheWeightOfAnotherHasTheNameOfItsNode)
{
    ModelBuilder b(17);
    b.input("x", {-1, 4}).output("y").weight("encoder.0.weight", {4, 4});
    b.node("MatMul", {"x", "encoder.0.weight"}, {"a"}, "/encoder/encoder.0/MatMul");
    b.node("MatMul", {"a", "encoder.0.weight"}, {"y"}, "/encoder/encoder.1/MatMul");
    const auto runner = opened(b);
    ASSERT_TRUE(runner);
    EXPECT_EQ(namesOf(runner->graph()), (std::vector<std::string>{"encoder.0", "encoder.1"}));
}

TEST_F(OnnxAgain, PartsOfARoundedWeightAreRoundedAsTheWholeIs)
{
    ModelBuilder b(17);
    b.input("x", {-1, 4}).output("y").weight("s", {6}, {0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f});
    std::vector<int64_t> codes;
    for (int64_t i = 0; i < 24; ++i)
        codes.push_back(i * 5 - 60);
    b.integers("w", {6, 4}, codes, kInt8).integers("parts", {2}, {2, 4});
    ModelBuilder::set(b.node("DequantizeLinear", {"w", "s"}, {"wd"}), "axis", int64_t(0));
    ModelBuilder::set(b.node("Split", {"wd", "parts"}, {"wa", "wb"}), "axis", int64_t(0));
    ModelBuilder::set(b.node("Gemm", {"x", "wa"}, {"a"}, "query"), "transB", int64_t(1));
    ModelBuilder::set(b.node("Gemm", {"x", "wb"}, {"b"}, "key"), "transB", int64_t(1));
    ModelBuilder::set(b.node("Concat", {"a", "b"}, {"y"}, "cat"), "axis", int64_t(1));
    const auto runner = opened(b);
    ASSERT_TRUE(runner);
    ASSERT_TRUE(runner->fileQuantization());
    const auto& weights = runner->fileQuantization()->exact.weights;
    ASSERT_EQ(weights.size(), 2u);
    for (const Layer& layer : runner->graph().layers) {
        if (layer.weights.empty())
            continue;
        ASSERT_TRUE(weights.count(layer.weights[0].parameter)) << layer.name;
        EXPECT_EQ(weights.at(layer.weights[0].parameter).scale,
                  layer.name == "query" ? (std::vector<float>{0.1f, 0.2f})
                                        : (std::vector<float>{0.3f, 0.4f, 0.5f, 0.6f}));
        EXPECT_EQ(runner->fileQuantization()->plan.weights(layer.name).granularity, Granularity::Channel);
    }
}

TEST_F(OnnxAgain, ASquareMatrixKeepsTheAxisOfItsScales)
{
    for (const int64_t axis : {1, 0}) {
        ModelBuilder b(17);
        b.input("x", {-1, 3}).output("y").weight("s", {3}, {0.1f, 0.2f, 0.3f});
        b.integers("w", {3, 3}, {1, 2, 3, -4, -5, -6, 7, 8, 9}, kInt8);
        ModelBuilder::set(b.node("DequantizeLinear", {"w", "s"}, {"wd"}), "axis", axis);
        b.node("MatMul", {"x", "wd"}, {"y"}, "fc");
        const auto runner = opened(b);
        ASSERT_TRUE(runner);
        const bool isOutput = axis == 1; // of x W
        ASSERT_EQ(runner->fileQuantization() != nullptr, isOutput) << "scales an input have no plan";
        if (!isOutput)
            continue;
        EXPECT_EQ(runner->fileQuantization()->exact.weights.at("w").axis, 0);
        EXPECT_EQ(runner->fileQuantization()->plan.weights("fc").granularity, Granularity::Channel);
    }
}

TEST_F(OnnxAgain, WhatIsNeverNegativeGetsNoRelu)
{
    ModelBuilder b(17);
    b.input("x", {-1, 2, 4, 4}).output("y").weight("s", {}, {0.05f}).weight("half", {}, {0.5f});
    b.integers("z", {}, {0}, kUint8);
    b.node("Relu", {"x"}, {"a"}, "first");
    b.node("Sigmoid", {"x"}, {"b"}, "second");
    ModelBuilder::set(b.node("Concat", {"a", "b"}, {"c"}, "cat"), "axis", int64_t(1));
    b.node("Mul", {"c", "half"}, {"m"}, "scale");
    b.node("Add", {"m", "c"}, {"d"}, "sum");
    b.node("QuantizeLinear", {"d", "s", "z"}, {"q"});
    b.node("DequantizeLinear", {"q", "s", "z"}, {"y"});
    const auto runner = opened(b);
    ASSERT_TRUE(runner);
    EXPECT_EQ(namesOf(runner->graph()), (std::vector<std::string>{"first", "second", "cat", "scale", "sum"}));
    EXPECT_EQ(runner->graph().layers.back().activation, "");

    ModelBuilder power(17);
    power.input("x", {-1, 4}).output("y").weight("s", {}, {0.05f}).weight("two", {}, {2});
    power.integers("z", {}, {0}, kUint8);
    power.node("Pow", {"x", "two"}, {"d"}, "square");
    power.node("QuantizeLinear", {"d", "s", "z"}, {"q"});
    power.node("DequantizeLinear", {"q", "s", "z"}, {"y"});
    EXPECT_EQ(namesOf(opened(power)->graph()), std::vector<std::string>{"square"});

    ModelBuilder negative(17);
    negative.input("x", {-1, 4}).output("y").weight("s", {}, {0.05f}).weight("less", {}, {-0.5f});
    negative.integers("z", {}, {0}, kUint8);
    negative.node("Relu", {"x"}, {"a"}, "first");
    negative.node("Mul", {"a", "less"}, {"d"}, "scale");
    negative.node("QuantizeLinear", {"d", "s", "z"}, {"q"});
    negative.node("DequantizeLinear", {"q", "s", "z"}, {"y"});
    const auto cut = opened(negative);
    ASSERT_TRUE(cut);
    EXPECT_EQ(cut->graph().layers.back().activation, "relu");
}

TEST_F(OnnxAgain, WhatOnlyDecidesBetweenBranchesIsNoLayer)
{
    ModelBuilder b(17);
    b.input("x", {-1, 2, 4, 4}).output("y").weight("w", {2, 2, 1, 1}).weight("limit", {}, {0.5f});
    b.node("Conv", {"x", "w"}, {"c"}, "conv");
    ModelBuilder::set(b.node("ReduceMean", {"c"}, {"m"}, "mean"), "keepdims", int64_t(0));
    b.node("Greater", {"m", "limit"}, {"big"}, "compare");
    auto& choice = b.node("If", {"big"}, {"y"}, "choice");
    for (const std::string side : {"then", "else"}) {
        auto* attribute = choice.add_attribute();
        attribute->set_name(side + "_branch");
        attribute->set_type(onnx::AttributeProto::GRAPH);
        auto* graph = attribute->mutable_g();
        graph->set_name(side);
        auto* node = graph->add_node();
        node->set_op_type(side == "then" ? "Relu" : "Neg");
        node->add_input("c");
        node->add_output(side + "_y");
        graph->add_output()->set_name(side + "_y");
    }
    const auto runner = opened(b);
    ASSERT_TRUE(runner);
    EXPECT_EQ(namesOf(runner->graph()), (std::vector<std::string>{"conv"}));
    const auto outputs = runOnce(*runner, {ramp({1, 2, 4, 4})});
    EXPECT_TRUE(outputs);
}
