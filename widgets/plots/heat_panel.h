// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/heat_grid.h"

#include <QWidget>

class QLabel;
class QStackedLayout;
class QTableView;
class QToolButton;

namespace bitwright {

class HeatLegend;
class HeatMap;
class HeatTableModel;

/// A heat map with its legend, the cell under the cursor in words, and the same numbers as a table.
class HeatPanel : public QWidget {
    Q_OBJECT
public:
    explicit HeatPanel(const QString& accessibleName, QWidget* parent = nullptr);

    void setGrid(HeatGridPtr grid);
    HeatMap* map() const { return m_map; }
    QTableView* table() const { return m_table; }
    void showTable(bool on);

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void describe(int row, int column);

    HeatMap* m_map;
    HeatTableModel* m_model;
    QTableView* m_table;
    HeatLegend* m_legend;
    QLabel* m_words;
    QToolButton* m_asTable;
    QStackedLayout* m_stack;
};

} // namespace bitwright
