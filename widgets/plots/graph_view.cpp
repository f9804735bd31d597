// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/graph_view.h"

#include <QApplication>
#include <QMouseEvent>
#include <QScrollBar>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace bitwright {

namespace {

constexpr double kMinZoom = 0.005, kMaxZoom = 4;
/// Edges in one item; the scene then leaves out the items that are not in view.
constexpr size_t kEdgesInItem = 64;

} // namespace

GraphView::GraphView(QWidget* parent)
    : QGraphicsView(parent)
    , m_scene(new QGraphicsScene(this))
{
    setScene(m_scene);
    setFrameShape(QFrame::NoFrame);
    setDragMode(ScrollHandDrag);
    setTransformationAnchor(AnchorUnderMouse);
    setViewportUpdateMode(SmartViewportUpdate);
    setOptimizationFlag(DontSavePainterState);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setCursor(Qt::ArrowCursor);
    setAccessibleName(tr("Model graph"));
    fillBackground();
}

void GraphView::fillBackground()
{
    setBackgroundBrush(palette().color(QPalette::Base));
}

void GraphView::clear()
{
    m_scene->clear();
    m_boxes.clear();
    m_chosen.clear();
    m_current = -1;
    setUpdatesEnabled(true);
}

void GraphView::addBox(int id, const QRectF& rect, const GraphBox& box)
{
    auto* item = new GraphBoxItem(id, rect);
    item->setBox(box);
    m_scene->addItem(item);
    m_boxes.insert(id, item);
}

void GraphView::addFrame(const Frame& frame)
{
    m_scene->addItem(new GraphFrameItem(frame.id, frame.rect, frame.title, frame.depth));
}

size_t GraphView::addEdges(const std::vector<QPainterPath>& edges, size_t at)
{
    const size_t end = std::min(edges.size(), at + kEdgesInItem);
    m_scene->addItem(new GraphEdgesItem({edges.begin() + qsizetype(at), edges.begin() + qsizetype(end)}));
    return end;
}

void GraphView::beginFilling(const QRectF& bounds)
{
    clear();
    setUpdatesEnabled(false);
    // Known beforehand: a scene that grows sorts all of its items anew.
    m_scene->setSceneRect(bounds.adjusted(-20, -20, 20, 20));
}

void GraphView::endFilling(bool fitted)
{
    if (fitted)
        fit();
    setUpdatesEnabled(true);
}

void GraphView::setChosen(const QSet<int>& chosen, const QSet<int>& part, int current)
{
    m_chosen = chosen;
    m_current = current;
    for (auto it = m_boxes.cbegin(); it != m_boxes.cend(); ++it) {
        it.value()->setChosen(chosen.contains(it.key()), part.contains(it.key()));
        it.value()->setCurrent(it.key() == current);
    }
    viewport()->update();
    if (const GraphBoxItem* item = m_boxes.value(current)) {
        const GraphBox& box = item->box();
        setAccessibleDescription(QStringList{box.title, box.subtitle, box.value}.join(QStringLiteral(", ")));
    }
}

void GraphView::setMatches(const QSet<int>& matches, bool searching)
{
    for (auto it = m_boxes.cbegin(); it != m_boxes.cend(); ++it)
        it.value()->setMark(!searching                   ? GraphBoxItem::Mark::None
                            : matches.contains(it.key()) ? GraphBoxItem::Mark::Match
                                                         : GraphBoxItem::Mark::Dimmed);
    viewport()->update();
}

void GraphView::reveal(int id)
{
    if (const GraphBoxItem* item = m_boxes.value(id))
        ensureVisible(item->sceneRect(), 40, 40);
}

void GraphView::fit()
{
    if (m_boxes.isEmpty())
        return;
    fitInView(m_scene->sceneRect(), Qt::KeepAspectRatio);
    // A handful of layers need no giant boxes.
    if (transform().m11() > 1.25)
        setTransform(QTransform::fromScale(1.25, 1.25));
    centerOn(m_scene->sceneRect().center());
}

void GraphView::zoom(double factor)
{
    const double now = transform().m11();
    const double wanted = std::clamp(now * factor, kMinZoom, kMaxZoom);
    scale(wanted / now, wanted / now);
}

void GraphView::wheelEvent(QWheelEvent* event)
{
    if (event->modifiers() & Qt::ShiftModifier) {
        QGraphicsView::wheelEvent(event);
        return;
    }
    zoom(std::pow(1.0015, event->angleDelta().y()));
    event->accept();
}

