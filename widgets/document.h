// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workbench.h"
#include "core/workbench_saturation.h"

#include <QList>
#include <QObject>
#include <QString>
#include <QUndoStack>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace bitwright {

/// One row of every layer view: a model input or a layer, in execution order.
struct LayerRow {
    std::string name;             ///< key of the plan
    const Layer* layer = nullptr; ///< null for a model input; lives as long as the model
    ValueId activation = kNone;   ///< the row's activation site

    bool hasWeights() const { return layer && !layer->weights.empty(); }
};

/// A plan under a name, and the weights it belongs to. Not part of the undo history.
struct Snapshot {
    QString name;
    QuantPlan plan;
    std::shared_ptr<const Model> model;
};

/// A plan that was evaluated.
struct Measurement {
    QuantPlan plan;
    std::shared_ptr<const Model> model;
    workbench::EvaluateResult result;      ///< without the predictions of the samples
    QString step;                          ///< the undo step that led to it
    const QUndoCommand* command = nullptr; ///< that step in the undo stack; null = the beginning
    bool inHistory = false;                ///< undo or redo still gets there; see Document::historyStep
};

/// What changes as one when the weights do: the model with the same graph, its plan, and what was measured.
struct Weights {
    std::shared_ptr<const Model> model;
    QuantPlan plan;
    std::shared_ptr<const CalibrationResult> calibration; ///< may be null
    std::optional<workbench::EvaluateResult> evaluation;
    QuantPlan evaluatedPlan;
    std::shared_ptr<const Dataset> data{}; ///< of the evaluation
};

/// Everything that is open: model, data, plan, and what was measured so far. Lives on the window's thread.
/// The plan changes only through undo commands (PlanCommand and ReplacePlanCommand call setPlan).
class Document : public QObject {
    Q_OBJECT
public:
    explicit Document(QObject* parent = nullptr);

    /// Forgets everything that belonged to the model before; the data stays open.
    void setModel(std::shared_ptr<const Model> model);
    /// `calibration` is the training split where the source has one, otherwise `data` again.
    void setData(std::shared_ptr<const Dataset> data, std::shared_ptr<const Dataset> calibration,
                 const QString& path);
    void setCalibration(std::shared_ptr<const CalibrationResult> calibration);
    /// A result measured with `plan`, which may have changed since.
    void setEvaluation(const workbench::EvaluateResult& evaluation, const QuantPlan& plan);
    /// The same evaluation with sums of 16 bits that saturate; goes with the evaluation that it belongs to.
    void setSaturation(const workbench::Saturation& saturation);
    void setReport(int row, const LayerReport& report);
    /// What a sweep has measured so far, and the plan whose schemes it took.
    void setSensitivity(const SensitivityTable& table, const QuantPlan& swept);
    /// What the same sweep has measured since.
    void addSensitivity(const SensitivityTable& unit);
    void addSnapshot(const QString& name);
    void setSnapshots(const std::vector<Snapshot>& snapshots);
    /// Every plan evaluated so far, for comparing; setEvaluation adds to it.
    void setMeasurements(const std::vector<Measurement>& measurements);
    /// What the weights that were opened give in float, where only somebody else measured it.
    void setOriginalQuality(const Quality& quality);
    /// The weights that were opened at first, where model() has others of the same graph from the start, and
    /// what they give in float.
    void setOriginal(std::shared_ptr<const Model> original, const std::optional<Quality>& quality);
    /// Other weights for the same graph (layers by the same names in the same order), as training makes them.
    void setWeights(const Weights& weights);
    Weights weights() const;
    /// `rows`: those whose spec differs; empty = all of them may.
    void setPlan(const QuantPlan& plan, const QList<int>& rows);

    const std::shared_ptr<const Model>& model() const { return m_model; }
    const std::shared_ptr<const Dataset>& data() const { return m_data; }
    const std::shared_ptr<const Dataset>& calibrationData() const { return m_calibrationData; }
    QString dataPath() const { return m_dataPath; }
    const QuantPlan& plan() const { return m_plan; }
    const std::shared_ptr<const CalibrationResult>& calibration() const { return m_calibration; }
    const std::optional<workbench::EvaluateResult>& evaluation() const { return m_evaluation; }
    /// Of the plan and samples of evaluation(); empty where that was not asked for.
    const std::optional<workbench::Saturation>& saturation() const { return m_saturation; }
    /// The plan that the evaluation was measured with.
    const QuantPlan& evaluatedPlan() const { return m_evaluatedPlan; }
    /// Whether the evaluation belongs to the plan as it is now.
    bool isEvaluationCurrent() const;

