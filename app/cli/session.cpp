// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/session.h"

#include "core/workbench_session.h"

#include <algorithm>

namespace bitwright::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr int64_t kRandomSamples = 64; ///< noise says no more with more of it

DataOptions dataOptions(const Options& options, const std::string& split)
{
    return {split, preprocessOptions(options)};
}

} // namespace

Session::Session(const Options& options)
    : m_options(options)
    , m_progress(options.quiet)
{
    m_resolved = {{"seed", options.seed}, {"threads", options.threads}, {"batch", options.batch}};
    m_resolved["data"] = options.data.empty() ? Json(nullptr) : Json(options.data);
}

Result<OpenOptions> Session::resolvedOpenOptions()
{
    OpenOptions open = openOptions(m_options);
    if (!open.inputShapes.empty() || m_options.data.empty())
        return open;
    BITWRIGHT_TRY(const Sidecar sidecar, readSidecar(m_options.model));
    if (!sidecar.inputShape.empty())
        return open;
    BITWRIGHT_TRY(const auto data,
                  openDataset(m_options.data, dataOptions(m_options, m_options.split), sidecar, m_progress));
    open.inputShapes = {data->sampleShape()};
    return open;
}

Result<std::shared_ptr<const Model>> Session::model()
{
    if (m_model)
        return m_model;
    BITWRIGHT_TRY(const OpenOptions open, resolvedOpenOptions());
    BITWRIGHT_TRY(m_model, workbench::openModel(m_options.model, open, m_progress));
    BITWRIGHT_CHECK(refuseGraphOptions());
    Json shapes = Json::array();
    for (const ValueId input : m_model->graph().inputs)
        shapes.push_back(m_model->graph().values[size_t(input)].shape);
    m_resolved["input_shapes"] = std::move(shapes);
    m_resolved["fold_batch_norm"] = open.foldBatchNorm;
    return m_model;
}

Result<void> Session::refuseGraphOptions() const
{
    if (m_model->hasGraph())
        return {};
    const char* option = !m_options.data.empty()          ? "--data"
                         : !m_options.activations.empty() ? "--activations"
                                                          : nullptr;
    if (!option)
        return {};
    return Error{Error::Unsupported,
                 std::string("The file holds weights but no graph, so there are no activations and ") + option +
                     " does not apply.",
                 m_options.model};
}

Result<std::shared_ptr<const Model>> Session::modelWithGraph()
{
    BITWRIGHT_TRY(auto opened, model());
    BITWRIGHT_CHECK(workbench::needsGraph(*opened));
    return opened;
}

Result<void> Session::hashModel()
{
    if (m_model) {
        BITWRIGHT_TRY(m_model, workbench::withSha256(m_model));
    }
    return {};
}

Result<std::shared_ptr<const Dataset>> Session::openSplit(const std::string& split)
{
    BITWRIGHT_TRY(const auto opened, model());
    BITWRIGHT_TRY(auto data, workbench::openData(m_options.data, dataOptions(m_options, split), opened.get(),
                                                 m_progress));
    m_resolved["preprocess"] = preprocessToJson(data->preprocess());
    return data;
}

void Session::describeRandom(int64_t samples)
{
    const std::string text =
        std::to_string(samples) + " random samples from seed " + std::to_string(m_options.seed);
    if (m_dataDescription != text)
        m_progress.note("no --data: " + text + " are used; errors are indicative, accuracy is unknown");
    m_dataDescription = text;
    m_resolved["random_samples"] = samples;
    m_resolved["data_description"] = text;
}

Result<SampleSource> Session::evaluationSource(int64_t defaultLimit)
{
    BITWRIGHT_TRY(const auto opened, model());
    if (!opened->hasGraph())
        return SampleSource{};
    const int64_t limit = m_options.limit > 0 ? m_options.limit : defaultLimit;
    if (m_options.data.empty()) {
        const int64_t samples = m_options.limit > 0 ? limit : kRandomSamples;
        describeRandom(samples);
        return workbench::evaluationSource(nullptr, samples, m_options.batch, m_options.seed);
    }
    if (!m_data) {
        BITWRIGHT_TRY(m_data, openSplit(m_options.split));
    }
    SampleSource source = workbench::evaluationSource(m_data, limit, m_options.batch, m_options.seed);
    m_dataDescription = m_data->describe();
    m_resolved["data_description"] = m_dataDescription;
    m_resolved["split"] = m_options.split.empty() ? Json(nullptr) : Json(m_options.split);
    m_resolved["limit"] = source.indices.size();
    return source;
}

