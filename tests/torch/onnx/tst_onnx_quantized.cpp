// SPDX-License-Identifier: GPL-3.0-or-later
// Files that are quantized already.
#include "core/analysis/compare_models.h"
#include "core/calib/calibrate.h"
#include "tests/torch/onnx/onnx_case.h"

#include <cmath>

using namespace bitwright;
using namespace bitwright::test;

namespace {

constexpr int kUint8 = 2, kInt8 = 3, kInt32 = 6;

class OnnxQuantized : public OnnxFiles {
protected:
    static Tensor ramp(const Shape& shape)
    {
        Tensor tensor = Tensor::empty(DType::F32, shape);
        for (int64_t i = 0; i < tensor.size(); ++i)
            tensor.mutableFloats()[size_t(i)] = float((i * 37) % 41) / 10 - 2;
        return tensor;
    }

    static std::vector<Tensor> quantizedRun(const ModelRunner& runner, const Tensor& input)
    {
        Progress progress;
        const auto resolved = resolvePlan(runner, runner.fileQuantization()->plan, {}, progress);
        EXPECT_TRUE(resolved);
        const auto config = makeRunConfig(runner, *resolved, progress);
        EXPECT_TRUE(config);
        const auto outputs = runner.run({input}, *config, {}, {}, progress);
        EXPECT_TRUE(outputs) << outputs.error().message;
        return outputs ? *outputs : std::vector<Tensor>();
    }
};

/// conv with int8 weights per channel and an int32 bias, uint8 activations, as quantizers write it.
ModelBuilder qdqConv(bool hasRelu, bool signedOutput = false)
{
    ModelBuilder b(13);
    b.input("x", {1, 2, 4, 4}).output("y");
    b.weight("xs", {}, {0.02f})
        .weight("ws", {2}, {0.01f, 0.03f})
        .weight("ys", {}, {0.05f})
        .weight("bs", {2}, {0.0002f, 0.0006f});
    b.integers("xz", {}, {100}, kUint8).integers("wz", {2}, {0, 0}, kInt8);
    b.integers("yz", {}, {signedOutput ? 3 : 0}, signedOutput ? kInt8 : kUint8);
    b.integers("w", {2, 2, 1, 1}, {100, -50, 30, 127}, kInt8).integers("bias", {2}, {500, -400}, kInt32);
    b.node("QuantizeLinear", {"x", "xs", "xz"}, {"xq"}, "qx");
    b.node("DequantizeLinear", {"xq", "xs", "xz"}, {"xd"}, "dx");
    ModelBuilder::set(b.node("DequantizeLinear", {"w", "ws", "wz"}, {"wd"}, "dw"), "axis", int64_t(0));
    ModelBuilder::set(b.node("DequantizeLinear", {"bias", "bs"}, {"bd"}, "db"), "axis", int64_t(0));
    b.node("Conv", {"xd", "wd", "bd"}, {"c"}, "conv");
    if (hasRelu)
        b.node("Relu", {"c"}, {"r"}, "relu");
    b.node("QuantizeLinear", {hasRelu ? "r" : "c", "ys", "yz"}, {"yq"}, "qy");
    b.node("DequantizeLinear", {"yq", "ys", "yz"}, {"y"}, "dy");
    return b;
}

} // namespace

TEST_F(OnnxQuantized, PairsOfQuantizersBecomeThePlanAndTheGraphIsFloat)
{
    const auto runner = opened(qdqConv(true));
    ASSERT_TRUE(runner);
    ASSERT_EQ(runner->graph().layers.size(), 1u);
    const Layer& conv = runner->graph().layers[0];
    EXPECT_EQ(conv.name, "conv");
    EXPECT_EQ(conv.activation, "relu");
    EXPECT_EQ(conv.weights.at(0).parameter, "w");
    ASSERT_TRUE(runner->fileQuantization());
    const QuantPlan& plan = runner->fileQuantization()->plan;
    EXPECT_EQ(plan.weights("conv").bits, 8);
    EXPECT_EQ(plan.weights("conv").granularity, Granularity::Channel);
    EXPECT_EQ(plan.weights("conv").scheme, Scheme::Symmetric);
    EXPECT_EQ(plan.activations("conv").scheme, Scheme::Unsigned);
    EXPECT_EQ(plan.activations("conv").estimator, Estimator::Fixed);
    EXPECT_NEAR(plan.activations("conv").rangeHi, 0.05 * 255, 1e-5);
    EXPECT_EQ(plan.activations("input").scheme, Scheme::Asymmetric);
    EXPECT_NEAR(plan.activations("input").rangeLo, -0.02 * 100, 1e-6);

    Progress progress;
    const auto resolved = resolvePlan(*runner, plan, {}, progress);
    ASSERT_TRUE(resolved);
    EXPECT_EQ(resolved->weights.at("w").scale, (std::vector<float>{0.01f, 0.03f}));
    EXPECT_EQ(resolved->weights.at("w").axis, 0);
    const Tensor weight = *runner->parameter("w");
    EXPECT_FLOAT_EQ(weight.floats()[0], 1.0f);
    EXPECT_FLOAT_EQ(weight.floats()[3], 3.81f);
}

