// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/layer_page.h"

#include "widgets/actions.h"
#include "widgets/document.h"
#include "widgets/format.h"
#include "widgets/models/layer_filter.h"
#include "widgets/pages/empty_state.h"
#include "widgets/pages/exceptions_bar.h"
#include "widgets/pages/rule_bar.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QScopedValueRollback>
#include <QScrollBar>
#include <QStackedLayout>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace bitwright {

LayerPage::LayerPage(Document* document, LayerModel* model, QItemSelectionModel* selection, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_model(model)
    , m_selection(selection)
    , m_filter(new LayerFilter(this))
    , m_stack(new QStackedLayout(this))
{
    m_empty = new EmptyState(
        tr("No model is open"),
        tr("Open a TorchScript file, or drop one here, to see what quantization does to every "
           "layer. Data (HDF5, class folders, IDX, CIFAR, NumPy) and plans can be dropped too."));
    m_stack->addWidget(m_empty);
    m_stack->addWidget(buildContent());
    m_totalsTimer.setSingleShot(true);
    m_totalsTimer.setInterval(30);
    connect(&m_totalsTimer, &QTimer::timeout, this, &LayerPage::showTotals);
    connect(document, &Document::modelChanged, this, &LayerPage::modelChanged);
    connect(document, &Document::planChanged, this, &LayerPage::scheduleTotals);
    connect(document, &Document::reportChanged, this, &LayerPage::scheduleTotals);
    connect(document, &Document::errorModeChanged, this, [this] {
        for (const LayerMetric metric : {LayerMetric::WeightEffect, LayerMetric::ActivationEffect})
            m_rankBox->setItemText(m_rankBox->findData(int(metric)),
                                   tr("Worst by %1").arg(metricTitle(metric, m_document)));
    });
    connectSelection();
    modelChanged();
}

void LayerPage::connectSelection()
{
    connect(m_selection, &QItemSelectionModel::selectionChanged, this, &LayerPage::selectionToTable);
    connect(m_selection, &QItemSelectionModel::currentChanged, this, &LayerPage::selectionToTable);
    const QItemSelectionModel* mine = m_table->selectionModel();
    connect(mine, &QItemSelectionModel::selectionChanged, this, &LayerPage::selectionFromTable);
    connect(mine, &QItemSelectionModel::currentChanged, this, &LayerPage::selectionFromTable);
    // A new filter or order resets the table, which forgets its selection; the window's stays.
    connect(m_filter, &QAbstractItemModel::modelReset, this, [this] {
        selectionToTable();
        showMatches();
    });
}

QLayout* LayerPage::buildTopRow()
{
    m_filterEdit = new QLineEdit;
    m_filterEdit->setPlaceholderText(tr("Filter by name or operator (regular expression)"));
    m_filterEdit->setAccessibleName(tr("Filter layers"));
    m_filterEdit->setToolTip(
        tr("Rows whose name or operator matches stay, for example \"^features|linear\""));
    m_filterEdit->setClearButtonEnabled(true);
    connect(m_filterEdit, &QLineEdit::textChanged, this, &LayerPage::applyFilter);
    m_matches = new QLabel;
    m_rankBox = new QComboBox;
    m_rankBox->setAccessibleName(tr("Ranking"));
    m_rankBox->setToolTip(tr("The layers that are worst by this metric come first"));
    m_rankBox->addItem(tr("Execution order"), -1);
    for (const LayerMetricRow& metric : layerMetrics()) {
        if (metric.better != LayerMetricRow::Neither)
            m_rankBox->addItem(tr("Worst by %1").arg(metricTitle(metric.metric, m_document)), int(metric.metric));
    }
    connect(m_rankBox, &QComboBox::activated, this, [this] {
        const int metric = m_rankBox->currentData().toInt();
        setRanking(metric < 0 ? std::nullopt : std::optional(LayerMetric(metric)));
    });
    m_rankButton = new QToolButton;
    m_rankButton->setText(tr("Rank again"));
    m_rankButton->setToolTip(tr("Numbers have changed since the rows were put in order"));
    m_rankButton->setEnabled(false);
    connect(m_rankButton, &QToolButton::clicked, this, &LayerPage::rankAgain);
    connect(m_filter, &LayerFilter::outdatedChanged, m_rankButton, &QWidget::setEnabled);
    m_exceptionsButton = new QToolButton;
    auto* columns = new QToolButton;
    columns->setText(tr("Columns"));
    columns->setToolTip(tr("Choose the columns of the table"));
    columns->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(columns);
    menu->addActions(m_table->columnActions());
    menu->setToolTipsVisible(true);
    columns->setMenu(menu);
    auto* row = new QHBoxLayout;
    row->addWidget(m_filterEdit, 1);
    for (QWidget* widget :
         std::initializer_list<QWidget*>{m_matches, m_rankBox, m_rankButton, m_exceptionsButton, columns})
        row->addWidget(widget);
    return row;
}

QWidget* LayerPage::buildContent()
{
    buildTable();
    m_totals = new QLabel;
    m_totals->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_totals->setAccessibleName(tr("Totals"));
    // A long line must not keep the window from getting narrower.
    m_totals->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    m_ruleBar = new RuleBar(m_document);
    m_exceptionsBar = new ExceptionsBar(m_document, m_model);
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(8, 8, 8, 6);
    layout->setSpacing(6);
    layout->addLayout(buildTopRow());
    layout->addWidget(m_ruleBar);
    layout->addWidget(m_exceptionsBar);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_totals);
    m_ruleBar->hide();
    m_exceptionsBar->hide();
    connect(m_ruleBar, &RuleBar::applied, this, [this](const QList<int>& rows) {
        selectRows(rows);
        m_table->setFocus();
    });
    connect(m_ruleBar, &RuleBar::closed, this, [this] {
        m_ruleBar->hide();
        m_table->setFocus();
    });
    return content;
}