    const SensitivityTable& sensitivity() const { return m_sensitivity; }
    const QuantPlan& sweptPlan() const { return m_sweptPlan; }
    /// Which error of the sweep every view shows.
    void setErrorMode(SensitivityMode mode);
    SensitivityMode errorMode() const { return m_errorMode; }
    /// SQNR in dB that the sweep found by errorMode() for a row's tensor at the bits that the plan gives it.
    std::optional<double> sweptSqnr(int row, SensitivityWhat what) const;
    const std::vector<Snapshot>& snapshots() const { return m_snapshots; }
    /// In the order of measuring.
    const std::vector<Measurement>& measurements() const { return m_measurements; }
    /// Index of the undo stack at which the plan was that of `measurement`; -1 = it left the history.
    int historyStep(const Measurement& measurement) const;
    /// Whether the weights are others than those that were opened.
    bool isTuned() const { return m_model != m_original; }
    const std::shared_ptr<const Model>& original() const { return m_original; }
    /// Of the opened weights in float on the open data; empty until measured.
    const std::optional<Quality>& originalQuality() const { return m_originalQuality; }

    QUndoStack* undoStack() { return &m_undoStack; }

    int rowCount() const { return int(m_rows.size()); }
    const LayerRow& row(int index) const { return m_rows[size_t(index)]; }
    /// -1 when there is no row of that name.
    int rowOf(const std::string& name) const;
    /// Null until computed.
    const LayerReport* report(int row) const;
    /// The statistics of the row's activation, or nullptr before calibration.
    const TensorStats* activationStats(int row) const;
    /// The row with the least SQNR of its weights, -1 while none is known.
    int worstRow() const;

    struct Size {
        qint64 floatBytes = 0, bytes = 0;
        bool complete = false; ///< every layer with weights has a report
    };
    /// Of one row's weights; bytes is 0 until the report is there.
    Size rowSize(int row) const;
    /// Of the whole model: packed weights, and everything else as stored.
    Size size() const;

Q_SIGNALS:
    void modelChanged();
    /// The same graph has other weights.
    void weightsChanged();
    void dataChanged();
    void planChanged(const QList<int>& rows);
    void calibrationChanged();
    void reportChanged(int row);
    void evaluationChanged();
    void sensitivityChanged();
    /// After sensitivityChanged: the part that has just been measured.
    void sensitivityAdded(const bitwright::SensitivityTable& unit);
    void errorModeChanged();
    void snapshotsChanged();

private:
    void buildRows();
    qint64 storedBytes(const WeightRef& weight) const;
    void forgetMeasurements();
    void followHistory();

    std::shared_ptr<const Model> m_model, m_original;
    std::optional<Quality> m_originalQuality;
    std::shared_ptr<const Dataset> m_data, m_calibrationData;
    QString m_dataPath;
    QuantPlan m_plan;
    std::shared_ptr<const CalibrationResult> m_calibration;
    std::optional<workbench::EvaluateResult> m_evaluation;
    std::optional<workbench::Saturation> m_saturation;
    QuantPlan m_evaluatedPlan;
    std::shared_ptr<const Model> m_evaluatedModel;
    SensitivityTable m_sensitivity;
    SensitivityMode m_errorMode = SensitivityMode::EnableOne;
    mutable std::map<std::pair<std::string, SensitivityWhat>, double> m_sweptSqnr; ///< of the plan's bits
    mutable bool m_sweptSqnrKnown = false;
    QuantPlan m_sweptPlan;
    std::vector<Snapshot> m_snapshots;
    std::vector<Measurement> m_measurements;
    std::vector<LayerRow> m_rows;
    std::unordered_map<std::string_view, int> m_rowOf;         ///< keys: names in m_rows
    std::unordered_map<std::string_view, DType> m_storedTypes; ///< of the parameters; keys: the model's
    struct StoredWeight {
        int row = 0;
        size_t weight = 0; ///< of the row's layer
        qint64 bytes = 0;  ///< in the file
    };
    std::vector<StoredWeight> m_storedWeights; ///< every tensor once
    qint64 m_floatBytes = 0;                   ///< of all parameters in the file
    std::vector<std::optional<LayerReport>> m_reports;
    QUndoStack m_undoStack;
};

} // namespace bitwright
