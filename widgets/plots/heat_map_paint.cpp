// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/heat_map.h"
#include "widgets/theme.h"

#include <QPainter>
#include <QPaintEvent>
#include <QScrollBar>

#include <algorithm>

namespace bitwright {

namespace {

QColor mixed(const QColor& a, const QColor& b, double share)
{
    const auto mix = [share](float x, float y) { return float(x + share * (y - x)); };
    return QColor::fromRgbF(mix(a.redF(), b.redF()), mix(a.greenF(), b.greenF()), mix(a.blueF(), b.blueF()));
}

/// Index of the cell under every pixel from `first` on, one more than `pixels`; -1 outside.
std::vector<int> cellsOfPixels(int pixels, double first, double cell, int cells)
{
    std::vector<int> map(size_t(pixels) + 1, -1);
    for (int i = 0; i <= pixels; ++i) {
        const int index = int((i + 0.5 + first) / cell);
        if (index < cells)
            map[size_t(i)] = index;
    }
    return map;
}

} // namespace

QImage HeatMap::renderCells(const QRect& part, double ratio) const
{
    QImage image((QSizeF(part.size()) * ratio).toSize(), QImage::Format_RGB32);
    const QRgb background = palette().color(QPalette::Base).rgb();
    const QRgb missing = mixed(palette().color(QPalette::Base), palette().color(QPalette::Mid), 0.35).rgb();
    // The coarsest copy whose cells are not larger than a pixel.
    int rows = m_grid->rows, columns = m_grid->columns;
    double width = m_cellWidth * ratio, height = m_cellHeight * ratio;
    const float* values = m_grid->colored().data();
    for (const HeatGrid::Level& level : m_grid->pyramid) {
        if (std::max(width, height) * 2 > 1.01)
            break;
        width *= double(columns) / level.columns;
        height *= double(rows) / level.rows;
        rows = level.rows;
        columns = level.columns;
        values = level.values.data();
    }
    const QPointF first =
        QPointF(part.topLeft() - cellArea().topLeft() +
                QPoint(horizontalScrollBar()->value(), verticalScrollBar()->value())) * ratio;
    const std::vector<int> xs = cellsOfPixels(image.width(), first.x(), width, columns);
    const std::vector<int> ys = cellsOfPixels(image.height(), first.y(), height, rows);
    const bool gaps = std::min(m_cellWidth, m_cellHeight) >= 8;
    const HeatSteps steps(*m_grid);
    const QRgb* previous = nullptr; // the line above, where it shows the same row
    for (int y = 0; y < image.height(); ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        const int row = ys[size_t(y)];
        if (row < 0 || (gaps && ys[size_t(y) + 1] != row)) {
            std::fill(line, line + image.width(), background);
            previous = nullptr;
            continue;
        }
        if (previous && row == ys[size_t(y) - 1]) {
            std::copy(previous, previous + image.width(), line);
            continue;
        }
        previous = line;
        const float* from = values + size_t(row) * size_t(columns);
        for (int x = 0; x < image.width(); ++x) {
            const int column = xs[size_t(x)];
            const bool gap = column < 0 || (gaps && xs[size_t(x) + 1] != column);
            line[x] = gap                        ? background
                      : std::isnan(from[column]) ? missing
                                                 : m_colors[size_t(steps.of(from[column]))];
        }
    }
    image.setDevicePixelRatio(ratio);
    return image;
}

QRect HeatMap::cellsIn(const QRect& part) const
{
    const QPoint first = part.topLeft() - cellArea().topLeft() +
                         QPoint(horizontalScrollBar()->value(), verticalScrollBar()->value());
    const int left = int(first.x() / m_cellWidth), top = int(first.y() / m_cellHeight);
    const int right = int((first.x() + part.width()) / m_cellWidth);
    const int bottom = int((first.y() + part.height()) / m_cellHeight);
    return QRect(QPoint(left, top),
                 QPoint(std::min(right, m_grid->columns - 1), std::min(bottom, m_grid->rows - 1)));
}

QColor HeatMap::cellColor(int row, int column) const
{
    const float value = m_grid->colored()[size_t(row) * size_t(m_grid->columns) + size_t(column)];
    return QColor(m_colors[size_t(HeatSteps(*m_grid).of(value))]);
}

void HeatMap::paintEvent(QPaintEvent* event)
{
    QPainter painter(viewport());
    const QRect area = cellArea();
    const QColor background = palette().color(QPalette::Base);
    if (!m_grid || m_grid->isEmpty() || area.isEmpty()) {
        painter.fillRect(viewport()->rect(), background);
        return;
    }
    bool names = false;
    for (const QRect& exposed : event->region()) {
        names = names || !area.contains(exposed);
        const QRect part = exposed & area;
        if (part.isEmpty())
            continue;
        painter.drawImage(part.topLeft(), renderCells(part, devicePixelRatioF()));
        painter.setClipRect(part);
        paintNumbers(painter, part);
        paintCursor(painter, part);
        painter.setClipping(false);
    }
    if (!names)
        return;
    painter.fillRect(0, 0, viewport()->width(), m_top, background);
    painter.fillRect(0, m_top, m_left, viewport()->height() - m_top, background);
    paintNames(painter, area);
}

void HeatMap::paintNumbers(QPainter& painter, const QRect& part) const
{
    const QFontMetrics metrics = fontMetrics();
    if (m_cellHeight < metrics.height() || m_cellWidth < 2 * metrics.averageCharWidth())
        return;
    const QRect cells = cellsIn(part);
    painter.setFont(font());
    for (int row = cells.top(); row <= cells.bottom(); ++row) {
        for (int column = cells.left(); column <= cells.right(); ++column) {
            if (!m_grid->has(row, column))
                continue;
            const QString text = m_grid->valueText(row, column);
            if (metrics.horizontalAdvance(text) > m_cellWidth - 4)
                continue;
            painter.setPen(textOn(cellColor(row, column)));
            painter.drawText(cellRect(row, column), Qt::AlignCenter, text);
        }
    }
}

void HeatMap::paintNames(QPainter& painter, const QRect& area) const
{
    const QFontMetrics metrics = fontMetrics();
    painter.setFont(font());
    const QRect cells = cellsIn(area);
    const auto color = [this](bool current) {
        return current ? palette().color(QPalette::Text) : dimmedText(palette());
    };
    painter.save();
    painter.setClipRect(0, area.top(), m_left, area.height());
    const int rowStep = std::max(1, int(std::ceil(metrics.height() / m_cellHeight)));
    int bottom = area.top();
    for (int row = cells.top() - cells.top() % rowStep; row <= cells.bottom(); row += rowStep) {
        const QRect cell = cellRect(row, 0);
        painter.setPen(color(row == m_current.y()));
        const int top = std::max(area.top(), cell.center().y() - metrics.height() / 2);
        if (top < bottom)
            continue;
        bottom = top + metrics.height();
        const QRect box(4, top, m_left - 10, metrics.height());
        painter.drawText(box, Qt::AlignRight | Qt::AlignVCenter,
                         metrics.elidedText(m_grid->rowName(row), Qt::ElideMiddle, box.width()));
    }
    painter.restore();
    painter.setClipRect(area.left(), 0, area.width(), m_top);
    int widest = metrics.horizontalAdvance(m_grid->columnName(cells.right()));
    for (int column = cells.left(); column <= cells.right() && column < cells.left() + 400; ++column)
        widest = std::max(widest, metrics.horizontalAdvance(m_grid->columnName(column)));
    // Names may be cut down to about eight letters before some are left out.
    const int wanted = std::min(widest, 8 * metrics.averageCharWidth()) + 4;
    const int step = std::max(1, int(std::ceil(wanted / m_cellWidth)));
    for (int column = cells.left() - cells.left() % step; column <= cells.right(); column += step) {
        const QRect cell = cellRect(0, column);
        const QRect box(cell.left(), 0, int(m_cellWidth * step) - 3, m_top - 2);
        // The last of the names that stand apart is left out rather than cut at the edge.
        if (step > 1 && cell.left() > area.left() &&
            cell.left() + metrics.horizontalAdvance(m_grid->columnName(column)) > area.right())
            continue;
        painter.setPen(color(column == m_current.x()));
        const int align = step > 1 ? Qt::AlignLeft : Qt::AlignHCenter;
        QString text = m_grid->columnName(column);
        if (const QString unit = m_grid->columnUnits.value(column);
            !unit.isEmpty() && metrics.horizontalAdvance(text + unit) + 20 < box.width())
            text = tr("%1 (%2)").arg(text, unit);
        painter.drawText(box, align | Qt::AlignVCenter,
                         metrics.elidedText(text, Qt::ElideRight, box.width()));
    }
}

void HeatMap::paintCursor(QPainter& painter, const QRect& part) const
{
    if (m_current.x() < 0)
        return;
    QRect rect = cellRect(m_current.y(), m_current.x()).adjusted(0, 0, -1, -1);
    if (rect.width() < 6 || rect.height() < 6)
        rect = QRect(rect.center() - QPoint(4, 4), QSize(9, 9));
    if (!rect.adjusted(-3, -3, 3, 3).intersects(part))
        return;
    // Two tones: visible on every colour of the map.
    painter.setPen(QPen(palette().color(QPalette::Base), hasFocus() ? 4 : 3));
    painter.drawRect(rect);
    painter.setPen(QPen(palette().color(hasFocus() ? QPalette::Highlight : QPalette::Text), 2));
    painter.drawRect(rect);
}

} // namespace bitwright
