// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/layer_table.h"

#include "widgets/models/layer_delegate.h"
#include "widgets/models/layer_filter.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>
#include <QRegularExpression>
#include <QScopedValueRollback>

#include <algorithm>

namespace bitwright {

namespace {

struct ColumnRow {
    LayerModel::Column column;
    int chars; ///< of the widest usual cell
    bool shown;
};

/// In the order of the screen: what decides stands next to the name.
constexpr ColumnRow kColumns[]{{LayerModel::Name, 20, true},
                               {LayerModel::WeightSqnr, 10, true},
                               {LayerModel::ActivationSqnr, 10, true},
                               {LayerModel::WeightBits, 9, true},
                               {LayerModel::ActivationBits, 9, true},
                               {LayerModel::Size, 10, true},
                               {LayerModel::Op, 14, true},
                               {LayerModel::WeightScheme, 12, true},
                               {LayerModel::WeightGranularity, 12, true},
                               {LayerModel::ActivationScheme, 12, true},
                               {LayerModel::ShapeColumn, 14, false},
                               {LayerModel::Parameters, 12, false},
                               {LayerModel::WeightEstimator, 14, false},
                               {LayerModel::ActivationEstimator, 14, false},
                               {LayerModel::Macs, 9, false},
                               {LayerModel::Sparsity, 10, false},
                               {LayerModel::WeightEffect, 12, false},
                               {LayerModel::ActivationEffect, 12, false},
                               {LayerModel::WeightMse, 11, false},
                               {LayerModel::ActivationMse, 11, false},
                               {LayerModel::WeightCosine, 11, false},
                               {LayerModel::ActivationCosine, 11, false},
                               {LayerModel::WeightMaxError, 11, false},
                               {LayerModel::ActivationMaxError, 11, false},
                               {LayerModel::WeightClipped, 11, false},
                               {LayerModel::ActivationClipped, 11, false},
                               {LayerModel::Note, 24, false}};
static_assert(std::size(kColumns) == LayerModel::ColumnCount);

QString csvCell(QString text)
{
    static const QRegularExpression special(QStringLiteral("[\",\r\n]"));
    if (!text.contains(special))
        return text;
    return u'"' + text.replace(u'"', QStringLiteral("\"\"")) + u'"';
}

QString tabCell(QString text)
{
    return text.replace(u'\t', u' ').replace(u'\n', u' ');
}

} // namespace

LayerTable::LayerTable(LayerModel* model, LayerFilter* filter, QWidget* parent)
    : QTableView(parent)
    , m_model(model)
    , m_filter(filter)
{
    setModel(filter);
    auto* delegate = new LayerDelegate(this);
    setItemDelegate(delegate);
    connect(delegate, &LayerDelegate::chosen, this, &LayerTable::editChosen);
    setAccessibleName(tr("Layers"));
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setEditTriggers(DoubleClicked | EditKeyPressed);
    setAlternatingRowColors(true);
    setShowGrid(false);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setHorizontalScrollMode(ScrollPerPixel);
    setContextMenuPolicy(Qt::CustomContextMenu);
    connect(this, &QWidget::customContextMenuRequested, this, [this](const QPoint& position) {
        Q_EMIT contextMenuRequested(viewport()->mapToGlobal(position));
    });
    verticalHeader()->hide();
    createColumns();
    createCopyActions();
    updateWidths();
}

void LayerTable::createColumns()
{
    QHeaderView* header = horizontalHeader();
    header->setHighlightSections(false);
    header->setSectionsMovable(true);
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    header->setToolTip(tr("Click sorts; the context menu chooses the columns"));
    for (int at = 0; at < LayerModel::ColumnCount; ++at) {
        const ColumnRow& row = kColumns[at];
        header->moveSection(header->visualIndex(row.column), at);
        auto* action = new QAction(m_model->headerData(row.column, Qt::Horizontal).toString(), this);
        action->setToolTip(m_model->headerData(row.column, Qt::Horizontal, Qt::ToolTipRole).toString());
        action->setCheckable(true);
        action->setChecked(row.shown);
        action->setData(int(row.column));
        action->setEnabled(row.column != LayerModel::Name);
        connect(action, &QAction::toggled, this,
                [this, column = row.column](bool on) { setColumnShown(column, on); });
        m_columnActions.append(action);
        setColumnHidden(row.column, !row.shown);
    }
    connect(header, &QWidget::customContextMenuRequested, this, [this, header](const QPoint& position) {
        QMenu menu;
        menu.addActions(m_columnActions);
        menu.exec(header->mapToGlobal(position));
    });
    connect(header, &QHeaderView::sectionResized, this, [this](int column) {
        if (column != LayerModel::Name)
            fillWidth();
    });
    header->setSortIndicator(LayerModel::Name, Qt::AscendingOrder);
    setSortingEnabled(true);
}

void LayerTable::createCopyActions()
{
    const auto copies = [this](const QString& text, bool csv) {
        auto* action = new QAction(text, this);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        connect(action, &QAction::triggered, this,
                [this, csv] { QGuiApplication::clipboard()->setText(selectedText(csv)); });
        addAction(action);
        return action;
    };
    copyText = copies(tr("&Copy rows"), false);
    copyText->setShortcuts(QKeySequence::Copy);
    copyCsv = copies(tr("Copy rows as C&SV"), true);
    copyCsv->setShortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_C);
}

