// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/configurations_page.h"

#include "widgets/actions.h"
#include "widgets/commands/plan_commands.h"
#include "widgets/commands/weights_command.h"
#include "widgets/controller.h"
#include "widgets/document.h"
#include "widgets/format.h"
#include "widgets/job_runner.h"
#include "widgets/models/config_model.h"
#include "widgets/models/layer_model.h"
#include "widgets/pages/budget_view.h"
#include "widgets/pages/config_histogram.h"
#include "widgets/pages/table_style.h"
#include "widgets/plots/tradeoff_plot.h"

#include <QAction>
#include <QHeaderView>
#include <QInputDialog>
#include <QItemSelectionModel>
#include <QLabel>
#include <QShortcut>
#include <QSplitter>
#include <QStackedLayout>
#include <QTabBar>
#include <QTableView>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace bitwright {

namespace {

void prepare(QTableView* table, const QString& name)
{
    styleTable(table);
    table->setAccessibleName(name);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
}

} // namespace

ConfigurationsPage::ConfigurationsPage(const Workspace& workspace)
    : m_workspace(workspace)
    , m_model(new ConfigModel(this))
    , m_differenceModel(new ConfigDiffModel(this))
    , m_list(new QTableView)
    , m_difference(new QTableView)
    , m_summary(new QLabel)
    , m_plot(new TradeoffPlot)
    , m_histogram(new ConfigHistogram(workspace))
    , m_budget(new BudgetView(workspace))
    , m_tabs(new QTabBar)
    , m_snapshot(new QAction(tr("Take snapshot…"), this))
    , m_apply(new QAction(tr("Apply"), this))
    , m_remove(new QAction(tr("Remove snapshot"), this))
{
    build();
    connect(m_snapshot, &QAction::triggered, this, &ConfigurationsPage::takeSnapshot);
    connect(m_apply, &QAction::triggered, this, [this] { apply(m_list->currentIndex().row()); });
    connect(m_remove, &QAction::triggered, this, &ConfigurationsPage::removeSnapshot);
    connect(m_list, &QTableView::activated, this, [this](const QModelIndex& index) { apply(index.row()); });
    connect(m_list->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &ConfigurationsPage::refreshDifference);
    connect(m_model, &ConfigModel::checkedChanged, this, &ConfigurationsPage::refreshDifference);
    connect(m_difference->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& index) {
                if (index.isValid())
                    m_workspace.selection->setCurrentIndex(
                        m_workspace.layers->index(m_differenceModel->documentRow(index.row()), 0),
                        QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
            });
    connect(workspace.selection, &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& index) { m_histogram->show(index.row(), compared()); });
    connect(m_plot, &TradeoffPlot::picked, this, [this](int point) {
        m_list->selectRow(m_points.value(point));
        m_list->setFocus();
    });
    connect(m_plot, &TradeoffPlot::activated, this, [this](int point) { apply(m_points.value(point, -1)); });
    Document* document = workspace.document;
    for (auto signal : {&Document::modelChanged, &Document::evaluationChanged, &Document::snapshotsChanged,
                        &Document::calibrationChanged, &Document::sensitivityChanged})
        connect(document, signal, this, &ConfigurationsPage::schedule);
    connect(document, &Document::planChanged, this, &ConfigurationsPage::schedule);
    connect(document, &Document::modelChanged, this, [this] { m_costs.clear(); });
    // Thousands of reports follow each other when a large model opens; only the size depends on them.
    m_reportTimer.setSingleShot(true);
    m_reportTimer.setInterval(30);
    connect(&m_reportTimer, &QTimer::timeout, this, &ConfigurationsPage::schedule);
    connect(document, &Document::reportChanged, this, [this] {
        if (!m_reportTimer.isActive())
            m_reportTimer.start();
    });
    connect(workspace.runner, &JobRunner::ended, this, [this](int id) {
        if (id == m_running)
            m_running = 0;
    });
    refresh();
}

