// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/heat_map.h"

#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>

namespace bitwright {

namespace {

constexpr double kLargestCell = 240, kLargestSquare = 56, kLeastZoom = 0.02;
constexpr double kZoomStep = 1.25;
/// A tensor this many times longer than wide would be a line in its area: its cells are stretched.
constexpr int kFlat = 4;

} // namespace

HeatMap::HeatMap(QWidget* parent)
    : QAbstractScrollArea(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent); // what was painted may be moved
    m_colors = heatColors(HeatGrid::Scale::Sequential, palette());
}

QSize HeatMap::sizeHint() const
{
    return {480, 280};
}

void HeatMap::setGrid(HeatGridPtr grid)
{
    const bool sameShape = m_grid && grid && m_grid->rows == grid->rows && m_grid->columns == grid->columns &&
                           m_grid->square == grid->square;
    m_grid = std::move(grid);
    if (m_grid)
        m_colors = heatColors(m_grid->scale, palette());
    if (!sameShape) {
        m_current = m_hovered = {-1, -1};
        m_fitted = true;
    }
    layoutCells();
    viewport()->update();
}

void HeatMap::setDescription(std::function<QString(int, int)> describe)
{
    m_describe = std::move(describe);
}

QString HeatMap::describe(int row, int column) const
{
    if (!m_grid || row < 0 || column < 0 || row >= m_grid->rows || column >= m_grid->columns)
        return {};
    if (m_describe)
        return m_describe(row, column);
    const QString value =
        m_grid->has(row, column) ? m_grid->valueText(row, column, true) : tr("not measured");
    return tr("%1, %2: %3").arg(m_grid->rowName(row), m_grid->columnName(column), value);
}

QRect HeatMap::cellArea() const
{
    return viewport()->rect().adjusted(m_left, m_top, 0, 0);
}

namespace {

/// Of thousands of names only those with the most characters are measured.
int widestName(const HeatGrid& grid, const QFontMetrics& metrics)
{
    constexpr qsizetype kMeasured = 100;
    QStringList names = grid.rowNames;
    if (names.size() > kMeasured) {
        std::nth_element(names.begin(), names.begin() + kMeasured, names.end(),
                         [](const QString& a, const QString& b) { return a.size() > b.size(); });
        names.resize(kMeasured);
    }
    int widest = metrics.horizontalAdvance(grid.rowName(grid.rows - 1));
    for (const QString& name : std::as_const(names))
        widest = std::max(widest, metrics.horizontalAdvance(name));
    return widest;
}

} // namespace

void HeatMap::layoutCells()
{
    if (!m_grid || m_grid->isEmpty())
        return;
    const QFontMetrics metrics = fontMetrics();
    m_left = std::min(widestName(*m_grid, metrics) + 12, viewport()->width() * 2 / 5);
    m_top = metrics.height() + 6;
    const QRect area = cellArea();
    if (m_fitted && area.width() > 0 && area.height() > 0) {
        m_cellWidth = double(area.width()) / m_grid->columns;
        m_cellHeight = double(area.height()) / m_grid->rows;
        if (m_grid->square) {
            m_cellWidth = std::min(m_cellWidth, kLargestSquare);
            m_cellHeight = std::min(m_cellHeight, kLargestSquare);
            const auto [few, many] = std::minmax(m_grid->rows, m_grid->columns);
            if (many < kFlat * few)
                m_cellWidth = m_cellHeight = std::min(m_cellWidth, m_cellHeight);
        } else {
            // Rows that have names stay readable; the map scrolls instead.
            const double least = m_grid->rowNames.isEmpty() ? 1 : metrics.height() + 1;
            m_cellWidth = std::clamp(m_cellWidth, 8.0, kLargestCell);
            m_cellHeight = std::clamp(m_cellHeight, least, 2.2 * metrics.height());
        }
    }
    updateScrollBars();
}

void HeatMap::updateScrollBars()
{
    const QRect area = cellArea();
    const auto set = [](QScrollBar* bar, double total, int page) {
        bar->setRange(0, std::max(0, int(std::ceil(total - 0.01)) - page));
        bar->setPageStep(page);
        bar->setSingleStep(24);
    };
    set(horizontalScrollBar(), m_cellWidth * m_grid->columns, area.width());
    set(verticalScrollBar(), m_cellHeight * m_grid->rows, area.height());
}

