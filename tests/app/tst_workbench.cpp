// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/sha256.h"
#include "core/quant/quantize.h"
#include "core/workbench.h"
#include "core/workbench_export_size.h"
#include "tests/app/cli_process.h"
#include "tests/temporary_folder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <fstream>

namespace bitwright {
namespace {

using test::TemporaryFolder;

constexpr int64_t kIn = 4, kOut = 3;

/// y = W x, stored as the word FAKE and twelve floats.
class MatrixRunner : public ModelRunner {
public:
    explicit MatrixRunner(const Tensor& weight)
        : m_weight(weight)
    {
        m_graph.values = {{0, "x", true, DType::F32, {1, kIn}, true, kNone},
                          {1, "y", true, DType::F32, {1, kOut}, true, 0}};
        m_graph.nodes = {{0, "aten::linear", "", {0}, {1}, {"weight"}}};
        m_graph.parameters = {{"weight", DType::F32, {kOut, kIn}, false, {}}};
        m_graph.inputs = {0};
        m_graph.outputNames = {""};
        Layer layer;
        layer.id = layer.node = 0;
        layer.name = layer.label = "linear";
        layer.op = OpKind::Linear;
        layer.weights = {{"weight", {kOut, kIn}, 0, 1}};
        layer.inputs = {0};
        layer.output = 1;
        layer.params = layer.macs = kOut * kIn;
        m_graph.layers = {layer};
    }

    const Graph& graph() const override { return m_graph; }
    Result<Tensor> parameter(const std::string&) const override { return m_weight; }
    Result<Batch> exampleBatch(int64_t batch, uint64_t seed) const override
    {
        std::vector<float> values(size_t(batch * kIn));
        for (size_t i = 0; i < values.size(); ++i)
            values[i] = float((i * 37 + seed) % 19) - 9;
        return Batch{Tensor::fromFloats({batch, kIn}, values)};
    }
    Result<std::vector<Tensor>> run(const Batch& batch, const RunConfig& config,
                                    const std::set<ValueId>& observed, const Observer& observer,
                                    Progress&) const override
    {
        const auto replaced = config.weights.find("weight");
        const Tensor& weight = replaced == config.weights.end() ? m_weight : replaced->second;
        const int64_t rows = batch.at(0).shape()[0];
        std::vector<float> y(size_t(rows * kOut), 0.0F);
        for (size_t r = 0; r < size_t(rows); ++r)
            for (size_t o = 0; o < kOut; ++o)
                for (size_t i = 0; i < kIn; ++i)
                    y[r * kOut + o] += weight.floats()[o * kIn + i] * batch[0].floats()[r * kIn + i];
        const Tensor output = Tensor::fromFloats({rows, kOut}, y);
        for (const auto& [value, tensor] : {std::pair(0, batch[0]), std::pair(1, output)})
            if (observed.contains(value))
                observer(value, tensor);
        return std::vector<Tensor>{output};
    }
    Result<std::array<std::vector<Tensor>, 2>> runPaired(const Batch&, const RunConfig&, const RunConfig&,
                                                         const std::set<ValueId>&, const PairSink&,
                                                         Progress&) const override
    {
        return Error{Error::Unsupported, "Not needed here.", {}};
    }
    Result<std::vector<Tensor>> runVariants(const Batch&, const RunConfig&, std::span<const Variant>,
                                            const VariantSink&, Progress&) const override
    {
        return Error{Error::Unsupported, "Not needed here.", {}};
    }

private:
    Tensor m_weight;
    Graph m_graph;
};

void writeMatrix(const std::string& path, const Tensor& weight)
{
    std::ofstream file(path, std::ios::binary);
    file << "FAKE";
    file.write(static_cast<const char*>(weight.data()), std::streamsize(weight.bytes()));
}

bool isMatrix(const std::string& path)
{
    return test::readAll(path).rfind("FAKE", 0) == 0;
}

Result<std::unique_ptr<ModelRunner>> openMatrix(const std::string& path, const OpenOptions&, Progress&)
{
    const std::string text = test::readAll(path);
    std::vector<float> values(kOut * kIn);
    if (text.size() != 4 + values.size() * sizeof(float))
        return Error{Error::Corrupt, "The file is truncated.", path};
    std::memcpy(values.data(), text.data() + 4, values.size() * sizeof(float));
    return std::unique_ptr<ModelRunner>(
        std::make_unique<MatrixRunner>(Tensor::fromFloats({kOut, kIn}, values)));
}

/// Four writers: one that is right, one that quantizes nothing, one that fails half way, and one that
/// somebody cancels when it has written.
Result<ExportOutcome> writeQuantized(const ModelRunner& runner, const ExportRequest& request,
                                     Progress& progress)
{
    BITWRIGHT_TRY(const Tensor weight, runner.parameter("weight"));
    const bool right = request.format == "fake-right";
    writeMatrix(request.path, right ? fakeQuantize(weight, request.plan.weights.at("weight")) : weight);
    if (request.format == "fake-failing")
        return Error{Error::Io, "The disk is full.", request.path};
    if (request.format == "fake-cancelled")
        progress.cancel();
    return ExportOutcome{{request.path}, "none", {request.provenance}};
}

class Workbench : public testing::Test {
protected:
    static void SetUpTestSuite()
    {
        registerBackend({"fake",
                         isMatrix,
                         openMatrix,
                         {"fake-right", "fake-wrong", "fake-failing", "fake-cancelled"},
                         writeQuantized});
    }
    void SetUp() override
    {
        const std::vector<float> values = {0.9F,  -0.31F, 0.07F,  0.5F,  0.11F, 0.77F,
                                           -0.6F, 0.2F,   -0.45F, 0.03F, 0.33F, 0.21F};
        writeMatrix(folder.file("m.bin"), Tensor::fromFloats({kOut, kIn}, values));
        auto opened = workbench::openModel(folder.file("m.bin"), {}, progress);
        ASSERT_TRUE(opened.has_value());
        model = *opened;
        plan.defaultWeights = QuantSpec::defaultWeights(3);
        plan.defaultActivations = QuantSpec::float32();
    }
    Result<ExportResult> write(const std::string& format, const std::string& path)
    {
        const SampleSource source = workbench::evaluationSource(nullptr, 10, 4, 1);
        return workbench::exportModel(*model, plan, {}, format, path, source, progress);
    }

