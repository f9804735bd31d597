// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/torch/onnx/onnx_case.h"

#include <google/protobuf/unknown_field_set.h>

#include <cstring>
#include <fstream>

using namespace bitwright;
using namespace bitwright::test;

namespace {

class OnnxReader : public OnnxFiles {
protected:
    static Tensor filled(const Shape& shape)
    {
        Tensor tensor = Tensor::empty(DType::F32, shape);
        for (int64_t i = 0; i < tensor.size(); ++i)
            tensor.mutableFloats()[size_t(i)] = float(i % 7) - 3;
        return tensor;
    }

    static Tensor only(const Result<std::vector<Tensor>>& outputs)
    {
        EXPECT_TRUE(outputs) << outputs.error().message;
        return outputs && outputs->size() == 1 ? outputs->front() : Tensor();
    }
};

std::string raw(const std::vector<uint16_t>& values)
{
    return {reinterpret_cast<const char*>(values.data()), values.size() * 2};
}

} // namespace

TEST_F(OnnxReader, RecognisesOnnxByContent)
{
    ModelBuilder b;
    b.input("x", {1, 4}).output("y");
    b.node("Relu", {"x"}, {"y"});
    save(b.model, m_folder.file("no_ending"));
    EXPECT_TRUE(onnxBackend().recognises(m_folder.file("no_ending")));
    std::ofstream(m_folder.file("zip")) << "PK\3\4 something else";
    std::ofstream(m_folder.file("text.txt")) << "An ordinary text, no model.";
    EXPECT_FALSE(onnxBackend().recognises(m_folder.file("zip")));
    EXPECT_FALSE(onnxBackend().recognises(m_folder.file("text.txt")));
    EXPECT_FALSE(torchScriptBackend().recognises(m_folder.file("no_ending")));
}

TEST_F(OnnxReader, NamesLayersByNodeAndParametersByInitializer)
{
    ModelBuilder b;
    b.input("x", {-1, 3, 8, 8}).output("y");
    b.weight("W1", {4, 3, 3, 3}).weight("B1", {4}).weight("block.conv.weight", {4, 4, 1, 1});
    b.node("Conv", {"x", "W1", "B1"}, {"a"}, "my_conv");
    b.node("Relu", {"a"}, {"r"}, "my_relu");
    b.node("Conv", {"r", "block.conv.weight"}, {"c"}, "/block/conv/Conv");
    b.node("Add", {"c", "r"}, {"s"}, "/block/Add_1");
    b.node("Sigmoid", {"s"}, {"y"});
    const auto runner = opened(b);
    ASSERT_TRUE(runner);
    const Graph& graph = runner->graph();
    ASSERT_EQ(graph.layers.size(), 4u);
    EXPECT_EQ(graph.layers[0].name, "my_conv");
    EXPECT_EQ(graph.layers[0].activation, "relu");
    EXPECT_EQ(graph.layers[0].weights.at(0).parameter, "W1");
    EXPECT_EQ(graph.layers[0].biases, std::vector<std::string>{"B1"});
    EXPECT_EQ(graph.layers[1].name, "block.conv");
    EXPECT_EQ(graph.layers[2].name, "block");
    EXPECT_EQ(graph.layers[3].name, "Sigmoid_0");
    EXPECT_EQ(graph.outputNames, std::vector<std::string>{"y"});
    EXPECT_EQ(graph.values[size_t(graph.layers[1].output)].name, "c");
}

