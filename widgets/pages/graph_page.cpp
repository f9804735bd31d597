// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/graph_page.h"

#include "widgets/actions.h"
#include "widgets/document.h"
#include "widgets/job_runner.h"
#include "widgets/model_kind.h"
#include "widgets/pages/empty_state.h"
#include "widgets/plots/color_legend.h"
#include "widgets/plots/graph_view.h"
#include "widgets/theme.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHelpEvent>
#include <QItemSelectionModel>
#include <QJsonArray>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStackedLayout>
#include <QToolTip>
#include <QVBoxLayout>

#include <functional>
#include <map>

namespace bitwright {

namespace {

/// Boxes that are shown when a model opens: what fits on a screen and can still be read.
constexpr size_t kFirstBoxes = 60;

std::vector<Shape> layerShapes(const Document& document)
{
    std::vector<Shape> shapes;
    for (int row = 0; row < document.rowCount(); ++row)
        shapes.push_back(document.model()->graph().values[size_t(document.row(row).activation)].shape);
    return shapes;
}

} // namespace

GraphPage::GraphPage(const Workspace& workspace)
    : m_workspace(workspace)
    , m_stack(new QStackedLayout(this))
{
    m_empty = new EmptyState(tr("No model is open"),
                             tr("The layers of the model and how data flows through them."));
    m_empty->addAction(workspace.actions->openModel);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(buildContent());
    createActions();
    m_colorTimer.setSingleShot(true);
    m_colorTimer.setInterval(30);
    connect(&m_colorTimer, &QTimer::timeout, this, [this] {
        recolor();
        Q_EMIT upToDate();
    });
    m_buildTimer.setSingleShot(true);
    connect(&m_buildTimer, &QTimer::timeout, this, &GraphPage::buildSome);
    const Document* document = workspace.document;
    connect(document, &Document::modelChanged, this, &GraphPage::modelChanged);
    // Trained weights have the same graph, unless channels were removed.
    connect(document, &Document::weightsChanged, this, [this] {
        if (m_workspace.document->model()->hasGraph() && m_shapes != layerShapes(*m_workspace.document))
            modelChanged();
    });
    connect(document, &Document::reportChanged, this, &GraphPage::scheduleColors);
    connect(document, &Document::planChanged, this, &GraphPage::scheduleColors);
    for (auto signal : {&Document::sensitivityChanged, &Document::errorModeChanged})
        connect(document, signal, this, [this, document] {
            for (const LayerMetric effect : {LayerMetric::WeightEffect, LayerMetric::ActivationEffect})
                m_metricBox->setItemText(m_metricBox->findData(int(effect)), metricTitle(effect, document));
            if (isEffect(m_metric))
                scheduleColors();
        });
    connect(workspace.selection, &QItemSelectionModel::selectionChanged, this, &GraphPage::selectionToView);
    connect(workspace.selection, &QItemSelectionModel::currentChanged, this, &GraphPage::selectionToView);
    connect(workspace.runner, &JobRunner::ended, this, [this](int id, JobInfo::State how) {
        if (id != m_job || how == JobInfo::Finished)
            return;
        m_job = 0;
        showStatus(how == JobInfo::Cancelled ? tr("The layout was cancelled.") : tr("The layout failed."),
                   tr("Lay out again"));
        Q_EMIT upToDate();
    });
    modelChanged();
}

QLayout* GraphPage::buildTopRow()
{
    m_metricBox = new QComboBox;
    m_metricBox->setAccessibleName(tr("Colour of the graph"));
    m_metricBox->setToolTip(tr("What the colour and the number of every box show"));
    for (const LayerMetricRow& metric : layerMetrics())
        m_metricBox->addItem(metricTitle(metric.metric, m_workspace.document), int(metric.metric));
    connect(m_metricBox, &QComboBox::activated, this,
            [this] { setMetric(LayerMetric(m_metricBox->currentData().toInt())); });
    m_searchEdit = new QLineEdit;
    m_searchEdit->setPlaceholderText(tr("Search (regular expression)"));
    m_searchEdit->setAccessibleName(tr("Search in the graph"));
    m_searchEdit->setToolTip(
        tr("Marks the layers whose name or operator matches; Enter goes to the next one"));
    m_searchEdit->setClearButtonEnabled(true);
    connect(m_searchEdit, &QLineEdit::textChanged, this, &GraphPage::search);
    connect(m_searchEdit, &QLineEdit::returnPressed, this, &GraphPage::nextMatch);
    m_found = new QLabel;
    auto* row = new QHBoxLayout;
    row->addWidget(m_metricBox);
    row->addWidget(m_searchEdit, 1);
    row->addWidget(m_found);
    return row;
}

QLayout* GraphPage::buildBottomRow()
{
    m_legend = new ColorLegend;
    m_status = new QLabel;
    m_statusButton = new QPushButton(tr("Cancel"));
    connect(m_statusButton, &QPushButton::clicked, this, [this] { m_job ? cancelLayout() : relayout(); });
    auto* row = new QHBoxLayout;
    row->addWidget(m_legend, 1);
    row->addWidget(m_status);
    row->addWidget(m_statusButton);
    m_status->hide();
    m_statusButton->hide();
    return row;
}

QWidget* GraphPage::buildContent()
{
    m_view = new GraphView;
    m_view->viewport()->installEventFilter(this);
    connect(m_view, &GraphView::chosen, this, &GraphPage::selectionFromView);
    connect(m_view, &GraphView::activated, this, &GraphPage::toggle);
    connect(m_view, &GraphView::collapseRequested, this, &GraphPage::collapse);
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(8, 8, 8, 6);
    layout->setSpacing(6);
    layout->addLayout(buildTopRow());
    layout->addWidget(m_view, 1);
    layout->addLayout(buildBottomRow());
    return content;
}

void GraphPage::createActions()
{
    const auto make = [this](const QString& text, const QString& name, const QList<QKeySequence>& keys,
                             const std::function<void()>& work) {
        auto* action = new QAction(text, this);
        action->setObjectName(name);
        action->setShortcuts(keys);
        action->setShortcutContext(Qt::WidgetShortcut);
        action->setToolTip(
            tr("%1, while the graph has the focus (%2)")
                .arg(QString(text).remove(u'&'), action->shortcut().toString(QKeySequence::NativeText)));
        connect(action, &QAction::triggered, this, work);
        m_view->addAction(action);
        m_actions.append(action);
    };
    make(tr("&Fit graph"), QStringLiteral("graphFit"), {Qt::Key_Space}, [this] { m_view->fit(); });
    make(tr("Graph: zoom &in"), QStringLiteral("graphZoomIn"), {Qt::Key_Plus, Qt::Key_Equal},
         [this] { m_view->zoomIn(); });
    make(tr("Graph: zoom &out"), QStringLiteral("graphZoomOut"), {Qt::Key_Minus},
         [this] { m_view->zoomOut(); });
    make(tr("&Expand all modules"), QStringLiteral("graphExpand"), {Qt::SHIFT | Qt::Key_Return},
         [this] { expandAll(); });
    make(tr("&Collapse all modules"), QStringLiteral("graphCollapse"), {Qt::SHIFT | Qt::Key_Backspace},
         [this] { collapseAll(); });
}

void GraphPage::modelChanged()
{
    const auto& model = m_workspace.document->model();
    const bool graph = model && model->hasGraph();
    m_stack->setCurrentIndex(graph ? 1 : 0);
    if (model)
        m_empty->setTexts(tr("There is no graph"), whyNotRun(*m_workspace.document));
    for (QAction* action : std::as_const(m_actions))
        Actions::setReason(action, whyNotRun(*m_workspace.document));
    m_workspace.runner->cancelLane(JobRunner::Lane::Layout);
    m_job = 0;
    m_building.reset();
    m_view->clear();
    m_shapes = graph ? layerShapes(*m_workspace.document) : std::vector<Shape>();
    m_outline = {};
    m_expanded.clear();
    m_visible = {};
    m_fitNext = true;
    // Every page hears of a model in the same turn; this takes long with thousands of nodes.
    m_outlinePending = graph;
    QTimer::singleShot(0, this, &GraphPage::outlineNow);
}

void GraphPage::outlineNow()
{
    if (!std::exchange(m_outlinePending, false))
        return;
    m_outline = outlineOf(m_workspace.document->model()->graph());
    m_expanded = expandedUpTo(m_outline, kFirstBoxes);
    relayout();
}

void GraphPage::showStatus(const QString& text, const QString& button)
{
    m_status->setText(text);
    m_status->setVisible(!text.isEmpty());
    if (!button.isEmpty())
        m_statusButton->setText(button);
    m_statusButton->setVisible(!text.isEmpty());
}

void GraphPage::cancelLayout()
{
    if (m_job)
        m_workspace.runner->cancel(m_job);
}

void GraphPage::relayout()
{
    const int before = std::exchange(m_job, 0);
    if (before)
        m_workspace.runner->cancel(before);
    if (m_building) {
        m_building.reset();
        m_view->clear();
    }
    m_visible = visibleGraph(m_outline, m_expanded);
    const LayoutInput input = layoutInput();
    showStatus(tr("Laying out %n box(es)…", nullptr, int(input.boxes.size())), tr("Cancel"));
    m_job = m_workspace.runner->start<GraphLayout>(
        JobRunner::Lane::Layout, tr("Lay out the graph"),
        [input](Progress& progress) { return layoutGraph(input, progress); },
        [this, visible = m_visible](const GraphLayout& layout) {
            if (visible != m_visible)
                return;
            m_job = 0;
            showLayout(layout);
        });
}

void GraphPage::toggle(int id)
{
    if (!m_outline.nodes[size_t(id)].isModule())
        return;
    m_expanded[size_t(id)] = !m_expanded[size_t(id)];
    relayout();
}

void GraphPage::collapse(int id)
{
    if (id < 0 && m_view->current() >= 0)
        id = m_outline.nodes[size_t(m_view->current())].parent;
    if (id >= 0 && m_expanded[size_t(id)])
        toggle(id);
}

void GraphPage::expandAll()
{
    m_expanded.assign(m_outline.nodes.size(), true);
    m_fitNext = true;
    relayout();
}

void GraphPage::collapseAll()
{
    m_expanded.assign(m_outline.nodes.size(), false);
    m_fitNext = true;
    relayout();
}

void GraphPage::setMetric(LayerMetric metric)
{
    m_metric = metric;
    m_metricBox->setCurrentIndex(m_metricBox->findData(int(metric)));
    recolor();
}

bool GraphPage::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int id = m_view->idAt(help->pos());
        QToolTip::showText(help->globalPos(), id < 0 ? QString() : toolTipOf(id), m_view);
        return true;
    }
    return Page::eventFilter(watched, event);
}

