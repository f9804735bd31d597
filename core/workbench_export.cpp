// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/atomic_file.h"
#include "core/base/sha256.h"
#include "core/io/encodings.h"
#include "core/io/encodings_formats.h"
#include "core/io/weights_hdf5.h"
#include "core/run/integer_bias.h"
#include "core/workbench.h"
#include "core/workbench_export_notes.h"

#include <algorithm>
#include <filesystem>

namespace bitwright::workbench {
namespace {

/// Everything that the writer of one format may need.
struct Job {
    const Model& model;
    const QuantPlan& plan;
    ResolvedPlan resolved;
    std::string format, provenance;
    ExportOptions options;
};

std::string provenance(const Model& model)
{
    return "Bitwright " BITWRIGHT_VERSION ", from " + std::filesystem::path(model.path).filename().string() +
           " (sha256 " + model.sha256 + ")";
}

Result<void> writeEncodings(const Job& job, const std::string& path, ExportResult& result, Progress&)
{
    Encodings encodings = makeEncodings(job.model.graph(), job.resolved, job.model.sha256);
    result.notes = std::move(encodings.notes);
    return writeFileAtomically(path, encodings.json);
}

Result<void> writeEncodings061(const Job& job, const std::string& path, ExportResult& result, Progress&)
{
    Encodings encodings = makeEncodings061(job.model.graph(), job.resolved);
    result.notes = std::move(encodings.notes);
    return writeFileAtomically(path, encodings.json);
}

Result<void> writeTensorRtCache(const Job& job, const std::string& path, ExportResult& result, Progress&)
{
    Encodings encodings = makeTensorRtCache(job.model.graph(), job.resolved);
    result.notes = std::move(encodings.notes);
    return writeFileAtomically(path, encodings.json);
}

Result<void> writeOverrides(const Job& job, const std::string& path, ExportResult& result, Progress&)
{
    Encodings encodings = makeTensorOverrides(job.model.graph(), job.resolved);
    result.notes = std::move(encodings.notes);
    return writeFileAtomically(path, encodings.json);
}

Result<void> writeWeights(const Job& job, const std::string& path, ExportResult&, Progress& progress)
{
    return writeAtomically(path, [&](const std::string& temporary) {
        return writeWeightsHdf5(*job.model.runner, job.resolved, job.model.sha256, job.provenance, temporary,
                                progress);
    });
}

Result<void> writePlan(const Job& job, const std::string& path, ExportResult&, Progress&)
{
    QuantPlan plan = job.plan;
    plan.modelSha256 = job.model.sha256;
    return writeFileAtomically(path, planToJson(plan));
}

/// The formats that core writes itself.
struct OwnFormat {
    ExportFormat format;
    Result<void> (*write)(const Job&, const std::string&, ExportResult&, Progress&);
    bool activationsOnly = false; ///< holds nothing of the weights
};
const std::vector<OwnFormat>& ownFormats()
{
    static const std::vector<OwnFormat> all = {
        {{"encodings", "Scales and offsets of every tensor as JSON in AIMET's layout 1.0.0.",
          ".encodings.json"},
         writeEncodings},
        {{"encodings-0.6.1", "The same as JSON in AIMET's older layout 0.6.1.", ".encodings.json"},
         writeEncodings061},
        {{"tensorrt-cache", "Scales of activations as a calibration cache of TensorRT.", ".cache"},
         writeTensorRtCache,
         true},
        {{"ort-overrides", "TensorQuantOverrides of ONNX Runtime's quantization tool as JSON.",
          ".overrides.json"},
         writeOverrides},
        {{"weights-hdf5", "Packed integer weights with scales, zero points and names as HDF5.", ".h5"},
         writeWeights},
        {{"plan", "The plan itself: which layer has which precision, as JSON.", ".plan.json"}, writePlan},
    };
    return all;
}

/// How the formats of backends are presented; one without a row is still offered under its name.
ExportFormat backendFormat(const std::string& name)
{
    static const std::vector<ExportFormat> known = {
        {"torchscript-fakequant", "TorchScript that computes in float what the simulation computes.", ".pt"},
        {"torchscript-int8", "TorchScript with 8-bit weights and integer kernels: smaller and faster.",
         ".pt"},
        {"onnx-qdq", "ONNX with integer weights that runtimes merge into integer kernels.", ".onnx"},
        {"onnx-float", "ONNX of the float model, batch-norm folded.", ".float.onnx"},
    };
    for (const ExportFormat& format : known)
        if (format.name == name)
            return format;
    return {name, "Written by the model's own backend.", ""};
}

bool offers(const Backend& backend, const std::string& format)
{
    return std::find(backend.exportFormats.begin(), backend.exportFormats.end(), format) !=
           backend.exportFormats.end();
}

/// The backend that read the model first, then any other that knows the format.
const Backend* writerOf(const std::string& format, const std::string& modelFormat)
{
    const Backend* found = nullptr;
    for (const Backend& backend : backends()) {
        if (!backend.write || !offers(backend, format))
            continue;
        if (backend.name == modelFormat)
            return &backend;
        found = found ? found : &backend;
    }
    return found;
}

Error unknownFormat(const std::string& format)
{
    std::string names;
    for (const ExportFormat& known : exportFormats())
        names += (names.empty() ? "" : ", ") + known.name;
    return {
        Error::InvalidArgument, "There is no export format \"" + format + "\"; known are " + names + ".", {}};
}

int64_t argMax(std::span<const float> row)
{
    return std::max_element(row.begin(), row.end()) - row.begin();
}

/// Equal top-1 rows of two [n, K] outputs.
int64_t equalTop1(const Tensor& a, const Tensor& b)
{
    const size_t classes = size_t(a.shape()[1]);
    int64_t equal = 0;
    for (size_t row = 0; row < size_t(a.shape()[0]); ++row)
        equal += argMax(a.floats().subspan(row * classes, classes)) ==
                 argMax(b.floats().subspan(row * classes, classes));
    return equal;
}

bool classifies(const std::vector<Tensor>& outputs)
{
    return !outputs.empty() && outputs[0].dim() == 2 && outputs[0].shape()[1] > 1;
}

/// Collects Parity batch by batch.
struct ParityMeter {
    ErrorSums sums;
    int64_t samples = 0, classified = 0, equal = 0;

