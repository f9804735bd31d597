// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/histogram_page.h"

#include "widgets/document.h"
#include "widgets/format.h"
#include "widgets/pages/distribution_lines.h"
#include "widgets/pages/empty_state.h"
#include "widgets/pages/statistics_table.h"
#include "widgets/plots/histogram_plot.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QStackedLayout>
#include <QTimer>
#include <QToolButton>

#include <optional>
#include <utility>

namespace bitwright {

struct HistogramPage::Shown {
    std::optional<SiteDistribution> distribution;
    std::optional<Error> error;
};

HistogramPage::HistogramPage(const Workspace& workspace)
    : m_document(workspace.document)
    , m_runner(workspace.runner)
    , m_selection(workspace.selection)
    , m_stack(new QStackedLayout(this))
    , m_empty(new EmptyState({}, {}))
    , m_plot(new HistogramPlot)
    , m_numbers(new StatisticsTable)
{
    auto* scroll = new QScrollArea;
    scroll->setWidget(m_numbers);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFixedWidth(fontMetrics().averageCharWidth() * 46);
    scroll->setAccessibleName(tr("Statistics"));
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(8, 6, 0, 4);
    layout->setSpacing(4);
    layout->addWidget(buildBar());
    auto* row = new QHBoxLayout;
    row->addWidget(m_plot, 1);
    row->addWidget(scroll);
    layout->addLayout(row, 1);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(content);
    connect(m_selection, &QItemSelectionModel::currentChanged, this, &HistogramPage::selectRow);
    connect(m_document, &Document::modelChanged, this, [this] { selectRow({}); });
    connect(m_document, &Document::calibrationChanged, this, &HistogramPage::requestUpdate);
    connect(m_document, &Document::planChanged, this, [this](const QList<int>& rows) {
        if (rows.contains(m_row))
            requestUpdate();
    });
    selectRow({});
}

QWidget* HistogramPage::buildBar()
{
    auto* bar = new QWidget;
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(0, 0, 8, 0);
    m_title = new QLabel;
    m_title->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_site = new QComboBox;
    m_site->addItems({tr("Weights"), tr("Output activation")});
    m_site->setAccessibleName(tr("Tensor kind"));
    m_site->setToolTip(tr("Show the weights or the output of the selected layer"));
    m_tensor = new QComboBox;
    m_tensor->setAccessibleName(tr("Weight tensor"));
    m_tensor->setToolTip(tr("Which of the layer's weights to show"));
    m_logarithmic = new QAction(tr("Logarithmic"), this);
    m_logarithmic->setCheckable(true);
    m_logarithmic->setShortcut(Qt::Key_L);
    m_reset = new QAction(tr("Fit"), this);
    m_reset->setShortcut(Qt::CTRL | Qt::Key_0);
    const std::pair<QAction*, QString> actions[]{{m_logarithmic, tr("Logarithmic density axis")},
                                                 {m_reset, tr("Show the whole tensor and its range")}};
    layout->addWidget(m_title, 1);
    layout->addWidget(m_site);
    layout->addWidget(m_tensor);
    for (const auto& [action, help] : actions) {
        action->setToolTip(tr("%1 (%2)").arg(help, action->shortcut().toString(QKeySequence::NativeText)));
        auto* button = new QToolButton;
        button->setDefaultAction(action);
        button->setAccessibleName(action->text());
        layout->addWidget(button);
    }
    connect(m_logarithmic, &QAction::toggled, m_plot, &HistogramPlot::setLogarithmic);
    connect(m_reset, &QAction::triggered, m_plot, &HistogramPlot::resetView);
    connect(m_site, &QComboBox::currentIndexChanged, this, [this] {
        chooseTensors();
        requestUpdate();
    });
    connect(m_tensor, &QComboBox::currentIndexChanged, this, &HistogramPage::requestUpdate);
    return bar;
}

QStringList HistogramPage::views() const
{
    return {QStringLiteral("weights"), QStringLiteral("activations")};
}

void HistogramPage::showView(const QString& name)
{
    showSite(name == u"activations" ? Activations : Weights);
}

void HistogramPage::showSite(Site site)
{
    m_site->setCurrentIndex(site);
}

void HistogramPage::selectRow(const QModelIndex& current)
{
    m_row = current.isValid() && current.row() < m_document->rowCount() ? current.row() : -1;
    if (m_row >= 0 && !m_document->row(m_row).hasWeights())
        m_site->setCurrentIndex(Activations);
    chooseTensors();
    requestUpdate();
}

void HistogramPage::chooseTensors()
{
    const QSignalBlocker blocker(m_tensor);
    m_tensor->clear();
    if (m_row >= 0 && m_document->row(m_row).hasWeights()) {
        for (const WeightRef& weight : m_document->row(m_row).layer->weights)
            m_tensor->addItem(QString::fromStdString(weight.parameter));
    }
    m_tensor->setVisible(m_site->currentIndex() == Weights && m_tensor->count() > 1);
}

void HistogramPage::requestUpdate()
{
    m_outdated = true;
    if (std::exchange(m_scheduled, true))
        return;
    // Wishes of one turn of the event loop become one job.
    QTimer::singleShot(0, this, [this] {
        m_scheduled = false;
        if (m_running == 0)
            startUpdate();
    });
}

void HistogramPage::showNothing(const QString& headline, const QString& text)
{
    m_empty->setTexts(headline, text);
    m_stack->setCurrentIndex(0);
    m_shownKey.clear();
    m_plot->clear();
    Q_EMIT upToDate();
}

void HistogramPage::startUpdate()
{
    m_outdated = false;
    if (m_row < 0 || m_row >= m_document->rowCount()) {
        showNothing(m_document->model() ? tr("No layer is selected") : tr("No model is open"),
                    tr("Select a layer in the table to see the distribution of its values before and after "
                       "quantization."));
        return;
    }
    const LayerRow& row = m_document->row(m_row);
    const bool weights = m_site->currentIndex() == Weights;
    const TensorStats* stats = m_document->activationStats(m_row);
    const QString name = QString::fromStdString(row.name);
    if (weights && !row.hasWeights()) {
        showNothing(tr("%1 has no weights").arg(name), tr("Its output can be shown after calibration."));
        return;
    }
    if (!weights && !stats) {
        showNothing(tr("The output of %1 has not been measured").arg(name),
                    tr("Open data and calibrate: one pass over the samples collects the statistics of every "
                       "activation."));
        return;
    }
    std::function<Result<SiteDistribution>(Progress&)> work;
    if (weights) {
        work = [model = m_document->model(), layer = row.layer, plan = m_document->plan(),
                index = size_t(std::max(0, m_tensor->currentIndex()))](Progress& progress) {
            return weightDistribution(*model, *layer, index, plan, progress);
        };
    } else {
        work = [keep = m_document->calibration(), stats, key = row.name,
                spec = m_document->plan().activations(row.name)](Progress&) {
            return activationDistribution(key, *stats, spec);
        };
    }
    m_running = m_runner->start<Shown>(
        JobRunner::Lane::Plot, tr("Distribution of %1").arg(name),
        [work](Progress& progress) -> Result<Shown> {
            auto result = work(progress);
            return result ? Shown{std::move(*result), {}} : Shown{{}, result.error()};
        },
        [this](const Shown& shown) { deliver(shown); });
}

void HistogramPage::deliver(const Shown& shown)
{
    m_running = 0;
    if (m_outdated) {
        startUpdate();
        return;
    }
    if (shown.error) {
        Q_EMIT failed(errorText(*shown.error));
        Q_EMIT upToDate();
        return;
    }
    const SiteDistribution& d = *shown.distribution;
    const QString key =
        QStringLiteral("%1/%2").arg(m_site->currentIndex()).arg(QString::fromStdString(d.name));
    m_stack->setCurrentIndex(1);
    m_plot->setDistribution(d, std::exchange(m_shownKey, key) == key);
    m_title->setText(
        tr("%1: %2").arg(QString::fromStdString(d.name), QString::fromStdString(describe(d.spec))));
    m_plot->setAccessibleDescription(m_title->text());
    m_numbers->setLines(distributionLines(d));
    Q_EMIT upToDate();
}

} // namespace bitwright
