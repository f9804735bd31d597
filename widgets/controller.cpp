// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controller.h"

#include "core/base/atomic_file.h"
#include "core/workbench_session.h"
#include "widgets/commands/plan_commands.h"
#include "widgets/document.h"
#include "widgets/format.h"
#include "widgets/job_runner.h"
#include "widgets/model_kind.h"

#include <QFileInfo>

#include <utility>

namespace bitwright {

namespace {

constexpr int64_t kParitySamples = 64;

using ModelPtr = std::shared_ptr<const Model>;
using CalibrationPtr = std::shared_ptr<const CalibrationResult>;
using Lane = JobRunner::Lane;

struct Evaluated {
    workbench::EvaluateResult result;
    std::optional<workbench::Saturation> saturation;
};

} // namespace

Controller::Controller(Document* document, JobRunner* runner, QObject* parent)
    : QObject(parent)
    , m_document(document)
    , m_runner(runner)
{
    connect(runner, &JobRunner::ended, this,
            [this](int id, JobInfo::State how) { jobEnded(id, how == JobInfo::Finished); });
}

void Controller::jobEnded(int id, bool finished)
{
    if (id == m_modelJob) {
        m_modelJob = 0;
        if (!m_waitingData.isEmpty())
            openData(std::exchange(m_waitingData, {}));
    } else if (id == m_calibrationJob) {
        m_calibrationJob = 0;
        if (std::exchange(m_evaluateWhenCalibrated, false) && finished)
            evaluate();
    } else if (id == m_exportJob) {
        m_exportJob = 0;
        const JobInfo* job = m_runner->find(id);
        Q_EMIT exportEnded(finished ? QString()
                           : job && !job->message.isEmpty()
                               ? job->message
                               : tr("The export was cancelled; nothing was written."));
    }
}

Controller::Kind Controller::kindOf(const QString& path)
{
    const QFileInfo info(path);
    if (!info.exists())
        return Kind::Nothing;
    if (info.isDir())
        return Kind::Data;
    if (workbench::isSession(path.toStdString()))
        return Kind::Session;
    for (const Backend& backend : backends()) {
        if (backend.recognises(path.toStdString()))
            return Kind::Model;
    }
    if (info.suffix().compare(u"json", Qt::CaseInsensitive) == 0)
        return Kind::Plan;
    static const QStringList modelSuffixes{
        QStringLiteral("pt"),          QStringLiteral("pth"),         QStringLiteral("ts"),
        QStringLiteral("jit"),         QStringLiteral("torchscript"), QStringLiteral("onnx"),
        QStringLiteral("safetensors"), QStringLiteral("keras"),       QStringLiteral("ckpt")};
    // A file that claims to be a model is opened as one, so that the user reads why it is not.
    return modelSuffixes.contains(info.suffix().toLower()) ? Kind::Model : Kind::Data;
}

void Controller::open(const QString& path, Kind kind)
{
    switch (kind) {
    case Kind::Nothing:
        Q_EMIT failed(tr("Open"), tr("%1 does not exist.").arg(path));
        break;
    case Kind::Model:
        openModel(path);
        break;
    case Kind::Data:
        openData(path);
        break;
    case Kind::Plan:
        openPlan(path);
        break;
    case Kind::Session:
        Q_EMIT sessionChosen(path);
        break;
    }
}

void Controller::openModel(const QString& path)
{
    m_modelJob = m_runner->start<ModelPtr>(
        Lane::Work, tr("Open %1").arg(QFileInfo(path).fileName()),
        [file = path.toStdString()](Progress& progress) { return workbench::openModel(file, {}, progress); },
        [this, path](ModelPtr model) {
            m_document->setModel(std::move(model));
            Q_EMIT modelOpened(path);
            if (!m_waitingPlan.isEmpty())
                openPlan(std::exchange(m_waitingPlan, {}));
            // Data that is open is read anew: its preprocessing may come from the model's sidecar.
            if (m_document->data() && m_waitingData.isEmpty())
                m_waitingData = m_document->dataPath();
        });
}

void Controller::openData(const QString& path)
{
    if (m_modelJob != 0) {
        m_waitingData = path;
        return;
    }
    m_runner->start<workbench::OpenedData>(
        Lane::Work, tr("Open %1").arg(QFileInfo(path).fileName()),
        [file = path.toStdString(), model = m_document->model()](Progress& progress) {
            return workbench::openSplits(file, {}, model.get(), progress);
        },
        [this, path](const workbench::OpenedData& data) {
            m_document->setData(data.evaluation, data.calibration, path);
            Q_EMIT dataOpened(path);
            if (whyNotCalibrate().isEmpty())
                calibrate();
        });
}

void Controller::openPlan(const QString& path)
{
    if (!m_document->model()) {
        m_waitingPlan = path;
        if (m_modelJob == 0)
            Q_EMIT noted(
                tr("The plan %1 is applied as soon as a model is open.").arg(QFileInfo(path).fileName()));
        return;
    }
    const auto plan = workbench::readPlan(*m_document->model(), path.toStdString());
    if (!plan) {
        Q_EMIT failed(tr("Open plan"), errorText(plan.error()));
        return;
    }
    applyPlan(path, *plan);
}

void Controller::applyPlan(const QString& path, const QuantPlan& plan)
{
    QStringList unknown;
    for (const auto& [name, layer] : plan.layers) {
        if (m_document->rowOf(name) < 0)
            unknown << QString::fromStdString(name);
    }
    if (!unknown.isEmpty())
        Q_EMIT noted(
            tr("The plan names %n layer(s) that this model does not have (%1).", nullptr, int(unknown.size()))
                .arg(unknown.first()));
    m_document->undoStack()->push(
        new ReplacePlanCommand(m_document, plan, tr("Open plan %1").arg(QFileInfo(path).fileName())));
}

bool Controller::savePlan(const QString& path)
{
    const auto written = writeFileAtomically(path.toStdString(), planToJson(m_document->plan()));
    if (!written) {
        Q_EMIT failed(tr("Save plan"), errorText(written.error()));
        return false;
    }
    m_document->undoStack()->setClean();
    return true;
}

QString Controller::whyNotCalibrate() const
{
    if (const QString reason = whyNotRun(*m_document); !reason.isEmpty())
        return reason;
    if (!m_document->data())
        return tr("Open data first: ranges of activations are measured on samples.");
    return {};
}

QString Controller::whyNotEvaluate() const
{
    return whyNotCalibrate();
}

QString Controller::whyNotExport() const
{
    if (!m_document->model())
        return tr("Open a model first.");
    if (!m_document->calibration())
        return tr("Calibrate first: the exported model needs the ranges of its activations.");
    return {};
}

SampleSource Controller::calibrationSource() const
{
    return workbench::calibrationSource(m_document->calibrationData(), m_samples, m_batch, 0);
}

SampleSource Controller::evaluationSource() const
{
    return workbench::evaluationSource(m_document->data(), -1, m_batch, 0);
}

void Controller::setSampling(int samples, int batch)
{
    m_samples = samples;
    m_batch = batch;
}

void Controller::remember(DoneVerb::Verb verb, const QString& format, const QString& out)
{
    m_done = DoneVerb{verb,
                      QFileInfo(QString::fromStdString(m_document->model()->path)).absoluteFilePath(),
                      m_document->dataPath(),
                      m_document->plan(),
                      m_samples,
                      m_batch,
                      format,
                      out};
}

QString Controller::lastCommand() const
{
    return m_done ? commandLine(*m_done) : QString();
}

void Controller::calibrate()
{
    remember(DoneVerb::Calibrate);
    m_calibrationJob = m_runner->start<CalibrationPtr>(
        Lane::Work, tr("Calibrate"),
        [model = m_document->model(),
         source = calibrationSource()](Progress& progress) -> Result<CalibrationPtr> {
            BITWRIGHT_TRY(CalibrationResult result, bitwright::calibrate(*model->runner, source, progress));
            return CalibrationPtr(std::make_shared<CalibrationResult>(std::move(result)));
        },
        [this, model = m_document->model(), data = m_document->calibrationData()](CalibrationPtr result) {
            // A partial result never replaces a complete one.
            const auto& before = m_document->calibration();
            if (m_document->model() == model && m_document->calibrationData() == data &&
                !(result->partial && before && !before->partial))
                m_document->setCalibration(std::move(result));
        },
        JobRunner::OnCancel::KeepPartial);
}

void Controller::evaluate()
{
    if (!m_document->calibration()) {
        m_evaluateWhenCalibrated = true;
        if (m_calibrationJob == 0)
            calibrate();
        return;
    }
    remember(DoneVerb::Evaluate);
    if (m_saturating)
        m_done->further << QStringLiteral("--saturate-int16");
    m_runner->start<Evaluated>(
        Lane::Work, tr("Evaluate"),
        [model = m_document->model(), plan = m_document->plan(), calibration = m_document->calibration(),
         source = evaluationSource(), saturating = m_saturating](Progress& progress) -> Result<Evaluated> {
            Evaluated made;
            BITWRIGHT_TRY(made.result, workbench::evaluate(*model, plan, *calibration, source, progress));
            if (!saturating || made.result.evaluation.partial)
                return made;
            auto saturation = workbench::evaluateSaturated(*model, plan, *calibration, source, progress);
            if (!saturation && saturation.error().code != Error::Cancelled)
                return saturation.error();
            if (saturation && !saturation->evaluation.partial)
                made.saturation = *std::move(saturation);
            return made;
        },
        [this, model = m_document->model(), data = m_document->data(),
         plan = m_document->plan()](const Evaluated& made) {
            const auto& before = m_document->evaluation();
            const bool worse = made.result.evaluation.partial && before && !before->evaluation.partial;
            if (m_document->model() != model || m_document->data() != data || worse)
                return;
            m_document->setEvaluation(made.result, plan);
            if (made.saturation)
                m_document->setSaturation(*made.saturation);
        },
        JobRunner::OnCancel::KeepPartial);
}

static QStringList exportArguments(const workbench::ExportOptions& options)
{
    QStringList made;
    if (options.opset > 0)
        made << QStringLiteral("--opset") << QString::number(options.opset);
    if (options.target != ExportTarget::OnnxRuntime)
        made << QStringLiteral("--target")
             << QString::fromStdString(exportTargetNames().at(size_t(options.target)));
    if (options.reduceRange)
        made << QStringLiteral("--reduce-range");
    return made;
}

void Controller::exportTo(const QString& format, const QString& path, const workbench::ExportOptions& options)
{
    remember(DoneVerb::Export, format, path);
    m_done->further = exportArguments(options);
    m_exportJob = m_runner->start<workbench::ExportResult>(
        Lane::Work, tr("Export %1").arg(QFileInfo(path).fileName()),
        [model = m_document->model(), plan = m_document->plan(), calibration = m_document->calibration(),
         source = workbench::evaluationSource(m_document->data(), kParitySamples, m_batch, 0),
         name = format.toStdString(), file = path.toStdString(), options](Progress& progress) {
            return workbench::exportModel(*model, plan, *calibration, name, file, source, progress, options);
        },
        [this](const workbench::ExportResult& result) { Q_EMIT exported(result); });
}

} // namespace bitwright
