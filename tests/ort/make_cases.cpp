// SPDX-License-Identifier: GPL-3.0-or-later
// Writes models as ONNX together with inputs and the outputs that this program computes for them, for
// check_cases.mjs, which runs the files in ONNX Runtime:
//     onnx_cases FOLDER samples|zoo|saturation MODELS_FOLDER [NAME [RULE]]
// A case is FOLDER/NAME.onnx, NAME.json and raw little-endian files.
#include "core/calib/calibrate.h"
#include "core/run/dataset.h"
#include "core/run/integer_bias.h"
#include "core/run/saturation.h"
#include "core/torch/torch_backend.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>

using namespace bitwright;
namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

namespace {

constexpr int64_t kCalibration = 256;

struct PlanCase {
    std::string name, weights, activations;
    bool mixed = false; ///< first and last layer, and every other one, in float
    double top1 = 0.999;
    double sqnr = 0; ///< least dB of the outputs
};
const std::vector<PlanCase> kPlans{
    {"w8a8", "8", "8"},
    {"w8a8-tensor", "8:symmetric:tensor", "8"},
    {"w4a8", "4:symmetric:channel:mse", "8"},
    {"mixed", "8", "8", true},
    {"w8a16", "8", "16:symmetric:tensor:minmax"},
    {"w8a8-symmetric", "8", "8:symmetric"},
    {"w8a6", "8:asymmetric:tensor", "6"},
    {"w4-groups", "4:symmetric:group=32", "8"},
    {"w8-zero-points", "8:asymmetric:channel", "8"},
    {"ternary", "ternary", "float"},
    {"w16-dynamic", "12", "8:asymmetric:tensor:minmax:dynamic"},
    {"wfloat-a8", "float", "8", false, 0.999, 45},
    {"wfloat-a16", "float", "16:symmetric:tensor:minmax", false, 0.999, 70},
};

/// The default, weights cut so far that many of them are the largest codes, and 7 bits.
const std::vector<PlanCase> kSaturating{
    {"w8a8", "8", "8"},
    {"cut", "8:symmetric:channel:percentile=80", "8"},
    {"cut-tensor", "8:symmetric:tensor:percentile=80", "8:symmetric"},
    {"cut-7-bits", "7:symmetric:channel:percentile=80", "8"},
};

std::string g_folder;
std::string g_rule; ///< "GLOB=W8A8": to find the layer where runtime and simulation part
bool g_failed = false;

void fail(const std::string& name, const Error& error)
{
    std::cout << "FAILED " << name << ": " << error.text() << "\n";
    g_failed = true;
    Json json{{"name", name}, {"refused", error.text()}};
    std::ofstream(fs::path(g_folder) / (name + ".json")) << json.dump(1);
}

Json writeTensor(const std::string& file, const Tensor& tensor)
{
    std::ofstream out(fs::path(g_folder) / file, std::ios::binary);
    out.write(static_cast<const char*>(tensor.data()), std::streamsize(tensor.bytes()));
    return {{"file", file}, {"type", dtypeName(tensor.dtype())}, {"shape", tensor.shape()}};
}

/// The float types are written as float32 files.
Tensor asStored(const Tensor& tensor)
{
    switch (tensor.dtype()) {
    case DType::F64:
    case DType::F16:
    case DType::BF16:
        return tensor.toFloat();
    default:
        return tensor;
    }
}

Result<Json> writeOutputs(const ModelRunner& runner, const std::string& name, const Batch& batch,
                          const RunConfig& config)
{
    Progress progress;
    Json files = Json::array();
    BITWRIGHT_TRY(const auto outputs, runner.run(batch, config, {}, {}, progress));
    for (const Tensor& tensor : outputs)
        files.push_back(writeTensor(name + std::to_string(files.size()), tensor));
    return files;
}

Result<void> writeCase(const ModelRunner& runner, const std::string& name, const std::string& format,
                       const ResolvedPlan& plan, const std::vector<Batch>& batches, Json json,
                       bool saturates = false)
{
    Progress progress;
    const std::string path = (fs::path(g_folder) / (name + ".onnx")).string();
    ExportRequest request{format, path, plan, "made by a test"};
    BITWRIGHT_TRY(const ExportOutcome outcome, torchScriptBackend().write(runner, request, progress));
    RunConfig config;
    if (format == "onnx-qdq") {
        BITWRIGHT_TRY(config, makeRunConfig(runner, plan, progress));
        BITWRIGHT_TRY(const auto biases, integerBiases(runner, plan, true));
        for (const IntegerBias& bias : biases) {
            config.weights[bias.parameter] = bias.values;
            json["bias_steps"][bias.layer] = bias.steps;
        }
    }
    json["name"] = name;
    json["notes"] = outcome.notes;
    for (size_t i = 0; i < batches.size(); ++i) {
        Json run;
        const std::string prefix = name + "." + std::to_string(i);
        BITWRIGHT_TRY(run["outputs"], writeOutputs(runner, prefix + ".out", batches[i], config));
        if (saturates) {
            RunConfig saturating = config;
            BITWRIGHT_TRY(saturating.saturating, saturatingProducts(runner, plan));
            json["layers_at_risk"] = saturating.saturating.size();
            BITWRIGHT_TRY(run["saturated"], writeOutputs(runner, prefix + ".sat", batches[i], saturating));
        }
        for (const Tensor& tensor : batches[i])
            run["inputs"].push_back(
                writeTensor(prefix + ".in" + std::to_string(run["inputs"].size()), asStored(tensor)));
        json["runs"].push_back(run);
    }
    std::ofstream(fs::path(g_folder) / (name + ".json")) << json.dump(1);
    return {};
}

Result<ResolvedPlan> resolved(const ModelRunner& runner, const PlanCase& wanted,
                              const CalibrationResult& calibration)
{
    QuantPlan plan;
    BITWRIGHT_TRY(plan.defaultWeights, parseSpec(wanted.weights, QuantSpec::defaultWeights()));
    BITWRIGHT_TRY(plan.defaultActivations, parseSpec(wanted.activations, QuantSpec::defaultActivations()));
    for (size_t i = 0; wanted.mixed && i < runner.graph().layers.size(); i += 2) {
        plan.setWeights(runner.graph().layers[i].name, QuantSpec::float32());
        plan.setActivations(runner.graph().layers[i].name, QuantSpec::float32());
    }
    if (!g_rule.empty())
        BITWRIGHT_CHECK(applyRule(plan, runner.graph(), g_rule));
    Progress progress;
    return resolvePlan(runner, plan, calibration, progress);
}

Result<void> sample(const std::string& path, const std::string& name, bool saturates)
{
    Progress progress;
    OpenOptions options;
    options.inputShapes = {{1, 28, 28}};
    BITWRIGHT_TRY(const auto runner, torchScriptBackend().open(path, options, progress));
    BITWRIGHT_TRY(const Sidecar sidecar, readSidecar(path));
    const std::string data = (fs::path(path).parent_path() / "fashion_mnist_mini.h5").string();
    BITWRIGHT_TRY(const auto train, openDataset(data, {"train", {}}, sidecar, progress));
    BITWRIGHT_TRY(const auto test, openDataset(data, {"test", {}}, sidecar, progress));
    SampleSource source{train, calibrationSubset(train->size(), kCalibration, 0)};
    BITWRIGHT_TRY(const auto calibration, calibrate(*runner, source, progress));
    std::vector<Batch> batches;
    std::vector<int64_t> all(500);
    const int64_t samples = saturates ? 500 : test->size(); // an emulated processor is slow
    for (int64_t first = 0; first + 500 <= samples; first += 500) {
        for (size_t i = 0; i < all.size(); ++i)
            all[i] = first + int64_t(i);
        BITWRIGHT_TRY(const Tensor images, test->images(all));
        batches.push_back({images});
    }
    if (!saturates)
        BITWRIGHT_CHECK(writeCase(*runner, name + ".float", "onnx-float", {}, batches, {{"exact", true}}));
    for (const PlanCase& wanted : saturates ? kSaturating : kPlans) {
        BITWRIGHT_TRY(const auto plan, resolved(*runner, wanted, calibration));
        const std::string full = name + "." + wanted.name;
        if (const auto done = writeCase(
                *runner, full, "onnx-qdq", plan, batches,
                {{"top1", wanted.top1}, {"sqnr", wanted.sqnr}, {"float", name + ".float.onnx"}}, saturates);
            !done)
            fail(full, done.error());
    }
    return {};
}

Result<void> zoo(const std::string& path, const std::string& name)
{
    Progress progress;
    OpenOptions options;
    std::ifstream shapes(fs::path(path).parent_path() / (name + ".inputs.json"));
    options.inputShapes = Json::parse(shapes).at("inputs").get<std::vector<Shape>>();
    BITWRIGHT_TRY(const auto runner, torchScriptBackend().open(path, options, progress));
    const int64_t size = name.starts_with("fixed_batch") ? 1 : 4;
    BITWRIGHT_TRY(const Batch batch, runner->exampleBatch(size, 5));
    BITWRIGHT_CHECK(writeCase(*runner, name, "onnx-float", {}, {batch}, {{"exact", true}}));
    SampleSource random;
    random.batchSize = size;
    random.randomSamples = 8;
    const auto calibration = calibrate(*runner, random, progress);
    if (!calibration)
        return {}; // states that are inputs cannot be calibrated with random values yet
    BITWRIGHT_TRY(const auto plan, resolved(*runner, {"w8a8", "8", "8"}, *calibration));
    return writeCase(*runner, name + ".w8a8", "onnx-qdq", plan, {batch}, {{"sqnr", 25}});
}

} // namespace

int main(int argc, char** argv)
{
    prepareTorchProcess();
    startTorch(2);
    if (argc < 4)
        return 2;
    g_folder = argv[1];
    const bool isZoo = std::string(argv[2]) == "zoo", saturates = std::string(argv[2]) == "saturation";
    const std::string only = argc > 4 ? argv[4] : "";
    g_rule = argc > 5 ? argv[5] : "";
    fs::create_directories(g_folder);
    std::vector<fs::path> models;
    if (!fs::exists(argv[3]))
        return 0; // nothing made them here
    for (const auto& entry : fs::directory_iterator(argv[3]))
        if (entry.path().extension() == ".pt")
            models.push_back(entry.path());
    std::sort(models.begin(), models.end());
    for (const fs::path& model : models) {
        const std::string name = model.stem().string();
        if (!only.empty() && name.find(only) == std::string::npos)
            continue;
        const auto done = isZoo ? zoo(model.string(), name) : sample(model.string(), name, saturates);
        if (!done)
            fail(name, done.error());
    }
    return 0;
}