    Result<void> add(const std::vector<Tensor>& simulated, const std::vector<Tensor>& written, int64_t batch)
    {
        if (simulated.size() != written.size())
            return Error{
                Error::Internal, "The written file has another number of outputs than the model.", {}};
        for (size_t i = 0; i < simulated.size(); ++i) {
            if (simulated[i].shape() != written[i].shape())
                return Error{
                    Error::Internal, "The written file has outputs of another shape than the model.", {}};
            sums.add(compare(simulated[i].floats(), written[i].floats()));
        }
        samples += batch;
        if (classifies(simulated)) {
            classified += simulated[0].shape()[0];
            equal += equalTop1(simulated[0], written[0]);
        }
        return {};
    }

    Parity result() const
    {
        Parity parity{samples, sums.maxAbs, sums.sqnrDb(), {}};
        if (classified > 0)
            parity.top1Agreement = double(equal) / double(classified);
        return parity;
    }
};

/// The axis along which the samples of an input lie: the one that grows with the batch.
size_t batchAxis(const Shape& one, const Shape& two)
{
    const auto differs = std::mismatch(one.begin(), one.end(), two.begin(), two.end()).first;
    return differs == one.end() ? 0 : size_t(differs - one.begin());
}

OpenOptions reopenOptions(const Model& model)
{
    OpenOptions options;
    options.foldBatchNorm = false;
    options.keepIntegers = true;
    const auto one = model.runner->exampleBatch(1, 0), two = model.runner->exampleBatch(2, 0);
    for (size_t i = 0; i < model.graph().inputs.size(); ++i) {
        Shape shape = model.graph().values[size_t(model.graph().inputs[i])].shape;
        const size_t axis = one && two ? batchAxis((*one)[i].shape(), (*two)[i].shape()) : 0;
        if (axis < shape.size())
            shape.erase(shape.begin() + int64_t(axis));
        options.inputShapes.push_back(std::move(shape));
    }
    return options;
}

/// Whether somebody here can run the written file.
bool canOpen(const std::string& path)
{
    return std::any_of(backends().begin(), backends().end(),
                       [&](const Backend& backend) { return backend.recognises(path); });
}

/// The plan that a format really holds.
QuantPlan planFor(const QuantPlan& plan, const std::string& format, const ExportOptions& options)
{
    if (format == "onnx-float")
        return QuantPlan::floatPlan();
    QuantPlan made = plan;
    const auto reduce = [](QuantSpec& spec) {
        if (spec.format == Format::Int && spec.bits == 8)
            spec.bits = 7;
    };
    if (!options.reduceRange)
        return made;
    reduce(made.defaultWeights);
    for (auto& [name, layer] : made.layers)
        if (layer.weights)
            reduce(*layer.weights);
    return made;
}

Result<Parity> measureParity(const Job& job, const std::string& path, const SampleSource& source,
                             const std::vector<IntegerBias>& biases, Progress& progress)
{
    BITWRIGHT_TRY(const auto written, openModel(path, reopenOptions(job.model), progress));
    RunConfig again; // a file of integers opens as float weights with the quantizers beside them
    if (const FileQuantization* own = written->runner->fileQuantization()) {
        BITWRIGHT_TRY(again, makeRunConfig(*written->runner, own->exact, progress));
    }
    BITWRIGHT_TRY(RunConfig config, makeRunConfig(*job.model.runner, job.resolved, progress));
    for (const IntegerBias& bias : biases)
        config.weights[bias.parameter] = bias.values;
    ParityMeter meter;
    progress.begin("Comparing the written file", sampleCount(source));
    BITWRIGHT_CHECK(forEachBatch(
        *job.model.runner, source, progress,
        [&](const Batch& batch, const std::vector<int64_t>&) -> Result<void> {
            BITWRIGHT_TRY(const auto simulated, job.model.runner->run(batch, config, {}, {}, progress));
            BITWRIGHT_TRY(const auto outputs, written->runner->run(batch, again, {}, {}, progress));
            return meter.add(simulated, outputs, batch.at(0).shape().at(0));
        }));
    return meter.result();
}

Result<void> addFile(const std::string& path, ExportResult& result)
{
    std::error_code ignored;
    ExportedFile file{path, {}, int64_t(std::filesystem::file_size(path, ignored))};
    BITWRIGHT_TRY(file.sha256, sha256File(path));
    result.files.push_back(std::move(file));
    return {};
}

Result<void> writeByBackend(const Backend& backend, const Job& job, const std::string& path,
                            ExportResult& result, Progress& progress)
{
    return writeAtomically(path, [&](const std::string& temporary) -> Result<void> {
        const std::string plan = planToJson(job.plan);
        const ExportRequest request{job.format,
                                    temporary,
                                    job.resolved,
                                    job.provenance,
                                    path,
                                    job.options.opset,
                                    job.options.target,
                                    {{"plan_sha256", sha256(plan.data(), plan.size())}}};
        auto written = backend.write(*job.model.runner, request, progress);
        if (!written) { // the temporary file is nobody's business
            Error error = written.error();
            return Error{error.code, error.message, error.where.starts_with(temporary) ? path : error.where};
        }
        ExportOutcome outcome = std::move(*written);
        result.engine = std::move(outcome.engine);
        result.notes = std::move(outcome.notes);
        for (size_t i = 1; i < outcome.files.size(); ++i)
            BITWRIGHT_CHECK(addFile(outcome.files[i], result));
        return {};
    });
}

} // namespace

std::vector<ExportFormat> exportFormats()
{
    std::vector<ExportFormat> all;
    for (const Backend& backend : backends())
        for (const std::string& name : backend.exportFormats)
            all.push_back(backendFormat(name));
    for (const OwnFormat& own : ownFormats())
        all.push_back(own.format);
    return all;
}

std::vector<ExportFormat> exportFormats(const Model& model)
{
    if (model.hasGraph())
        return exportFormats();
    std::vector<ExportFormat> all;
    for (const OwnFormat& own : ownFormats())
        if (!own.activationsOnly)
            all.push_back(own.format);
    return all;
}

Result<ExportResult> exportModel(const Model& model, const QuantPlan& plan,
                                 const CalibrationResult& calibration, const std::string& format,
                                 const std::string& path, const SampleSource& paritySource,
                                 Progress& progress, const ExportOptions& options)
{
    const auto own = std::find_if(ownFormats().begin(), ownFormats().end(),
                                  [&](const OwnFormat& known) { return known.format.name == format; });
    const Backend* backend = writerOf(format, model.format);
    if (own == ownFormats().end() && !backend)
        return unknownFormat(format);
    if (own == ownFormats().end() || own->activationsOnly)
        BITWRIGHT_CHECK(needsGraph(model));
    const QuantPlan held = planFor(plan, format, options);
    BITWRIGHT_TRY(ResolvedPlan resolved, resolvePlan(*model.runner, held, calibration, progress));
    Model hashed = model;
    if (hashed.sha256.empty()) {
        BITWRIGHT_TRY(hashed.sha256, sha256File(model.path));
    }
    const Job job{hashed, held, std::move(resolved), format, provenance(hashed), options};
    ExportResult result;
    BITWRIGHT_CHECK(warnOfNonFinite(*model.runner, result, progress));
    if (own != ownFormats().end()) {
        BITWRIGHT_CHECK(own->write(job, path, result, progress));
    } else {
        BITWRIGHT_CHECK(writeByBackend(*backend, job, path, result, progress));
        std::vector<IntegerBias> biases;
        if (format == "onnx-qdq" && options.target != ExportTarget::TensorRt) {
            const bool packs = options.opset == 0 || options.opset >= 21;
            BITWRIGHT_TRY(biases, integerBiases(*model.runner, job.resolved, packs));
            noteBiases(biases, result);
            if (options.target == ExportTarget::OnnxRuntime)
                BITWRIGHT_CHECK(noteSaturation(*model.runner, job.resolved, result));
        }
        if (canOpen(path)) {
            BITWRIGHT_TRY(result.parity, measureParity(job, path, paritySource, biases, progress));
        }
        if (options.reduceRange)
            noteReducedRange(result);
    }
    BITWRIGHT_CHECK(addFile(path, result));
    std::rotate(result.files.begin(), result.files.end() - 1, result.files.end());
    return result;
}

} // namespace bitwright::workbench
