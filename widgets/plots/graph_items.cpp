// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/graph_items.h"

#include "widgets/theme.h"

#include <QFontMetricsF>
#include <QHash>
#include <QPainter>
#include <QStyleOptionGraphicsItem>
#include <QWidget>

#include <algorithm>
#include <cmath>

namespace bitwright {

namespace {

constexpr double kPad = 8, kOutline = 4, kMaxText = 180;
/// Below this zoom texts cannot be read and are left out.
constexpr double kTextZoom = 0.35, kArrowZoom = 0.25;
/// Below this one a box is a plain rectangle.
constexpr double kShapeZoom = 0.15;

double zoomOf(const QPainter& painter)
{
    return QStyleOptionGraphicsItem::levelOfDetailFromTransform(painter.worldTransform());
}

QPixmap glyph(const QString& name, const QColor& color)
{
    static QHash<QString, QPixmap> cache;
    QPixmap& pixmap = cache[name + color.name()];
    if (pixmap.isNull()) {
        QPalette palette;
        palette.setColor(QPalette::Active, QPalette::ButtonText, color);
        pixmap = themedIcon(name, palette).pixmap(QSize(48, 48));
    }
    return pixmap;
}

} // namespace

QSizeF GraphBoxItem::sizeFor(const GraphBox& box, const QFontMetricsF& metrics)
{
    // The value changes with the metric; room for the longest usual one keeps the layout as it is.
    const double value = metrics.horizontalAdvance(QStringLiteral("0.000e-00"));
    const double title = metrics.horizontalAdvance(box.title) * 1.08;
    const double second = metrics.horizontalAdvance(box.subtitle) + 10 + value;
    const double text = std::min(kMaxText, std::max(title, second));
    return {std::ceil(text + 2 * kPad + (box.isModule ? 14 : 0) + 14), std::ceil(2 * metrics.height() + 10)};
}

QRectF GraphBoxItem::boundingRect() const
{
    return QRectF({}, m_rect.size()).adjusted(-kOutline, -kOutline, kOutline, kOutline);
}

void GraphBoxItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget* widget)
{
    const QPalette palette = widget ? widget->palette() : QPalette();
    const QRectF rect({}, m_rect.size());
    const double zoom = zoomOf(*painter);
    painter->setOpacity(m_mark == Mark::Dimmed ? 0.3 : 1);
    if (zoom < kShapeZoom && m_mark != Mark::Match && !m_chosen) {
        // A few pixels: thousands of them are in view.
        painter->fillRect(rect, m_box.fill);
        return;
    }
    painter->setRenderHint(QPainter::Antialiasing, zoom > kTextZoom);
    QColor border = palette.color(QPalette::Active, QPalette::Text);
    border.setAlphaF(0.35f);
    painter->setBrush(m_box.fill);
    painter->setPen(QPen(border, 1));
    if (m_box.isModule) // a second sheet behind it: there is something inside
        painter->drawRoundedRect(rect.translated(3, 3), 5, 5);
    painter->drawRoundedRect(rect, 5, 5);
    if (zoom > kTextZoom) {
        paintTexts(*painter, rect, palette);
        paintGlyphs(*painter, rect);
    }
    painter->setBrush(Qt::NoBrush);
    if (m_mark == Mark::Match) {
        painter->setPen(QPen(roleColor(Role::Clipped, palette), 3 / std::min(zoom, 1.0), Qt::DashLine));
        painter->drawRoundedRect(rect.adjusted(-2, -2, 2, 2), 6, 6);
    }
    if (m_chosen) {
        painter->setPen(QPen(palette.color(QPalette::Active, QPalette::Highlight), 3 / std::min(zoom, 1.0),
                             m_part ? Qt::DotLine : Qt::SolidLine));
        painter->drawRoundedRect(rect.adjusted(-1.5, -1.5, 1.5, 1.5), 6, 6);
    }
    if (m_current) {
        painter->setPen(QPen(textOn(m_box.fill), 1, Qt::DotLine));
        painter->drawRoundedRect(rect.adjusted(3, 3, -3, -3), 3, 3);
    }
}