void LayerPage::buildTable()
{
    m_filter->setSourceModel(m_model);
    m_table = new LayerTable(m_model, m_filter);
    connect(m_table, &LayerTable::editRefused, m_model, &LayerModel::editRefused);
    connect(m_table, &LayerTable::contextMenuRequested, this, &LayerPage::showContextMenu);
    connect(m_table->horizontalHeader(), &QHeaderView::sortIndicatorChanged, this,
            &LayerPage::sortedByHeader);
}

void LayerPage::sortedByHeader(int column, Qt::SortOrder order)
{
    const auto metric = LayerModel::metricOf(column);
    const bool worst = metric && metricRow(*metric).better != LayerMetricRow::Neither &&
                       (order == Qt::AscendingOrder) == (metricRow(*metric).better == LayerMetricRow::Higher);
    const int entry = m_rankBox->findData(worst ? int(*metric) : -1);
    m_rankBox->setCurrentIndex(worst || column == LayerModel::Name ? entry : -1);
}

void LayerPage::setRanking(std::optional<LayerMetric> metric)
{
    const int column = metric ? LayerModel::columnOf(*metric) : LayerModel::Name;
    const bool descending = metric && metricRow(*metric).better == LayerMetricRow::Lower;
    m_table->setColumnShown(column, true);
    m_table->sortByColumn(column, descending ? Qt::DescendingOrder : Qt::AscendingOrder);
    m_table->verticalScrollBar()->setValue(0);
}

void LayerPage::rankAgain()
{
    if (m_filter->sortColumn() == LayerModel::Name)
        return;
    m_filter->refresh();
    m_table->verticalScrollBar()->setValue(0);
}

void LayerPage::modelChanged()
{
    m_stack->setCurrentIndex(m_document->model() ? 1 : 0);
    m_filter->refresh();
    if (std::exchange(m_sparsityOffered, false))
        m_table->setColumnShown(LayerModel::Sparsity, false);
    showTotals();
}

void LayerPage::applyFilter(const QString& text)
{
    m_matches->setProperty("literally", !m_filter->setFilterText(text));
    showMatches();
}

void LayerPage::showMatches()
{
    const int shown = m_filter->rowCount(), all = m_model->rowCount();
    const QString count = shown == all ? tr("%n layer(s)", nullptr, all) : tr("%1 of %2").arg(shown).arg(all);
    const bool literally = !m_filterEdit->text().isEmpty() && m_matches->property("literally").toBool();
    m_matches->setText(literally ? tr("%1 (taken literally)").arg(count) : count);
}

