// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/calib/threshold_error.h"

#include <QObject>

class QCustomPlot;

namespace bitwright {

class ThresholdHandle;

/// The two handles of a range on the x axis of a plot. They follow zoom and resize; what a drag means for the
/// other end is decided by withEndAt().
class ThresholdHandles : public QObject {
    Q_OBJECT
public:
    explicit ThresholdHandles(QCustomPlot* plot);

    /// Shows them on the ends of `range`, which a grid of `spec` covers.
    void setRange(const QuantSpec& spec, Range range);
    void hide();
    ThresholdHandle* handle(RangeEnd end) const { return m_handles[int(end)]; }

Q_SIGNALS:
    /// A range to try, in the form that ThresholdModel::at takes; many times while a handle is dragged.
    void moved(bitwright::Range range);
    /// The range to keep. By key: one of several small steps.
    void released(bitwright::Range range, bool byKey);
    void cancelled();

private:
    void place();
    void dragTo(RangeEnd end, double x);
    void nudge(RangeEnd end, double pixels);

    QCustomPlot* m_plot;
    ThresholdHandle* m_handles[2];
    QuantSpec m_spec;
    Range m_range;  ///< shown now
    Range m_before; ///< when the drag began
    Range m_latest; ///< last one that was sent
    bool m_shown = false, m_hasMoved = false;
};

} // namespace bitwright