TEST_F(OnnxReader, FoldsBatchNormAndBiasesBehindConvolutionsAndProducts)
{
    ModelBuilder b;
    b.input("x", {1, 3, 8, 8}).output("y");
    b.weight("W", {4, 3, 3, 3}).weight("bias", {4, 1, 1}).weight("g", {4}).weight("h", {4}).weight("m", {4});
    b.weight("v", {4}, {1, 2, 3, 4}).weight("M", {4, 2}).weight("r", {2}).integers("s", {2}, {-1, 4});
    b.node("Conv", {"x", "W"}, {"a"}, "conv");
    b.node("Add", {"a", "bias"}, {"b"}, "plus");
    b.node("BatchNormalization", {"b", "g", "h", "m", "v"}, {"c"}, "norm");
    b.node("GlobalAveragePool", {"c"}, {"d"}, "pool");
    b.node("Reshape", {"d", "s"}, {"e"}, "reshape");
    b.node("MatMul", {"e", "M"}, {"f"}, "product");
    b.node("Add", {"f", "r"}, {"y"}, "row");
    const auto runner = opened(b);
    ASSERT_TRUE(runner);
    std::vector<std::string> labels;
    for (const Layer& layer : runner->graph().layers)
        labels.push_back(layer.label);
    EXPECT_EQ(labels, (std::vector<std::string>{"conv2d", "adaptive_avg_pool2d", "linear"}));
    EXPECT_EQ(runner->graph().layers[2].weights.at(0).shape, (Shape{2, 4}));
    // The declared batch of one is any batch.
    EXPECT_TRUE(runner->exampleBatch(4, 0));
    EXPECT_EQ(only(runOnce(*runner, {filled({4, 3, 8, 8})})).shape(), (Shape{4, 2}));
}

TEST_F(OnnxReader, KeepsABatchNormThatReadsRowsOfAProductAsChannels)
{
    ModelBuilder b;
    b.input("x", {-1, 4, 3}).output("y");
    b.weight("M", {3, 4}).weight("g", {4}).weight("h", {4}).weight("m", {4}).weight("v", {4}, {1, 2, 3, 4});
    b.node("MatMul", {"x", "M"}, {"a"}, "product");
    b.node("BatchNormalization", {"a", "g", "h", "m", "v"}, {"y"}, "norm");
    const auto folded = opened(b);
    OpenOptions options;
    options.foldBatchNorm = false;
    const auto plain = openOnnx(m_folder.file("model.onnx"), options);
    ASSERT_TRUE(folded && plain);
    EXPECT_EQ(folded->graph().layers.size(), 2u);
    const Batch batch{filled({2, 4, 3})};
    EXPECT_EQ(worstExcess(only(runOnce(*folded, batch)), only(runOnce(**plain, batch)), 1e-6, 1e-6), 0);
}

TEST_F(OnnxReader, WritesANormalizationWhoseScaleIsOneNumberAsItStands)
{
    for (const int64_t size : {1, 6}) {
        ModelBuilder b;
        b.input("x", {-1, 3, 6}).output("y").weight("gamma", {size}).weight("beta", {size});
        b.weight("two", {}, {2}).weight("eps", {}, {1e-5f});
        const auto mean = [&](const char* from, const char* to) {
            ModelBuilder::set(b.node("ReduceMean", {from}, {to}), "axes", std::vector<int64_t>{-1});
        };
        mean("x", "mean");
        b.node("Sub", {"x", "mean"}, {"centered"});
        b.node("Pow", {"centered", "two"}, {"square"});
        mean("square", "variance");
        b.node("Add", {"variance", "eps"}, {"added"});
        b.node("Sqrt", {"added"}, {"deviation"});
        b.node("Div", {"centered", "deviation"}, {"normal"});
        b.node("Mul", {"normal", "gamma"}, {"scaled"});
        b.node("Add", {"scaled", "beta"}, {"y"});
        const auto runner = opened(b);
        ASSERT_TRUE(runner) << size;
        const auto& layers = runner->graph().layers;
        EXPECT_EQ(layers.size() == 1 && layers[0].label == "layer_norm", size == 6);
        EXPECT_EQ(only(runOnce(*runner, {filled({2, 3, 6})})).shape(), (Shape{2, 3, 6}));
    }
}

