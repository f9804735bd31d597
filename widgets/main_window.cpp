// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/main_window.h"

#include "widgets/actions.h"
#include "widgets/controller.h"
#include "widgets/dialogs/export_dialog.h"
#include "widgets/dialogs/file_dialogs.h"
#include "widgets/format.h"
#include "widgets/layouts.h"
#include "widgets/live_reports.h"
#include "widgets/message_bar.h"
#include "widgets/model_kind.h"
#include "widgets/models/layer_model.h"
#include "widgets/pages/empty_state.h"
#include "widgets/pages/layer_page.h"
#include "widgets/pages/layer_table.h"
#include "widgets/pages/start_page.h"
#include "widgets/recent_files.h"
#include "widgets/session_keeper.h"
#include "widgets/shortcuts.h"
#include "widgets/status_progress.h"

#include <QActionGroup>
#include <QCloseEvent>
#include <QCoreApplication>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QItemSelectionModel>
#include <QLineEdit>
#include <QMessageBox>
#include <QMimeData>
#include <QStatusBar>
#include <QVBoxLayout>

#include <algorithm>

namespace bitwright {

MainWindow::MainWindow(Settings settings, QWidget* parent)
    : QMainWindow(parent)
    , m_settings(settings)
    , m_layerModel(new LayerModel(&m_document, this))
    , m_selection(new QItemSelectionModel(m_layerModel, this))
    , m_controller(new Controller(&m_document, &m_runner, this))
    , m_liveReports(new LiveReports(&m_document, &m_runner, this))
    , m_actions(new Actions(&m_document, m_controller, &m_runner, m_selection, this))
    , m_shortcuts(new Shortcuts(
          settings == Settings::Use ? Shortcuts::Storage::Settings : Shortcuts::Storage::Nowhere, this))
    , m_layouts(new Layouts(this, settings == Settings::Use ? Layouts::Storage::Settings
                                                            : Layouts::Storage::Nowhere))
    , m_session(new SessionKeeper(&m_document, &m_runner, this))
    , m_recentModels(new RecentFiles(QStringLiteral("recent/models"), this))
    , m_recentData(new RecentFiles(QStringLiteral("recent/data"), this))
    , m_recentSessions(new RecentFiles(QStringLiteral("recent/sessions"), this))
{
    setObjectName(QStringLiteral("mainWindow"));
    setAcceptDrops(true);
    setDockOptions(AnimatedDocks | AllowNestedDocks | AllowTabbedDocks);
    createPages();
    createDocks();
    createMenus();
    createToolBar();
    connectActions();
    connectMenus();
    connectMessages();
    createSession();
    createTools();
    statusBar()->addPermanentWidget(new StatusProgress(&m_runner));
    statusBar()->addPermanentWidget(new ModelKindLabel(&m_document));
    m_actions->updateIcons(palette());
    updateTitle();
    restoreSettings();
}

MainWindow::~MainWindow()
{
    // The pages go first: an open editor or the history view would otherwise outlive the document.
    m_document.undoStack()->disconnect();
    qDeleteAll(m_docks);
    delete takeCentralWidget();
}

void MainWindow::createPages()
{
    m_messageBar = new MessageBar;
    m_layerPage = new LayerPage(&m_document, m_layerModel, m_selection);
    m_layerPage->setActions(m_actions);
    m_layerPage->emptyState()->addAction(m_actions->openModel);
    m_start = new StartPage(m_actions, {m_recentSessions, m_recentModels});
    auto* centre = new QWidget;
    auto* layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_messageBar);
    layout->addWidget(m_start, 1);
    layout->addWidget(m_layerPage, 1);
    setCentralWidget(centre);
}

QDockWidget* MainWindow::addPage(const PageRow& row)
{
    Page* page = row.make({&m_document, &m_runner, m_controller, m_actions, m_layerModel, m_selection});
    page->setObjectName(QLatin1String(row.name));
    m_pages.append(page);
    auto* dock = new QDockWidget(QCoreApplication::translate("Pages", row.title), this);
    dock->setObjectName(QLatin1String(row.name) + QStringLiteral("Dock"));
    dock->setWidget(page);
    m_docks.append(dock);
    return dock;
}

