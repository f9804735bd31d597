// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/heat_legend.h"

#include <QPainter>

namespace bitwright {

namespace {

constexpr int kWantedBar = 110;

} // namespace

HeatLegend::HeatLegend(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed); // the bar gives way first
}

QString HeatLegend::title() const
{
    return m_grid->unit.isEmpty() ? m_grid->title : tr("%1 (%2)").arg(m_grid->title, m_grid->unit);
}

QString HeatLegend::end(bool high) const
{
    if (!m_grid->shades.empty())
        return high ? tr("largest") : tr("least");
    if (high)
        return m_grid->text(m_grid->high);
    return m_grid->text(m_grid->scale == HeatGrid::Scale::Diverging ? -m_grid->high : m_grid->low);
}

QSize HeatLegend::sizeHint() const
{
    const QFontMetrics metrics = fontMetrics();
    const int words = m_grid ? metrics.horizontalAdvance(title() + end(false) + end(true)) : 0;
    return {words + 32 + kWantedBar, metrics.height() + 8};
}

void HeatLegend::setGrid(HeatGridPtr grid)
{
    m_grid = std::move(grid);
    if (m_grid)
        setAccessibleName(tr("Colour scale of %1 from %2 to %3").arg(title(), end(false), end(true)));
    updateGeometry();
    update();
}

void HeatLegend::paintEvent(QPaintEvent*)
{
    if (!m_grid || m_grid->isEmpty())
        return;
    QPainter painter(this);
    const QFontMetrics metrics = fontMetrics();
    constexpr int kLeastBar = 24, kLargestBar = 220;
    // Where there is no room for both ends of a symmetric scale one number says them.
    const bool narrow = width() < sizeHint().width() - kWantedBar + kLeastBar;
    const bool both = !narrow || m_grid->scale != HeatGrid::Scale::Diverging;
    const QString last = both ? end(true) : QStringLiteral("±") + end(true);
    int x = 2;
    const auto write = [&](const QString& text) {
        const int width = metrics.horizontalAdvance(text);
        painter.drawText(QRect(x, 0, width + 2, height()), Qt::AlignLeft | Qt::AlignVCenter, text);
        x += width + 8;
    };
    painter.setPen(palette().color(QPalette::WindowText));
    write(title());
    x += 4;
    if (both)
        write(end(false));
    const int bar = std::clamp(width() - x - metrics.horizontalAdvance(last) - 12, kLeastBar, kLargestBar);
    const auto colors = heatColors(m_grid->scale, palette());
    QImage image(256, 1, QImage::Format_RGB32);
    for (int i = 0; i < 256; ++i)
        image.setPixel(i, 0, colors[size_t(i)]);
    const QRect box(x, (height() - metrics.height() * 3 / 4) / 2, bar, metrics.height() * 3 / 4);
    painter.drawImage(box, image);
    painter.setPen(palette().color(QPalette::Mid));
    painter.drawRect(box.adjusted(0, 0, -1, -1));
    x += bar + 8;
    painter.setPen(palette().color(QPalette::WindowText));
    write(last);
}

} // namespace bitwright
