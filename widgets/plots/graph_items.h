// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFontMetricsF>
#include <QGraphicsItem>
#include <QPainterPath>

namespace bitwright {

/// What one box of the model graph shows.
struct GraphBox {
    QString title;    ///< last part of the module path
    QString subtitle; ///< operator, or the number of layers inside
    QString value;    ///< the metric with its unit; colour is never the only meaning
    QColor fill;
    bool isModule = false, locked = false, noted = false;
};

/// One layer or collapsed module. Light: no child items, no layout, text only where it can be read.
class GraphBoxItem : public QGraphicsItem {
public:
    enum class Mark { None, Match, Dimmed };

    GraphBoxItem(int id, const QRectF& rect)
        : m_id(id)
        , m_rect(rect)
    {
        setPos(rect.topLeft());
    }

    int id() const { return m_id; }
    QRectF sceneRect() const { return m_rect; }
    const GraphBox& box() const { return m_box; }
    void setBox(const GraphBox& box) { m_box = box; }
    void setValue(const QString& value, const QColor& fill)
    {
        m_box.value = value;
        m_box.fill = fill;
    }
    void setMark(Mark mark) { m_mark = mark; }
    Mark mark() const { return m_mark; }
    /// `part`: only some of the layers inside are selected.
    void setChosen(bool chosen, bool part) { m_chosen = chosen, m_part = part; }
    bool isChosen() const { return m_chosen; }
    void setCurrent(bool current) { m_current = current; }

    QRectF boundingRect() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

    /// Room that a box needs for its texts.
    static QSizeF sizeFor(const GraphBox& box, const QFontMetricsF& metrics);

private:
    void paintTexts(QPainter& painter, const QRectF& rect, const QPalette& palette) const;
    void paintGlyphs(QPainter& painter, const QRectF& rect) const;

    int m_id;
    QRectF m_rect;
    GraphBox m_box;
    Mark m_mark = Mark::None;
    bool m_chosen = false, m_part = false, m_current = false;
};

/// An expanded module: a frame with its name, behind the boxes.
class GraphFrameItem : public QGraphicsItem {
public:
    GraphFrameItem(int id, const QRectF& rect, const QString& title, int depth);
    int id() const { return m_id; }
    QRectF boundingRect() const override { return m_rect.adjusted(-1, -1, 1, 1); }
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    int m_id;
    QRectF m_rect;
    QString m_title;
};

/// Edges of a part of the graph in one item; arrow heads only where they can be seen.
class GraphEdgesItem : public QGraphicsItem {
public:
    explicit GraphEdgesItem(const QList<QPainterPath>& paths);
    QRectF boundingRect() const override { return m_bounds; }
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    QList<QPainterPath> m_paths;
    QRectF m_bounds;
};

} // namespace bitwright
