// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/live_reports.h"

#include "widgets/document.h"
#include "widgets/format.h"
#include "widgets/job_runner.h"

#include <optional>
#include <utility>
#include <vector>

namespace bitwright {

namespace {

/// What a job needs of one row; shares the model and the statistics with the document.
struct RowInput {
    std::shared_ptr<const Model> model;
    std::shared_ptr<const CalibrationResult> calibration;
    QuantPlan plan;
    LayerRow row;
    const TensorStats* stats = nullptr;
};

} // namespace

/// A failure is a value as well: the queue of rows has to go on behind it.
struct RowOutcome {
    LayerReport report;
    std::optional<Error> error;
};

namespace {

Result<LayerReport> rowReport(const RowInput& input)
{
    LayerReport report;
    if (input.row.hasWeights()) {
        BITWRIGHT_TRY(report, weightReport(*input.model->runner, *input.row.layer, input.plan));
    }
    report.name = input.row.name;
    report.layer = input.row.layer ? input.row.layer->id : kNone;
    const QuantSpec& spec = input.plan.activations(input.row.name);
    if (input.stats && !spec.isFloat32())
        report.activation = activationReport(*input.stats, spec);
    return report;
}

} // namespace

LiveReports::LiveReports(Document* document, JobRunner* runner, QObject* parent)
    : QObject(parent)
    , m_document(document)
    , m_runner(runner)
{
    for (auto signal : {&Document::modelChanged, &Document::weightsChanged})
        connect(document, signal, this, &LiveReports::restart);
    connect(document, &Document::planChanged, this, &LiveReports::markDirty);
    connect(document, &Document::calibrationChanged, this, &LiveReports::markAll);
    // A job that failed otherwise than by its result has not delivered: its row stays without numbers.
    connect(runner, &JobRunner::ended, this, [this](int id, JobInfo::State how) {
        if (id != m_running || how == JobInfo::Finished)
            return;
        m_running = 0;
        startNext();
    });
}

void LiveReports::restart()
{
    ++m_generation;
    m_running = 0;
    m_dirty.clear();
    m_runner->cancelLane(JobRunner::Lane::Reports);
    markAll();
}

void LiveReports::markAll()
{
    QList<int> rows;
    for (int i = 0; i < m_document->rowCount(); ++i)
        rows.append(i);
    markDirty(rows);
}

void LiveReports::markDirty(const QList<int>& rows)
{
    QList<int> dirty = rows;
    // One scale for several layers: their errors hang together.
    for (int i = 0; i < m_document->rowCount(); ++i) {
        const LayerRow& row = m_document->row(i);
        if (row.hasWeights() && m_document->plan().weights(row.name).granularity == Granularity::Model)
            dirty.append(i);
    }
    dirty += m_dirty;
    std::vector<char> seen(size_t(m_document->rowCount()));
    dirty.removeIf([&seen](int row) { return std::exchange(seen[size_t(row)], char(1)) != 0; });
    m_dirty = dirty;
    if (m_running == 0)
        startNext();
}

void LiveReports::startNext()
{
    if (m_dirty.isEmpty() || !m_document->model()) {
        Q_EMIT upToDate();
        return;
    }
    const int row = m_dirty.takeFirst();
    const RowInput input{m_document->model(), m_document->calibration(), m_document->plan(),
                         m_document->row(row), m_document->activationStats(row)};
    const int generation = m_generation;
    m_running = m_runner->start<RowOutcome>(
        JobRunner::Lane::Reports, tr("Error of %1").arg(QString::fromStdString(input.row.name)),
        [input](Progress&) -> Result<RowOutcome> {
            const auto report = rowReport(input);
            return report ? RowOutcome{*report, {}} : RowOutcome{{}, report.error()};
        },
        [this, generation, row](const RowOutcome& outcome) { deliver(generation, row, outcome); });
}

void LiveReports::deliver(int generation, int row, const RowOutcome& outcome)
{
    if (generation != m_generation)
        return;
    m_running = 0;
    if (outcome.error)
        Q_EMIT failed(errorText(*outcome.error));
    else if (!m_dirty.contains(row))
        m_document->setReport(row, outcome.report);
    startNext();
}

} // namespace bitwright
