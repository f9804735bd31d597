// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/document.h"

#include "core/analysis/sensitivity_units.h"

#include <QThreadPool>

#include <cmath>
#include <unordered_set>
#include <utility>

namespace bitwright {

namespace {

constexpr int kUndoSteps = 500;

/// `model`, whose last reference goes on another thread: to free gigabytes takes longer than a picture.
std::shared_ptr<const Model> freedInBackground(std::shared_ptr<const Model> model)
{
    const Model* raw = model.get();
    if (!raw)
        return nullptr;
    return {raw, [model = std::move(model)](const Model*) mutable {
                QThreadPool::globalInstance()->start([last = std::move(model)] {});
            }};
}

} // namespace

Document::Document(QObject* parent)
    : QObject(parent)
{
    m_undoStack.setUndoLimit(kUndoSteps);
    connect(&m_undoStack, &QUndoStack::indexChanged, this, &Document::followHistory);
}

void Document::setModel(std::shared_ptr<const Model> model)
{
    // Rows point into the graph: they go before the model that owns it.
    m_rows.clear();
    m_reports.clear();
    m_model = m_original = freedInBackground(std::move(model));
    m_calibration.reset();
    m_evaluation.reset();
    m_saturation.reset();
    forgetMeasurements();
    m_snapshots.clear();
    m_undoStack.clear();
    const auto* own = m_model && m_model->runner ? m_model->runner->fileQuantization() : nullptr;
    m_plan = own ? own->plan : QuantPlan{};
    if (m_model)
        m_plan.modelSha256 = m_model->sha256;
    // Without a graph there are no activations, so everything about them is known.
    if (m_model && m_model->runner && !m_model->hasGraph())
        m_calibration = std::make_shared<CalibrationResult>();
    buildRows();
    Q_EMIT modelChanged();
    Q_EMIT calibrationChanged();
    Q_EMIT evaluationChanged();
    Q_EMIT sensitivityChanged();
    Q_EMIT snapshotsChanged();
}

void Document::forgetMeasurements()
{
    m_sensitivity = {};
    m_sweptSqnrKnown = false;
    m_measurements.clear();
    m_originalQuality.reset();
}

int Document::historyStep(const Measurement& measurement) const
{
    if (!measurement.inHistory || !measurement.command)
        return measurement.inHistory ? 0 : -1;
    for (int i = 0; i < m_undoStack.count(); ++i)
        if (m_undoStack.command(i) == measurement.command)
            return i + 1;
    return -1;
}

void Document::followHistory()
{
    for (Measurement& m : m_measurements) {
        const int step = historyStep(m);
        // A step that took a further edit in has another plan now.
        const bool changed = step == m_undoStack.index() && (m.plan != m_plan || m.model != m_model);
        m.inHistory = step >= 0 && !changed;
    }
}

namespace {

/// Locks and notes have no influence on a result.
QuantPlan withoutAnnotations(QuantPlan plan)
{
    for (auto it = plan.layers.begin(); it != plan.layers.end();) {
        it->second.locked = false;
        it->second.note.clear();
        it = it->second.isEmpty() ? plan.layers.erase(it) : std::next(it);
    }
    return plan;
}

} // namespace

void Document::buildRows()
{
    m_rowOf.clear();
    m_storedTypes.clear();
    m_storedWeights.clear();
    if (!m_model)
        return;
    const Graph& graph = m_model->graph();
    m_storedTypes.reserve(graph.parameters.size());
    for (const Parameter& parameter : graph.parameters)
        m_storedTypes.emplace(parameter.name, parameter.dtype);
    m_rows.reserve(graph.inputs.size() + graph.layers.size());
    for (size_t i = 0; i < graph.inputs.size(); ++i)
        m_rows.push_back({inputLayerName(i), nullptr, graph.inputs[i]});
    for (const Layer& layer : graph.layers)
        m_rows.push_back({layer.name, &layer, layer.output});
    m_reports.resize(m_rows.size());
    m_rowOf.reserve(m_rows.size());
    for (size_t i = 0; i < m_rows.size(); ++i)
        m_rowOf.emplace(m_rows[i].name, int(i));
    m_floatBytes = totals(graph).bytes;
    // A tied tensor is stored once, with the format of the layer that comes first.
    std::unordered_set<std::string_view> counted;
    for (size_t i = 0; i < m_rows.size(); ++i) {
        if (!m_rows[i].hasWeights())
            continue;
        const auto& weights = m_rows[i].layer->weights;
        for (size_t w = 0; w < weights.size(); ++w)
            if (counted.insert(weights[w].parameter).second)
                m_storedWeights.push_back({int(i), w, storedBytes(weights[w])});
    }
}

qint64 Document::storedBytes(const WeightRef& weight) const
{
    const auto type = m_storedTypes.find(weight.parameter);
    return elementCount(weight.shape) * dtypeBytes(type == m_storedTypes.end() ? DType::F32 : type->second);
}

Weights Document::weights() const
{
    Weights weights{m_model, m_plan, m_calibration, {}, m_evaluatedPlan, m_data};
    if (m_evaluatedModel == m_model)
        weights.evaluation = m_evaluation;
    return weights;
}

void Document::setWeights(const Weights& weights)
{
    m_rows.clear();
    m_reports.clear();
    m_model = weights.model;
    buildRows();
    m_calibration = weights.calibration;
    m_evaluation.reset();
    if (weights.data == m_data)
        m_evaluation = weights.evaluation;
    m_saturation.reset();
    m_evaluatedPlan = weights.evaluatedPlan;
    m_evaluatedModel = m_model;
    // A sweep of other weights says nothing about these.
    m_sensitivity = {};
    m_sweptSqnrKnown = false;
    Q_EMIT weightsChanged();
    setPlan(weights.plan, {});
    Q_EMIT calibrationChanged();
    Q_EMIT evaluationChanged();
    Q_EMIT sensitivityChanged();
}

void Document::setData(std::shared_ptr<const Dataset> data, std::shared_ptr<const Dataset> calibration,
                       const QString& path)
{
    // Numbers of other samples cannot be compared.
    if (m_data != data) {
        forgetMeasurements();
        m_evaluation.reset();
        m_saturation.reset();
    }
    m_data = std::move(data);
    m_calibrationData = std::move(calibration);
    m_dataPath = path;
    Q_EMIT dataChanged();
    Q_EMIT evaluationChanged();
    Q_EMIT sensitivityChanged();
}

void Document::setCalibration(std::shared_ptr<const CalibrationResult> calibration)
{
    m_calibration = std::move(calibration);
    Q_EMIT calibrationChanged();
}

void Document::setEvaluation(const workbench::EvaluateResult& evaluation, const QuantPlan& plan)
{
    m_evaluation = evaluation;
    m_saturation.reset();
    m_evaluatedPlan = plan;
    m_evaluatedModel = m_model;
    if (!evaluation.evaluation.partial) {
        std::erase_if(m_measurements,
                      [&](const Measurement& m) { return m.plan == plan && m.model == m_model; });
        const int step = m_undoStack.index();
        m_measurements.push_back({plan, m_model, evaluation, m_undoStack.undoText(),
                                  step > 0 ? m_undoStack.command(step - 1) : nullptr, plan == m_plan});
        m_measurements.back().result.evaluation.predictions.clear();
        if (!isTuned())
            m_originalQuality = evaluation.evaluation.floating;
    }
    Q_EMIT evaluationChanged();
}

void Document::setSaturation(const workbench::Saturation& saturation)
{
    m_saturation = saturation;
    Q_EMIT evaluationChanged();
}

void Document::setSensitivity(const SensitivityTable& table, const QuantPlan& swept)
{
    m_sensitivity = table;
    m_sweptSqnrKnown = false;
    m_sweptPlan = swept;
    Q_EMIT sensitivityChanged();
}

void Document::addSensitivity(const SensitivityTable& unit)
{
    mergeSensitivity(m_sensitivity, unit);
    m_sweptSqnrKnown = false;
    Q_EMIT sensitivityChanged();
    Q_EMIT sensitivityAdded(unit);
}

void Document::setErrorMode(SensitivityMode mode)
{
    if (std::exchange(m_errorMode, mode) == mode)
        return;
    m_sweptSqnrKnown = false;
    Q_EMIT errorModeChanged();
}

std::optional<double> Document::sweptSqnr(int row, SensitivityWhat what) const
{
    if (!std::exchange(m_sweptSqnrKnown, true)) {
        m_sweptSqnr.clear();
        for (const SensitivityCell& cell : m_sensitivity.cells) {
            const QuantSpec& spec = cell.what == SensitivityWhat::Weights ? m_plan.weights(cell.layer)
                                                                          : m_plan.activations(cell.layer);
            if (cell.mode == m_errorMode && spec.format == Format::Int && spec.bits == cell.bits)
                m_sweptSqnr[{cell.layer, cell.what}] = cell.outputSqnrDb;
        }
    }
    const auto found = m_sweptSqnr.find({m_rows[size_t(row)].name, what});
    return found == m_sweptSqnr.end() ? std::nullopt : std::optional(found->second);
}

void Document::addSnapshot(const QString& name)
{
    m_snapshots.push_back({name, m_plan, m_model});
    Q_EMIT snapshotsChanged();
}

void Document::setSnapshots(const std::vector<Snapshot>& snapshots)
{
    m_snapshots = snapshots;
    Q_EMIT snapshotsChanged();
}

void Document::setMeasurements(const std::vector<Measurement>& measurements)
{
    m_measurements = measurements;
    for (Measurement& m : m_measurements) {
        m.command = nullptr;
        m.inHistory = m_undoStack.count() == 0 && m.plan == m_plan && m.model == m_model;
        if (m.model == m_original && !m_originalQuality)
            m_originalQuality = m.result.evaluation.floating;
    }
    Q_EMIT evaluationChanged();
}

void Document::setOriginal(std::shared_ptr<const Model> original, const std::optional<Quality>& quality)
{
    m_original = std::move(original);
    m_originalQuality = quality;
}

void Document::setOriginalQuality(const Quality& quality)
{
    m_originalQuality = quality;
}

bool Document::isEvaluationCurrent() const
{
    return m_evaluation && m_evaluatedModel == m_model &&
           withoutAnnotations(m_evaluatedPlan) == withoutAnnotations(m_plan);
}

void Document::setReport(int row, const LayerReport& report)
{
    m_reports[size_t(row)] = report;
    Q_EMIT reportChanged(row);
}

void Document::setPlan(const QuantPlan& plan, const QList<int>& rows)
{
    m_plan = plan;
    m_sweptSqnrKnown = false;
    QList<int> changed = rows;
    if (changed.isEmpty()) {
        for (int i = 0; i < rowCount(); ++i)
            changed.append(i);
    }
    Q_EMIT planChanged(changed);
}

int Document::rowOf(const std::string& name) const
{
    const auto it = m_rowOf.find(name);
    return it == m_rowOf.end() ? -1 : it->second;
}

const LayerReport* Document::report(int row) const
{
    if (row < 0 || row >= rowCount() || !m_reports[size_t(row)])
        return nullptr;
    return &*m_reports[size_t(row)];
}

const TensorStats* Document::activationStats(int row) const
{
    if (!m_calibration || row < 0 || row >= rowCount())
        return nullptr;
    const auto it = m_calibration->activations.find(m_rows[size_t(row)].activation);
    return it == m_calibration->activations.end() || it->second.isEmpty() ? nullptr : &it->second;
}

int Document::worstRow() const
{
    int worst = -1;
    double worstDb = 0;
    for (int i = 0; i < rowCount(); ++i) {
        const LayerReport* r = report(i);
        if (!r || !r->weight || std::isnan(r->weight->error.sqnrDb()))
            continue;
        const double db = r->weight->error.sqnrDb();
        if (worst < 0 || db < worstDb) {
            worst = i;
            worstDb = db;
        }
    }
    return worst;
}

Document::Size Document::rowSize(int row) const
{
    Size size;
    if (!m_model || row < 0 || row >= rowCount() || !m_rows[size_t(row)].hasWeights())
        return size;
    for (const WeightRef& weight : m_rows[size_t(row)].layer->weights)
        size.floatBytes += storedBytes(weight);
    if (const LayerReport* r = report(row); r && r->weight) {
        size.bytes = r->weight->bytes;
        size.complete = true;
    }
    return size;
}

Document::Size Document::size() const
{
    Size total;
    if (!m_model)
        return total;
    total.floatBytes = total.bytes = m_floatBytes;
    total.complete = true;
    for (const StoredWeight& stored : m_storedWeights) {
        const LayerReport* r = report(stored.row);
        if (r && stored.weight < r->weightTensors.size())
            total.bytes += r->weightTensors[stored.weight].bytes - stored.bytes;
        else
            total.complete = false;
    }
    return total;
}

} // namespace bitwright