TEST_F(OnnxQuantized, ThePlanOfTheFileComputesWhatTheFileComputes)
{
    const auto runner = opened(qdqConv(true));
    ASSERT_TRUE(runner);
    const Tensor x = ramp({1, 2, 4, 4});
    const Tensor y = quantizedRun(*runner, x).at(0);
    for (size_t i = 0; i < 16; ++i) {
        const auto q = [&](float v) {
            return std::clamp(std::nearbyint(v / 0.02f) + 100, 0.0f, 255.0f) - 100;
        };
        const float a = q(x.floats()[i]) * 0.02f, b = q(x.floats()[i + 16]) * 0.02f;
        const float c = std::max(a * 1.0f + b * -0.5f + 500 * 0.0002f, 0.0f);
        EXPECT_NEAR(y.floats()[i], std::min(std::nearbyint(c / 0.05f), 255.0f) * 0.05f, 1e-5) << i;
    }
}

TEST_F(OnnxQuantized, AReluThatTheQuantizerAbsorbedComesBack)
{
    const auto runner = opened(qdqConv(false));
    ASSERT_TRUE(runner);
    EXPECT_EQ(runner->graph().layers.at(0).activation, "relu");
    const auto both = opened(qdqConv(false, true));
    ASSERT_TRUE(both);
    EXPECT_EQ(both->graph().layers.at(0).activation, "");
    EXPECT_EQ(both->fileQuantization()->plan.activations("conv").scheme, Scheme::Asymmetric);
}

TEST_F(OnnxQuantized, IntegerOperatorsGiveTheSameGraphAsPairs)
{
    ModelBuilder b(13);
    b.input("x", {1, 2, 4, 4}).output("y");
    b.weight("xs", {}, {0.02f}).weight("ws", {2}, {0.01f, 0.03f}).weight("ys", {}, {0.05f});
    b.integers("xz", {}, {100}, kUint8).integers("wz", {2}, {0, 0}, kInt8).integers("yz", {}, {0}, kUint8);
    b.integers("w", {2, 2, 1, 1}, {100, -50, 30, 127}, kInt8).integers("bias", {2}, {500, -400}, kInt32);
    b.node("QuantizeLinear", {"x", "xs", "xz"}, {"xq"}, "qx");
    b.node("QLinearConv", {"xq", "xs", "xz", "w", "ws", "wz", "ys", "yz", "bias"}, {"yq"}, "conv");
    b.node("DequantizeLinear", {"yq", "ys", "yz"}, {"y"}, "dy");
    const auto runner = opened(b), pairs = opened(qdqConv(true));
    ASSERT_TRUE(runner && pairs);
    ASSERT_EQ(runner->graph().layers.size(), 1u);
    EXPECT_EQ(runner->fileQuantization()->plan, pairs->fileQuantization()->plan);
    const Tensor x = ramp({1, 2, 4, 4});
    EXPECT_EQ(worstExcess(quantizedRun(*runner, x).at(0), quantizedRun(*pairs, x).at(0), 1e-6, 0), 0);
}

