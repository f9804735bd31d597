// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/histogram_page.h"

#include "widgets/document.h"
#include "widgets/format.h"
#include "widgets/models/channel_model.h"
#include "widgets/pages/empty_state.h"
#include "widgets/pages/statistics_table.h"
#include "widgets/pages/table_style.h"
#include "widgets/plots/channel_plot.h"
#include "widgets/plots/histogram_plot.h"
#include "widgets/plots/staircase_plot.h"
#include "widgets/plots/threshold_handles.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QScrollArea>
#include <QSortFilterProxyModel>
#include <QStackedLayout>
#include <QStackedWidget>
#include <QTabBar>
#include <QTableView>
#include <QToolButton>

#include <utility>

namespace bitwright {

namespace {

/// Nullopt when the values cannot be read; the overlay is then left out.
std::optional<HistogramOverlay> overlayOf(const Model& model, const DistributionTarget& target)
{
    if (target.site == PlanSite::Activations)
        return HistogramOverlay{target.title, target.stats->histogram};
    const auto tensor = model.runner->parameter(target.title.toStdString());
    if (!tensor)
        return {};
    return HistogramOverlay{target.title,
                            weightStats(tensor->toFloat(), -1, ChannelHistograms::No).histogram};
}

} // namespace

HistogramPage::HistogramPage(const Workspace& workspace)
    : m_document(workspace.document)
    , m_runner(workspace.runner)
    , m_selection(workspace.selection)
    , m_stack(new QStackedLayout(this))
    , m_empty(new EmptyState({}, {}))
    , m_plot(new HistogramPlot)
    , m_channelPlot(new ChannelPlot)
    , m_channels(new ChannelModel(this))
    , m_staircase(new StaircasePlot)
    , m_numbers(new StatisticsTable)
    , m_range(new RangePanel)
    , m_update(workspace.runner, [this] { startUpdate(); })
{
    m_stack->addWidget(m_empty);
    m_stack->addWidget(buildContent());
    connectRange();
    connect(m_selection, &QItemSelectionModel::currentChanged, this, &HistogramPage::selectRow);
    connect(m_selection, &QItemSelectionModel::selectionChanged, &m_update, &ViewUpdate::request);
    connect(m_document, &Document::modelChanged, this, [this] { selectRow({}); });
    connect(m_document, &Document::calibrationChanged, this, [this] {
        forgetWish();
        m_update.request();
    });
    connect(m_document, &Document::planChanged, this, [this](const QList<int>& rows) {
        if (rows.contains(m_row) || rows.contains(m_document->rowOf(m_target.planLayer))) {
            forgetWish();
            m_update.request();
        }
    });
    selectRow({});
}

HistogramPage::~HistogramPage() = default;

QWidget* HistogramPage::buildContent()
{
    auto* side = new QWidget;
    auto* sideLayout = new QVBoxLayout(side);
    sideLayout->setContentsMargins(0, 0, 0, 0);
    sideLayout->addWidget(m_range);
    sideLayout->addWidget(m_numbers);
    sideLayout->addStretch(1);
    auto* scroll = new QScrollArea;
    scroll->setWidget(side);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFixedWidth(fontMetrics().averageCharWidth() * 48);
    scroll->setAccessibleName(tr("Range and statistics"));
    buildChannelTable();
    m_views = new QStackedWidget;
    for (QWidget* view : std::initializer_list<QWidget*>{m_plot, m_channelPlot, m_channelTable, m_staircase})
        m_views->addWidget(view);
    m_formula = new QLabel;
    m_formula->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_formula->setAccessibleName(tr("Formula"));
    m_formula->setWordWrap(true);
    m_formula->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    // Room for a line that had to be broken; a fixed height keeps the plot still while the pointer moves.
    m_formula->setFixedHeight(4 * fontMetrics().lineSpacing());
    m_formula->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto* left = new QVBoxLayout;
    left->addWidget(m_views, 1);
    left->addWidget(m_formula);
    auto* row = new QHBoxLayout;
    row->addLayout(left, 1);
    row->addWidget(scroll);
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(8, 4, 0, 4);
    layout->setSpacing(3);
    layout->addWidget(buildBar());
    layout->addWidget(m_title);
    layout->addLayout(row, 1);
    return content;
}

void HistogramPage::buildChannelTable()
{
    auto* sorted = new QSortFilterProxyModel(this);
    sorted->setSourceModel(m_channels);
    sorted->setSortRole(ChannelModel::SortRole);
    m_channelTable = new QTableView;
    m_channelTable->setModel(sorted);
    m_channelTable->setSortingEnabled(true);
    m_channelTable->sortByColumn(ChannelModel::Ratio, Qt::DescendingOrder);
    styleTable(m_channelTable);
    QHeaderView* heading = m_channelTable->horizontalHeader();
    heading->setSectionResizeMode(QHeaderView::Stretch);
    heading->setSectionResizeMode(ChannelModel::Sqnr, QHeaderView::ResizeToContents); // the longest heading
    heading->setResizeContentsPrecision(0); // of what is visible: there may be thousands of rows
    heading->setStretchLastSection(false);  // would keep a width of its own
    m_channelTable->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_channelTable->setAccessibleName(tr("Channels"));
    connect(m_channelTable, &QTableView::activated, this,
            [this, sorted](const QModelIndex& index) { showChannel(sorted->mapToSource(index).row()); });
}

QWidget* HistogramPage::buildBar()
{
    auto* bar = new QWidget;
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(0, 0, 8, 0);
    m_title = new QLabel;
    m_title->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_tabs = new QTabBar;
    m_tabs->setAccessibleName(tr("View"));
    m_tabs->setDrawBase(false);
    for (const QString& name : {tr("Histogram"), tr("Channels"), tr("Channel table"), tr("Staircase")})
        m_tabs->addTab(name);
    m_site = new QComboBox;
    m_site->addItems({tr("Weights"), tr("Input activation"), tr("Output activation")});
    m_site->setAccessibleName(tr("Tensor kind"));
    m_site->setToolTip(tr("Show the weights, the input or the output of the selected layer"));
    m_tensor = new QComboBox;
    m_tensor->setAccessibleName(tr("Tensor"));
    m_tensor->setToolTip(tr("Which of the layer's weights or inputs to show"));
    m_allChannels = new QToolButton;
    m_allChannels->setText(tr("All channels"));
    m_allChannels->setToolTip(tr("Back from one channel to the whole tensor"));
    m_logarithmic = new QAction(tr("Logarithmic"), this);
    m_logarithmic->setObjectName(QStringLiteral("logarithmic"));
    m_logarithmic->setCheckable(true);
    m_logarithmic->setShortcut(Qt::Key_L);
    m_reset = new QAction(tr("Fit"), this);
    m_reset->setObjectName(QStringLiteral("fit"));
    m_reset->setShortcut(Qt::CTRL | Qt::Key_0);
    const std::pair<QAction*, QString> actions[]{{m_logarithmic, tr("Logarithmic density axis")},
                                                 {m_reset, tr("Show the whole tensor and its range")}};
    layout->addWidget(m_tabs);
    layout->addStretch(1);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_allChannels, m_site, m_tensor})
        layout->addWidget(widget);
    for (const auto& [action, help] : actions) {
        action->setToolTip(tr("%1 (%2)").arg(help, action->shortcut().toString(QKeySequence::NativeText)));
        auto* button = new QToolButton;
        button->setDefaultAction(action);
        button->setAccessibleName(action->text());
        layout->addWidget(button);
    }
    connectBar();
    return bar;
}

