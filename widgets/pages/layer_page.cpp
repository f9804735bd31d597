// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/layer_page.h"

#include "widgets/document.h"
#include "widgets/format.h"
#include "widgets/models/layer_delegate.h"
#include "widgets/models/layer_filter.h"
#include "widgets/pages/empty_state.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QScopedValueRollback>
#include <QStackedLayout>
#include <QTableView>
#include <QVBoxLayout>

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
    connect(document, &Document::modelChanged, this, &LayerPage::modelChanged);
    connect(document, &Document::planChanged, this, &LayerPage::showTotals);
    connect(document, &Document::reportChanged, this, &LayerPage::showTotals);
    connect(selection, &QItemSelectionModel::selectionChanged, this, &LayerPage::selectionToTable);
    connect(selection, &QItemSelectionModel::currentChanged, this, &LayerPage::selectionToTable);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &LayerPage::selectionFromTable);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &LayerPage::selectionFromTable);
    modelChanged();
}

QWidget* LayerPage::buildContent()
{
    buildTable();
    m_filterEdit = new QLineEdit;
    m_filterEdit->setPlaceholderText(tr("Filter by name or operator (regular expression)"));
    m_filterEdit->setAccessibleName(tr("Filter layers"));
    m_filterEdit->setToolTip(
        tr("Rows whose name or operator matches stay, for example \"^features|linear\""));
    m_filterEdit->setClearButtonEnabled(true);
    connect(m_filterEdit, &QLineEdit::textChanged, this, &LayerPage::applyFilter);
    m_matches = new QLabel;
    m_totals = new QLabel;
    m_totals->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_totals->setAccessibleName(tr("Totals"));

    auto* top = new QHBoxLayout;
    top->addWidget(m_filterEdit, 1);
    top->addWidget(m_matches);
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(8, 8, 8, 6);
    layout->setSpacing(6);
    layout->addLayout(top);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_totals);
    return content;
}

void LayerPage::buildTable()
{
    m_filter->setSourceModel(m_model);
    m_table = new QTableView;
    m_table->setModel(m_filter);
    auto* delegate = new LayerDelegate(m_table);
    m_table->setItemDelegate(delegate);
    connect(delegate, &LayerDelegate::chosen, this, &LayerPage::editChosen);
    m_table->setAccessibleName(tr("Layers"));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed);
    m_table->setAlternatingRowColors(true);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 10);
    m_table->setSortingEnabled(true);
    QHeaderView* header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setSectionsMovable(true);
    header->setSectionResizeMode(LayerModel::Name, QHeaderView::Stretch);
    header->setSortIndicator(LayerModel::Name, Qt::AscendingOrder);
}

void LayerPage::modelChanged()
{
    m_stack->setCurrentIndex(m_document->model() ? 1 : 0);
    applyFilter(m_filterEdit->text());
    // Widths for what can stand in a cell, not only for what stands there now.
    const QFontMetrics metrics = m_table->fontMetrics();
    const int em = metrics.averageCharWidth();
    const int chars[LayerModel::ColumnCount]{30, 14, 14, 13, 8, 13, 15, 8, 13, 10, 10, 10};
    for (int column = 0; column < LayerModel::ColumnCount; ++column) {
        const QString title = m_model->headerData(column, Qt::Horizontal).toString();
        m_table->setColumnWidth(column, qMax(chars[column] * em + 10, metrics.horizontalAdvance(title) + 34));
    }
    showTotals();
}

void LayerPage::applyFilter(const QString& text)
{
    const bool expression = m_filter->setFilterText(text);
    m_filter->invalidate();
    const int shown = m_filter->rowCount(), all = m_model->rowCount();
    m_matches->setText(text.isEmpty() ? tr("%n layer(s)", nullptr, all)
                       : expression   ? tr("%1 of %2").arg(shown).arg(all)
                                      : tr("%1 of %2 (taken literally)").arg(shown).arg(all));
    selectionToTable();
}

void LayerPage::editChosen(const QModelIndex& index, const QString& token)
{
    QList<int> rows{m_filter->mapToSource(index).row()};
    const QModelIndexList selected = m_table->selectionModel()->selectedRows();
    for (const QModelIndex& other :
         m_table->selectionModel()->isRowSelected(index.row()) ? selected : QModelIndexList{}) {
        const int row = m_filter->mapToSource(other).row();
        if (!rows.contains(row))
            rows.append(row);
    }
    m_model->editRows(rows, LayerModel::Column(index.column()), token);
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

void LayerPage::showTotals()
{
    if (!m_document->model()) {
        m_totals->clear();
        return;
    }
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
}

} // namespace bitwright