void MainWindow::createDocks()
{
    setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
    QMap<PagePlace, QDockWidget*> first, last;
    // The first of every place side by side, then the others as tabs: a group of tabs cannot be split.
    QList<std::pair<PagePlace, QDockWidget*>> others;
    for (const PageRow& row : pageTable()) {
        QDockWidget* dock = addPage(row);
        const bool side = row.place == PagePlace::Side;
        if (first.contains(row.place)) {
            others.append({row.place, dock});
            continue;
        }
        if (row.place == PagePlace::Results && first.contains(PagePlace::Details))
            splitDockWidget(first[PagePlace::Details], dock, Qt::Horizontal);
        else
            addDockWidget(side ? Qt::RightDockWidgetArea : Qt::BottomDockWidgetArea, dock);
        first.insert(row.place, dock);
        last.insert(row.place, dock);
    }
    for (const auto& [place, dock] : std::as_const(others)) {
        tabifyDockWidget(last[place], dock);
        last[place] = dock;
    }
    for (QDockWidget* dock : std::as_const(first))
        dock->raise();
    // Docks take sizes only once the window has its own.
    resize(1400, 900);
    layout()->activate();
    resizeDocks({first[PagePlace::Details], first[PagePlace::Results]}, {750, 650}, Qt::Horizontal);
    resizeDocks({first[PagePlace::Details]}, {360}, Qt::Vertical);
    resizeDocks({first[PagePlace::Side]}, {400}, Qt::Horizontal);
}

void MainWindow::connectActions()
{
    Actions& a = *m_actions;
    using Choose = QString (*)(QWidget*);
    using Open = void (Controller::*)(const QString&);
    const auto opens = [this](QAction* action, Choose choose, Open open) {
        connect(action, &QAction::triggered, this, [this, choose, open] {
            if (const QString path = choose(this); !path.isEmpty())
                std::invoke(open, m_controller, path);
        });
    };
    connect(a.openModel, &QAction::triggered, this, [this] {
        if (const QString path = mayDiscard() ? chooseModel(this) : QString(); !path.isEmpty())
            m_controller->openModel(path);
    });
    opens(a.openData, chooseDataFile, &Controller::openData);
    opens(a.openPlan, choosePlan, &Controller::openPlan);
    connect(a.savePlan, &QAction::triggered, this, &MainWindow::savePlan);
    connect(a.quit, &QAction::triggered, this, &QWidget::close);
    connect(a.calibrate, &QAction::triggered, m_controller, &Controller::calibrate);
    connect(a.evaluate, &QAction::triggered, m_controller, &Controller::evaluate);
    connect(a.saturate, &QAction::toggled, m_controller, &Controller::setSaturating);
    connect(a.stop, &QAction::triggered, this, [this] {
        if (const JobInfo* job = m_runner.current())
            m_runner.cancel(job->id);
    });
    connect(a.exportModel, &QAction::triggered, this, [this] {
        auto* dialog = new ExportDialog(m_controller, &m_document, this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog, &ExportDialog::openRequested, this, &MainWindow::openPath);
        dialog->show();
    });
    connect(a.find, &QAction::triggered, m_layerPage->filterEdit(), [this] {
        m_layerPage->filterEdit()->setFocus(Qt::ShortcutFocusReason);
        m_layerPage->filterEdit()->selectAll();
    });
    connect(a.selectWorst, &QAction::triggered, this, [this] { selectRow(m_document.worstRow()); });
    connect(a.resetLayers, &QAction::triggered, this, [this] { m_layerModel->resetRows(selectedRows()); });
    connect(a.resetAll, &QAction::triggered, this, [this] {
        QList<int> rows;
        for (int row = 0; row < m_document.rowCount(); ++row)
            rows.append(row);
        m_layerModel->resetRows(rows);
    });
    for (QAction* action : std::as_const(a.weightBits))
        connect(action, &QAction::triggered, this,
                [this, action] { editSelected(action->data().toString()); });
    connect(a.themes, &QActionGroup::triggered, this,
            [this](QAction* action) { setTheme(Theme(action->data().toInt())); });
    connect(a.fullScreen, &QAction::toggled, this, [this](bool on) { on ? showFullScreen() : showNormal(); });
    connect(a.about, &QAction::triggered, this, [this] {
        QMessageBox::about(this, tr("About Bitwright"),
                           tr("<h3>Bitwright %1</h3><p>Workbench for neural-network quantization.</p>"
                              "<p>GNU General Public License, version 3 or later.</p>")
                               .arg(QStringLiteral(BITWRIGHT_VERSION)));
    });
}