void HistogramPage::connectBar()
{
    connect(m_logarithmic, &QAction::toggled, m_plot, &HistogramPlot::setLogarithmic);
    connect(m_reset, &QAction::triggered, this, [this] {
        m_plot->resetView();
        m_staircase->resetView();
    });
    connect(m_tabs, &QTabBar::currentChanged, m_views, &QStackedWidget::setCurrentIndex);
    connect(m_allChannels, &QToolButton::clicked, this, [this] { showChannel(-1); });
    connect(m_channelPlot, &ChannelPlot::picked, this, &HistogramPage::showChannel);
    for (auto* view : {m_site, m_tensor})
        connect(view, &QComboBox::currentIndexChanged, this, [this, view] {
            if (view == m_site) {
                m_choice = DistributionSite(m_site->currentIndex());
                chooseTensors();
            }
            m_channel = -1;
            forgetWish();
            m_update.request();
        });
}

void HistogramPage::selectRow(const QModelIndex& current)
{
    m_row = current.isValid() && current.row() < m_document->rowCount() ? current.row() : -1;
    m_channel = -1;
    chooseSite();
    chooseTensors();
    forgetWish();
    m_update.request();
}

void HistogramPage::chooseSite()
{
    if (m_row < 0)
        return;
    const LayerRow& row = m_document->row(m_row);
    const bool missing = (m_choice == DistributionSite::Weights && !row.hasWeights()) ||
                         (m_choice == DistributionSite::Input && !row.layer);
    const QSignalBlocker blocker(m_site);
    m_site->setCurrentIndex(int(missing ? DistributionSite::Output : m_choice));
}

