// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/graph_items.h"

#include <QGraphicsView>
#include <QHash>
#include <QSet>

namespace bitwright {

/// Boxes, frames and edges with pan (drag), zoom (wheel, + and -), fit (Space), selection (click, Ctrl+click,
/// Shift+drag) and movement by the arrow keys. Knows ids only, no model.
class GraphView : public QGraphicsView {
    Q_OBJECT
public:
    struct Frame {
        int id;
        QRectF rect;
        QString title;
        int depth;
    };

    explicit GraphView(QWidget* parent = nullptr);

    void clear();
    void addBox(int id, const QRectF& rect, const GraphBox& box);
    void addFrame(const Frame& frame);
    /// Adds some of the edges from `at` on, in one item; returns the next one.
    size_t addEdges(const std::vector<QPainterPath>& edges, size_t at);
    /// Empties the view; nothing is painted until endFilling, however many events pass.
    void beginFilling(const QRectF& bounds);
    void endFilling(bool fitted);
    const QHash<int, GraphBoxItem*>& boxes() const { return m_boxes; }

    /// `part`: chosen, but not with everything inside.
    void setChosen(const QSet<int>& chosen, const QSet<int>& part, int current);
    int current() const { return m_current; }
    /// Dims everything else; with `searching` false nothing is marked.
    void setMatches(const QSet<int>& matches, bool searching);
    void reveal(int id);
    /// The box at a place of the viewport, -1 = none.
    int idAt(const QPoint& position) const;

public Q_SLOTS:
    void fit();
    void zoomIn() { zoom(1.25); }
    void zoomOut() { zoom(0.8); }

Q_SIGNALS:
    /// The user chose these boxes; the last one is current.
    void chosen(const QList<int>& ids, int current);
    /// A box was activated (double click, Enter): a module opens.
    void activated(int id);
    /// The module is to be closed (double click on its frame); -1: the one around the current box
    /// (Backspace).
    void collapseRequested(int frame);

protected:
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void zoom(double factor);
    GraphBoxItem* boxAt(const QPoint& position) const;
    void choose(const QList<int>& ids, int current, bool add);
    void move(const QPointF& direction, bool extend);
    void fillBackground();

    QGraphicsScene* m_scene;
    QHash<int, GraphBoxItem*> m_boxes;
    QSet<int> m_chosen;
    QPoint m_pressed;
    int m_current = -1;
    bool m_banding = false;
};

} // namespace bitwright
