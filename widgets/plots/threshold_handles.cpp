// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/threshold_handles.h"

#include "widgets/plots/threshold_handle.h"

#include <qcustomplot.h>

#include <algorithm>
#include <cmath>

namespace bitwright {

ThresholdHandles::ThresholdHandles(QCustomPlot* plot)
    : QObject(plot)
    , m_plot(plot)
{
    m_handles[int(RangeEnd::Lower)] = new ThresholdHandle(tr("Lower clipping threshold"), plot);
    m_handles[int(RangeEnd::Upper)] = new ThresholdHandle(tr("Upper clipping threshold"), plot);
    for (RangeEnd end : {RangeEnd::Lower, RangeEnd::Upper}) {
        ThresholdHandle* handle = this->handle(end);
        handle->hide();
        connect(handle, &ThresholdHandle::dragStarted, this, [this] {
            m_before = m_latest = m_range;
            m_hasMoved = false;
        });
        connect(handle, &ThresholdHandle::draggedTo, this, [this, end](double x) { dragTo(end, x); });
        connect(handle, &ThresholdHandle::released, this, [this] {
            if (m_hasMoved)
                Q_EMIT released(m_latest, false);
        });
        connect(handle, &ThresholdHandle::cancelled, this, &ThresholdHandles::cancelled);
        connect(handle, &ThresholdHandle::nudged, this, [this, end](double pixels) { nudge(end, pixels); });
    }
    connect(plot, &QCustomPlot::afterReplot, this, &ThresholdHandles::place);
}

void ThresholdHandles::setRange(const QuantSpec& spec, Range range)
{
    m_spec = spec;
    m_range = range;
    m_shown = true;
    place();
}

void ThresholdHandles::hide()
{
    m_shown = false;
    place();
}

void ThresholdHandles::place()
{
    const QRect area = m_plot->axisRect()->rect();
    for (RangeEnd end : {RangeEnd::Lower, RangeEnd::Upper}) {
        ThresholdHandle* handle = this->handle(end);
        const double value = end == RangeEnd::Lower ? m_range.lo : m_range.hi;
        const double x = m_plot->xAxis->coordToPixel(value);
        // The lower end of an unsigned grid is 0 for ever.
        const bool fixed = end == RangeEnd::Lower && m_spec.scheme == Scheme::Unsigned;
        const bool inside = x >= area.left() - 2 && x <= area.right() + 2;
        const bool visible = m_shown && !fixed && (inside || handle->isDragged());
        if (visible) {
            const int left = int(std::lround(x - ThresholdHandle::kWidth / 2.0));
            const QRect place(left, area.top(), ThresholdHandle::kWidth, area.height());
            if (handle->geometry() != place)
                handle->setGeometry(place);
        }
        if (handle->isVisibleTo(m_plot) != visible)
            handle->setVisible(visible);
    }
}

void ThresholdHandles::dragTo(RangeEnd end, double x)
{
    const QRect area = m_plot->axisRect()->rect();
    const double value =
        m_plot->xAxis->pixelToCoord(std::clamp(x, double(area.left()), double(area.right())));
    const Range range = withEndAt(m_spec, m_before, end, value);
    if (!(range.hi > range.lo) || range == m_latest)
        return;
    m_latest = range;
    m_hasMoved = true;
    Q_EMIT moved(range);
}

void ThresholdHandles::nudge(RangeEnd end, double pixels)
{
    const double perPixel = m_plot->xAxis->range().size() / std::max(1, m_plot->axisRect()->width());
    const double value = (end == RangeEnd::Lower ? m_range.lo : m_range.hi) + pixels * perPixel;
    const Range range = withEndAt(m_spec, m_range, end, value);
    if (range.hi > range.lo && range != m_range) {
        Q_EMIT moved(range);
        Q_EMIT released(range, true);
    }
}

} // namespace bitwright