TEST_F(OnnxReader, GivesFunctionsTheirAttributesOrTheDefaultsOfThem)
{
    ModelBuilder b;
    b.input("x", {-1, 4}).output("plain").output("given").integers("yes", {}, {1}, onnx::TensorProto::BOOL);
    auto& domain = *b.model.add_opset_import();
    domain.set_domain("own");
    domain.set_version(1);
    onnx::FunctionProto& function = *b.model.add_functions();
    function.set_domain("own");
    function.set_name("Leak");
    function.add_input("a");
    function.add_input("choice");
    function.add_output("b");
    *function.add_opset_import() = b.model.opset_import(0);
    onnx::AttributeProto slope;
    slope.set_name("slope");
    slope.set_type(onnx::AttributeProto::FLOAT);
    slope.set_f(0.5f);
    function.GetReflection()->MutableUnknownFields(&function)->AddLengthDelimited(
        11, slope.SerializeAsString()); // attribute_proto, which ONNX 1.12 does not know
    onnx::NodeProto& choose = *function.add_node();
    choose.set_op_type("If");
    choose.add_input("choice");
    choose.add_output("b");
    for (const char* branch : {"then_branch", "else_branch"}) {
        onnx::AttributeProto& attribute = *choose.add_attribute();
        attribute.set_name(branch);
        attribute.set_type(onnx::AttributeProto::GRAPH);
        attribute.mutable_g()->set_name(branch);
        attribute.mutable_g()->add_output()->set_name("made");
        onnx::NodeProto& leak = *attribute.mutable_g()->add_node();
        leak.set_op_type("LeakyRelu");
        leak.add_input("a");
        leak.add_output("made");
        onnx::AttributeProto& alpha = *leak.add_attribute();
        alpha.set_name("alpha");
        alpha.set_type(onnx::AttributeProto::FLOAT);
        alpha.set_ref_attr_name("slope");
    }
    b.node("Leak", {"x", "yes"}, {"plain"}).set_domain("own");
    onnx::NodeProto& given = b.node("Leak", {"x", "yes"}, {"given"});
    given.set_domain("own");
    onnx::AttributeProto& attribute = *given.add_attribute();
    attribute = slope;
    attribute.set_f(0.25f);
    const auto runner = opened(b);
    ASSERT_TRUE(runner);
    const auto outputs = runOnce(*runner, {Tensor::fromFloats({1, 4}, std::vector<float>{-4, -2, 0, 2})});
    ASSERT_TRUE(outputs) << outputs.error().text();
    EXPECT_EQ(outputs->at(0).floats()[0], -2);
    EXPECT_EQ(outputs->at(1).floats()[0], -1);
}

TEST_F(OnnxReader, CancelsTransposesThatUndoEachOther)
{
    ModelBuilder b;
    b.input("x", {1, 8, 8, 3}).output("y");
    b.weight("W", {4, 3, 1, 1}).weight("V", {2, 4, 1, 1});
    const std::vector<int64_t> toFirst = {0, 3, 1, 2}, toLast = {0, 2, 3, 1};
    ModelBuilder::set(b.node("Transpose", {"x"}, {"a"}), "perm", toFirst);
    b.node("Conv", {"a", "W"}, {"b"}, "one");
    ModelBuilder::set(b.node("Transpose", {"b"}, {"c"}), "perm", toLast);
    ModelBuilder::set(b.node("Transpose", {"c"}, {"d"}), "perm", toFirst);
    b.node("Conv", {"d", "V"}, {"e"}, "two");
    ModelBuilder::set(b.node("Transpose", {"e"}, {"y"}), "perm", toLast);
    const auto runner = opened(b);
    ASSERT_TRUE(runner);
    int permutes = 0;
    for (const Node& node : runner->graph().nodes)
        permutes += node.kind == "aten::permute";
    EXPECT_EQ(permutes, 2);
    EXPECT_EQ(only(runOnce(*runner, {filled({1, 8, 8, 3})})).shape(), (Shape{1, 8, 8, 2}));
}

