// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/sensitivity.h"
#include "core/quant/quant_plan.h"

#include <QLockFile>
#include <QObject>
#include <QString>
#include <QTimer>

#include <memory>
#include <optional>

namespace bitwright {

class Document;
class JobRunner;
class SessionKeeper;

/// Work that a process left behind when it ended without closing its window.
struct LostWork {
    QString path;     ///< the recovery file
    QString model;    ///< file name, for the question
    QString original; ///< the session it belongs to; empty = none
};

/// Writes what is not saved yet to a file of this process in `folder`, at the latest kDelayMs after an edit
/// and kResultDelayMs after results, and removes it when the work is saved or given up. What a sweep measures
/// is appended to a journal beside it at once. A lock file tells the files of living processes from those of
/// dead ones.
class Autosave : public QObject {
    Q_OBJECT
public:
    static constexpr int kDelayMs = 5000, kResultDelayMs = 100;

    Autosave(const QString& folder, Document* document, SessionKeeper* keeper, JobRunner* runner,
             QObject* parent);
    ~Autosave() override;

    /// "AppDataLocation/recovery".
    static QString defaultFolder();
    QString file() const { return m_file; }
    /// Newest first; files of running processes are not lost.
    QList<LostWork> lostWork() const;
    void discard(const LostWork& work);
    /// The window is closed on purpose: nothing of this process is to be recovered.
    void finish();

Q_SIGNALS:
    void written();

private:
    bool hasUnsaved() const;
    void changed();
    void gotResults();
    void keepUnit(const SensitivityTable& unit);
    void dropStaleJournal();
    void startTimer(int ms);
    void write();
    bool prepareFile();
    void jobEnded();
    void removeFile();

    QString m_folder, m_file;
    Document* m_document;
    SessionKeeper* m_keeper;
    JobRunner* m_runner;
    std::unique_ptr<QLockFile> m_lock;
    QTimer m_timer;
    int m_job = 0;                ///< that writes, 0 = none
    bool m_again = false;         ///< something changed while it wrote
    QuantPlan m_journalPlan;      ///< that the journal's sweep is of
    int64_t m_journalSamples = 0; ///< 0 = there is no journal
    bool m_finished = false;
};

} // namespace bitwright
