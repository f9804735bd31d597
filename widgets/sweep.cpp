// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/sweep.h"

#include "widgets/document.h"
#include "widgets/job_runner.h"
#include "widgets/model_kind.h"

#include <QPointer>

#include <algorithm>
#include <set>

namespace bitwright {

namespace {

constexpr int kBatch = 64;
constexpr quint64 kSeed = 1;

const QuantSpec& specOf(const QuantPlan& plan, const SensitivityCell& cell)
{
    return cell.what == SensitivityWhat::Weights ? plan.weights(cell.layer) : plan.activations(cell.layer);
}

/// Whether a cell would come out the same under another plan.
bool isSame(const SensitivityCell& cell, const QuantPlan& before, const QuantPlan& after)
{
    const bool ofWholePlan =
        cell.mode == SensitivityMode::DisableOne || cell.mode == SensitivityMode::Cumulative;
    if (ofWholePlan)
        return before == after;
    QuantSpec a = specOf(before, cell), b = specOf(after, cell);
    a.bits = b.bits = cell.bits;
    a.format = b.format = Format::Int;
    return a == b;
}

} // namespace

Sweep::Sweep(Document* document, JobRunner* runner, QObject* parent)
    : QObject(parent)
    , m_document(document)
    , m_runner(runner)
{
    connect(runner, &JobRunner::ended, this, [this](int id) {
        if (id != m_job)
            return;
        m_job = 0;
        Q_EMIT changed();
    });
    for (auto signal : {&Document::modelChanged, &Document::weightsChanged, &Document::dataChanged})
        connect(document, signal, this, [this] {
            ++m_run;
            pause();
        });
}

SensitivityOptions Sweep::options(SensitivityMode mode)
{
    SensitivityOptions options;
    options.modes = {mode};
    options.bases = true;
    return options;
}

QString Sweep::whyNot() const
{
    if (const QString reason = whyNotRun(*m_document); !reason.isEmpty())
        return reason;
    if (!m_document->data())
        return tr("Open data first: the sweep runs the model on samples.");
    if (!m_document->calibration())
        return tr("Calibrate first: the sweep needs the ranges of the activations.");
    return {};
}

bool Sweep::isComplete(SensitivityMode mode) const
{
    if (!m_document->model())
        return false;
    const SensitivityTable table = stillTrue(m_document->sensitivity().samples);
    return missingUnits(table, m_document->model()->graph(), options(mode)).empty();
}

SensitivityTable Sweep::stillTrue(qint64 samples) const
{
    SensitivityTable table = m_document->sensitivity();
    if (table.samples != samples)
        return {};
    // A layer is measured as a whole: one untrue cell takes the others of its kind with it.
    std::set<std::pair<std::string, SensitivityMode>> untrue;
    for (const SensitivityCell& cell : table.cells) {
        if (!isSame(cell, m_document->sweptPlan(), m_document->plan()))
            untrue.emplace(cell.layer, cell.mode);
    }
    std::erase_if(table.cells, [&untrue](const SensitivityCell& cell) {
        return untrue.count({cell.layer, cell.mode}) > 0;
    });
    return table;
}

void Sweep::start(SensitivityMode mode, qint64 samples)
{
    if (isRunning() || !whyNot().isEmpty())
        return;
    const auto source = workbench::calibrationSource(m_document->data(), samples, kBatch, kSeed);
    SensitivityTable done = stillTrue(qint64(source.indices.size()));
    done.partial = true;
    // Those of another plan are true of that plan only, which is forgotten now.
    if (m_document->sweptPlan() != m_document->plan())
        done.bases.clear();
    const int run = ++m_run;
    m_document->setSensitivity(done, m_document->plan());
    // Units arrive through the runner, which outlives both this object and the thread.
    const auto sink = [runner = m_runner, self = QPointer<Sweep>(this), run](const SensitivityTable& unit) {
        QMetaObject::invokeMethod(
            runner,
            [self, run, unit] {
                if (self)
                    self->deliver(run, unit);
            },
            Qt::QueuedConnection);
    };
    m_job = m_runner->start<SensitivityTable>(
        JobRunner::Lane::Work, tr("Sensitivity sweep"),
        [model = m_document->model(), plan = m_document->plan(), calibration = m_document->calibration(),
         source, how = options(mode), done, sink](Progress& progress) {
            return sensitivityByUnits(*model->runner, plan, *calibration, source, how, done, sink, progress);
        },
        [self = QPointer<Sweep>(this), run](const SensitivityTable& table) {
            if (self && run == self->m_run)
                self->m_document->setSensitivity(table, self->m_document->sweptPlan());
        },
        JobRunner::OnCancel::KeepPartial);
    Q_EMIT changed();
}

void Sweep::deliver(int run, const SensitivityTable& unit)
{
    if (run == m_run)
        m_document->addSensitivity(unit);
}

void Sweep::pause()
{
    if (isRunning())
        m_runner->cancel(m_job);
}

} // namespace bitwright