void HistogramPage::chooseTensors()
{
    const QSignalBlocker blocker(m_tensor);
    m_tensor->clear();
    if (m_row >= 0)
        m_tensor->addItems(distributionTensors(*m_document, m_row, DistributionSite(m_site->currentIndex())));
    m_tensor->setVisible(m_tensor->count() > 1);
}

void HistogramPage::showNothing(const QString& headline, const QString& text)
{
    m_empty->setTexts(headline, text);
    m_stack->setCurrentIndex(0);
    m_shownKey.clear();
    m_shown.reset();
    m_thresholds.reset();
    m_plot->clear();
    Q_EMIT upToDate();
}

void HistogramPage::startUpdate()
{
    m_target = distributionTarget(*m_document, m_row, DistributionSite(m_site->currentIndex()),
                                  m_tensor->currentIndex());
    if (m_target.isNothing()) {
        showNothing(m_target.headline, m_target.text);
        return;
    }
    m_update.run<HistogramContents>(
        tr("Distribution of %1").arg(m_target.title),
        [work = makeWork(m_target), others = otherTargets(), model = m_document->model(),
         keep = m_document->calibration()](Progress& progress) -> Result<HistogramContents> {
            auto result = work(progress);
            if (!result)
                return result.error();
            HistogramContents outcome{std::move(*result), {}};
            for (const DistributionTarget& other : others) {
                if (auto overlay = overlayOf(*model, other); overlay && !progress.cancelled())
                    outcome.overlays.push_back(std::move(*overlay));
            }
            return outcome;
        },
        [this](const Result<HistogramContents>& outcome) { deliver(outcome); });
}

std::vector<DistributionTarget> HistogramPage::otherTargets() const
{
    std::vector<DistributionTarget> others;
    for (const QModelIndex& index : m_selection->selectedRows()) {
        if (index.row() == m_row || m_channel >= 0 || others.size() >= HistogramPlot::kMostOverlays)
            continue;
        DistributionTarget other =
            distributionTarget(*m_document, index.row(), DistributionSite(m_site->currentIndex()), 0);
        if (!other.isNothing() && other.key != m_target.key)
            others.push_back(std::move(other));
    }
    return others;
}

std::function<Result<SiteDistribution>(Progress&)>
HistogramPage::makeWork(const DistributionTarget& target) const
{
    if (target.site == PlanSite::Weights) {
        QuantPlan plan = m_document->plan();
        if (m_wish)
            plan.setWeights(target.planLayer, m_wish->spec);
        return [model = m_document->model(), target, plan, channel = m_channel](Progress& progress) {
            return weightDistribution(*model, *target.layer, target.tensor, plan, progress, channel);
        };
    }
    return [keep = m_document->calibration(), target, wish = m_wish](Progress&) {
        const QuantSpec spec = wish ? specOfWish(*wish, *keep, target.value) : target.spec;
        return activationDistribution(target.planLayer, *target.stats, spec);
    };
}

void HistogramPage::deliver(const Result<HistogramContents>& outcome)
{
    if (!outcome) {
        Q_EMIT failed(errorText(outcome.error()));
        Q_EMIT upToDate();
        return;
    }
    const QString key = QStringLiteral("%1/%2").arg(m_target.key).arg(outcome->distribution->channel);
    m_shown = *outcome->distribution;
    m_thresholds = std::make_unique<ThresholdModel>(distributionOf(m_shown->stats));
    m_plot->setOverlays(outcome->overlays);
    m_stack->setCurrentIndex(1);
    showDistribution(*m_shown, std::exchange(m_shownKey, key) == key);
    Q_EMIT upToDate();
}

} // namespace bitwright
