// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workbench.h"
#include "widgets/command_line.h"

#include <QObject>
#include <QString>

namespace bitwright {

class Document;
class JobRunner;

/// The verbs of the window: each starts a job of workbench:: and puts its value into the document.
class Controller : public QObject {
    Q_OBJECT
public:
    enum class Kind { Nothing, Model, Data, Plan, Session };

    Controller(Document* document, JobRunner* runner, QObject* parent = nullptr);

    /// What a path is, by its content: may take seconds with large HDF5 files. Any thread.
    static Kind kindOf(const QString& path);
    /// Opens a path as what it is.
    void open(const QString& path, Kind kind);
    void openModel(const QString& path);
    /// Waits for a model that is just opening (its sidecar says how to preprocess) and calibrates afterwards.
    void openData(const QString& path);
    /// Without a model the plan waits until one is open.
    void openPlan(const QString& path);
    /// False when it could not be written; the message has been sent.
    bool savePlan(const QString& path);

    void calibrate();
    /// Calibrates first when that has not been done.
    void evaluate();
    /// Whether evaluate() measures with sums of 16 bits that saturate, too (core/workbench_saturation.h).
    void setSaturating(bool on) { m_saturating = on; }
    void exportTo(const QString& format, const QString& path, const workbench::ExportOptions& options = {});

    /// The samples that calibrate() measures, and those that evaluate() runs on.
    SampleSource calibrationSource() const;
    SampleSource evaluationSource() const;
    /// How much is measured: samples of the calibration at most, and how many run together.
    void setSampling(int samples, int batch);
    /// The call of bitwright-cli that does what was started last; empty = nothing was.
    QString lastCommand() const;

    /// Why a verb cannot be done now, one sentence; empty = it can.
    QString whyNotCalibrate() const;
    QString whyNotEvaluate() const;
    QString whyNotExport() const;

Q_SIGNALS:
    void failed(const QString& title, const QString& message);
    void noted(const QString& message);
    void modelOpened(const QString& path);
    void dataOpened(const QString& path);
    /// Sessions are the window's: see SessionKeeper.
    void sessionChosen(const QString& path);
    void exported(const bitwright::workbench::ExportResult& result);
    /// Behind every export; `message` is empty when it was written.
    void exportEnded(const QString& message);

private:
    void jobEnded(int id, bool finished);
    void remember(DoneVerb::Verb verb, const QString& format = {}, const QString& out = {});
    void applyPlan(const QString& path, const QuantPlan& plan);

    Document* m_document;
    JobRunner* m_runner;
    QString m_waitingPlan, m_waitingData;
    int m_modelJob = 0, m_calibrationJob = 0, m_exportJob = 0; ///< ids while they are queued or running
    bool m_evaluateWhenCalibrated = false, m_saturating = false;
    int m_samples = 512, m_batch = 32;
    std::optional<DoneVerb> m_done;
};

} // namespace bitwright
