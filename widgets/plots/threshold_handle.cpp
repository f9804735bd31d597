// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/threshold_handle.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <utility>

namespace bitwright {

namespace {

/// Pixels that a key moves the threshold by; 0 = not one of its keys.
double stepOf(const QKeyEvent& event)
{
    const double fine = event.modifiers() & Qt::ControlModifier ? 0.1
                        : event.modifiers() & Qt::ShiftModifier ? 10
                                                                : 1;
    switch (event.key()) {
    case Qt::Key_Left:
    case Qt::Key_Down:
        return -fine;
    case Qt::Key_Right:
    case Qt::Key_Up:
        return fine;
    case Qt::Key_PageDown:
        return -50;
    case Qt::Key_PageUp:
        return 50;
    default:
        return 0;
    }
}

} // namespace

ThresholdHandle::ThresholdHandle(const QString& name, QWidget* plot)
    : QWidget(plot)
{
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::SplitHCursor);
    setAccessibleName(name);
    setToolTip(
        tr("%1: drag, or move it with the arrow keys (Shift: faster, Ctrl: finer). Esc cancels a drag.")
            .arg(name));
}

bool ThresholdHandle::event(QEvent* event)
{
    // Keys that are shortcuts elsewhere belong to the handle while it uses them.
    if (event->type() == QEvent::ShortcutOverride) {
        auto* key = static_cast<QKeyEvent*>(event);
        if ((m_dragged && key->key() == Qt::Key_Escape) || stepOf(*key) != 0) {
            event->accept();
            return true;
        }
    }
    return QWidget::event(event);
}

void ThresholdHandle::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    m_dragged = true;
    m_offset = event->position().x() - kWidth / 2.0;
    Q_EMIT dragStarted();
    update();
}

void ThresholdHandle::mouseMoveEvent(QMouseEvent* event)
{
    if (m_dragged)
        Q_EMIT draggedTo(mapToParent(event->position()).x() - m_offset);
}

void ThresholdHandle::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && std::exchange(m_dragged, false))
        Q_EMIT released();
    update();
}

void ThresholdHandle::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape && std::exchange(m_dragged, false)) {
        Q_EMIT cancelled();
        update();
    } else if (const double pixels = stepOf(*event); pixels != 0 && !m_dragged) {
        Q_EMIT nudged(pixels);
    } else {
        QWidget::keyPressEvent(event);
    }
}

void ThresholdHandle::paintEvent(QPaintEvent*)
{
    constexpr double kGripWidth = 9, kGripHeight = 26;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool active = m_dragged || hasFocus();
    const QColor text = palette().color(QPalette::Text), base = palette().color(QPalette::Base);
    const QRectF grip((width() - kGripWidth) / 2, height() * 0.45 - kGripHeight / 2, kGripWidth, kGripHeight);
    painter.setPen(QPen(active ? palette().color(QPalette::Highlight) : text, active ? 2.2 : 1.2));
    painter.setBrush(base);
    painter.drawRoundedRect(grip, 3, 3);
    painter.setPen(QPen(text, 1));
    for (double y : {-5.0, 0.0, 5.0})
        painter.drawLine(QPointF(grip.left() + 2.5, grip.center().y() + y),
                         QPointF(grip.right() - 2.5, grip.center().y() + y));
}

} // namespace bitwright
