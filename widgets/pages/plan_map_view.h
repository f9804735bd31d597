// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/page.h"
#include "widgets/plots/heat_grid.h"

class QTimer;

namespace bitwright {

class HeatPanel;

/// All layers by all metrics of the plan as it is: errors of weights and outputs by their own quantizers,
/// clipping, bits and size. A column has its own colours, from its least to its largest number.
class PlanMapView : public QWidget {
    Q_OBJECT
public:
    explicit PlanMapView(const Workspace& workspace, QWidget* parent = nullptr);

    HeatPanel* panel() const { return m_panel; }
    bool isUpToDate() const;

Q_SIGNALS:
    void upToDate();

protected:
    void showEvent(QShowEvent* event) override;

private:
    void refresh();
    void followSelection();
    HeatGridPtr makeGrid() const;

    Workspace m_workspace;
    HeatPanel* m_panel;
    QTimer* m_later; ///< joins the reports of many layers
    bool m_outdated = false;
};

} // namespace bitwright
