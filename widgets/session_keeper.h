// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workbench_session.h"

#include <QJsonObject>
#include <QObject>
#include <QString>

#include <functional>
#include <map>
#include <optional>

namespace bitwright {

class Document;
class JobRunner;

/// Opens and saves sessions: the document and, by the parts that others add, how it was looked at. Nothing is
/// measured again when a session is opened.
class SessionKeeper : public QObject {
    Q_OBJECT
public:
    SessionKeeper(Document* document, JobRunner* runner, QObject* parent);

    /// What one part of the window keeps in a session under `name` ([a-z0-9_-]+): taken when it is saved,
    /// given back when it has been opened, in the order of the names.
    struct Part {
        std::function<QJsonObject()> save;
        std::function<void(const QJsonObject&)> restore;
    };
    void addPart(const QString& name, Part part);

    /// The file of the session; empty while it has none.
    QString path() const { return m_path; }
    /// The session as it is now.
    SessionData snapshot() const;

    /// Whether a sweep or a snapshot is newer than the file; the plan's own state is that of the undo stack.
    bool hasUnsavedResults() const;

    /// Reads in the background. A model that is not where it was is asked for once: see modelWanted.
    void open(const QString& path);
    /// Opens what a process that was killed has left; the work then belongs to `original` (may be empty),
    /// unsaved.
    void recover(const QString& path, const QString& original);
    /// The answer to modelWanted. Empty: the session is not opened.
    void relocate(const QString& modelPath);
    /// Writes in the background; an earlier file stays when that fails.
    void save(const QString& path);
    /// The same, done when it returns; false when it failed (the message has been sent).
    bool saveNow(const QString& path);

Q_SIGNALS:
    /// The model of the session that is being opened is not at `path` any more.
    void modelWanted(const QString& path);
    /// Everything is restored.
    void opened(const QString& path);
    void recovered(const QString& path);
    void saved(const QString& path);
    void pathChanged();
    void failed(const QString& title, const QString& message);
    void noted(const QString& message);

private:
    struct Opening {
        QString file, path; ///< what is read, and what the session is called afterwards
        bool isRecovery = false;
        SessionData session;
    };
    void start(const Opening& opening);
    void openModelOf(Opening opening, const QString& modelPath);
    void restore(const Opening& opening, workbench::OpenedSession opened);
    void restoreResults(const workbench::OpenedSession& opened);
    void setPath(const QString& path);

    Document* m_document;
    JobRunner* m_runner;
    std::map<QString, Part> m_parts;
    QString m_path;
    unsigned m_results = 0,
             m_savedResults = 0;      ///< how often sweep or snapshots changed, until now and in the file
    std::optional<Opening> m_waiting; ///< for its model
};

} // namespace bitwright
