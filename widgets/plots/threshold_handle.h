// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace bitwright {

/// The grip of one clipping threshold: a narrow strip over the plot that is dragged with the mouse or, having
/// the focus, moved with the arrow keys. Speaks in pixels of its parent.
class ThresholdHandle : public QWidget {
    Q_OBJECT
public:
    static constexpr int kWidth = 15;

    explicit ThresholdHandle(const QString& name, QWidget* plot);
    bool isDragged() const { return m_dragged; }

Q_SIGNALS:
    void dragStarted();
    void draggedTo(double x); ///< of the threshold, in the parent
    void released();
    void cancelled();           ///< Escape while dragging
    void nudged(double pixels); ///< by key: 1, with Ctrl 0.1, with Shift 10; Page keys 50

protected:
    bool event(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    bool m_dragged = false;
    double m_offset = 0; ///< of the pointer from the threshold when the drag began
};

} // namespace bitwright
