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
#include "widgets/pages/table_style.h"
#include "widgets/plots/tradeoff_plot.h"
#include "widgets/prediction.h"

#include <QAction>
#include <QHeaderView>
#include <QInputDialog>
#include <QItemSelectionModel>
#include <QLabel>
#include <QLocale>
#include <QShortcut>
#include <QSplitter>
#include <QTableView>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace bitwright {

namespace {

/// A change between two figures as a share of the first.
QString change(double from, double to)
{
    if (!(from > 0))
        return {};
    const double percent = 100 * (to - from) / from;
    return (percent < 0 ? QStringLiteral("−") : QStringLiteral("+")) +
           QLocale().toString(std::abs(percent), 'f', 1) + QStringLiteral(" %");
}

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
    connect(document, &Document::reportChanged, this, &ConfigurationsPage::schedule);
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
    m_summary->setWordWrap(true);
    m_summary->setAccessibleName(tr("Change of size and accuracy"));
    auto* left = new QWidget;
    auto* leftLayout = new QVBoxLayout(left);
    leftLayout->setContentsMargins(0, 0, 0, 0);
    leftLayout->setSpacing(4);
    leftLayout->addWidget(buildBar());
    leftLayout->addWidget(m_list, 1);
    leftLayout->addWidget(m_summary);
    leftLayout->addWidget(m_difference, 1);
    auto* splitter = new QSplitter(Qt::Horizontal);
    splitter->addWidget(left);
    splitter->addWidget(m_plot);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setChildrenCollapsible(false);
    m_plot->setMinimumWidth(220);
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
        const auto known = std::find_if(m_costs.begin(), m_costs.end(),
                                        [&c](const auto& entry) { return entry.first == c.plan; });
        if (!c.cost && known != m_costs.end())
            c.cost = known->second;
        // While editing, the live reports know the size; the rest is computed for what is kept.
        if (const Document::Size size = document.size(); !c.cost && c.isCurrent && size.complete) {
            c.cost.emplace();
            c.cost->quantizedBytes = size.bytes;
        }
    }
    return all;
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
    if (!m_workspace.document->model())
        m_costs.clear();
    m_model->setConfigurations(collect());
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
    const auto missing =
        std::find_if(all.begin(), all.end(), [](const Configuration& c) { return !c.cost && !c.isCurrent; });
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
        [this, plan = missing->plan](const Outcome& cost) {
            m_running = 0;
            // A plan whose cost cannot be computed is not asked for again.
            m_costs.emplace_back(plan, cost.value_or(Cost{}));
            if (m_costs.size() > 64)
                m_costs.erase(m_costs.begin());
            schedule();
        });
}

void ConfigurationsPage::refreshPlot()
{
    std::vector<TradeoffPoint> points;
    m_points.clear();
    const auto& all = m_model->configurations();
    const bool labelled = std::any_of(all.begin(), all.end(), [](const Configuration& c) {
        return c.evaluation && c.evaluation->quantized.top1;
    });
    // The trail is the order of measuring.
    for (const Measurement& m : m_workspace.document->measurements()) {
        const auto it = std::find_if(all.begin(), all.end(), [&m](const Configuration& other) {
            return other.plan == m.plan && other.model == m.model;
        });
        if (it == all.end() || !it->cost || !it->evaluation || (labelled && !it->evaluation->quantized.top1))
            continue;
        const Configuration& c = *it;
        const double accuracy = labelled ? 100 * *c.evaluation->quantized.top1 : c.evaluation->outputSqnrDb;
        if (!std::isfinite(accuracy))
            continue;
        points.push_back({c.name, double(c.cost->quantizedBytes) / 1000, accuracy, 0});
        m_points.append(int(it - all.begin()));
    }
    if (const auto estimate = predictionOf(*m_workspace.document);
        !all.empty() && all[0].cost && !all[0].evaluation && labelled && estimate && estimate->top1) {
        points.push_back({all[0].name, double(all[0].cost->quantizedBytes) / 1000,
                          100 * estimate->top1->value, 100 * estimate->top1->half});
        m_points.append(0);
    }
    m_plot->setPoints(points, labelled ? tr("Top-1 (%)") : tr("Output SQNR (dB)"));
    m_plot->setCurrent(int(m_points.indexOf(m_list->currentIndex().row())));
}

void ConfigurationsPage::refreshDifference()
{
    const auto& all = m_model->configurations();
    const int row = m_list->currentIndex().row();
    QList<int> rows = m_model->checkedRows();
    // Without checks: what Enter would change.
    if (rows.size() < 2)
        rows = row > 0 ? QList<int>{0, row} : QList<int>();
    std::vector<Configuration> compared;
    for (const int r : std::as_const(rows))
        compared.push_back(all[size_t(r)]);
    m_differenceModel->setConfigurations(*m_workspace.document, compared);
    QStringList lines;
    for (size_t i = 1; i < compared.size(); ++i) {
        const Configuration &a = compared[0], &b = compared[i];
        QStringList parts;
        if (a.cost && b.cost)
            parts << tr("size %1").arg(
                change(double(a.cost->quantizedBytes), double(b.cost->quantizedBytes)));
        if (a.cost && b.cost && a.cost->bops > 0 && b.cost->bops > 0)
            parts << tr("bit operations %1").arg(change(a.cost->bops, b.cost->bops))
                  << tr("energy %1").arg(change(a.cost->energyPj, b.cost->energyPj));
        if (a.evaluation && b.evaluation && a.evaluation->quantized.top1 && b.evaluation->quantized.top1)
            parts << tr("top-1 %1 → %2")
                         .arg(percentText(*a.evaluation->quantized.top1, 2),
                              percentText(*b.evaluation->quantized.top1, 2));
        lines << tr("%1 → %2: %3")
                     .arg(a.name, b.name, parts.isEmpty() ? tr("not measured") : parts.join(u", "));
    }
    if (lines.isEmpty())
        lines << tr(
            "Select a configuration to see what it would change, or check two to four to compare them.");
    m_summary->setText(lines.join(QLatin1Char('\n')));
    m_plot->setCurrent(int(m_points.indexOf(row)));
    const QString noModel = all.empty() ? tr("Open a model first.") : QString();
    const bool other = row > 0 && size_t(row) < all.size() && !all[size_t(row)].isSame(all[0]);
    const bool named = row > 0 && row <= int(m_workspace.document->snapshots().size());
    Actions::setReason(m_snapshot, noModel);
    Actions::setReason(m_apply, !noModel.isEmpty() ? noModel
                                : other            ? QString()
                                        : tr("Select a configuration that differs from the plan."));
    Actions::setReason(m_remove, named ? QString() : tr("Select a snapshot."));
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
