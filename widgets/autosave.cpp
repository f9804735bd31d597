// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/autosave.h"

#include "core/io/sweep_journal.h"
#include "widgets/document.h"
#include "widgets/job_runner.h"
#include "widgets/session_keeper.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>
#include <QStandardPaths>
#include <QUuid>

#include <utility>

namespace bitwright {

namespace {

const QString kSuffix = QStringLiteral(".bitwright");

QString lockOf(const QString& file)
{
    return file + QStringLiteral(".lock");
}

QString besideOf(const QString& file)
{
    return file + QStringLiteral(".json");
}

std::string journalOf(const QString& file)
{
    return sweepJournalOf(file.toStdString());
}

QJsonObject readBeside(const QString& file)
{
    QFile beside(besideOf(file));
    if (!beside.open(QIODevice::ReadOnly))
        return {};
    return QJsonDocument::fromJson(beside.readAll()).object();
}

} // namespace

Autosave::Autosave(const QString& folder, Document* document, SessionKeeper* keeper, JobRunner* runner,
                   QObject* parent)
    : QObject(parent)
    , m_folder(folder)
    , m_document(document)
    , m_keeper(keeper)
    , m_runner(runner)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &Autosave::write);
    for (auto signal : {&Document::modelChanged, &Document::weightsChanged, &Document::sensitivityChanged})
        connect(document, signal, this, &Autosave::dropStaleJournal);
    for (auto signal : {&Document::modelChanged, &Document::sensitivityChanged, &Document::snapshotsChanged})
        connect(document, signal, this, &Autosave::changed);
    for (auto signal : {&Document::calibrationChanged, &Document::evaluationChanged})
        connect(document, signal, this, &Autosave::gotResults);
    connect(document, &Document::sensitivityAdded, this, &Autosave::keepUnit);
    connect(document, &Document::planChanged, this, &Autosave::changed);
    connect(document->undoStack(), &QUndoStack::cleanChanged, this, &Autosave::changed);
    connect(keeper, &SessionKeeper::saved, this, &Autosave::changed);
    connect(runner, &JobRunner::ended, this, [this](int id) {
        if (id == m_job)
            jobEnded();
    });
    connect(keeper, &SessionKeeper::recovered, this, [this](const QString& path) {
        write();
        // Once it is in a file of this process, the one of the dead process has done its work.
        connect(
            this, &Autosave::written, this,
            [this, path] {
                discard({path, {}, {}});
            },
            Qt::SingleShotConnection);
    });
}

Autosave::~Autosave()
{
    // The window's jobs are over by now, also one that was still writing when it was closed.
    m_job = 0;
    if (m_finished)
        removeFile();
}

QString Autosave::defaultFolder()
{
    return QDir(QStandardPaths::writableLocation(QStandardPaths::AppDataLocation))
        .filePath(QStringLiteral("recovery"));
}

bool Autosave::hasUnsaved() const
{
    return !m_document->undoStack()->isClean() || m_keeper->hasUnsavedResults();
}

void Autosave::changed()
{
    // What can be opened again, or has not been touched, is not lost.
    const bool worth = !m_finished && m_document->model() && hasUnsaved();
    if (!worth) {
        m_timer.stop();
        removeFile();
    } else {
        startTimer(kDelayMs);
    }
}

void Autosave::gotResults()
{
    changed();
    if (m_timer.isActive())
        startTimer(kResultDelayMs);
}

void Autosave::keepUnit(const SensitivityTable& unit)
{
    if (m_finished || !hasUnsaved() || (m_file.isEmpty() && !prepareFile()))
        return;
    m_journalPlan = m_document->sweptPlan();
    m_journalSamples = unit.samples;
    // Where even this cannot be written, neither can the rest: write() says so.
    if (!appendToSweepJournal(journalOf(m_file), m_journalPlan, unit))
        m_journalSamples = 0;
}

void Autosave::dropStaleJournal()
{
    const SensitivityTable& table = m_document->sensitivity();
    const bool isItsSweep =
        !table.cells.empty() && table.samples == m_journalSamples && m_document->sweptPlan() == m_journalPlan;
    if (m_journalSamples == 0 || isItsSweep)
        return;
    QFile::remove(QString::fromStdString(journalOf(m_file)));
    m_journalSamples = 0;
}

void Autosave::startTimer(int ms)
{
    if (!m_timer.isActive() || m_timer.remainingTime() > ms)
        m_timer.start(ms);
}

bool Autosave::prepareFile()
{
    if (m_file.isEmpty()) {
        if (!QDir().mkpath(m_folder))
            return false;
        m_file = QDir(m_folder).filePath(QUuid::createUuid().toString(QUuid::WithoutBraces) + kSuffix);
        m_lock = std::make_unique<QLockFile>(lockOf(m_file));
        m_lock->setStaleLockTime(0);
        m_lock->tryLock(0);
    }
    const QString model = QFileInfo(QString::fromStdString(m_document->model()->path)).fileName();
    const QJsonObject origin{{QStringLiteral("model"), model}, {QStringLiteral("session"), m_keeper->path()}};
    QFile beside(besideOf(m_file));
    return beside.open(QIODevice::WriteOnly) && beside.write(QJsonDocument(origin).toJson()) > 0;
}

void Autosave::write()
{
    m_timer.stop();
    m_again = m_job != 0;
    if (m_again || !m_document->model() || !prepareFile())
        return;
    m_job = m_runner->start<bool>(
        JobRunner::Lane::Files, tr("Keep a copy for recovery"),
        [file = m_file.toStdString(), session = m_keeper->snapshot()](Progress&) -> Result<bool> {
            BITWRIGHT_CHECK(workbench::saveSession(file, session));
            return true;
        },
        [this](bool) { Q_EMIT written(); });
}

void Autosave::jobEnded()
{
    m_job = 0;
    if (m_finished || !hasUnsaved())
        removeFile();
    else if (std::exchange(m_again, false))
        startTimer(kDelayMs);
}

void Autosave::removeFile()
{
    if (m_file.isEmpty() || m_job != 0)
        return;
    QFile::remove(m_file);
    QFile::remove(besideOf(m_file));
    QFile::remove(QString::fromStdString(journalOf(m_file)));
    m_journalSamples = 0;
}

void Autosave::finish()
{
    m_finished = true;
    m_timer.stop();
    removeFile();
}

QList<LostWork> Autosave::lostWork() const
{
    QList<LostWork> lost;
    const QDir folder(m_folder);
    for (const QFileInfo& info : folder.entryInfoList({u'*' + kSuffix}, QDir::Files, QDir::Time)) {
        const QString path = info.absoluteFilePath();
        QLockFile lock(lockOf(path));
        lock.setStaleLockTime(0);
        if (path == m_file || !lock.tryLock(0))
            continue;
        lock.unlock();
        const QJsonObject beside = readBeside(path);
        lost.append({path, beside.value(u"model").toString(), beside.value(u"session").toString()});
    }
    return lost;
}

void Autosave::discard(const LostWork& work)
{
    for (const QString& path :
         {work.path, besideOf(work.path), lockOf(work.path), QString::fromStdString(journalOf(work.path))})
        QFile::remove(path);
}

} // namespace bitwright
