// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/training.h"

#include "widgets/commands/weights_command.h"
#include "widgets/controller.h"
#include "widgets/document.h"
#include "widgets/job_runner.h"
#include "widgets/model_kind.h"

#include <QElapsedTimer>
#include <QPointer>

#include <numeric>

namespace bitwright {

namespace {

constexpr int kReportMs = 50; ///< steps are reported at most this often

} // namespace

Training::Training(Document* document, Controller* controller, JobRunner* runner, QObject* parent)
    : QObject(parent)
    , m_document(document)
    , m_controller(controller)
    , m_runner(runner)
{
    connect(runner, &JobRunner::ended, this, [this](int id) {
        if (id != m_job)
            return;
        m_job = 0;
        Q_EMIT stateChanged();
    });
    connect(document, &Document::modelChanged, this, [this] {
        cancel();
        forget();
        Q_EMIT stateChanged();
    });
}

QString Training::whyNot() const
{
    if (const QString reason = whyNotRun(*m_document); !reason.isEmpty())
        return reason;
    if (!m_document->data())
        return tr("Open data first: training needs samples; labels are optional.");
    for (const Backend& backend : backends()) {
        if (backend.name == m_document->model()->format && backend.trainer)
            return {};
    }
    return tr("Models of this format cannot be trained.");
}

TrainData Training::trainingData() const
{
    TrainData all{m_document->calibrationData(), {}, 0};
    all.indices.resize(size_t(all.dataset->size()));
    std::iota(all.indices.begin(), all.indices.end(), int64_t(0));
    return all;
}

std::optional<TrainOptions> Training::defaults(const QString& preset) const
{
    if (!whyNot().isEmpty())
        return {};
    const auto options = workbench::tuneOptions(*m_document->model(), m_document->plan(), trainingData(),
                                                preset.toStdString());
    return options ? std::optional(*options) : std::nullopt;
}

void Training::forget()
{
    ++m_run;
    m_steps.clear();
    m_epochs.clear();
    m_last.reset();
    m_result.reset();
}

void Training::start(const TrainOptions& options, const QString& out)
{
    if (isRunning() || !whyNot().isEmpty())
        return;
    forget();
    const int run = m_run;
    m_floatTop1.reset();
    if (const auto& original = m_document->originalQuality())
        m_floatTop1 = original->top1;
    m_control = std::make_shared<TrainControl>();
    TrainSplit split = splitForValidation(trainingData(), options.batch, options.seed);
    const workbench::TuneInput input{m_document->plan(),
                                     m_controller->calibrationSource(),
                                     std::move(split.train),
                                     std::move(split.validation),
                                     m_controller->evaluationSource(),
                                     options,
                                     out.toStdString()};
    // Records arrive through the runner, which outlives both this object and the thread.
    const auto post = [runner = m_runner, self = QPointer<Training>(this), run](auto record) {
        QMetaObject::invokeMethod(
            runner,
            [self, run, record] {
                if (self)
                    self->take(run, record);
            },
            Qt::QueuedConnection);
    };
    m_job = m_runner->start<workbench::TuneResult>(
        JobRunner::Lane::Work, tr("Train"),
        [model = m_document->model(), input, control = m_control, post](Progress& progress) {
            QElapsedTimer since;
            TrainListener listener;
            listener.step = [&](const StepRecord& step) {
                if (since.isValid() && since.elapsed() < kReportMs && step.step != step.steps)
                    return;
                since.start();
                post(step);
            };
            listener.epoch = [&](const EpochRecord& epoch) { post(epoch); };
            return workbench::tune(*model, input, listener, *control, progress);
        },
        [self = QPointer<Training>(this), run, before = m_document->weights(),
         text = tr("Train (%1)").arg(QString::fromStdString(options.method))](
            const workbench::TuneResult& result) {
            if (self && run == self->m_run)
                self->deliver(result, before, text);
        });
    Q_EMIT stateChanged();
}

void Training::repair(const QString& method, const QString& out)
{
    if (isRunning() || !whyNot().isEmpty())
        return;
    forget();
    m_control.reset();
    const workbench::RepairInput input{m_document->plan(),
                                       {method.toStdString()},
                                       m_controller->calibrationSource(),
                                       m_controller->evaluationSource(),
                                       out.toStdString()};
    m_job = m_runner->start<workbench::TuneResult>(
        JobRunner::Lane::Work, tr("Repair"),
        [model = m_document->model(), input](Progress& progress) {
            return workbench::repair(*model, input, progress);
        },
        [self = QPointer<Training>(this), run = m_run, before = m_document->weights(),
         text = tr("Repair (%1)").arg(method)](const workbench::TuneResult& result) {
            if (self && run == self->m_run)
                self->deliver(result, before, text);
        });
    Q_EMIT stateChanged();
}

void Training::take(int run, const StepRecord& step)
{
    if (run != m_run)
        return;
    m_last = step;
    const double perEpoch = double(step.steps) / std::max(1, step.epochs);
    m_steps.push_back({perEpoch > 0 ? double(step.step) / perEpoch : 0, step.loss, step.lr});
    Q_EMIT advanced();
}

void Training::take(int run, const EpochRecord& epoch)
{
    if (run != m_run)
        return;
    m_epochs.push_back(epoch);
    Q_EMIT advanced();
}

void Training::deliver(const workbench::TuneResult& result, const Weights& before, const QString& text)
{
    m_result = result;
    m_floatTop1 = result.before.evaluation.floating.top1;
    const bool isSameData = m_document->data() == before.data;
    if (isSameData && !m_document->isTuned())
        m_document->setOriginalQuality(result.before.evaluation.floating);
    else if (const auto& original = m_document->originalQuality())
        m_floatTop1 = original->top1;
    const bool changed = result.original || result.training.bestEpoch > 0;
    if (m_document->model() != before.model || !changed) {
        Q_EMIT advanced();
        return;
    }
    // The runner of the training has the graph that is open (without the channels that were removed); the
    // file that was written is where it comes from.
    auto tuned = std::make_shared<Model>(*before.model);
    tuned->runner = result.training.runner;
    tuned->path = result.model->path;
    tuned->sha256 = result.model->sha256;
    tuned->fileBytes = result.model->fileBytes;
    QuantPlan plan = result.training.plan;
    plan.modelSha256 = tuned->sha256;
    m_document->undoStack()->push(
        new SetWeightsCommand(m_document, {std::move(tuned), plan, {}, {}, plan}, text));
    if (isSameData)
        m_document->setEvaluation(result.after, plan);
    m_controller->calibrate();
    Q_EMIT advanced();
}

void Training::pause(bool on)
{
    if (!m_control)
        return;
    m_control->pause(on);
    m_runner->hold(m_job, on);
    Q_EMIT stateChanged();
}

void Training::stopAndKeepBest()
{
    if (m_control) {
        m_control->pause(false);
        m_runner->hold(m_job, false);
        m_control->stop();
    }
}

void Training::cancel()
{
    if (!isRunning())
        return;
    m_runner->cancel(m_job);
    if (m_control)
        m_control->pause(false);
}

} // namespace bitwright
