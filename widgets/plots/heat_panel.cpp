// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/heat_panel.h"

#include "widgets/models/heat_table_model.h"
#include "widgets/plots/heat_legend.h"
#include "widgets/plots/heat_map.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QStackedLayout>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace bitwright {

HeatPanel::HeatPanel(const QString& accessibleName, QWidget* parent)
    : QWidget(parent)
    , m_map(new HeatMap)
    , m_model(new HeatTableModel(this))
    , m_table(new QTableView)
    , m_legend(new HeatLegend)
    , m_words(new QLabel)
    , m_asTable(new QToolButton)
    , m_stack(new QStackedLayout)
{
    m_map->setAccessibleName(accessibleName);
    m_table->setAccessibleName(tr("%1, as a table").arg(accessibleName));
    m_table->setModel(m_model);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 7);
    m_asTable->setText(tr("Table"));
    m_asTable->setCheckable(true);
    m_asTable->setToolTip(tr("Show the numbers of the map as a table"));
    m_words->setWordWrap(true);
    m_words->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_words->setAccessibleName(tr("Cell under the cursor"));
    m_stack->addWidget(m_map);
    m_stack->addWidget(m_table);
    auto* foot = new QHBoxLayout;
    foot->addWidget(m_legend, 1);
    foot->addWidget(m_asTable);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(3);
    layout->addLayout(m_stack, 1);
    layout->addWidget(m_words);
    layout->addLayout(foot);
    connect(m_asTable, &QToolButton::toggled, this, &HeatPanel::showTable);
    connect(m_map, &HeatMap::currentChanged, this, &HeatPanel::describe);
    connect(m_map, &HeatMap::hovered, this, [this](int row, int column) {
        const QPoint current = m_map->currentCell();
        describe(row >= 0 ? row : current.y(), row >= 0 ? column : current.x());
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& index) {
                if (index.isValid() && m_stack->currentWidget() == m_table)
                    m_map->setCurrentCell(index.row(), index.column());
            });
    connect(m_table, &QTableView::activated, this,
            [this](const QModelIndex& index) { Q_EMIT m_map->activated(index.row(), index.column()); });
}

void HeatPanel::setGrid(HeatGridPtr grid)
{
    m_map->setGrid(grid);
    m_model->setGrid(grid);
    m_legend->setGrid(std::move(grid));
    describe(m_map->currentCell().y(), m_map->currentCell().x());
}

void HeatPanel::showTable(bool on)
{
    m_asTable->setChecked(on);
    m_stack->setCurrentIndex(on ? 1 : 0);
    const QPoint current = m_map->currentCell();
    if (on && current.x() >= 0)
        m_table->setCurrentIndex(m_model->index(current.y(), current.x()));
}

void HeatPanel::describe(int row, int column)
{
    const QString words = m_map->describe(row, column).simplified();
    m_words->setText(words);
    // Grows once where a sentence needs two lines, and stays so: a map that jumps cannot be pointed at.
    m_words->setMinimumHeight(std::max(m_words->minimumHeight(), m_words->heightForWidth(m_words->width())));
}

void HeatPanel::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    m_words->setMinimumHeight(0);
}

void HeatPanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        m_legend->update();
}

} // namespace bitwright