TEST_F(OnnxQuantized, OperatorsOfOnnxRuntimeAreRead)
{
    ModelBuilder b(13);
    b.model.add_opset_import()->set_domain("com.microsoft");
    b.model.mutable_opset_import(1)->set_version(1);
    b.input("x", {1, 4}).output("y");
    b.weight("s", {}, {0.02f}).weight("ws", {}, {0.01f}).weight("ys", {}, {0.05f});
    b.integers("z", {}, {128}, kUint8).integers("wz", {}, {0}, kInt8).integers("yz", {}, {128}, kUint8);
    b.integers("w", {3, 4}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 127}, kInt8)
        .integers("c", {3}, {100, 0, -100}, kInt32);
    b.node("QuantizeLinear", {"x", "s", "z"}, {"xq"});
    auto& gemm = b.node("QGemm", {"xq", "s", "z", "w", "ws", "wz", "c", "ys", "yz"}, {"g"}, "gemm");
    gemm.set_domain("com.microsoft");
    ModelBuilder::set(gemm, "transB", int64_t(1));
    b.node("QLinearAdd", {"g", "ys", "yz", "g", "ys", "yz", "ys", "yz"}, {"a"}, "twice")
        .set_domain("com.microsoft");
    b.node("DequantizeLinear", {"a", "ys", "yz"}, {"y"});
    const auto runner = opened(b);
    ASSERT_TRUE(runner);
    ASSERT_EQ(runner->graph().layers.size(), 2u);
    EXPECT_EQ(runner->graph().layers[0].name, "gemm");
    EXPECT_EQ(runner->graph().layers[0].op, OpKind::Linear);
    EXPECT_EQ(runner->graph().layers[1].name, "twice");
    EXPECT_FALSE(runner->fileQuantization()->plan.weights("gemm").isFloat32());
    EXPECT_FALSE(runner->fileQuantization()->plan.activations("twice").isFloat32());
}

TEST_F(OnnxQuantized, ProductsQuantizedAtRunTimeBecomeFloatProducts)
{
    ModelBuilder b(13);
    b.input("x", {-1, 4}).output("y");
    b.weight("ws", {}, {0.5f}).weight("c", {2}, {1, -1});
    b.integers("w", {4, 2}, {1, 2, 3, 4, 5, 6, 7, 8}, kInt8).integers("wz", {}, {2}, kInt8);
    b.node("DynamicQuantizeLinear", {"x"}, {"q", "s", "z"}, "quantize");
    b.node("MatMulInteger", {"q", "w", "z", "wz"}, {"p"}, "product");
    ModelBuilder::set(b.node("Cast", {"p"}, {"f"}), "to", int64_t(1));
    b.node("Mul", {"s", "ws"}, {"sw"});
    b.node("Mul", {"f", "sw"}, {"m"}, "scale");
    b.node("Add", {"m", "c"}, {"y"}, "bias");
    const auto runner = opened(b);
    ASSERT_TRUE(runner);
    ASSERT_EQ(runner->graph().layers.size(), 1u);
    EXPECT_EQ(runner->graph().layers[0].op, OpKind::Linear);
    EXPECT_EQ(runner->graph().layers[0].biases.size(), 1u);
    Progress progress;
    const Tensor x = Tensor::fromFloats({1, 4}, std::vector<float>{1, -2, 3, 0.5f});
    const auto y = runner->run({x}, {}, {}, {}, progress);
    ASSERT_TRUE(y);
    // (q - 2) / 2: columns -0.5 0.5 1.5 2.5 and 0 1 2 3
    EXPECT_FLOAT_EQ((*y)[0].floats()[0], -0.5f - 1.0f + 4.5f + 1.25f + 1);
    EXPECT_FLOAT_EQ((*y)[0].floats()[1], 0.0f - 2.0f + 6.0f + 1.5f - 1);
}

TEST_F(OnnxQuantized, AQuantizedFileIsComparedWithItsFloatModelLayerByLayer)
{
    ModelBuilder b(13);
    b.input("x", {1, 2, 4, 4}).output("y");
    b.weight("w", {2, 2, 1, 1}, {1.01f, -0.5f, 0.9f, 3.8f}).weight("bias", {2}, {0.1f, -0.24f});
    b.node("Conv", {"x", "w", "bias"}, {"c"}, "first"); // another name: paired by its kind and shape
    b.node("Relu", {"c"}, {"y"});
    save(b.model, m_folder.file("float.onnx"));
    const auto original = openOnnx(m_folder.file("float.onnx"));
    ASSERT_TRUE(original);
    const auto runner = opened(qdqConv(true));
    ASSERT_TRUE(runner);
    SampleSource source;
    source.randomSamples = 4;
    source.batchSize = 2;
    Progress progress;
    const auto rows =
        compareModels(*runner, runner->fileQuantization()->plan, {}, **original, source, progress);
    ASSERT_TRUE(rows) << rows.error().message;
    ASSERT_EQ(rows->size(), 1u);
    EXPECT_EQ(rows->front().name, "conv");
    EXPECT_EQ(rows->front().reference, "first");
    ASSERT_TRUE(rows->front().weight && rows->front().output);
    EXPECT_EQ(rows->front().weight->count, 4);
    EXPECT_NEAR(rows->front().weight->maxAbs, 0.01, 1e-4);
    EXPECT_GT(rows->front().output->sqnrDb(), 20);
    EXPECT_LT(rows->front().output->sqnrDb(), 60);
}

