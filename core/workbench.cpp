// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workbench.h"

#include "core/base/sha256.h"
#include "core/run/byte_source.h"

#include <algorithm>
#include <filesystem>
#include <set>

namespace bitwright::workbench {
namespace {

/// Larger files of weights open at once and are hashed when somebody asks.
constexpr int64_t kHashedAtOnce = int64_t(256) << 20;

const Backend* recogniser(const std::string& path)
{
    for (const Backend& backend : backends())
        if (backend.recognises(path))
            return &backend;
    return nullptr;
}

int64_t limited(int64_t size, int64_t limit)
{
    return limit < 0 ? size : std::min(size, limit);
}

SampleSource randomSource(int64_t limit, int64_t batch, uint64_t seed)
{
    SampleSource source;
    source.batchSize = batch;
    source.seed = seed;
    source.randomSamples = limit < 0 ? source.randomSamples : limit;
    return source;
}

} // namespace

int64_t classCount(const Model& model, const SampleSource& source)
{
    const size_t ofData = source.dataset ? source.dataset->classes().size() : 0;
    return int64_t(std::max(ofData, model.sidecar.classes.size()));
}

Result<std::shared_ptr<const Model>> openModel(const std::string& path, const OpenOptions& options,
                                               Progress& progress)
{
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored))
        return Error{Error::Unsupported, "This is a folder, not a model file.", path};
    BITWRIGHT_CHECK(openBytes(path));
    const Backend* backend = recogniser(path);
    if (!backend)
        return Error{Error::Unsupported,
                     "Not a model that Bitwright can read; save it as TorchScript "
                     "(torch.jit.script or torch.jit.trace, then .save) or as ONNX.",
                     path};
    auto model = std::make_shared<Model>();
    model->path = path;
    model->format = backend->name;
    model->fileBytes = int64_t(std::filesystem::file_size(path, ignored));
    BITWRIGHT_TRY(model->sidecar, readSidecar(path));
    OpenOptions resolved = options;
    if (resolved.inputShapes.empty() && !model->sidecar.inputShape.empty())
        resolved.inputShapes = {model->sidecar.inputShape};
    BITWRIGHT_TRY(model->runner, backend->open(path, resolved, progress));
    if (model->hasGraph() || model->fileBytes <= kHashedAtOnce) {
        BITWRIGHT_TRY(model->sha256, sha256File(path));
    }
    return std::shared_ptr<const Model>(std::move(model));
}

Result<std::shared_ptr<const Model>> withSha256(std::shared_ptr<const Model> model)
{
    if (!model->sha256.empty())
        return model;
    auto hashed = std::make_shared<Model>(*model);
    BITWRIGHT_TRY(hashed->sha256, sha256File(model->path));
    return std::shared_ptr<const Model>(std::move(hashed));
}

Result<void> needsGraph(const Model& model)
{
    if (model.hasGraph())
        return {};
    return model.runner->exampleBatch(1, 0).error();
}

Result<std::shared_ptr<const Dataset>> openData(const std::string& path, const DataOptions& options,
                                                const Model* model, Progress& progress)
{
    BITWRIGHT_TRY(auto data, openDataset(path, options, model ? model->sidecar : Sidecar{}, progress));
    return std::shared_ptr<const Dataset>(std::move(data));
}

SampleSource calibrationSource(std::shared_ptr<const Dataset> data, int64_t limit, int64_t batch,
                               uint64_t seed)
{
    SampleSource source = randomSource(limit, batch, seed);
    if (data)
        source.indices = calibrationSubset(data->size(), limited(data->size(), limit), seed);
    source.dataset = std::move(data);
    return source;
}

SampleSource evaluationSource(std::shared_ptr<const Dataset> data, int64_t limit, int64_t batch,
                              uint64_t seed)
{
    SampleSource source = randomSource(limit, batch, seed);
    if (data)
        source.indices = evaluationSubset(data->size(), limited(data->size(), limit));
    source.dataset = std::move(data);
    return source;
}

Result<StatsResult> stats(const Model& model, const SampleSource* source, Progress& progress)
{
    StatsResult result;
    std::set<std::string> seen;
    progress.begin("Reading weights", int64_t(model.graph().layers.size()));
    for (const Layer& layer : model.graph().layers) {
        for (const WeightRef& site : layer.weights) {
            if (progress.cancelled())
                return cancelledError();
            if (!seen.insert(site.parameter).second)
                continue;
            BITWRIGHT_TRY(const Tensor weight, model.runner->parameter(site.parameter));
            result.weights.emplace_back(site.parameter,
                                        weightStats(weight, site.channelAxis, ChannelHistograms::No));
        }
        progress.advance();
    }
    if (source) {
        BITWRIGHT_TRY(result.calibration, calibrate(*model.runner, *source, progress));
    }
    return result;
}

Result<EvaluateResult> evaluate(const Model& model, const QuantPlan& plan,
                                const CalibrationResult& calibration, const SampleSource& source,
                                Progress& progress)
{
    BITWRIGHT_TRY(const ResolvedPlan resolved, resolvePlan(*model.runner, plan, calibration, progress));
    BITWRIGHT_TRY(const RunConfig quantized, makeRunConfig(*model.runner, resolved, progress));
    EvaluateResult result;
    BITWRIGHT_TRY(result.evaluation,
                  bitwright::evaluate(*model.runner, quantized, source, classCount(model, source), progress));
    Progress rest; // what was measured is kept when somebody cancels now
    BITWRIGHT_TRY(result.cost, modelCost(*model.runner, resolved, rest));
    return result;
}

Result<Cost> cost(const Model& model, const QuantPlan& plan, const CalibrationResult& calibration,
                  Progress& progress)
{
    BITWRIGHT_TRY(const ResolvedPlan resolved, resolvePlan(*model.runner, plan, calibration, progress));
    return modelCost(*model.runner, resolved, progress);
}

} // namespace bitwright::workbench