    TemporaryFolder folder;
    Progress progress;
    std::shared_ptr<const Model> model;
    QuantPlan plan;
};

TEST_F(Workbench, opens_a_model_by_content_and_knows_its_hash)
{
    EXPECT_EQ(model->format, "fake");
    EXPECT_EQ(model->fileBytes, 4 + 48);
    EXPECT_EQ(model->sha256, *sha256File(folder.file("m.bin")));
}

TEST_F(Workbench, the_size_of_an_export_is_known_before_it_is_written)
{
    const auto bytes = [&](const std::string& format, const workbench::ExportOptions& options = {}) {
        return workbench::estimatedBytes(model->graph(), plan, format, options);
    };
    const int64_t scales = 4 * kOut, codes = kOut * kIn;
    EXPECT_EQ(bytes("onnx-float"), 4 * codes);
    EXPECT_EQ(bytes("onnx-qdq"), codes / 2 + scales) << "3 bits are stored in 4";
    EXPECT_EQ(bytes("onnx-qdq", {13, {}, false}), codes + scales) << "which older operators do not have";
    EXPECT_EQ(bytes("torchscript-int8"), codes + scales);
    EXPECT_EQ(bytes("weights-hdf5"), (3 * codes + 7) / 8 + scales);
    EXPECT_EQ(bytes("encodings"), 0);
    plan.setWeights(model->graph().layers[0].name, QuantSpec::float32());
    EXPECT_EQ(bytes("onnx-qdq"), 4 * codes);
}

TEST_F(Workbench, refuses_what_no_backend_recognises)
{
    std::ofstream(folder.file("other.bin")) << "something else";
    const auto other = workbench::openModel(folder.file("other.bin"), {}, progress);
    ASSERT_FALSE(other.has_value());
    EXPECT_EQ(other.error().code, Error::Unsupported);
    EXPECT_EQ(other.error().where, folder.file("other.bin"));
    EXPECT_EQ(workbench::openModel(folder.file("none"), {}, progress).error().code, Error::NotFound);
    EXPECT_EQ(workbench::openModel(folder.file(""), {}, progress).error().code, Error::Unsupported);
}

TEST_F(Workbench, offers_the_formats_of_backends_and_its_own)
{
    std::vector<std::string> names;
    for (const workbench::ExportFormat& format : workbench::exportFormats()) {
        EXPECT_FALSE(format.description.empty());
        names.push_back(format.name);
    }
    for (const char* name : {"fake-right", "encodings", "weights-hdf5", "plan"})
        EXPECT_NE(std::find(names.begin(), names.end(), name), names.end()) << name;
}

TEST_F(Workbench, an_unknown_format_is_answered_with_the_known_ones)
{
    const auto result = write("floppy", folder.file("x"));
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code, Error::InvalidArgument);
    for (const char* name : {"fake-right", "encodings", "plan"})
        EXPECT_NE(result.error().message.find(name), std::string::npos);
}

TEST_F(Workbench, weights_that_are_no_numbers_are_named_before_anybody_uses_the_file)
{
    std::vector<float> values(size_t(kOut * kIn), 0.5F);
    ASSERT_TRUE(write("fake-right", folder.file("q.bin"))->warnings.empty());
    values[2] = NAN;
    values[5] = INFINITY;
    writeMatrix(folder.file("m.bin"), Tensor::fromFloats({kOut, kIn}, values));
    model = *workbench::openModel(folder.file("m.bin"), {}, progress);
    const auto result = write("plan", folder.file("plan.json"));
    ASSERT_TRUE(result.has_value()) << result.error().text();
    ASSERT_EQ(result->warnings.size(), 1u);
    EXPECT_NE(result->warnings[0].find("\"weight\" holds 2 of 12"), std::string::npos) << result->warnings[0];
}

TEST_F(Workbench, parity_of_a_right_file_is_exact)
{
    const auto result = write("fake-right", folder.file("q.bin"));
    ASSERT_TRUE(result.has_value()) << result.error().text();
    ASSERT_TRUE(result->parity.has_value());
    EXPECT_EQ(result->parity->samples, 10);
    EXPECT_EQ(result->parity->maxAbs, 0);
    EXPECT_EQ(result->parity->top1Agreement, 1.0);
    EXPECT_EQ(result->engine, "none");
    ASSERT_EQ(result->files.size(), 1u);
    EXPECT_EQ(result->files[0].sha256, *sha256File(folder.file("q.bin")));
    EXPECT_EQ(result->files[0].bytes, 4 + 48);
    EXPECT_NE(result->notes.at(0).find(model->sha256), std::string::npos);
}

TEST_F(Workbench, parity_shows_a_file_that_computes_something_else)
{
    const auto result = write("fake-wrong", folder.file("q.bin"));
    ASSERT_TRUE(result.has_value()) << result.error().text();
    EXPECT_GT(result->parity->maxAbs, 0.1);
    EXPECT_LT(result->parity->sqnrDb, 30);
}

TEST_F(Workbench, a_failed_export_keeps_the_earlier_file_and_leaves_no_other)
{
    folder.write("q.bin", "earlier");
    for (const auto& [format, code] :
         {std::pair("fake-failing", Error::Io), std::pair("fake-cancelled", Error::Cancelled)}) {
        const auto result = write(format, folder.file("q.bin"));
        ASSERT_FALSE(result.has_value()) << format;
        EXPECT_EQ(result.error().code, code);
        EXPECT_EQ(test::readAll(folder.file("q.bin")), "earlier") << format;
        const std::filesystem::directory_iterator files(folder.path());
        EXPECT_EQ(std::distance(begin(files), end(files)), 2) << format;
    }
}

TEST_F(Workbench, the_file_of_the_open_model_is_never_replaced)
{
    const std::string before = test::readAll(model->path);
    std::filesystem::create_symlink(model->path, folder.file("link.bin"));
    for (const std::string& path : {model->path, folder.file("link.bin"), folder.file("./m.bin")})
        for (const char* format : {"fake-right", "plan"}) {
            const auto result = write(format, path);
            ASSERT_FALSE(result.has_value()) << path;
            EXPECT_EQ(result.error().code, Error::InvalidArgument) << path;
        }
    EXPECT_EQ(test::readAll(model->path), before);
}

TEST_F(Workbench, an_exported_plan_reads_back_as_the_same_plan)
{
    plan.setWeights("linear", QuantSpec::defaultWeights(2));
    ASSERT_TRUE(write("plan", folder.file("p.json")).has_value());
    const auto read = planFromJson(test::readAll(folder.file("p.json")));
    ASSERT_TRUE(read.has_value());
    plan.modelSha256 = model->sha256;
    EXPECT_EQ(*read, plan);
}

TEST_F(Workbench, statistics_hold_weights_always_and_activations_with_a_source)
{
    const auto weights = workbench::stats(*model, nullptr, progress);
    ASSERT_TRUE(weights.has_value());
    ASSERT_EQ(weights->weights.size(), 1u);
    EXPECT_EQ(weights->weights[0].second.all.count, kIn * kOut);
    EXPECT_TRUE(weights->calibration.activations.empty());
    const SampleSource source = workbench::calibrationSource(nullptr, 9, 4, 0);
    const auto both = workbench::stats(*model, &source, progress);
    ASSERT_TRUE(both.has_value()) << both.error().text();
    EXPECT_EQ(both->calibration.samples, 9);
    EXPECT_EQ(both->calibration.activations.at(1).all.count, 9 * kOut);
}

TEST_F(Workbench, a_cancelled_verb_says_so)
{
    progress.cancel();
    const auto result = workbench::stats(*model, nullptr, progress);
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code, Error::Cancelled);
}

} // namespace
} // namespace bitwright
