// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/heat_grid.h"

#include <QAbstractScrollArea>
#include <QPoint>

#include <functional>

namespace bitwright {

/// Paints a HeatGrid: names beside and above, numbers in the cells where they fit, a cursor that keys and
/// clicks move. Only what comes into view is painted, from a coarser copy where cells are smaller than a
/// pixel: 4096 x 4096 cells pan as smoothly as 4 x 4. Ctrl and the wheel (pixels of a tensor: the wheel
/// alone) zoom, + - 0 as well.
class HeatMap : public QAbstractScrollArea {
    Q_OBJECT
public:
    explicit HeatMap(QWidget* parent = nullptr);

    /// Keeps zoom, position and cursor when the shape stays the same.
    void setGrid(HeatGridPtr grid);
    const HeatGridPtr& grid() const { return m_grid; }
    /// What the tool tip and the accessible description say of a cell; the value with names by default.
    void setDescription(std::function<QString(int row, int column)> describe);
    QString describe(int row, int column) const;

    /// (column, row); (-1, -1) without.
    QPoint currentCell() const { return m_current; }
    /// Moves the cursor into view; `notify`: emits currentChanged.
    void setCurrentCell(int row, int column, bool notify = true);
    /// The cell at a position of the viewport, or (-1, -1).
    QPoint cellAt(const QPoint& position) const;
    QRect cellRect(int row, int column) const;
    /// Everything visible.
    void fit();
    void zoom(double factor, const QPoint& around);

Q_SIGNALS:
    void currentChanged(int row, int column);
    /// Enter or a double click.
    void activated(int row, int column);
    /// A right click or the menu key.
    void contextMenuRequested(int row, int column, const QPoint& global);
    void hovered(int row, int column);

protected:
    void paintEvent(QPaintEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    void changeEvent(QEvent* event) override;
    QSize sizeHint() const override;

private:
    QRect cellArea() const;
    void layoutCells();
    void updateScrollBars();
    void ensureVisible(const QPoint& cell);
    /// The cells of a part of the viewport, `ratio` pixels a unit.
    QImage renderCells(const QRect& part, double ratio) const;
    void paintNumbers(QPainter& painter, const QRect& part) const;
    void paintNames(QPainter& painter, const QRect& area) const;
    void paintCursor(QPainter& painter, const QRect& part) const;
    QRect cellsIn(const QRect& part) const;
    QColor cellColor(int row, int column) const;

    HeatGridPtr m_grid;
    std::function<QString(int, int)> m_describe;
    std::array<QRgb, 256> m_colors{};
    double m_cellWidth = 20, m_cellHeight = 20;
    int m_left = 0, m_top = 0; ///< room for the names
    bool m_fitted = true;
    QPoint m_current{-1, -1}, m_hovered{-1, -1};
    QPoint m_pressedAt, m_scrollAtPress;
    bool m_panning = false;
};

} // namespace bitwright
