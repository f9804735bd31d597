// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/training_page.h"

#include "core/workbench_files.h"
#include "widgets/actions.h"
#include "widgets/controller.h"
#include "widgets/document.h"
#include "widgets/format.h"
#include "widgets/job_runner.h"
#include "widgets/models/layer_model.h"
#include "widgets/pages/empty_state.h"
#include "widgets/pages/repair_group.h"
#include "widgets/pages/training_options.h"
#include "widgets/plots/training_plot.h"
#include "widgets/training.h"

#include <QAction>
#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QItemSelectionModel>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedLayout>
#include <QTabBar>
#include <QTimer>
#include <QToolButton>

#include <utility>

namespace bitwright {

namespace {

const char* const kViews[]{"loss", "accuracy", "scales", "rate"};

QAction* makeAction(QObject* parent, const QString& text, const QString& help, const char* name)
{
    auto* action = new QAction(text, parent);
    action->setToolTip(help);
    action->setObjectName(QString::fromLatin1(name));
    return action;
}

} // namespace

TrainingPage::TrainingPage(const Workspace& workspace)
    : m_workspace(workspace)
    , m_training(new Training(workspace.document, workspace.controller, workspace.runner, this))
    , m_options(new TrainingOptions)
    , m_plot(new TrainingPlot)
    , m_empty(new EmptyState(
          tr("Quantization-aware training"),
          tr("Open a model and data: the weights are then trained under the plan, so that they "
             "fit its precision.")))
    , m_repairs(new RepairGroup(workspace.actions->raiseEnds))
    , m_stack(new QStackedLayout(this))
    , m_start(
          makeAction(this, tr("&Train"), tr("Train the weights under the plan, in the background"), "train"))
    , m_pause(makeAction(this, tr("Pause"), tr("Wait after the running step"), "pause-training"))
    , m_stop(makeAction(this, tr("Stop and keep the best"),
                        tr("End after the running step; the best epoch so far is the result"),
                        "stop-training"))
    , m_cancel(
          makeAction(this, tr("Cancel"), tr("Give the run up; the model stays as it is"), "cancel-training"))
{
    m_pause->setCheckable(true);
    m_empty->addAction(workspace.actions->openModel);
    m_empty->addAction(workspace.actions->openData);
    auto* splitter = new QSplitter(Qt::Horizontal);
    splitter->addWidget(buildOptions());
    splitter->addWidget(buildRun());
    splitter->setStretchFactor(0, 2);
    splitter->setStretchFactor(1, 3);
    splitter->setChildrenCollapsible(false);
    splitter->setContentsMargins(8, 6, 8, 6);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(splitter);
    connectAll();
    applyPreset();
    refreshState();
}

QWidget* TrainingPage::buildOptions()
{
    m_preset = new QComboBox;
    m_preset->setObjectName(QStringLiteral("preset"));
    m_preset->setAccessibleName(tr("Preset"));
    for (const TrainChoice& preset : trainPresets()) {
        m_preset->addItem(QString::fromStdString(preset.name));
        m_preset->setItemData(m_preset->count() - 1, QString::fromStdString(preset.description),
                              Qt::ToolTipRole);
    }
    auto* train = new QPushButton(m_start->text());
    train->setToolTip(m_start->toolTip());
    train->setDefault(true);
    connect(train, &QPushButton::clicked, m_start, &QAction::trigger);
    connect(m_start, &QAction::changed, train, [this, train] {
        train->setEnabled(m_start->isEnabled());
        train->setToolTip(m_start->toolTip());
    });
    m_file = new QLineEdit;
    m_file->setAccessibleName(tr("File of the tuned model"));
    m_file->setToolTip(tr("Where the tuned model goes; its plan goes beside it"));
    auto* choose = new QToolButton;
    choose->setText(QStringLiteral("…"));
    choose->setAccessibleName(tr("Choose the file"));
    connect(choose, &QToolButton::clicked, this, &TrainingPage::chooseFile);
    m_memory = new QLabel;
    m_memory->setWordWrap(true);
    auto* top = new QHBoxLayout;
    top->addWidget(new QLabel(tr("Preset")));
    top->addWidget(m_preset, 1);
    top->addWidget(train);
    auto* file = new QHBoxLayout;
    file->addWidget(new QLabel(tr("Write to")));
    file->addWidget(m_file, 1);
    file->addWidget(choose);
    auto* scroll = new QScrollArea;
    scroll->setWidget(m_options);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* widget = new QWidget;
    auto* layout = new QVBoxLayout(widget);
    layout->setContentsMargins(0, 0, 6, 0);
    layout->setSpacing(4);
    layout->addLayout(file);
    layout->addWidget(m_repairs);
    layout->addLayout(top);
    layout->addWidget(m_memory);
    layout->addWidget(scroll, 1);
    widget->setMinimumWidth(fontMetrics().averageCharWidth() * 42);
    return widget;
}

QWidget* TrainingPage::buildRun()
{
    m_tabs = new QTabBar;
    for (const QString& title : {tr("Loss"), tr("Accuracy"), tr("Scales"), tr("Learning rate")})
        m_tabs->addTab(title);
    m_tabs->setDocumentMode(true);
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->setObjectName(QStringLiteral("trainingView"));
    m_tabs->setAccessibleName(tr("Course of the training"));
    m_status = new QLabel;
    m_status->setWordWrap(true);
    m_status->setAccessibleName(tr("State of the training"));
    m_status->setTextInteractionFlags(Qt::TextSelectableByMouse);
    QSizePolicy policy = m_status->sizePolicy();
    policy.setRetainSizeWhenHidden(true); // the buttons stay at the right
    m_status->setSizePolicy(policy);
    auto* foot = new QHBoxLayout;
    foot->addWidget(m_status, 1);
    for (QAction* action : {m_pause, m_stop, m_cancel}) {
        auto* button = new QToolButton;
        button->setDefaultAction(action);
        foot->addWidget(button, 0, Qt::AlignBottom);
    }
    auto* widget = new QWidget;
    auto* layout = new QVBoxLayout(widget);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_tabs);
    auto* course = new QWidget;
    m_course = new QStackedLayout(course);
    m_course->addWidget(new EmptyState(
        tr("No training yet"), tr("Train shows the loss here, and the result as a new configuration.")));
    m_course->addWidget(m_plot);
    layout->addWidget(course, 1);
    layout->addLayout(foot);
    return widget;
}

