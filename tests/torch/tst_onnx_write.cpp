// SPDX-License-Identifier: GPL-3.0-or-later
// What is in the files: names, types, codes, opsets. That they run is checked by tests/ort.
#include "core/calib/calibrate.h"
#include "core/quant/quantize.h"
#include "tests/temporary_folder.h"
#include "tests/torch/model_files.h"

#include <onnx/checker.h>
#include <onnx/onnx_pb.h>
#include <onnx/shape_inference/implementation.h>

#include <algorithm>
#include <cmath>
#include <cstring>

using namespace bitwright;
using namespace bitwright::test;
namespace fs = std::filesystem;

namespace {

const std::vector<std::string> kSamples{"mlp", "cnn", "dwcnn", "vit", "lstm"};
constexpr int kInt4 = 22;

struct OnnxWrite : testing::Test {
    test::TemporaryFolder temporary;
    const fs::path& folder = temporary.path();
};

std::unique_ptr<ModelRunner> sample(const std::string& name)
{
    Progress progress;
    OpenOptions options;
    options.inputShapes = {{1, 28, 28}};
    auto runner =
        torchScriptBackend().open(BITWRIGHT_SOURCE_DIR "/sample_models/" + name + ".pt", options, progress);
    EXPECT_TRUE(runner) << runner.error().text();
    return *std::move(runner);
}

ResolvedPlan planFor(const ModelRunner& runner, const std::string& weights, const std::string& activations)
{
    Progress progress;
    QuantPlan plan;
    plan.defaultWeights = *parseSpec(weights, QuantSpec::defaultWeights());
    plan.defaultActivations = *parseSpec(activations, QuantSpec::defaultActivations());
    const auto calibration = calibrate(runner, SampleSource{}, progress);
    EXPECT_TRUE(calibration) << calibration.error().text();
    auto resolved = resolvePlan(runner, plan, *calibration, progress);
    EXPECT_TRUE(resolved) << resolved.error().text();
    return *std::move(resolved);
}

struct Written {
    onnx::ModelProto model;
    ExportOutcome outcome;
    Error error;

    const onnx::TensorProto* initializer(const std::string& name) const
    {
        for (const onnx::TensorProto& tensor : model.graph().initializer())
            if (tensor.name() == name)
                return &tensor;
        return nullptr;
    }
    /// By its name, or as the maker of a value.
    const onnx::NodeProto* node(const std::string& name) const
    {
        for (const onnx::NodeProto& node : model.graph().node())
            if (node.name() == name || node.output(0) == name)
                return &node;
        return nullptr;
    }
    const onnx::NodeProto* reader(const std::string& value) const
    {
        for (const onnx::NodeProto& node : model.graph().node())
            if (std::find(node.input().begin(), node.input().end(), value) != node.input().end())
                return &node;
        return nullptr;
    }
    int count(const std::string& type) const
    {
        int count = 0;
        for (const onnx::NodeProto& node : model.graph().node())
            count += node.op_type() == type;
        return count;
    }
};

Written write(const ModelRunner& runner, ExportRequest request, const fs::path& folder)
{
    Progress progress;
    Written written;
    request.path = (folder / "model.onnx").string();
    auto outcome = torchScriptBackend().write(runner, request, progress);
    if (!outcome) {
        written.error = outcome.error();
        return written;
    }
    written.outcome = *std::move(outcome);
    std::ifstream file(request.path, std::ios::binary);
    EXPECT_TRUE(written.model.ParseFromIstream(&file));
    return written;
}

/// The checker of the ONNX library and its strictest shape inference; the library ends at opset 17.
void expectValid(const onnx::ModelProto& model)
{
    ASSERT_LE(model.opset_import(0).version(), 17);
    try {
        onnx::checker::check_model(model);
        onnx::ModelProto inferred = model;
        const onnx::ShapeInferenceOptions strict{true, 1, true};
        onnx::shape_inference::InferShapes(inferred, onnx::OpSchemaRegistry::Instance(), strict);
    } catch (const std::exception& exception) {
        FAIL() << exception.what();
    }
}

template<typename T>
std::vector<T> values(const onnx::TensorProto& tensor)
{
    std::vector<T> made(tensor.raw_data().size() / sizeof(T));
    std::memcpy(made.data(), tensor.raw_data().data(), tensor.raw_data().size());
    return made;
}

/// Floats behind an 8-bit initializer with one scale a channel of axis 0.
std::vector<float> dequantized(const Written& file, const std::string& name)
{
    const auto codes = values<int8_t>(*file.initializer(name));
    const auto scales = values<float>(*file.initializer(file.reader(name)->input(1)));
    const size_t each = codes.size() / scales.size();
    std::vector<float> made;
    for (size_t i = 0; i < codes.size(); ++i)
        made.push_back(float(codes[i]) * scales[i / each]);
    return made;
}

} // namespace