TEST_F(OnnxReader, ReadsSixteenAndFourBitWeights)
{
    const std::vector<std::pair<int, std::string>> kinds = {
        {10, raw({0x3c00, 0xc000, 0x3800, 0x0000})},  // float16: 1 -2 0.5 0
        {16, raw({0x3f80, 0xc000, 0x3f00, 0x0000})}}; // bfloat16
    for (const auto& [type, bytes] : kinds) {
        ModelBuilder b;
        b.input("x", {1, 4}, type).output("y");
        auto* tensor = b.model.mutable_graph()->add_initializer();
        tensor->set_name("w");
        tensor->add_dims(4);
        tensor->set_data_type(type);
        tensor->set_raw_data(bytes);
        b.node("Add", {"x", "w"}, {"y"});
        const auto runner = opened(b);
        ASSERT_TRUE(runner);
        const Tensor y = only(runOnce(*runner, {Tensor::fromFloats({1, 4}, std::vector<float>{0, 0, 0, 1})}));
        EXPECT_EQ(std::vector<float>(y.floats().begin(), y.floats().end()),
                  (std::vector<float>{1, -2, 0.5, 1}));
    }
    ModelBuilder b(21);
    b.input("x", {1, 4}).output("y").weight("s", {}, {0.5f});
    auto* tensor = b.model.mutable_graph()->add_initializer();
    tensor->set_name("q");
    tensor->add_dims(4);
    tensor->set_data_type(22);        // int4
    tensor->set_raw_data("\x8f\x71"); // -1 -8 1 7
    b.node("DequantizeLinear", {"q", "s"}, {"w"});
    b.node("Add", {"x", "w"}, {"y"});
    const auto runner = opened(b);
    ASSERT_TRUE(runner);
    const Tensor y = only(runOnce(*runner, {Tensor::fromFloats({1, 4}, std::vector<float>(4, 0.0f))}));
    EXPECT_EQ(std::vector<float>(y.floats().begin(), y.floats().end()),
              (std::vector<float>{-0.5, -4, 0.5, 3.5}));
}

TEST_F(OnnxReader, ReadsExternalDataBesideTheModel)
{
    ModelBuilder b;
    b.input("x", {1, 4}).output("y");
    b.external("w", {4}, {{"location", "weights/data.bin"}, {"offset", "8"}, {"length", "16"}});
    b.node("Add", {"x", "w"}, {"y"});
    std::filesystem::create_directory(m_folder.file("weights"));
    const float values[] = {0, 0, 1, 2, 3, 4};
    std::ofstream(m_folder.file("weights/data.bin"), std::ios::binary)
        .write(reinterpret_cast<const char*>(values), sizeof values);
    const auto runner = opened(b);
    ASSERT_TRUE(runner);
    const Tensor y = only(runOnce(*runner, {Tensor::fromFloats({1, 4}, std::vector<float>(4, 0.0f))}));
    EXPECT_EQ(std::vector<float>(y.floats().begin(), y.floats().end()), (std::vector<float>{1, 2, 3, 4}));
}

TEST_F(OnnxReader, ReadsExternalDataBehindFourGigabytes)
{
    constexpr int64_t kOffset = (int64_t(5) << 30) + 4; // of a file with a hole
    ModelBuilder b;
    b.input("x", {1, 4}).output("y");
    b.external("w", {4}, {{"location", "sparse.bin"}, {"offset", std::to_string(kOffset)}});
    b.node("Add", {"x", "w"}, {"y"});
    const float values[] = {1, 2, 3, 4};
    std::ofstream file(m_folder.file("sparse.bin"), std::ios::binary);
    file.seekp(kOffset);
    file.write(reinterpret_cast<const char*>(values), sizeof values);
    file.close();
    const auto runner = opened(b);
    ASSERT_TRUE(runner);
    const Tensor y = only(runOnce(*runner, {Tensor::fromFloats({1, 4}, std::vector<float>(4, 0.0f))}));
    EXPECT_EQ(std::vector<float>(y.floats().begin(), y.floats().end()), (std::vector<float>{1, 2, 3, 4}));
}

TEST_F(OnnxReader, TheAxisOfAVectorIsTheShapeThatIsGiven)
{
    ModelBuilder b;
    b.input("x", {-1}).output("y").weight("w", {8, 3});
    b.node("MatMul", {"x", "w"}, {"y"});
    save(b.model, m_folder.file("vector.onnx"));
    OpenOptions options;
    options.inputShapes = {{8}};
    const auto runner = openOnnx(m_folder.file("vector.onnx"), options);
    ASSERT_TRUE(runner) << runner.error().message;
    const auto batch = (*runner)->exampleBatch(1, 0);
    ASSERT_TRUE(batch);
    EXPECT_EQ(batch->at(0).shape(), Shape{8});
    EXPECT_EQ(only(runOnce(**runner, *batch)).shape(), Shape{3});
}