Result<SampleSource> Session::calibrationSource(int64_t limit)
{
    if (m_options.data.empty()) {
        const int64_t samples = limit > 0 ? std::min(limit, kRandomSamples) : kRandomSamples;
        describeRandom(samples);
        return workbench::calibrationSource(nullptr, samples, m_options.batch, m_options.seed);
    }
    BITWRIGHT_TRY(const auto opened, model());
    BITWRIGHT_TRY(auto data,
                  workbench::openTrainSplit(m_options.data, dataOptions(m_options, m_options.split),
                                            opened.get(), m_progress));
    m_resolved["preprocess"] = preprocessToJson(data->preprocess());
    m_resolved["calib_split"] = splitOf(*data) == "train" ? Json("train") : Json(nullptr);
    SampleSource source =
        workbench::calibrationSource(std::move(data), limit, m_options.batch, m_options.seed);
    m_resolved["calib_limit"] = source.indices.size();
    return source;
}

Result<SampleSource> Session::measuringSource(int64_t defaultLimit)
{
    const int64_t limit = m_options.limit > 0 ? m_options.limit : defaultLimit;
    if (m_options.split.empty() || m_options.data.empty())
        return calibrationSource(limit);
    BITWRIGHT_TRY(auto data, openSplit(m_options.split));
    SampleSource source =
        workbench::calibrationSource(std::move(data), limit, m_options.batch, m_options.seed);
    m_resolved["split"] = m_options.split;
    m_resolved["limit"] = source.indices.size();
    return source;
}

Result<QuantPlan> Session::basePlan()
{
    QuantPlan plan;
    const bool isAsked = !m_options.weights.empty() || !m_options.activations.empty();
    if (const FileQuantization* own = m_model->runner->fileQuantization(); own && !isAsked)
        plan = own->plan;
    if (!m_options.plan.empty())
        return workbench::readPlan(*m_model, m_options.plan);
    if (!m_options.weights.empty()) {
        BITWRIGHT_TRY(plan.defaultWeights, parseSpec(m_options.weights, plan.defaultWeights));
    }
    if (!m_options.activations.empty()) {
        BITWRIGHT_TRY(plan.defaultActivations, parseSpec(m_options.activations, plan.defaultActivations));
    }
    return plan;
}

void Session::checkPlan(const QuantPlan& plan)
{
    if (!plan.modelSha256.empty() && plan.modelSha256 != m_model->sha256)
        m_progress.note("the plan was made for another model file (sha256 " + plan.modelSha256.substr(0, 12) +
                        "...)");
    for (const auto& [name, layer] : plan.layers)
        if (!m_model->graph().findLayer(name) && name.rfind("input", 0) != 0)
            m_progress.note("the plan names a layer that the model does not have: " + name);
}

Result<QuantPlan> Session::plan()
{
    BITWRIGHT_CHECK(model());
    BITWRIGHT_CHECK(hashModel());
    const auto opened = m_model;
    BITWRIGHT_TRY(QuantPlan plan, basePlan());
    if (m_options.firstLast > 0)
        setFirstLast(plan, opened->graph(), m_options.firstLast);
    for (const std::string& rule : m_options.layers)
        BITWRIGHT_CHECK(applyRule(plan, opened->graph(), rule));
    checkPlan(plan);
    plan.modelSha256 = opened->sha256;
    m_resolved["plan"] = Json::parse(planToJson(plan));
    return plan;
}

Result<CalibrationResult> Session::calibration()
{
    BITWRIGHT_TRY(const auto opened, model());
    if (!opened->hasGraph())
        return CalibrationResult{};
    BITWRIGHT_TRY(const SampleSource source, calibrationSource(m_options.calibLimit));
    BITWRIGHT_TRY(CalibrationResult result, calibrate(*opened->runner, source, m_progress));
    if (result.partial || m_progress.cancelled())
        return cancelledError();
    return result;
}

std::vector<std::string> Session::classes() const
{
    if (m_data && !m_data->classes().empty())
        return m_data->classes();
    return m_model ? m_model->sidecar.classes : std::vector<std::string>();
}

} // namespace bitwright::cli
