// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/atomic_file.h"
#include "core/base/sha256.h"
#include "core/io/encodings.h"
#include "core/io/encodings_formats.h"
#include "core/io/weights_hdf5.h"
#include "core/run/integer_bias.h"
#include "core/workbench.h"
#include "core/workbench_export_notes.h"
#include "core/workbench_files.h"
#include "core/workbench_parity.h"

#include <algorithm>
#include <filesystem>

namespace bitwright::workbench {
namespace {

namespace fs = std::filesystem;

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
    return "Bitwright " BITWRIGHT_VERSION ", from " + fs::path(model.path).filename().string() + " (sha256 " +
           model.sha256 + ")";
}

template<Encodings (*make)(const Job&)>
Result<void> writeEncodings(const Job& job, const std::string& path, ExportResult& result, Progress&)
{
    Encodings encodings = make(job);
    result.notes = std::move(encodings.notes);
    return writeFileAtomically(path, encodings.json);
}

Encodings aimet(const Job& job)
{
    return makeEncodings(job.model.graph(), job.resolved, job.model.sha256);
}

/// Those that need nothing but the grids.
template<Encodings (*make)(const Graph&, const ResolvedPlan&)>
Encodings grids(const Job& job)
{
    return make(job.model.graph(), job.resolved);
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
         writeEncodings<aimet>},
        {{"encodings-0.6.1", "The same as JSON in AIMET's older layout 0.6.1.", ".encodings.json"},
         writeEncodings<grids<makeEncodings061>>},
        {{"tensorrt-cache", "Scales of activations as a calibration cache of TensorRT.", ".cache"},
         writeEncodings<grids<makeTensorRtCache>>,
         true},
        {{"ort-overrides", "TensorQuantOverrides of ONNX Runtime's quantization tool as JSON.",
          ".overrides.json"},
         writeEncodings<grids<makeTensorOverrides>>},
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

/// What integer files of ONNX compute with beyond the plan, with what there is to say of it.
Result<std::vector<IntegerBias>> integerBiasesOf(const Job& job, ExportResult& result)
{
    if (job.format != "onnx-qdq" || job.options.target == ExportTarget::TensorRt)
        return std::vector<IntegerBias>();
    const bool packs = job.options.opset == 0 || job.options.opset >= 21;
    BITWRIGHT_TRY(auto biases, integerBiases(*job.model.runner, job.resolved, packs));
    noteBiases(biases, result);
    if (job.options.target == ExportTarget::OnnxRuntime)
        BITWRIGHT_CHECK(noteSaturation(*job.model.runner, job.resolved, result));
    return biases;
}

/// Writes `path`, which will be called `name`, and compares it with the simulation.
Result<void> writeAndCompare(const Backend& backend, const Job& job, const std::string& path,
                             const std::string& name, const SampleSource& source, ExportResult& result,
                             Progress& progress)
{
    const std::string plan = planToJson(job.plan);
    const ExportRequest request{job.format,
                                path,
                                job.resolved,
                                job.provenance,
                                job.options.opset,
                                job.options.target,
                                {{"plan_sha256", sha256(plan.data(), plan.size())}}};
    BITWRIGHT_TRY(ExportOutcome outcome, backend.write(*job.model.runner, request, progress));
    result.engine = std::move(outcome.engine);
    result.notes = std::move(outcome.notes);
    for (const std::string& file : outcome.files) {
        const fs::path place =
            file == path ? fs::path(name) : fs::path(name).parent_path() / fs::path(file).filename();
        BITWRIGHT_TRY(ExportedFile described, describeFile(file, place.string()));
        result.files.push_back(std::move(described));
    }
    BITWRIGHT_TRY(const auto biases, integerBiasesOf(job, result));
    if (canOpen(path)) {
        BITWRIGHT_TRY(RunConfig simulation, makeRunConfig(*job.model.runner, job.resolved, progress));
        for (const IntegerBias& bias : biases)
            simulation.weights[bias.parameter] = bias.values;
        BITWRIGHT_TRY(result.parity, measureParity(job.model, simulation, path, source, progress));
    }
    if (job.options.reduceRange)
        noteReducedRange(result);
    return {};
}

Result<void> writeByBackend(const Backend& backend, const Job& job, const std::string& path,
                            const SampleSource& source, ExportResult& result, Progress& progress)
{
    return writeAtomically(path, [&](const std::string& temporary) -> Result<void> {
        const auto done = writeAndCompare(backend, job, temporary, path, source, result, progress);
        if (done || !done.error().where.starts_with(temporary))
            return done;
        return Error{done.error().code, done.error().message,
                     path}; // the temporary file is nobody's business
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
    BITWRIGHT_CHECK(refuseOwnFile(model.path, path));
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
    if (own == ownFormats().end()) {
        BITWRIGHT_CHECK(writeByBackend(*backend, job, path, paritySource, result, progress));
    } else {
        BITWRIGHT_CHECK(own->write(job, path, result, progress));
        BITWRIGHT_TRY(ExportedFile file, describeFile(path, path));
        result.files.push_back(std::move(file));
    }
    return result;
}

} // namespace bitwright::workbench