void LayerPage::selectionToTable()
{
    if (m_syncing)
        return;
    const QScopedValueRollback guard(m_syncing, true);
    const QModelIndex current = m_filter->mapFromSource(m_selection->currentIndex());
    QItemSelectionModel* mine = m_table->selectionModel();
    mine->select(m_filter->mapSelectionFromSource(m_selection->selection()),
                 QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    if (current.isValid() && current.row() != m_table->currentIndex().row()) {
        const int column = qMax(0, m_table->currentIndex().column());
        mine->setCurrentIndex(current.siblingAtColumn(column), QItemSelectionModel::NoUpdate);
        m_table->scrollTo(m_table->currentIndex());
    }
}

void LayerPage::selectionFromTable()
{
    if (m_syncing)
        return;
    const QScopedValueRollback guard(m_syncing, true);
    const QItemSelectionModel* mine = m_table->selectionModel();
    const QModelIndex current = m_filter->mapToSource(mine->currentIndex());
    m_selection->select(m_filter->mapSelectionToSource(mine->selection()),
                        QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    m_selection->setCurrentIndex(current.siblingAtColumn(0), QItemSelectionModel::NoUpdate);
}

QList<int> LayerPage::selectedRows() const
{
    QList<int> rows;
    for (const QItemSelectionRange& range : m_selection->selection()) {
        for (int row = range.top(); row <= range.bottom(); ++row)
            rows.append(row);
    }
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    return rows;
}

void LayerPage::selectRows(const QList<int>& rows)
{
    QItemSelection chosen;
    for (int row : rows) {
        // Neighbours in one range: 10,000 single ranges take seconds.
        if (!chosen.isEmpty() && chosen.last().bottom() + 1 == row)
            chosen.last() = QItemSelectionRange(chosen.last().topLeft(),
                                                m_model->index(row, LayerModel::ColumnCount - 1));
        else
            chosen.append(QItemSelectionRange(m_model->index(row, 0),
                                              m_model->index(row, LayerModel::ColumnCount - 1)));
    }
    if (!rows.isEmpty())
        m_selection->setCurrentIndex(m_model->index(rows.first(), 0), QItemSelectionModel::NoUpdate);
    m_selection->select(chosen, QItemSelectionModel::ClearAndSelect);
}

void LayerPage::scheduleTotals()
{
    if (!m_totalsTimer.isActive())
        m_totalsTimer.start();
}

void LayerPage::showTotals()
{
    const int deviating = int(m_model->exceptions().size());
    if (!m_document->model()) {
        m_totals->clear();
        return;
    }
    if (m_actions) // the badge
        m_actions->showExceptions->setIconText(deviating > 0 ? tr("Exceptions (%1)").arg(deviating)
                                                             : tr("Exceptions"));
    const GraphTotals sums = totals(m_document->model()->graph());
    QStringList parts{tr("%1 parameters").arg(shortCountText(double(sums.params))),
                      tr("%1 multiply-accumulates per sample").arg(shortCountText(double(sums.macs)))};
    const Document::Size size = m_document->size();
    if (size.complete && size.bytes > 0)
        parts << tr("%1 → %2 (%3× smaller)")
                     .arg(bytesText(size.floatBytes), bytesText(size.bytes),
                          QLocale().toString(double(size.floatBytes) / double(size.bytes), 'f', 2));
    else
        parts << bytesText(size.floatBytes);
    if (const int worst = m_document->worstRow(); worst >= 0)
        parts << tr("worst weights: %1 at %2")
                     .arg(QString::fromStdString(m_document->row(worst).name),
                          decibelText(m_document->report(worst)->weight->error.sqnrDb()));
    m_totals->setText(parts.join(QStringLiteral("   ·   ")));
    m_totals->setToolTip(m_totals->text());
    showSparsity();
}

void LayerPage::showSparsity()
{
    if (m_sparsityOffered)
        return;
    // A few zeros are chance; more are pruning, and then it is worth a column.
    constexpr double kPruned = 0.03;
    for (int row = 0; row < m_document->rowCount() && !m_sparsityOffered; ++row)
        m_sparsityOffered = metricRow(LayerMetric::Sparsity).value(*m_document, row).value_or(0) >= kPruned;
    if (m_sparsityOffered)
        m_table->setColumnShown(LayerModel::Sparsity, true);
}

} // namespace bitwright