void GraphBoxItem::paintTexts(QPainter& painter, const QRectF& rect, const QPalette& palette) const
{
    Q_UNUSED(palette)
    const QRectF inner = rect.adjusted(kPad, 5, -kPad, -5);
    const QColor ink = textOn(m_box.fill);
    QFont font = painter.font();
    font.setBold(true);
    painter.setPen(ink);
    painter.setFont(font);
    const double glyphs = 16 * (int(m_box.locked) + int(m_box.noted));
    const QFontMetricsF bold(font);
    const QString title = (m_box.isModule ? QStringLiteral("▸ ") : QString()) + m_box.title;
    painter.drawText(inner, Qt::AlignLeft | Qt::AlignTop,
                     bold.elidedText(title, Qt::ElideMiddle, inner.width() - glyphs));
    font.setBold(false);
    painter.setFont(font);
    painter.drawText(inner, Qt::AlignRight | Qt::AlignBottom, m_box.value);
    const QFontMetricsF metrics(font);
    const double left = inner.width() - metrics.horizontalAdvance(m_box.value) - 8;
    painter.drawText(inner, Qt::AlignLeft | Qt::AlignBottom,
                     metrics.elidedText(m_box.subtitle, Qt::ElideRight, left));
}

void GraphBoxItem::paintGlyphs(QPainter& painter, const QRectF& rect) const
{
    QRectF at(rect.right() - kPad - 14, rect.top() + 4, 14, 14);
    for (const auto& [shown, name] : {std::pair(m_box.noted, "note"), std::pair(m_box.locked, "lock")}) {
        if (!shown)
            continue;
        const QPixmap pixmap = glyph(QLatin1String(name), textOn(m_box.fill));
        painter.setRenderHint(QPainter::SmoothPixmapTransform);
        painter.drawPixmap(at, pixmap, pixmap.rect());
        at.translate(-16, 0);
    }
}

GraphFrameItem::GraphFrameItem(int id, const QRectF& rect, const QString& title, int depth)
    : m_id(id)
    , m_rect(rect)
    , m_title(title)
{
    setZValue(-100 + depth);
}

void GraphFrameItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget* widget)
{
    const QPalette palette = widget ? widget->palette() : QPalette();
    QColor tint = palette.color(QPalette::Active, QPalette::Text);
    tint.setAlphaF(0.05f);
    QColor border = tint;
    border.setAlphaF(0.3f);
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(tint);
    painter->setPen(QPen(border, 1));
    painter->drawRoundedRect(m_rect, 7, 7);
    if (zoomOf(*painter) < kTextZoom)
        return;
    painter->setPen(dimmedText(palette));
    const QFontMetricsF metrics(painter->font());
    painter->drawText(
        m_rect.adjusted(8, 1, -8, 0), Qt::AlignLeft | Qt::AlignTop,
        metrics.elidedText(QStringLiteral("▾ ") + m_title, Qt::ElideMiddle, m_rect.width() - 16));
}

GraphEdgesItem::GraphEdgesItem(const QList<QPainterPath>& paths)
    : m_paths(paths)
{
    for (const QPainterPath& path : paths)
        m_bounds |= path.controlPointRect();
    m_bounds.adjust(-6, -6, 6, 6);
    setZValue(-1);
}

void GraphEdgesItem::paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget)
{
    const double zoom = zoomOf(*painter);
    const QColor color = dimmedText(widget ? widget->palette() : QPalette());
    painter->setRenderHint(QPainter::Antialiasing, zoom > kArrowZoom);
    for (const QPainterPath& path : std::as_const(m_paths)) {
        if (!path.controlPointRect().adjusted(-6, -6, 6, 6).intersects(option->exposedRect))
            continue;
        painter->setPen(QPen(color, zoom < 1 ? 0 : 1.2));
        painter->setBrush(Qt::NoBrush);
        if (zoom < kArrowZoom) {
            painter->drawLine(path.pointAtPercent(0), path.currentPosition());
            continue;
        }
        painter->drawPath(path);
        const QPointF tip = path.currentPosition();
        const QPointF from = path.elementAt(path.elementCount() - 2);
        const double angle = std::atan2(tip.y() - from.y(), tip.x() - from.x());
        const auto wing = [&](double turn) {
            return tip - 7 * QPointF(std::cos(angle + turn), std::sin(angle + turn));
        };
        painter->setBrush(color);
        painter->drawPolygon(QPolygonF({tip, wing(0.4), wing(-0.4)}));
    }
}

} // namespace bitwright