void ConfigurationsPage::build()
{
    m_list->setModel(m_model);
    m_difference->setModel(m_differenceModel);
    prepare(m_list, tr("Configurations"));
    prepare(m_difference, tr("Layers that differ"));
    // Names give way: the figures are all seen without scrolling.
    m_list->horizontalHeader()->setStretchLastSection(false);
    m_list->horizontalHeader()->setSectionResizeMode(ConfigModel::Name, QHeaderView::Stretch);
    m_list->horizontalHeader()->setMinimumSectionSize(fontMetrics().averageCharWidth() * 5);
    m_summary->setWordWrap(true);
    m_summary->setAccessibleName(tr("Change of size and accuracy"));
    auto* left = new QWidget;
    left->setMinimumWidth(fontMetrics().averageCharWidth() * 68);
    auto* leftLayout = new QVBoxLayout(left);
    leftLayout->setContentsMargins(0, 0, 0, 0);
    leftLayout->setSpacing(4);
    leftLayout->addWidget(buildBar());
    leftLayout->addWidget(m_list, 1);
    leftLayout->addWidget(m_summary);
    leftLayout->addWidget(m_difference, 1);
    auto* splitter = new QSplitter(Qt::Horizontal);
    splitter->addWidget(left);
    splitter->addWidget(buildPictures());
    splitter->setStretchFactor(0, 2);
    splitter->setStretchFactor(1, 1);
    splitter->setChildrenCollapsible(false);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 6, 8, 6);
    layout->addWidget(splitter);
}

QWidget* ConfigurationsPage::buildBar()
{
    m_snapshot->setToolTip(tr("Keep the plan as it is under a name; undo does not touch it"));
    m_apply->setToolTip(tr("Make the selected configuration the plan, as one undo step (Enter)"));
    m_remove->setToolTip(tr("Forget the selected snapshot"));
    auto* bar = new QWidget;
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(0, 0, 0, 0);
    for (QAction* action : {m_snapshot, m_apply, m_remove}) {
        auto* button = new QToolButton;
        button->setDefaultAction(action);
        layout->addWidget(button);
    }
    layout->addStretch(1);
    return bar;
}

QWidget* ConfigurationsPage::buildPictures()
{
    m_tabs->setDocumentMode(true);
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->setAccessibleName(tr("Picture of the configurations"));
    m_tabs->addTab(tr("Trade-off"));
    m_tabs->addTab(tr("Histograms"));
    m_tabs->addTab(tr("Budget"));
    auto* pictures = new QWidget;
    auto* layout = new QVBoxLayout(pictures);
    auto* stack = new QStackedLayout;
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_tabs);
    layout->addLayout(stack, 1);
    stack->addWidget(m_plot);
    stack->addWidget(m_histogram);
    stack->addWidget(m_budget);
    pictures->setMinimumWidth(200);
    connect(m_tabs, &QTabBar::currentChanged, stack, &QStackedLayout::setCurrentIndex);
    connect(m_histogram, &ConfigHistogram::upToDate, this, &Page::upToDate);
    return pictures;
}

bool ConfigurationsPage::isUpToDate() const
{
    return m_running == 0 && !m_scheduled && !m_reportTimer.isActive() && m_histogram->isUpToDate();
}

QStringList ConfigurationsPage::views() const
{
    return {QStringLiteral("tradeoff"), QStringLiteral("histograms"), QStringLiteral("budget")};
}

void ConfigurationsPage::showView(const QString& name)
{
    m_tabs->setCurrentIndex(std::max(0, int(views().indexOf(name))));
}

QList<QAction*> ConfigurationsPage::viewActions() const
{
    return {m_snapshot, m_apply};
}

std::vector<Configuration> ConfigurationsPage::collect() const
{
    const Document& document = *m_workspace.document;
    std::vector<Configuration> all;
    if (!document.model())
        return all;
    all.push_back({tr("The plan as it is"), document.plan(), document.model(), {}, {}, true});
    for (const Snapshot& snapshot : document.snapshots())
        all.push_back({snapshot.name, snapshot.plan, snapshot.model, {}, {}, false});
    int number = 0;
    for (const Measurement& m : document.measurements()) {
        ++number;
        bool named = false;
        for (Configuration& c : all) {
            if (c.plan != m.plan || c.model != m.model)
                continue;
            c.cost = m.result.cost;
            c.evaluation = m.result.evaluation;
            named = true;
        }
        const QString name = m.step.isEmpty() ? tr("Evaluation %1").arg(number)
                                              : tr("Evaluation %1: %2").arg(number).arg(m.step);
        if (!named)
            all.push_back({name, m.plan, m.model, m.result.cost, m.result.evaluation, false});
    }
    for (Configuration& c : all) {
        if (const KnownCost* known = knownCost(c); known && !c.cost)
            c.cost = known->cost;
        // While editing, the live reports know the size; the rest is computed for what is kept.
        if (c.cost || !c.isCurrent)
            continue;
        if (const Document::Size size = document.size(); size.complete) {
            c.cost.emplace();
            c.cost->quantizedBytes = size.bytes;
        }
    }
    return all;
}