GraphBoxItem* GraphView::boxAt(const QPoint& position) const
{
    for (QGraphicsItem* item : items(position)) {
        if (auto* box = dynamic_cast<GraphBoxItem*>(item))
            return box;
    }
    return nullptr;
}

int GraphView::idAt(const QPoint& position) const
{
    const GraphBoxItem* box = boxAt(position);
    return box ? box->id() : -1;
}

void GraphView::choose(const QList<int>& ids, int current, bool add)
{
    QList<int> all = ids;
    if (add) {
        const bool off = ids.size() == 1 && m_chosen.contains(ids.first());
        for (int id : std::as_const(m_chosen)) {
            if (!ids.contains(id))
                all.prepend(id);
        }
        if (off)
            all.removeOne(ids.first());
    }
    Q_EMIT chosen(all, current);
}

void GraphView::mousePressEvent(QMouseEvent* event)
{
    m_pressed = event->position().toPoint();
    m_banding = event->button() == Qt::LeftButton && (event->modifiers() & Qt::ShiftModifier);
    setDragMode(m_banding ? RubberBandDrag : ScrollHandDrag);
    QGraphicsView::mousePressEvent(event);
}

void GraphView::mouseReleaseEvent(QMouseEvent* event)
{
    const QPoint position = event->position().toPoint();
    const bool click = (position - m_pressed).manhattanLength() < QApplication::startDragDistance();
    const QRect band = QRect(m_pressed, position).normalized();
    QGraphicsView::mouseReleaseEvent(event);
    viewport()->setCursor(Qt::ArrowCursor);
    setDragMode(ScrollHandDrag);
    if (event->button() != Qt::LeftButton)
        return;
    const bool add = event->modifiers() & (Qt::ControlModifier | Qt::ShiftModifier);
    if (click) {
        if (const GraphBoxItem* box = boxAt(position))
            choose({box->id()}, box->id(), add);
    } else if (std::exchange(m_banding, false)) {
        QList<int> ids;
        for (QGraphicsItem* item : items(band)) {
            if (auto* box = dynamic_cast<GraphBoxItem*>(item))
                ids.append(box->id());
        }
        std::sort(ids.begin(), ids.end());
        if (!ids.isEmpty())
            choose(ids, ids.first(), event->modifiers() & Qt::ControlModifier);
    }
}

void GraphView::mouseDoubleClickEvent(QMouseEvent* event)
{
    const QPoint position = event->position().toPoint();
    if (const GraphBoxItem* box = boxAt(position)) {
        Q_EMIT activated(box->id());
        return;
    }
    for (QGraphicsItem* item : items(position)) {
        if (auto* frame = dynamic_cast<GraphFrameItem*>(item)) {
            Q_EMIT collapseRequested(frame->id());
            return;
        }
    }
}

void GraphView::move(const QPointF& direction, bool extend)
{
    const GraphBoxItem* from = m_boxes.value(m_current);
    const GraphBoxItem* best = nullptr;
    double least = 1e300;
    for (const GraphBoxItem* box : m_boxes) {
        if (!from) { // the topmost one to begin with
            const double y = box->sceneRect().top();
            if (y < least)
                least = y, best = box;
            continue;
        }
        const QPointF way = box->sceneRect().center() - from->sceneRect().center();
        const double along = QPointF::dotProduct(way, direction);
        const double aside = std::abs(way.x() * direction.y() - way.y() * direction.x());
        if (box != from && along > 1 && along + 2.5 * aside < least)
            least = along + 2.5 * aside, best = box;
    }
    if (!best)
        return;
    choose({best->id()}, best->id(), extend && !m_chosen.contains(best->id()));
    reveal(best->id());
}

void GraphView::keyPressEvent(QKeyEvent* event)
{
    const bool extend = event->modifiers() & Qt::ShiftModifier;
    switch (event->key()) {
    case Qt::Key_Up:
        return move({0, -1}, extend);
    case Qt::Key_Down:
        return move({0, 1}, extend);
    case Qt::Key_Left:
        return move({-1, 0}, extend);
    case Qt::Key_Right:
        return move({1, 0}, extend);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_current >= 0)
            Q_EMIT activated(m_current);
        return;
    case Qt::Key_Backspace:
        Q_EMIT collapseRequested(-1);
        return;
    default:
        QGraphicsView::keyPressEvent(event);
    }
}

void GraphView::changeEvent(QEvent* event)
{
    QGraphicsView::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        fillBackground();
}

} // namespace bitwright