TEST_F(OnnxWrite, SamplesPassTheCheckerAndStrictShapeInference)
{
    for (const std::string& name : kSamples) {
        SCOPED_TRACE(name);
        const auto runner = sample(name);
        const Written floats = write(*runner, {"onnx-float", "", {}, "test"}, folder);
        ASSERT_TRUE(floats.error.message.empty()) << floats.error.text();
        expectValid(floats.model);
        const Written qdq = write(*runner, {"onnx-qdq", "", planFor(*runner, "8", "8"), "test"}, folder);
        ASSERT_TRUE(qdq.error.message.empty()) << qdq.error.text();
        expectValid(qdq.model);
    }
}

TEST_F(OnnxWrite, EveryArchitectureIsValidOrRefusedInOneSentence)
{
    SKIP_WITHOUT_MODELS();
    for (const std::string& name : modelNames()) {
        SCOPED_TRACE(name);
        const auto runner = opened(name);
        ASSERT_NE(runner, nullptr);
        const Written file = write(*runner, {"onnx-float", "", {}, "test"}, folder);
        if (file.error.message.empty())
            expectValid(file.model);
        else
            EXPECT_EQ(file.error.message.find('\n'), std::string::npos) << file.error.message;
    }
}

TEST_F(OnnxWrite, WeightsAreIntegersUnderTheirOwnNames)
{
    for (const std::string& name : {"mlp", "cnn", "dwcnn"}) {
        const auto runner = sample(name);
        const ResolvedPlan plan = planFor(*runner, "8", "8");
        const Written file = write(*runner, {"onnx-qdq", "", plan, ""}, folder);
        for (const auto& [parameter, params] : plan.weights) {
            ASSERT_NE(file.initializer(parameter), nullptr) << parameter;
            EXPECT_EQ(file.initializer(parameter)->data_type(), onnx::TensorProto::INT8) << parameter;
            const Tensor expected = fakeQuantize(runner->parameter(parameter)->toFloat(), params);
            const auto got = dequantized(file, parameter);
            ASSERT_EQ(int64_t(got.size()), expected.size());
            for (size_t i = 0; i < got.size(); ++i)
                ASSERT_EQ(got[i], expected.floats()[i]) << parameter << " " << i;
        }
    }
}

TEST_F(OnnxWrite, BiasIsInStepsOfInputScaleTimesWeightScale)
{
    const auto runner = sample("cnn");
    const Written file = write(*runner, {"onnx-qdq", "", planFor(*runner, "8", "8"), ""}, folder);
    const onnx::NodeProto* conv = file.node("features.0");
    ASSERT_NE(conv, nullptr);
    EXPECT_EQ(conv->op_type(), "Conv");
    const auto scaleOf = [&](int input) {
        const onnx::NodeProto* dequantize = file.node(conv->input(input));
        EXPECT_EQ(dequantize->op_type(), "DequantizeLinear");
        return values<float>(*file.initializer(dequantize->input(1)));
    };
    const auto x = scaleOf(0), w = scaleOf(1), b = scaleOf(2);
    ASSERT_EQ(b.size(), w.size());
    for (size_t i = 0; i < b.size(); ++i)
        EXPECT_EQ(b[i], x[0] * w[i]);
    const std::string bias = file.node(conv->input(2))->input(0);
    EXPECT_EQ(file.initializer(bias)->data_type(), onnx::TensorProto::INT32);
}

TEST_F(OnnxWrite, ActivationsAreUnsignedWhateverThePlanSays)
{
    const auto runner = sample("mlp");
    for (const std::string spec : {"8", "8:symmetric", "6:symmetric"}) {
        const Written file = write(*runner, {"onnx-qdq", "", planFor(*runner, "8", spec), ""}, folder);
        for (const onnx::NodeProto& node : file.model.graph().node()) {
            if (node.op_type() != "QuantizeLinear")
                continue;
            EXPECT_EQ(file.initializer(node.input(2))->data_type(), onnx::TensorProto::UINT8) << spec;
        }
    }
}

TEST_F(OnnxWrite, OtherTargetsKeepSignedActivationsAndSaySo)
{
    const auto runner = sample("mlp");
    ExportRequest request{"onnx-qdq", "", planFor(*runner, "8", "8:symmetric"), ""};
    request.target = ExportTarget::TensorRt;
    const Written file = write(*runner, request, folder);
    int signedSites = 0;
    for (const onnx::NodeProto& node : file.model.graph().node())
        if (node.op_type() == "QuantizeLinear")
            signedSites += file.initializer(node.input(2))->data_type() == onnx::TensorProto::INT8;
    EXPECT_GT(signedSites, 0);
    const auto& notes = file.outcome.notes;
    EXPECT_TRUE(std::any_of(notes.begin(), notes.end(), [](const std::string& note) {
        return note.find("signed 8-bit") != std::string::npos;
    }));
}

