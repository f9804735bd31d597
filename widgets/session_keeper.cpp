// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session_keeper.h"

#include "core/io/sweep_journal.h"
#include "widgets/core_messages.h"
#include "widgets/document.h"
#include "widgets/format.h"
#include "widgets/job_runner.h"

#include <QFileInfo>
#include <QJsonDocument>

#include <utility>

namespace bitwright {

namespace {

using Lane = JobRunner::Lane;

QString absolute(const QString& path)
{
    return path.isEmpty() ? QString() : QFileInfo(path).absoluteFilePath();
}

} // namespace

SessionKeeper::SessionKeeper(Document* document, JobRunner* runner, QObject* parent)
    : QObject(parent)
    , m_document(document)
    , m_runner(runner)
{
    // Another model is another piece of work; a session that is opened sets its path afterwards.
    connect(document, &Document::modelChanged, this, [this] {
        setPath({});
        m_savedResults = m_results;
    });
    for (auto signal : {&Document::sensitivityChanged, &Document::snapshotsChanged})
        connect(document, signal, this, [this] { ++m_results; });
}

bool SessionKeeper::hasUnsavedResults() const
{
    return m_results != m_savedResults &&
           (!m_document->sensitivity().cells.empty() || !m_document->snapshots().empty());
}

void SessionKeeper::addPart(const QString& name, Part part)
{
    m_parts[name] = std::move(part);
}

void SessionKeeper::setPath(const QString& path)
{
    if (std::exchange(m_path, path) != path)
        Q_EMIT pathChanged();
}

SessionData SessionKeeper::snapshot() const
{
    SessionData session;
    if (const auto& model = m_document->model()) {
        session.modelPath = absolute(QString::fromStdString(model->path)).toStdString();
        session.modelSha256 = model->sha256;
        session.valueNames = workbench::valueNames(model->graph());
    }
    session.dataPath = absolute(m_document->dataPath()).toStdString();
    session.plan = m_document->plan();
    session.calibration = m_document->calibration();
    if (const auto& result = m_document->evaluation())
        session.evaluation =
            SessionEvaluation{result->evaluation, result->cost, m_document->evaluatedPlan(), {}, {}};
    session.saturation = m_document->saturation();
    if (!m_document->sensitivity().cells.empty()) {
        session.sensitivity = std::make_shared<const SensitivityTable>(m_document->sensitivity());
        session.sweptPlan = m_document->sweptPlan();
    }
    const auto weightsOf = [this](const std::shared_ptr<const Model>& model) {
        return model == m_document->model()
                   ? SessionWeights{}
                   : SessionWeights{absolute(QString::fromStdString(model->path)).toStdString(),
                                    model->sha256};
    };
    if (m_document->isTuned())
        session.original = {weightsOf(m_document->original()),
                            m_document->originalQuality().value_or(Quality())};
    for (const Snapshot& snapshot : m_document->snapshots())
        session.snapshots.push_back({snapshot.name.toStdString(), snapshot.plan, weightsOf(snapshot.model)});
    for (const Measurement& m : m_document->measurements())
        session.measurements.push_back(
            {m.result.evaluation, m.result.cost, m.plan, m.step.toStdString(), weightsOf(m.model)});
    for (const auto& [name, part] : m_parts)
        session.texts[name.toStdString()] =
            QJsonDocument(part.save()).toJson(QJsonDocument::Compact).toStdString();
    return session;
}

void SessionKeeper::open(const QString& path)
{
    start({path, path, false, {}});
}

void SessionKeeper::recover(const QString& path, const QString& original)
{
    start({path, original, true, {}});
}

void SessionKeeper::start(const Opening& opening)
{
    struct Found {
        SessionData session;
        std::string modelPath;
    };
    m_runner->start<Found>(
        Lane::Work, tr("Open %1").arg(QFileInfo(opening.file).fileName()),
        [file = opening.file.toStdString(), original = opening.path.toStdString(),
         isRecovery = opening.isRecovery](Progress& progress) -> Result<Found> {
            progress.begin("Reading session", 0);
            BITWRIGHT_TRY(SessionData session, workbench::readSession(file));
            if (isRecovery)
                if (const auto journal = readSweepJournal(sweepJournalOf(file)))
                    addSweepJournal(session, *journal);
            std::string model = workbench::findSessionModel(session, original);
            return Found{std::move(session), std::move(model)};
        },
        [this, opening](Found found) {
            Opening next = opening;
            next.session = std::move(found.session);
            if (!found.modelPath.empty()) {
                openModelOf(std::move(next), QString::fromStdString(found.modelPath));
                return;
            }
            const QString wanted = QString::fromStdString(next.session.modelPath);
            m_waiting = std::move(next);
            Q_EMIT modelWanted(wanted);
        });
}

void SessionKeeper::relocate(const QString& modelPath)
{
    if (!m_waiting)
        return;
    Opening opening = *std::exchange(m_waiting, std::nullopt);
    if (!modelPath.isEmpty())
        openModelOf(std::move(opening), modelPath);
}

void SessionKeeper::openModelOf(Opening opening, const QString& modelPath)
{
    auto shared = std::make_shared<const Opening>(std::move(opening));
    m_runner->start<workbench::OpenedSession>(
        Lane::Work, tr("Open %1").arg(QFileInfo(modelPath).fileName()),
        [shared, path = modelPath.toStdString()](Progress& progress) {
            return workbench::openSession(shared->session, path, progress);
        },
        [this, shared](workbench::OpenedSession opened) { restore(*shared, std::move(opened)); });
}

void SessionKeeper::restore(const Opening& opening, workbench::OpenedSession opened)
{
    const SessionData& session = opened.session;
    m_document->setModel(opened.model);
    m_document->setData(opened.data.evaluation, opened.data.calibration,
                        opened.data.evaluation ? QString::fromStdString(session.dataPath) : QString());
    if (session.original)
        m_document->setOriginal(
            opened.others.at(session.original->weights.sha256),
            session.original->quality.samples > 0 ? std::optional(session.original->quality) : std::nullopt);
    m_document->setPlan(session.plan, {});
    if (session.calibration)
        m_document->setCalibration(session.calibration);
    if (session.evaluation)
        m_document->setEvaluation({session.evaluation->evaluation, session.evaluation->cost},
                                  session.evaluation->plan);
    if (session.evaluation && session.saturation)
        m_document->setSaturation(*session.saturation);
    restoreResults(opened);
    if (opening.isRecovery)
        m_document->undoStack()->resetClean();
    else
        m_savedResults = m_results;
    setPath(absolute(opening.path));
    for (const auto& [name, part] : m_parts) {
        const auto text = session.texts.find(name.toStdString());
        if (text != session.texts.end())
            part.restore(QJsonDocument::fromJson(QByteArray::fromStdString(text->second)).object());
    }
    if (opening.isRecovery)
        Q_EMIT recovered(opening.file);
    else
        Q_EMIT this->opened(m_path);
    // Behind the signals: whoever hears them clears what was said before.
    for (const std::string& note : opened.notes)
        Q_EMIT noted(coreText(note));
}

void SessionKeeper::restoreResults(const workbench::OpenedSession& opened)
{
    const SessionData& session = opened.session;
    const auto modelOf = [&](const SessionWeights& weights) {
        return weights.sha256.empty() ? m_document->model() : opened.others.at(weights.sha256);
    };
    if (session.sensitivity)
        m_document->setSensitivity(*session.sensitivity, session.sweptPlan);
    std::vector<Snapshot> snapshots;
    for (const SessionSnapshot& s : session.snapshots)
        snapshots.push_back({QString::fromStdString(s.name), s.plan, modelOf(s.weights)});
    m_document->setSnapshots(snapshots);
    std::vector<Measurement> measurements;
    for (const SessionEvaluation& e : session.measurements)
        measurements.push_back(
            {e.plan, modelOf(e.weights), {e.evaluation, e.cost}, QString::fromStdString(e.step)});
    m_document->setMeasurements(measurements);
}

void SessionKeeper::save(const QString& path)
{
    m_runner->start<bool>(
        Lane::Files, tr("Save %1").arg(QFileInfo(path).fileName()),
        [file = path.toStdString(), session = snapshot()](Progress&) -> Result<bool> {
            BITWRIGHT_CHECK(workbench::saveSession(file, session));
            return true;
        },
        [this, path, plan = m_document->plan(), model = m_document->model(), results = m_results](bool) {
            if (model != m_document->model())
                return;
            // What was changed while it was written is not in the file.
            if (m_document->plan() == plan)
                m_document->undoStack()->setClean();
            m_savedResults = results;
            setPath(absolute(path));
            Q_EMIT saved(m_path);
        });
}

bool SessionKeeper::saveNow(const QString& path)
{
    const auto written = workbench::saveSession(path.toStdString(), snapshot());
    if (!written) {
        Q_EMIT failed(tr("Save session"), errorText(written.error()));
        return false;
    }
    m_document->undoStack()->setClean();
    m_savedResults = m_results;
    setPath(absolute(path));
    Q_EMIT saved(m_path);
    return true;
}

} // namespace bitwright
