// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/heat_grid.h"

#include <QWidget>

namespace bitwright {

/// The colour scale of a heat map: what it is, its unit and its ends.
class HeatLegend : public QWidget {
    Q_OBJECT
public:
    explicit HeatLegend(QWidget* parent = nullptr);

    void setGrid(HeatGridPtr grid);

protected:
    void paintEvent(QPaintEvent* event) override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

private:
    QString title() const;
    QString end(bool high) const;

    HeatGridPtr m_grid;
};

} // namespace bitwright