QRect HeatMap::cellRect(int row, int column) const
{
    const double x = m_left - horizontalScrollBar()->value(), y = m_top - verticalScrollBar()->value();
    const auto whole = [](double position) { return int(std::floor(position)); };
    const int left = whole(x + column * m_cellWidth), top = whole(y + row * m_cellHeight);
    return {left, top, std::max(1, whole(x + (column + 1) * m_cellWidth) - left),
            std::max(1, whole(y + (row + 1) * m_cellHeight) - top)};
}

QPoint HeatMap::cellAt(const QPoint& position) const
{
    if (!m_grid || m_grid->isEmpty() || !cellArea().contains(position))
        return {-1, -1};
    const double x = (position.x() - m_left + horizontalScrollBar()->value()) / m_cellWidth;
    const double y = (position.y() - m_top + verticalScrollBar()->value()) / m_cellHeight;
    if (x < 0 || y < 0 || x >= m_grid->columns || y >= m_grid->rows)
        return {-1, -1};
    return {int(x), int(y)};
}

void HeatMap::setCurrentCell(int row, int column, bool notify)
{
    if (!m_grid || m_grid->isEmpty())
        return;
    const QPoint cell(std::clamp(column, 0, m_grid->columns - 1), std::clamp(row, 0, m_grid->rows - 1));
    if (cell == m_current)
        return;
    m_current = cell;
    ensureVisible(cell);
    setAccessibleDescription(describe(cell.y(), cell.x()));
    viewport()->update();
    if (notify)
        Q_EMIT currentChanged(cell.y(), cell.x());
}

void HeatMap::ensureVisible(const QPoint& cell)
{
    const QRect area = cellArea(), rect = cellRect(cell.y(), cell.x());
    const auto shift = [](int low, int high, int from, int to) {
        return low < from ? low - from : high > to ? std::min(high - to, low - from) : 0;
    };
    QScrollBar *h = horizontalScrollBar(), *v = verticalScrollBar();
    h->setValue(h->value() + shift(rect.left(), rect.right(), area.left(), area.right()));
    v->setValue(v->value() + shift(rect.top(), rect.bottom(), area.top(), area.bottom()));
}

void HeatMap::fit()
{
    m_fitted = true;
    layoutCells();
    viewport()->update();
}

void HeatMap::zoom(double factor, const QPoint& around)
{
    if (!m_grid || m_grid->isEmpty())
        return;
    const double x = (around.x() - m_left + horizontalScrollBar()->value()) / m_cellWidth;
    const double y = (around.y() - m_top + verticalScrollBar()->value()) / m_cellHeight;
    const double largest = m_grid->square ? 120 : kLargestCell;
    const double width = std::clamp(m_cellWidth * factor, kLeastZoom, largest);
    const double height = std::clamp(m_cellHeight * factor, kLeastZoom, largest);
    m_fitted = false;
    m_cellWidth = width;
    m_cellHeight = height;
    updateScrollBars();
    horizontalScrollBar()->setValue(int(x * width - (around.x() - m_left)));
    verticalScrollBar()->setValue(int(y * height - (around.y() - m_top)));
    viewport()->update();
}

void HeatMap::scrollContentsBy(int dx, int dy)
{
    const double ratio = devicePixelRatioF();
    if (!m_grid || ratio != std::floor(ratio)) { // parts of a pixel cannot be moved
        viewport()->update();
        return;
    }
    viewport()->scroll(dx, dy, cellArea());
    viewport()->update(0, 0, viewport()->width(), m_top);
    viewport()->update(0, m_top, m_left, viewport()->height() - m_top);
}

void HeatMap::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    layoutCells();
}

void HeatMap::mousePressEvent(QMouseEvent* event)
{
    setFocus(Qt::MouseFocusReason);
    m_pressedAt = event->position().toPoint();
    m_scrollAtPress = {horizontalScrollBar()->value(), verticalScrollBar()->value()};
    m_panning = false;
    const QPoint cell = cellAt(m_pressedAt);
    if (cell.x() >= 0)
        setCurrentCell(cell.y(), cell.x());
}

