// SPDX-License-Identifier: GPL-3.0-or-later
// What is written keeps the sizes and types that the file which was read declares.
#include "tests/torch/onnx/onnx_case.h"

#include <algorithm>

using namespace bitwright;
using namespace bitwright::test;

namespace {

constexpr int kFloat = 1, kDouble = 11;

class OnnxSizes : public OnnxFiles {
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
};

std::string sizeOf(const onnx::ValueInfoProto& info, int axis)
{
    const auto& dim = info.type().tensor_type().shape().dim(axis);
    return dim.has_dim_param() ? dim.dim_param() : std::to_string(dim.dim_value());
}

} // namespace

TEST_F(OnnxSizes, TheBatchIsOpenWhereTimeComesFirst)
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

TEST_F(OnnxSizes, SizesThatTheFileLeavesOpenStayOpen)
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

TEST_F(OnnxSizes, SequencesOfAnyLengthKeepTheirLength)
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

TEST_F(OnnxSizes, SizesThatTheModelComputesWithAreFixedAndSaidSo)
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

TEST_F(OnnxSizes, InputsAndOutputsKeepTheirElementType)
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

TEST_F(OnnxSizes, AStateThatGetsAnAxisOfOneInFrontKeepsItsOpenBatch)
{
    ModelBuilder b(17);
    b.input("x", {-1, 4}).output("y").integers("zero", {1}, {0});
    b.node("Unsqueeze", {"x", "zero"}, {"u"}, "state");
    ModelBuilder::set(b.node("Concat", {"u", "u"}, {"c"}, "states"), "axis", int64_t(0));
    ModelBuilder::set(b.node("ReduceSum", {"c", "zero"}, {"y"}, "sum"), "keepdims", int64_t(0));
    const onnx::ModelProto model = rewritten(b);
    EXPECT_EQ(sizeOf(model.graph().input(0), 0), "batch");
    const auto again = openOnnx(m_folder.file("again.onnx"));
    ASSERT_TRUE(again);
    EXPECT_TRUE((*again)->exampleBatch(2, 0));
    EXPECT_EQ(floatsOf(**again, {ramp({5, 4})}).size(), 20u);
}
