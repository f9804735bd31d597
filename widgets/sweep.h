// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/sensitivity_units.h"

#include <QObject>
#include <QString>

namespace bitwright {

class Document;
class JobRunner;

/// Runs sensitivity sweeps as jobs and puts every finished unit into the document at once. A sweep that was
/// paused, or stopped from the list of jobs, goes on where it was: finished units are not measured again
/// unless the plan or the samples have changed for them.
class Sweep : public QObject {
    Q_OBJECT
public:
    Sweep(Document* document, JobRunner* runner, QObject* parent);

    /// Measures the cells of `mode` that are missing.
    void start(SensitivityMode mode, qint64 samples);
    void pause();
    bool isRunning() const { return m_job != 0; }
    /// Whether the cells of `mode` are all there, true to the plan.
    bool isComplete(SensitivityMode mode) const;
    /// Why it cannot be started, one sentence; empty = it can.
    QString whyNot() const;
    static SensitivityOptions options(SensitivityMode mode);

Q_SIGNALS:
    void changed();

private:
    void deliver(int run, const SensitivityTable& unit);
    SensitivityTable stillTrue(qint64 samples) const;

    Document* m_document;
    JobRunner* m_runner;
    int m_job = 0;
    int m_run = 0; ///< number of the start; units of earlier ones are dropped
};

} // namespace bitwright