void HeatMap::mouseMoveEvent(QMouseEvent* event)
{
    const QPoint position = event->position().toPoint();
    if ((event->buttons() & Qt::LeftButton) && m_grid && m_grid->square) {
        const QPoint moved = position - m_pressedAt;
        m_panning = m_panning || moved.manhattanLength() > 4;
        if (m_panning) {
            horizontalScrollBar()->setValue(m_scrollAtPress.x() - moved.x());
            verticalScrollBar()->setValue(m_scrollAtPress.y() - moved.y());
            return;
        }
    }
    const QPoint cell = cellAt(position);
    if (std::exchange(m_hovered, cell) != cell)
        Q_EMIT hovered(cell.y(), cell.x());
}

void HeatMap::mouseReleaseEvent(QMouseEvent*)
{
    m_panning = false;
}

void HeatMap::mouseDoubleClickEvent(QMouseEvent* event)
{
    const QPoint cell = cellAt(event->position().toPoint());
    if (cell.x() >= 0 && event->button() == Qt::LeftButton)
        Q_EMIT activated(cell.y(), cell.x());
}

void HeatMap::wheelEvent(QWheelEvent* event)
{
    const bool zooms = (event->modifiers() & Qt::ControlModifier) || (m_grid && m_grid->square);
    if (!zooms || event->angleDelta().y() == 0) {
        QAbstractScrollArea::wheelEvent(event);
        return;
    }
    zoom(std::pow(kZoomStep, event->angleDelta().y() / 120.0), event->position().toPoint());
    event->accept();
}

void HeatMap::keyPressEvent(QKeyEvent* event)
{
    if (!m_grid || m_grid->isEmpty())
        return QAbstractScrollArea::keyPressEvent(event);
    const int row = std::max(0, m_current.y()), column = std::max(0, m_current.x());
    const int page = std::max(1, int(cellArea().height() / m_cellHeight) - 1);
    switch (event->key()) {
    case Qt::Key_Left:
        return setCurrentCell(row, column - 1);
    case Qt::Key_Right:
        return setCurrentCell(row, column + (m_current.x() >= 0));
    case Qt::Key_Up:
        return setCurrentCell(row - 1, column);
    case Qt::Key_Down:
        return setCurrentCell(row + (m_current.y() >= 0), column);
    case Qt::Key_PageUp:
        return setCurrentCell(row - page, column);
    case Qt::Key_PageDown:
        return setCurrentCell(row + page, column);
    case Qt::Key_Home:
        return setCurrentCell(event->modifiers() & Qt::ControlModifier ? 0 : row, 0);
    case Qt::Key_End:
        return setCurrentCell(event->modifiers() & Qt::ControlModifier ? m_grid->rows - 1 : row,
                              m_grid->columns - 1);
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        return zoom(kZoomStep, cellArea().center());
    case Qt::Key_Minus:
        return zoom(1 / kZoomStep, cellArea().center());
    case Qt::Key_0:
        return fit();
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_current.x() >= 0)
            Q_EMIT activated(m_current.y(), m_current.x());
        return;
    default:
        QAbstractScrollArea::keyPressEvent(event);
    }
}

void HeatMap::contextMenuEvent(QContextMenuEvent* event)
{
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    const QPoint cell = byKey ? m_current : cellAt(event->pos());
    if (cell.x() < 0)
        return;
    setCurrentCell(cell.y(), cell.x());
    const QPoint at =
        byKey ? viewport()->mapToGlobal(cellRect(cell.y(), cell.x()).center()) : event->globalPos();
    Q_EMIT contextMenuRequested(cell.y(), cell.x(), at);
}

bool HeatMap::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const QPoint cell = cellAt(help->pos());
        if (cell.x() >= 0)
            QToolTip::showText(help->globalPos(), describe(cell.y(), cell.x()), viewport(),
                               cellRect(cell.y(), cell.x()));
        else
            QToolTip::hideText();
        return true;
    }
    if (event->type() == QEvent::Leave && m_hovered.x() >= 0) {
        m_hovered = {-1, -1};
        Q_EMIT hovered(-1, -1);
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void HeatMap::changeEvent(QEvent* event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_grid)
        m_colors = heatColors(m_grid->scale, palette());
    if (event->type() == QEvent::FontChange)
        layoutCells();
    viewport()->update();
}

} // namespace bitwright