void TrainingPage::connectAll()
{
    Document* document = m_workspace.document;
    connect(m_preset, &QComboBox::activated, this, [this] {
        m_edited = false;
        applyPreset();
    });
    connect(m_options, &TrainingOptions::edited, this, [this] {
        m_edited = true;
        estimate();
    });
    connect(m_tabs, &QTabBar::currentChanged, m_plot,
            [this](int tab) { m_plot->setView(TrainingPlot::View(tab)); });
    connect(m_start, &QAction::triggered, this, &TrainingPage::start);
    connect(m_repairs, &RepairGroup::chosen, this, [this](const QString& method) {
        if (const QString file = checkedFile(); !file.isEmpty())
            m_training->repair(method, file);
    });
    connect(m_pause, &QAction::toggled, m_training, &Training::pause);
    connect(m_stop, &QAction::triggered, m_training, &Training::stopAndKeepBest);
    connect(m_cancel, &QAction::triggered, m_training, &Training::cancel);
    connect(m_training, &Training::stateChanged, this, &TrainingPage::refreshState);
    connect(m_training, &Training::advanced, this, [this] {
        if (!std::exchange(m_scheduled, true))
            QTimer::singleShot(100, this, &TrainingPage::refreshRun);
    });
    connect(m_workspace.selection, &QItemSelectionModel::currentChanged, this, &TrainingPage::refreshRun);
    for (auto signal : {&Document::modelChanged, &Document::dataChanged, &Document::weightsChanged}) {
        connect(document, signal, this, [this] {
            m_edited = false;
            m_file->setText(proposedFile());
            applyPreset();
            refreshState();
        });
    }
    // Defaults follow the bits of the plan until somebody has edited them.
    connect(document, &Document::planChanged, this, [this] {
        if (!m_training->isRunning())
            applyPreset();
    });
}

QStringList TrainingPage::views() const
{
    return {std::begin(kViews), std::end(kViews)};
}

void TrainingPage::showView(const QString& name)
{
    m_tabs->setCurrentIndex(int(std::max<qsizetype>(0, views().indexOf(name))));
}

QList<QAction*> TrainingPage::viewActions() const
{
    return {m_start, m_pause, m_stop, m_cancel};
}

QString TrainingPage::proposedFile() const
{
    if (!m_workspace.document->model())
        return {};
    const QFileInfo model(QString::fromStdString(m_workspace.document->model()->path));
    const QString stem =
        model.absolutePath() + QLatin1Char('/') + model.completeBaseName() + QStringLiteral("-tuned");
    QString path = stem + QStringLiteral(".pt");
    for (int i = 2; QFileInfo::exists(path); ++i)
        path = stem + QString::number(i) + QStringLiteral(".pt");
    return path;
}

void TrainingPage::applyPreset()
{
    if (m_edited)
        return;
    if (const auto options = m_training->defaults(m_preset->currentText())) {
        m_options->setOptions(*options);
        m_options->setLabels(m_workspace.document->data() && m_workspace.document->data()->hasLabels());
    }
    estimate();
}

void TrainingPage::estimate()
{
    const auto model = m_workspace.document->model();
    if (!m_training->whyNot().isEmpty() || m_training->isRunning())
        return;
    const TrainJob job{m_workspace.document->plan(), {}, {}, {}, m_options->options()};
    m_workspace.runner->start<qint64>(
        JobRunner::Lane::Plot, tr("Memory of the training"),
        [model, job](Progress&) -> Result<qint64> {
            const auto bytes = workbench::tuneMemory(*model, job);
            return bytes ? Result<qint64>(*bytes) : Result<qint64>(0);
        },
        [this](qint64 bytes) {
            m_memory->setText(
                bytes > 0 ? tr("Training takes about %1 of memory beside the model.").arg(bytesText(bytes))
                          : QString());
        });
}

void TrainingPage::chooseFile()
{
    const QString path = QFileDialog::getSaveFileName(this, tr("File of the tuned model"), m_file->text(),
                                                      tr("TorchScript (*.pt)"));
    if (!path.isEmpty())
        m_file->setText(path);
}

void TrainingPage::proposeChannelRemoval(double share)
{
    PruneOptions prune;
    prune.kind = PruneOptions::Channels;
    prune.share = share;
    m_options->setPruning(prune);
}

void TrainingPage::start()
{
    const TrainOptions options = m_options->options();
    if (const auto valid = validate(options); !valid) {
        Q_EMIT failed(errorText(valid.error()));
        return;
    }
    if (const QString file = checkedFile(); !file.isEmpty())
        m_training->start(options, file);
}

QString TrainingPage::checkedFile()
{
    const QString file = m_file->text().trimmed();
    const auto other = workbench::refuseOwnFile(m_workspace.document->model()->path, file.toStdString());
    if (!file.isEmpty() && other)
        return file;
    Q_EMIT failed(file.isEmpty() ? tr("Say where the tuned model goes.") : errorText(other.error()));
    return {};
}

} // namespace bitwright
