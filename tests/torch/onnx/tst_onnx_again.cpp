// What exporters make of one layer is one layer again, with the file's rounding; and what is written keeps
// the sizes and types that the file declares. SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calib/calibrate.h"
#include "tests/torch/onnx/onnx_case.h"

#include <algorithm>
#include <cmath>

using namespace bitwright;
using namespace bitwright::test;

namespace {

constexpr int kUint8 = 2, kInt8 = 3, kFloat = 1, kDouble = 11;

class OnnxAgain : public OnnxFiles {
protected:
    /// `b` opened and written as onnx-float.
    onnx::ModelProto rewritten(const ModelBuilder& b, std::vector<std::string>* notes = nullptr)
    {
        onnx::ModelProto model;
        const auto runner = opened(b);
        if (!runner)
            return model;
        Progress progress;
        const auto outcome = torchScriptBackend().write(
            *runner, {"onnx-float", m_folder.file("again.onnx"), {}, "test"}, progress);
        EXPECT_TRUE(outcome) << outcome.error().text();
        EXPECT_TRUE(model.ParseFromString(contents(m_folder.file("again.onnx"))));
        if (notes && outcome)
            *notes = outcome->notes;
        return model;
    }

    static std::vector<float> floatsOf(const ModelRunner& runner, const Batch& batch)
    {
        const auto outputs = runOnce(runner, batch);
        EXPECT_TRUE(outputs) << outputs.error().message;
        return outputs ? std::vector<float>(outputs->at(0).floats().begin(), outputs->at(0).floats().end())
                       : std::vector<float>();
    }