const ConfigurationsPage::KnownCost* ConfigurationsPage::knownCost(const Configuration& of) const
{
    const auto known = std::find_if(m_costs.begin(), m_costs.end(), [&of](const KnownCost& entry) {
        return entry.plan == of.plan && entry.model == of.model;
    });
    return known == m_costs.end() ? nullptr : &*known;
}

void ConfigurationsPage::schedule()
{
    if (std::exchange(m_scheduled, true))
        return;
    QTimer::singleShot(0, this, [this] {
        m_scheduled = false;
        refresh();
    });
}

void ConfigurationsPage::refresh()
{
    const int row = std::max(0, m_list->currentIndex().row());
    m_model->setConfigurations(collect());
    // Without labels there is no accuracy, and with them nobody compares decibels.
    const auto& all = m_model->configurations();
    const bool labelled = std::any_of(all.begin(), all.end(), [](const Configuration& c) {
        return c.evaluation && c.evaluation->quantized.top1;
    });
    for (const int column : {int(ConfigModel::Top1), int(ConfigModel::Loss)})
        m_list->setColumnHidden(column, !labelled);
    m_list->setColumnHidden(ConfigModel::Sqnr, labelled);
    m_list->selectRow(std::min(row, m_model->rowCount() - 1));
    refreshPlot();
    refreshDifference();
    startCost();
}

void ConfigurationsPage::startCost()
{
    const Document& document = *m_workspace.document;
    if (m_running != 0 || !document.model() || !document.calibration())
        return;
    const auto& all = m_model->configurations();
    const auto missing = std::find_if(all.begin(), all.end(), [this](const Configuration& c) {
        return !c.cost && !c.isCurrent && !knownCost(c);
    });
    if (missing == all.end()) {
        Q_EMIT upToDate();
        return;
    }
    using Outcome = std::optional<Cost>;
    m_running = m_workspace.runner->start<Outcome>(
        JobRunner::Lane::Plot, tr("Cost of %1").arg(missing->name),
        [model = missing->model, plan = missing->plan,
         calibration = document.calibration()](Progress& progress) -> Result<Outcome> {
            auto cost = workbench::cost(*model, plan, *calibration, progress);
            return cost ? Outcome(*cost) : Outcome();
        },
        [this, plan = missing->plan, model = missing->model](const Outcome& cost) {
            m_running = 0;
            m_costs.push_back({plan, model, cost});
            if (m_costs.size() > 64)
                m_costs.erase(m_costs.begin());
            schedule();
        });
}

bool ConfigurationsPage::apply(int row)
{
    const auto& all = m_model->configurations();
    if (row <= 0 || size_t(row) >= all.size() || all[size_t(row)].isSame(all[0]))
        return false;
    const Configuration chosen = all[size_t(row)];
    const QString text = tr("Apply configuration %1").arg(chosen.name);
    Document* document = m_workspace.document;
    if (chosen.model == document->model()) {
        document->undoStack()->push(new ReplacePlanCommand(document, chosen.plan, text));
        return true;
    }
    Weights weights{chosen.model, chosen.plan, {}, {}, chosen.plan};
    if (chosen.evaluation && chosen.cost)
        weights.evaluation = workbench::EvaluateResult{*chosen.evaluation, *chosen.cost};
    document->undoStack()->push(new SetWeightsCommand(document, weights, text));
    m_workspace.controller->calibrate();
    return true;
}

void ConfigurationsPage::takeSnapshot()
{
    bool ok = false;
    const QString proposed = tr("Snapshot %1").arg(m_workspace.document->snapshots().size() + 1);
    const QString name =
        QInputDialog::getText(this, tr("Take snapshot"), tr("&Name:"), QLineEdit::Normal, proposed, &ok);
    if (ok && !name.trimmed().isEmpty())
        m_workspace.document->addSnapshot(name.trimmed());
}

void ConfigurationsPage::removeSnapshot()
{
    std::vector<Snapshot> snapshots = m_workspace.document->snapshots();
    const int row = m_list->currentIndex().row() - 1;
    if (row < 0 || size_t(row) >= snapshots.size())
        return;
    snapshots.erase(snapshots.begin() + row);
    m_workspace.document->setSnapshots(snapshots);
}

} // namespace bitwright