TEST_F(OnnxWrite, FourBitWeightsArePackedTwoToAByte)
{
    const auto runner = sample("mlp");
    const ResolvedPlan plan = planFor(*runner, "4", "8");
    const Written file = write(*runner, {"onnx-qdq", "", plan, ""}, folder);
    EXPECT_EQ(file.model.opset_import(0).version(), 21);
    EXPECT_EQ(file.model.ir_version(), 10);
    for (const auto& [parameter, params] : plan.weights) {
        const onnx::TensorProto* stored = file.initializer(parameter);
        ASSERT_NE(stored, nullptr);
        EXPECT_EQ(stored->data_type(), kInt4);
        const auto codes = quantizeToCodes(*runner->parameter(parameter), params);
        ASSERT_EQ(stored->raw_data().size(), (codes.size() + 1) / 2);
        for (size_t i = 0; i < codes.size(); ++i) {
            const int nibble = uint8_t(stored->raw_data()[i / 2]) >> (i % 2 ? 4 : 0) & 15;
            ASSERT_EQ(nibble >= 8 ? nibble - 16 : nibble, codes[i]);
        }
    }
}

TEST_F(OnnxWrite, ALowerOpsetStoresFourBitsAsBytes)
{
    const auto runner = sample("mlp");
    ExportRequest request{"onnx-qdq", "", planFor(*runner, "4", "8"), ""};
    request.opset = 13;
    const Written file = write(*runner, request, folder);
    EXPECT_EQ(file.model.opset_import(0).version(), 13);
    EXPECT_EQ(file.initializer("features.1.weight")->data_type(), onnx::TensorProto::INT8);
    expectValid(file.model);
}

TEST_F(OnnxWrite, LayersLeftInFloatHaveNoQuantizers)
{
    const auto runner = sample("cnn");
    const Written file = write(*runner, {"onnx-qdq", "", planFor(*runner, "float", "float"), ""}, folder);
    EXPECT_EQ(file.count("QuantizeLinear") + file.count("DequantizeLinear"), 0);
    EXPECT_EQ(file.initializer("features.0.weight")->data_type(), onnx::TensorProto::FLOAT);
}

/// ONNX Runtime rounds a float weight behind a quantizer to 8 bits per tensor by itself.
TEST_F(OnnxWrite, LayersWithFloatWeightsDoNotReadAQuantizerDirectly)
{
    const auto runner = sample("cnn");
    const char* const plans[][2] = {{"float", "8"}, {"bf16", "8"}, {"e4m3", "8"}, {"float", "16"}};
    for (const auto& [weights, activations] : plans) {
        SCOPED_TRACE(std::string(weights) + "/" + activations);
        const Written file =
            write(*runner, {"onnx-qdq", "", planFor(*runner, weights, activations), ""}, folder);
        EXPECT_EQ(file.node("features.0")->op_type(), "Conv");
        for (const std::string layer : {"features.0", "features.4", "classifier.1"}) {
            const onnx::NodeProto* input = file.node(file.node(layer)->input(0));
            ASSERT_NE(input, nullptr) << layer;
            EXPECT_EQ(input->op_type(), "Clip") << layer;
            EXPECT_EQ(input->input_size(), 1) << layer;
        }
    }
    ExportRequest generic{"onnx-qdq", "", planFor(*runner, "float", "8"), ""};
    generic.target = ExportTarget::Generic;
    EXPECT_EQ(write(*runner, generic, folder).count("Clip"), 0);
    EXPECT_EQ(write(*runner, {"onnx-qdq", "", planFor(*runner, "8", "8"), ""}, folder).count("Clip"), 0);
}

TEST_F(OnnxWrite, AModelThatComputesInAShortTypeIsSaidToLoseByIt)
{
    SKIP_WITHOUT_MODELS();
    const auto says = [&](const std::string& model, const std::string& type) {
        const Written file = write(*opened(model), {"onnx-float", "", {}, ""}, folder);
        const auto& notes = file.outcome.notes;
        return std::any_of(notes.begin(), notes.end(), [&](const std::string& note) {
            return note.find("computes in " + type) != std::string::npos;
        });
    };
    EXPECT_TRUE(says("bfloat16.script", "bfloat16"));
    EXPECT_TRUE(says("double.script", "float64"));
    EXPECT_FALSE(says("addmm.script", ""));
}

TEST_F(OnnxWrite, TheBatchIsOpenAndMetadataSaysWhoMadeTheFile)
{
    const auto runner = sample("vit");
    ExportRequest request{"onnx-float", "", {}, "from a test"};
    request.metadata = {{"plan_sha256", "abc"}};
    const Written file = write(*runner, request, folder);
    EXPECT_EQ(file.model.graph().input(0).type().tensor_type().shape().dim(0).dim_param(), "batch");
    EXPECT_EQ(file.model.graph().output(0).type().tensor_type().shape().dim(0).dim_param(), "batch");
    EXPECT_EQ(file.model.producer_name(), "Bitwright");
    std::map<std::string, std::string> properties;
    for (const auto& entry : file.model.metadata_props())
        properties[entry.key()] = entry.value();
    EXPECT_EQ(properties["provenance"], "from a test");
    EXPECT_EQ(properties["plan_sha256"], "abc");
}