    static Tensor ramp(const Shape& shape)
    {
        Tensor tensor = Tensor::empty(DType::F32, shape);
        for (int64_t i = 0; i < tensor.size(); ++i)
            tensor.mutableFloats()[size_t(i)] = float((i * 37) % 41) / 10 - 2;
        return tensor;
    }
};

std::string sizeOf(const onnx::ValueInfoProto& info, int axis)
{
    const auto& dim = info.type().tensor_type().shape().dim(axis);
    return dim.has_dim_param() ? dim.dim_param() : std::to_string(dim.dim_value());
}

std::vector<std::string> namesOf(const Graph& graph)
{
    std::vector<std::string> names;
    for (const Layer& layer : graph.layers)
        names.push_back(layer.name);
    return names;
}

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

TEST_F(OnnxAgain, TheBatchIsOpenWhereTimeComesFirst)
{
    ModelBuilder b(17); // rows of [7, N], which are 7 where N is 1
    b.input("x", {-1, 7, 4}).output("y").weight("w", {6, 4}).integers("rows", {2}, {-1, 4});
    b.integers("seven", {1}, {7})
        .integers("six", {1}, {6})
        .integers("zero", {1}, {0})
        .integers("one", {1}, {1});
    ModelBuilder::set(b.node("Transpose", {"x"}, {"t"}), "perm", std::vector<int64_t>{1, 0, 2});
    b.node("Reshape", {"t", "rows"}, {"r"});
    ModelBuilder::set(b.node("Gemm", {"r", "w"}, {"g"}, "fc"), "transB", int64_t(1));
    b.node("Shape", {"x"}, {"sizes"});
    b.node("Slice", {"sizes", "zero", "one"}, {"batch"});
    ModelBuilder::set(b.node("Concat", {"seven", "batch", "six"}, {"back"}), "axis", int64_t(0));
    b.node("Reshape", {"g", "back"}, {"y"});
    const auto runner = opened(b);
    ASSERT_TRUE(runner);
    const auto outputs = runOnce(*runner, {ramp({3, 7, 4})});
    ASSERT_TRUE(outputs) << outputs.error().message;
    EXPECT_EQ(outputs->at(0).shape(), (Shape{7, 3, 6}));
}

TEST_F(OnnxAgain, SizesThatTheFileLeavesOpenStayOpen)
{
    ModelBuilder b(17);
    b.input("x", {-1, 2, -2, 8}).output("y").weight("w", {4, 2, 3, 3}).weight("u", {4, 3, 2, 2});
    b.node("Conv", {"x", "w"}, {"c"}, "conv");
    ModelBuilder::set(b.model.mutable_graph()->mutable_node()->at(0), "pads",
                      std::vector<int64_t>{1, 1, 1, 1});
    b.node("Relu", {"c"}, {"r"}, "relu");
    ModelBuilder::set(b.node("ConvTranspose", {"r", "u"}, {"y"}, "up"), "strides",
                      std::vector<int64_t>{2, 2});
    const onnx::ModelProto model = rewritten(b);
    ASSERT_EQ(model.graph().input_size(), 1);
    EXPECT_EQ(sizeOf(model.graph().input(0), 0), "batch");
    EXPECT_EQ(sizeOf(model.graph().input(0), 1), "2");
    EXPECT_EQ(sizeOf(model.graph().input(0), 2), "S") << "the file's own name";
    EXPECT_EQ(sizeOf(model.graph().input(0), 3), "8");
    EXPECT_EQ(sizeOf(model.graph().output(0), 2), "y_2");
    EXPECT_EQ(sizeOf(model.graph().output(0), 3), "16");

    OpenOptions larger;
    larger.inputShapes = {{2, 13, 8}};
    const auto first = openOnnx(m_folder.file("model.onnx"), larger);
    const auto second = openOnnx(m_folder.file("again.onnx"), larger);
    ASSERT_TRUE(first && second);
    EXPECT_EQ(floatsOf(**first, {ramp({2, 2, 13, 8})}), floatsOf(**second, {ramp({2, 2, 13, 8})}));
}

TEST_F(OnnxAgain, SequencesOfAnyLengthKeepTheirLength)
{
    ModelBuilder b(17);
    b.input("x", {-1, -2, 8}).output("y").weight("w", {8, 4}).weight("v", {4, 4});
    b.node("MatMul", {"x", "w"}, {"a"}, "first");
    b.node("Relu", {"a"}, {"r"}, "relu");
    b.node("MatMul", {"r", "v"}, {"y"}, "second");
    const onnx::ModelProto model = rewritten(b);
    EXPECT_EQ(sizeOf(model.graph().input(0), 1), "S");
    EXPECT_EQ(sizeOf(model.graph().output(0), 1), "y_1");
    const auto first = openOnnx(m_folder.file("model.onnx")), second = openOnnx(m_folder.file("again.onnx"));
    ASSERT_TRUE(first && second);
    EXPECT_EQ(namesOf((*first)->graph()), namesOf((*second)->graph()));
    EXPECT_EQ(floatsOf(**first, {ramp({2, 11, 8})}), floatsOf(**second, {ramp({2, 11, 8})}));
}

TEST_F(OnnxAgain, SizesThatTheModelComputesWithAreFixedAndSaidSo)
{
    ModelBuilder b(17);
    b.input("x", {-1, 2, -2, 8}).output("y").integers("two", {1}, {2}).integers("three", {1}, {3});
    b.node("Shape", {"x"}, {"sizes"});
    b.node("Slice", {"sizes", "two", "three"}, {"height"});
    ModelBuilder::set(b.node("Cast", {"height"}, {"factor"}), "to", int64_t(1));
    b.node("Mul", {"x", "factor"}, {"y"}, "scale");
    std::vector<std::string> notes;
    const onnx::ModelProto model = rewritten(b, &notes);
    EXPECT_NE(sizeOf(model.graph().input(0), 2), "S");
    EXPECT_TRUE(std::any_of(notes.begin(), notes.end(), [](const std::string& note) {
        return note.find("leaves open are fixed") != std::string::npos;
    }));
}

TEST_F(OnnxAgain, InputsAndOutputsKeepTheirElementType)
{
    for (const int type : {kFloat, kDouble}) { // 16-bit floats are read as float32
        ModelBuilder b(17);
        b.input("x", {-1, 4}, type).output("y").weight("w", {4, 3});
        b.model.mutable_graph()->mutable_output(0)->mutable_type()->mutable_tensor_type()->set_elem_type(
            type);
        ModelBuilder::set(b.node("Cast", {"x"}, {"f"}, "in"), "to", int64_t(1));
        b.node("MatMul", {"f", "w"}, {"m"}, "fc");
        ModelBuilder::set(b.node("Cast", {"m"}, {"y"}, "out"), "to", int64_t(type));
        const onnx::ModelProto model = rewritten(b);
        ASSERT_EQ(model.graph().input_size(), 1);
        EXPECT_EQ(model.graph().input(0).type().tensor_type().elem_type(), type);
        EXPECT_EQ(model.graph().output(0).name(), "y");
        EXPECT_EQ(model.graph().output(0).type().tensor_type().elem_type(), type);
        EXPECT_TRUE(openOnnx(m_folder.file("again.onnx")));
    }
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