/// A recurrent operator with int8 matrices and with the float ones they stand for.
ModelBuilder lstmOf(int64_t directions, bool isQuantized)
{
    constexpr int64_t kIn = 3, kHidden = 2, kGates = 4 * kHidden;
    ModelBuilder b(17);
    b.model.add_opset_import()->set_domain("com.microsoft");
    b.model.mutable_opset_import(b.model.opset_import_size() - 1)->set_version(1);
    b.input("x", {5, -1, kIn}).output("y");
    std::vector<float> scales;
    for (int64_t d = 0; d < directions; ++d)
        scales.push_back(0.01f * float(d + 1));
    const auto matrix = [&](const std::string& name, int64_t inputs) {
        std::vector<int64_t> codes;
        std::vector<float> reals(size_t(directions * kGates * inputs));
        for (int64_t d = 0; d < directions; ++d)
            for (int64_t i = 0; i < inputs; ++i)
                for (int64_t g = 0; g < kGates; ++g) {
                    codes.push_back((d * 31 + i * 53 + g * 17) % 101 - 50);
                    reals[size_t((d * kGates + g) * inputs + i)] = float(codes.back() - 4) * scales[size_t(d)];
                }
        if (isQuantized)
            b.integers(name, {directions, inputs, kGates}, codes, kInt8);
        else
            b.weight(name, {directions, kGates, inputs}, reals);
    };
    matrix("w", kIn);
    matrix("r", kHidden);
    b.weight("bias", {directions, 2 * kGates}).weight("s", {directions}, scales);
    b.integers("z", {directions}, std::vector<int64_t>(size_t(directions), 4), kInt8);
    std::vector<std::string> inputs = {"x", "w", "r", "bias"};
    if (isQuantized)
        inputs.insert(inputs.end(), {"", "", "", "", "s", "z", "s", "z"});
    auto& node = b.node(isQuantized ? "DynamicQuantizeLSTM" : "LSTM", inputs, {"y"}, "lstm");
    node.set_domain(isQuantized ? "com.microsoft" : "");
    ModelBuilder::set(node, "hidden_size", kHidden);
    ModelBuilder::set(node, "direction", std::string(directions == 2 ? "bidirectional" : "forward"));
    return b;
}

TEST_F(OnnxQuantized, RecurrentLayersWithInt8MatricesAreThoseOfTheFloatsTheyStandFor)
{
    for (const int64_t directions : {1, 2}) {
        const auto quantized = opened(lstmOf(directions, true)), floats = opened(lstmOf(directions, false));
        ASSERT_TRUE(quantized && floats);
        const Tensor x = ramp({5, 1, 3});
        const auto a = runOnce(*quantized, {x}), b = runOnce(*floats, {x});
        ASSERT_TRUE(a && b);
        EXPECT_LE(worstExcess(a->at(0), b->at(0), 1e-6, 0), 0) << directions;
        ASSERT_EQ(quantized->graph().layers.at(0).op, OpKind::Recurrent);
        const FileQuantization* own = quantized->fileQuantization();
        EXPECT_EQ(own && own->exact.weights.size() == 2, directions == 1);
    }
}

TEST_F(OnnxQuantized, AFloatModelHasNoPlanOfItsOwn)
{
    ModelBuilder b;
    b.input("x", {1, 4}).output("y");
    b.node("Relu", {"x"}, {"y"});
    const auto runner = opened(b);
    ASSERT_TRUE(runner);
    EXPECT_EQ(runner->fileQuantization(), nullptr);
}
