// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workbench_tune.h"

#include <QObject>
#include <QString>

#include <memory>
#include <optional>
#include <vector>

namespace bitwright {

class Controller;
class Document;
class JobRunner;
struct Weights;

/// One loss of a step, for the curve.
struct TrainingStep {
    double epoch = 0; ///< position in epochs, a fraction
    double loss = 0, lr = 0;
};

/// Trains the document's model under its plan as a job, and keeps what it has reported so far. The result
/// becomes one undo step: other weights and their plan.
class Training : public QObject {
    Q_OBJECT
public:
    Training(Document* document, Controller* controller, JobRunner* runner, QObject* parent);

    /// Why it cannot be started, one sentence; empty = it can.
    QString whyNot() const;
    /// Defaults of a preset for the document as it is; nothing without a model and data.
    std::optional<TrainOptions> defaults(const QString& preset) const;
    /// `out`: model file to write.
    void start(const TrainOptions& options, const QString& out);
    /// Does one of repairMethods() instead of training.
    void repair(const QString& method, const QString& out);
    void pause(bool on);
    /// Ends after the running step; the best epoch so far is the result.
    void stopAndKeepBest();
    void cancel();

    bool isRunning() const { return m_job != 0; }
    /// A repair goes on to its end, or is cancelled.
    bool canPause() const { return isRunning() && m_control; }
    bool isPaused() const { return m_control && m_control->paused(); }
    /// Of the run that goes on, or of the last one.
    const std::vector<TrainingStep>& steps() const { return m_steps; }
    const std::vector<EpochRecord>& epochs() const { return m_epochs; }
    const std::optional<StepRecord>& last() const { return m_last; }
    /// Accuracy of the float model where it is known, in [0, 1].
    std::optional<double> floatTop1() const { return m_floatTop1; }
    const std::optional<workbench::TuneResult>& result() const { return m_result; }

Q_SIGNALS:
    /// Something is to be drawn: at most a few times a second while it runs.
    void advanced();
    /// It was started, paused, or is over.
    void stateChanged();

private:
    TrainData trainingData() const;
    void forget();
    void take(int run, const StepRecord& step);
    void take(int run, const EpochRecord& epoch);
    /// `before`: what was open when it was started; `text`: of the undo step.
    void deliver(const workbench::TuneResult& result, const Weights& before, const QString& text);

    Document* m_document;
    Controller* m_controller;
    JobRunner* m_runner;
    std::shared_ptr<TrainControl> m_control;
    std::vector<TrainingStep> m_steps;
    std::vector<EpochRecord> m_epochs;
    std::optional<StepRecord> m_last;
    std::optional<double> m_floatTop1;
    std::optional<workbench::TuneResult> m_result;
    int m_job = 0;
    int m_run = 0; ///< number of the start; records of earlier ones are dropped
};

} // namespace bitwright