void MainWindow::connectMessages()
{
    connect(&m_runner, &JobRunner::failed, m_messageBar, &MessageBar::showFailure);
    connect(&m_runner, &JobRunner::noted, m_messageBar, &MessageBar::showNote);
    connect(m_controller, &Controller::failed, m_messageBar, &MessageBar::showFailure);
    connect(m_controller, &Controller::noted, m_messageBar, &MessageBar::showNote);
    const auto fail = [this](const QString& message) { m_messageBar->showFailure({}, message); };
    connect(m_liveReports, &LiveReports::failed, this, fail);
    for (Page* page : std::as_const(m_pages)) {
        connect(page, &Page::failed, this, fail);
        connect(page, &Page::upToDate, this, &MainWindow::checkSettled);
    }
    connect(m_layerModel, &LayerModel::editRefused, this, fail);
    connect(m_controller, &Controller::modelOpened, this, [this](const QString& path) {
        m_messageBar->clear();
        m_worstPending = true;
        if (m_settings == Settings::Use)
            m_recentModels->add(path);
    });
    connect(m_controller, &Controller::dataOpened, this, [this](const QString& path) {
        const Dataset& data = *m_document.data();
        statusBar()->showMessage(
            tr("%Ln sample(s) of %1", nullptr, int(data.size())).arg(shapeLabel(data.sampleShape())) +
            (data.classes().empty() ? QString() : tr(", %n class(es)", nullptr, int(data.classes().size()))));
        if (m_settings == Settings::Use)
            m_recentData->add(path);
    });
    for (RecentFiles* recent : {m_recentModels, m_recentData})
        connect(recent, &RecentFiles::chosen, this, &MainWindow::openPath);
    connect(m_liveReports, &LiveReports::upToDate, this, &MainWindow::selectWorstOnce);
    connect(&m_document, &Document::calibrationChanged, this, [this] { m_rankPending = true; });
    for (auto signal : {&Document::modelChanged, &Document::dataChanged})
        connect(&m_document, signal, this, &MainWindow::updateTitle);
    connect(m_document.undoStack(), &QUndoStack::cleanChanged, this, &MainWindow::updateTitle);
    connect(&m_runner, &JobRunner::idle, this, &MainWindow::checkSettled);
}

QList<int> MainWindow::selectedRows() const
{
    return m_layerPage->selectedRows();
}

void MainWindow::editSelected(const QString& token)
{
    m_layerModel->editRows(selectedRows(), LayerModel::WeightBits, token);
}

void MainWindow::selectRow(int row)
{
    const QModelIndex index = m_layerModel->index(row, 0);
    if (!index.isValid())
        return;
    m_selection->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
}

void MainWindow::selectWorstOnce()
{
    if (std::exchange(m_rankPending, false))
        m_layerPage->rankAgain();
    if (!m_worstPending || !m_document.model())
        return;
    m_worstPending = false;
    m_layerPage->setRanking(LayerMetric::WeightSqnr);
    selectRow(m_document.worstRow());
    m_layerPage->table()->setFocus();
    m_actions->refresh();
}

bool MainWindow::isSettled() const
{
    return m_runner.isIdle() && m_liveReports->isUpToDate() &&
           std::all_of(m_pages.begin(), m_pages.end(), [](const Page* page) { return page->isUpToDate(); });
}

void MainWindow::checkSettled()
{
    if (isSettled())
        Q_EMIT settled();
}

void MainWindow::updateTitle()
{
    const QString model =
        !m_document.model()
            ? QString()
            : QFileInfo(m_session->path().isEmpty() ? QString::fromStdString(m_document.model()->path)
                                                    : m_session->path())
                  .fileName();
    const bool plain = !m_document.model() || (m_document.model()->hasGraph() &&
                                               !m_document.model()->runner->fileQuantization());
    setWindowTitle(model.isEmpty() ? tr("Bitwright")
                   : plain         ? tr("%1[*] – Bitwright").arg(model)
                                   : tr("%1[*] (%2) – Bitwright").arg(model, modelKind(m_document)));
    setWindowModified(!model.isEmpty() && !m_document.undoStack()->isClean());
}

void MainWindow::savePlan()
{
    const QString path = choosePlanToSave(this, QString::fromStdString(m_document.model()->path));
    if (!path.isEmpty())
        m_controller->savePlan(path);
}

} // namespace bitwright