void LayerTable::setColumnShown(int column, bool shown)
{
    setColumnHidden(column, !shown);
    for (QAction* action : std::as_const(m_columnActions)) {
        if (action->data().toInt() == column)
            action->setChecked(shown);
    }
    fillWidth();
}

void LayerTable::restoreColumns(const QByteArray& state)
{
    const int sortColumn = m_filter->sortColumn();
    const Qt::SortOrder order = m_filter->sortOrder();
    if (!horizontalHeader()->restoreState(state))
        return;
    horizontalHeader()->setSortIndicator(sortColumn, order);
    for (QAction* action : std::as_const(m_columnActions))
        action->setChecked(!isColumnHidden(action->data().toInt()));
    fillWidth();
}

void LayerTable::updateWidths()
{
    const QFontMetrics metrics(font());
    verticalHeader()->setDefaultSectionSize(metrics.height() + 10);
    {
        const QScopedValueRollback guard(m_filling, true);
        for (const ColumnRow& row : kColumns) {
            const QString title = m_model->headerData(row.column, Qt::Horizontal).toString();
            setColumnWidth(row.column, qMax(row.chars * metrics.averageCharWidth() + 10,
                                            metrics.horizontalAdvance(title) + 26));
        }
    }
    fillWidth();
}

void LayerTable::fillWidth()
{
    if (m_filling)
        return;
    const QScopedValueRollback guard(m_filling, true);
    int others = 0;
    for (int column = 0; column < LayerModel::ColumnCount; ++column) {
        if (column != LayerModel::Name && !isColumnHidden(column))
            others += columnWidth(column);
    }
    const int least = 20 * fontMetrics().averageCharWidth();
    setColumnWidth(LayerModel::Name, qMax(least, viewport()->width() - others));
}

void LayerTable::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    fillWidth();
}

void LayerTable::changeEvent(QEvent* event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        updateWidths();
}

bool LayerTable::edit(const QModelIndex& index, EditTrigger trigger, QEvent* event)
{
    const bool asked = trigger == DoubleClicked || trigger == EditKeyPressed;
    const bool site =
        LayerModel::isWeightColumn(index.column()) || LayerModel::isActivationColumn(index.column());
    if (asked && index.isValid() && site && !index.flags().testFlag(Qt::ItemIsEditable)) {
        Q_EMIT editRefused(index.data(Qt::ToolTipRole).toString().section(QLatin1Char('\n'), -1));
        return false;
    }
    return QTableView::edit(index, trigger, event);
}

void LayerTable::editChosen(const QModelIndex& index, const QString& token)
{
    QList<int> rows = selectedModelRows();
    const int row = m_filter->mapToSource(index).row();
    if (!rows.contains(row))
        rows = {row};
    m_model->editRows(rows, LayerModel::Column(index.column()), token);
}

QList<int> LayerTable::selectedModelRows() const
{
    QList<int> mine, rows;
    for (const QItemSelectionRange& range : selectionModel()->selection()) {
        for (int row = range.top(); row <= range.bottom(); ++row)
            mine.append(row);
    }
    std::sort(mine.begin(), mine.end());
    mine.erase(std::unique(mine.begin(), mine.end()), mine.end());
    for (int row : std::as_const(mine))
        rows.append(m_filter->mapToSource(m_filter->index(row, 0)).row());
    return rows;
}

QString LayerTable::selectedText(bool csv) const
{
    QList<int> columns;
    for (int at = 0; at < LayerModel::ColumnCount; ++at) {
        const int column = horizontalHeader()->logicalIndex(at);
        if (!isColumnHidden(column))
            columns.append(column);
    }
    const auto line = [csv](QStringList cells) {
        std::transform(cells.begin(), cells.end(), cells.begin(), csv ? csvCell : tabCell);
        return cells.join(csv ? u',' : u'\t') + (csv ? QStringLiteral("\r\n") : QStringLiteral("\n"));
    };
    QStringList headings;
    for (int column : std::as_const(columns))
        headings << m_model->headerData(column, Qt::Horizontal).toString();
    QString text = line(headings);
    for (int row : selectedModelRows())
        text += line(m_model->plainCells(row, columns));
    return text;
}

} // namespace bitwright
