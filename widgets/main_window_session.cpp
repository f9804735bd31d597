// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/actions.h"
#include "widgets/autosave.h"
#include "widgets/controller.h"
#include "widgets/dialogs/file_dialogs.h"
#include "widgets/main_window.h"
#include "widgets/message_bar.h"
#include "widgets/models/layer_model.h"
#include "widgets/pages/layer_page.h"
#include "widgets/pages/layer_table.h"
#include "widgets/recent_files.h"
#include "widgets/session_keeper.h"

#include <QAction>
#include <QFileInfo>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QJsonArray>
#include <QLineEdit>
#include <QMessageBox>
#include <QStatusBar>
#include <QTimer>

namespace bitwright {

void MainWindow::createSession()
{
    Actions& a = *m_actions;
    m_session->addPart(QStringLiteral("view"),
                       {[this] { return viewState(); }, [this](const QJsonObject& s) { restoreView(s); }});
    connect(a.openSession, &QAction::triggered, this, [this] {
        if (const QString path = chooseSession(this); !path.isEmpty())
            openPath(path);
    });
    connect(a.saveSession, &QAction::triggered, this, [this] { saveSession(m_session->path()); });
    connect(a.saveSessionAs, &QAction::triggered, this, [this] { saveSession({}); });
    connect(m_session, &SessionKeeper::failed, m_messageBar, &MessageBar::showFailure);
    connect(m_session, &SessionKeeper::noted, m_messageBar, &MessageBar::showNote);
    connect(m_session, &SessionKeeper::pathChanged, this, &MainWindow::updateTitle);
    connect(m_controller, &Controller::sessionChosen, m_session, &SessionKeeper::open);
    connect(m_recentSessions, &RecentFiles::chosen, this, &MainWindow::openPath);
    connect(m_session, &SessionKeeper::modelWanted, this, [this](const QString& path) {
        const QString name = QFileInfo(path).fileName();
        QMessageBox box(QMessageBox::Question, tr("Model moved"),
                        tr("%1 is not where the session left it, or it has changed.").arg(name),
                        QMessageBox::Cancel, this);
        box.setInformativeText(path);
        box.setDefaultButton(box.addButton(tr("&Find it…"), QMessageBox::AcceptRole));
        const bool search = box.exec() != QMessageBox::Cancel;
        m_session->relocate(search ? chooseMovedModel(this, name) : QString());
    });
    for (auto signal : {&SessionKeeper::opened, &SessionKeeper::saved}) {
        connect(m_session, signal, this, [this](const QString& path) {
            m_messageBar->clear();
            if (m_settings == Settings::Use)
                m_recentSessions->add(path);
        });
    }
    connect(m_session, &SessionKeeper::saved, this,
            [this](const QString& path) { statusBar()->showMessage(tr("Saved: %1").arg(path), 5000); });
    if (m_settings == Settings::Use)
        createAutosave();
}

void MainWindow::createAutosave()
{
    m_autosave = new Autosave(Autosave::defaultFolder(), &m_document, m_session, &m_runner, this);
    const QList<LostWork> lost = m_autosave->lostWork();
    if (lost.isEmpty())
        return;
    const LostWork newest = lost.first();
    const QString question =
        lost.size() == 1 ? tr("Bitwright ended without saving the work on %1.").arg(newest.model)
                         : tr("Bitwright ended without saving %n piece(s) of work; the newest is on %1.",
                              nullptr, int(lost.size()))
                               .arg(newest.model);
    m_messageBar->showOffer(
        question, {{tr("&Recover"), [this, newest] { m_session->recover(newest.path, newest.original); }},
                   {tr("&Discard"), [this, lost] {
                        for (const LostWork& work : lost)
                            m_autosave->discard(work);
                    }}});
}

bool MainWindow::saveSession(const QString& path)
{
    const QString model = QString::fromStdString(m_document.model()->path);
    const QString suggestion = QFileInfo(model).completeBaseName() + QStringLiteral(".bitwright");
    const QString chosen = path.isEmpty() ? chooseSessionToSave(this, suggestion) : path;
    if (!chosen.isEmpty())
        m_session->save(chosen);
    return !chosen.isEmpty();
}

bool MainWindow::mayDiscard()
{
    const bool planChanged = !m_document.undoStack()->isClean();
    if (m_settings != Settings::Use || !m_document.model() ||
        !(planChanged || m_session->hasUnsavedResults()))
        return true;
    const auto answer = QMessageBox::question(
        this, tr("Unsaved session"),
        planChanged ? tr("The plan has changes that have not been saved.")
                    : tr("The sweep or a snapshot has not been saved."),
        QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel, QMessageBox::Save);
    if (answer != QMessageBox::Save)
        return answer == QMessageBox::Discard;
    const QString model = QString::fromStdString(m_document.model()->path);
    QString path = m_session->path();
    if (path.isEmpty())
        path = chooseSessionToSave(this, QFileInfo(model).completeBaseName() + QStringLiteral(".bitwright"));
    return !path.isEmpty() && m_session->saveNow(path);
}

void MainWindow::openPath(const QString& path)
{
    using Kind = Controller::Kind;
    m_runner.start<Kind>(
        JobRunner::Lane::Files, tr("Look at %1").arg(QFileInfo(path).fileName()),
        [path](Progress&) -> Result<Kind> { return Controller::kindOf(path); },
        [this, path](Kind kind) {
            // A question may be asked: in a turn of its own, so that the job is over meanwhile.
            QTimer::singleShot(0, this, [this, path, kind] {
                const bool replaces = kind == Kind::Model || kind == Kind::Session;
                if (!replaces || mayDiscard())
                    m_controller->open(path, kind);
            });
        });
}

QJsonObject MainWindow::viewState()
{
    QJsonArray selected;
    for (int row : selectedRows())
        selected.append(QString::fromStdString(m_document.row(row).name));
    const int current = m_selection->currentIndex().row();
    QJsonObject pages;
    for (const Page* page : std::as_const(m_pages))
        pages.insert(page->objectName(), page->viewState());
    const auto text = [](const QByteArray& bytes) { return QString::fromLatin1(bytes.toBase64()); };
    return {{QStringLiteral("docks"), text(saveState())},
            {QStringLiteral("columns"), text(m_layerPage->table()->horizontalHeader()->saveState())},
            {QStringLiteral("filter"), m_layerPage->filterEdit()->text()},
            {QStringLiteral("selected"), selected},
            {QStringLiteral("current"),
             current < 0 ? QString() : QString::fromStdString(m_document.row(current).name)},
            {QStringLiteral("pages"), pages}};
}

void MainWindow::restoreView(const QJsonObject& state)
{
    const auto bytes = [&state](const char* key) {
        return QByteArray::fromBase64(state.value(QLatin1String(key)).toString().toLatin1());
    };
    restoreState(bytes("docks"));
    QHeaderView* header = m_layerPage->table()->horizontalHeader();
    if (header->restoreState(bytes("columns")))
        m_layerPage->table()->sortByColumn(header->sortIndicatorSection(), header->sortIndicatorOrder());
    m_layerPage->filterEdit()->setText(state.value(u"filter").toString());
    QItemSelection selected;
    for (const QJsonValue& name : state.value(u"selected").toArray()) {
        const QModelIndex index = m_layerModel->index(m_document.rowOf(name.toString().toStdString()), 0);
        if (index.isValid())
            selected.select(index, index);
    }
    const int current = m_document.rowOf(state.value(u"current").toString().toStdString());
    m_selection->setCurrentIndex(m_layerModel->index(current, 0), QItemSelectionModel::NoUpdate);
    m_selection->select(selected, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    const QJsonObject pages = state.value(u"pages").toObject();
    for (Page* page : std::as_const(m_pages))
        page->restoreView(pages.value(page->objectName()).toObject());
}

} // namespace bitwright