TEST_F(OnnxReader, MakesBoolsOfAnySize)
{
    ModelBuilder b;
    b.input("x", {-1, 4}).output("y");
    b.weight("zero", {1}, {0});
    b.node("Shape", {"x"}, {"shape"});
    auto* value = b.node("ConstantOfShape", {"shape"}, {"mask"}).add_attribute();
    value->set_name("value");
    value->set_type(onnx::AttributeProto::TENSOR);
    value->mutable_t()->set_data_type(onnx::TensorProto::BOOL);
    value->mutable_t()->add_dims(1);
    value->mutable_t()->add_int32_data(1);
    b.node("Where", {"mask", "x", "zero"}, {"y"});
    const auto runner = opened(b);
    ASSERT_TRUE(runner);
    const Tensor y = only(runOnce(*runner, {Tensor::fromFloats({1, 4}, std::vector<float>{1, 2, 3, 4})}));
    EXPECT_EQ(std::vector<float>(y.floats().begin(), y.floats().end()), (std::vector<float>{1, 2, 3, 4}));
}

TEST_F(OnnxReader, DynamicSizesStayDynamic)
{
    ModelBuilder b;
    b.input("x", {-1, -2, 6}).output("y");
    b.integers("zero", {}, {0}).integers("one", {}, {1}).integers("six", {1}, {6}).integers("axes", {1}, {0});
    b.node("Shape", {"x"}, {"shape"});
    b.node("Gather", {"shape", "zero"}, {"n"});
    b.node("Gather", {"shape", "one"}, {"s"});
    b.node("Mul", {"n", "s"}, {"rows"});
    b.node("Unsqueeze", {"rows", "axes"}, {"rows1"});
    ModelBuilder::set(b.node("Concat", {"rows1", "six"}, {"target"}), "axis", int64_t(0));
    b.node("Reshape", {"x", "target"}, {"y"});
    const auto runner = opened(b);
    ASSERT_TRUE(runner);
    EXPECT_EQ(only(runOnce(*runner, {filled({3, 5, 6})})).shape(), (Shape{15, 6}));
    EXPECT_TRUE(runner->graph().layers.empty());
}

TEST_F(OnnxReader, GuessesWhatAnInputWithoutAShapeLooksLike)
{
    ModelBuilder b;
    b.input("x", {}).output("y").weight("W", {4, 3, 3, 3});
    b.model.mutable_graph()->mutable_input(0)->mutable_type()->mutable_tensor_type()->clear_shape();
    b.node("Conv", {"x", "W"}, {"y"}, "conv");
    const auto runner = opened(b);
    ASSERT_TRUE(runner);
    const Shape shape = runner->graph().values[size_t(runner->graph().inputs.at(0))].shape;
    ASSERT_EQ(shape.size(), 4u);
    EXPECT_EQ(shape[1], 3);
    EXPECT_EQ(only(runOnce(*runner, {filled({2, 3, 9, 7})})).shape(), (Shape{2, 4, 7, 5}));
}

TEST_F(OnnxReader, RunsControlFlowThatDependsOnData)
{
    ModelBuilder b;
    b.input("x", {-1, 4}).output("y").weight("half", {}, {0.5f});
    b.node("ReduceMax", {"x"}, {"top"});
    b.node("Greater", {"top", "half"}, {"big"});
    auto& node = b.node("If", {"big"}, {"y"}, "choose");
    for (const char* branch : {"then_branch", "else_branch"}) {
        auto* attribute = node.add_attribute();
        attribute->set_name(branch);
        attribute->set_type(onnx::AttributeProto::GRAPH);
        auto* inner = attribute->mutable_g()->add_node();
        inner->set_op_type(std::string(branch) == "then_branch" ? "Neg" : "Identity");
        inner->add_input("x");
        inner->add_output("z");
        attribute->mutable_g()->add_output()->set_name("z");
    }
    ModelBuilder::set(*b.model.mutable_graph()->mutable_node(0), "keepdims", int64_t(0));
    const auto runner = opened(b);
    ASSERT_TRUE(runner);
    const Tensor low = Tensor::fromFloats({1, 4}, std::vector<float>{0.1f, 0.2f, 0.3f, 0.4f});
    const Tensor high = Tensor::fromFloats({1, 4}, std::vector<float>{1, 2, 3, 4});
    EXPECT_EQ(only(runOnce(*runner, {low})).floats()[0], 0.1f);
    EXPECT_EQ(only(runOnce(*runner, {high})).floats()[0], -1.0f);
}