void GraphPage::changeEvent(QEvent* event)
{
    Page::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_view)
        recolor(); // another theme, or another colour map
}

QList<Exportable> GraphPage::exportables() const
{
    if (m_view->boxes().isEmpty())
        return {};
    return {{QStringLiteral("graph"), m_view->accessibleName(), m_view, [this] { return csv(); }}};
}

QString GraphPage::csv() const
{
    QString text = QStringLiteral("name,operator,%1,reads\n").arg(QLatin1String(metricRow(m_metric).key));
    const auto quoted = [](QString cell) { return u'"' + cell.replace(u'"', QStringLiteral("\"\"")) + u'"'; };
    std::map<int, QStringList> reads;
    for (const auto& [from, to] : m_visible.edges)
        reads[to] << QString::fromStdString(m_outline.nodes[size_t(from)].path);
    for (const int id : m_visible.nodes) {
        const OutlineNode& node = m_outline.nodes[size_t(id)];
        const auto value = metricOfRows(*m_workspace.document, m_metric, node.rows);
        text += QStringList{quoted(QString::fromStdString(node.path)), quoted(boxOf(id).subtitle),
                            value ? QString::number(*value, 'g', 9) : QString(), quoted(reads[id].join(u' '))}
                    .join(u',') +
                u'\n';
    }
    return text;
}

QJsonObject GraphPage::viewState() const
{
    QJsonArray expanded;
    for (size_t i = 0; i < m_expanded.size(); ++i) {
        if (m_expanded[i])
            expanded.append(QString::fromStdString(m_outline.nodes[i].path));
    }
    return {{QStringLiteral("metric"), QLatin1String(metricRow(m_metric).key)},
            {QStringLiteral("expanded"), expanded}};
}

void GraphPage::restoreView(const QJsonObject& state)
{
    outlineNow();
    if (const LayerMetricRow* metric = findMetric(state.value(QStringLiteral("metric")).toString()))
        setMetric(metric->metric);
    const QJsonValue expanded = state.value(QStringLiteral("expanded"));
    if (!expanded.isArray() || m_outline.nodes.empty())
        return;
    for (size_t i = 0; i < m_expanded.size(); ++i)
        m_expanded[i] = m_outline.nodes[i].isModule() &&
                        expanded.toArray().contains(QString::fromStdString(m_outline.nodes[i].path));
    relayout();
}

} // namespace bitwright
