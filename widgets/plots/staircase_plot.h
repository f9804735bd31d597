// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/site_distribution.h"

#include <QWidget>

#include <memory>

namespace bitwright {

/// What the quantizer makes of every value: its staircase (of the widest scale) beside the diagonal that
/// would change nothing, and some of the tensor's own values before and after. Wheel zooms, drag pans.
class StaircasePlot : public QWidget {
    Q_OBJECT
public:
    explicit StaircasePlot(QWidget* parent = nullptr);
    ~StaircasePlot() override;

    /// Keeps the visible part when `sameTensor`.
    void setDistribution(const SiteDistribution& distribution, bool sameTensor);
    /// Marks a value; NaN = none.
    void setProbe(double value);

public Q_SLOTS:
    void resetView();

Q_SIGNALS:
    /// The pointer is over this value.
    void probed(double value);

protected:
    void changeEvent(QEvent* event) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace bitwright
