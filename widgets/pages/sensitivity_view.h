// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/sensitivity.h"
#include "widgets/page.h"
#include "widgets/plots/heat_grid.h"

class QAction;
class QComboBox;
class QLabel;
class QSpinBox;

namespace bitwright {

class HeatPanel;
class Sweep;

/// Layers by bit-widths: how much each costs in the error that is chosen. Fills in while the sweep runs; a
/// click selects the layer, Enter or the context menu sets its bits.
class SensitivityView : public QWidget {
    Q_OBJECT
public:
    enum Metric { OutputSqnr, Kl, Top1Drop, LossRise };

    explicit SensitivityView(const Workspace& workspace, QWidget* parent = nullptr);

    HeatPanel* panel() const { return m_panel; }
    QComboBox* modeBox() const { return m_mode; }
    QComboBox* metricBox() const { return m_metric; }
    QSpinBox* samplesBox() const { return m_samples; }
    QAction* runAction() const { return m_run; }
    Sweep* sweep() const { return m_sweep; }
    /// What is shown, in one sentence.
    static QString definition(SensitivityMode mode);
    /// Sets the bits of the cell's layer as one undo step; false when they are so already.
    bool apply(int row, int column);

private:
    QWidget* buildBar();
    void refresh();
    void refreshActions();
    void showMenu(int row, int column, const QPoint& global);
    void followSelection();
    HeatGridPtr makeGrid();
    float valueOf(const SensitivityCell& cell) const;
    QString describe(int row, int column) const;
    SensitivityMode mode() const;
    SensitivityWhat what() const;
    Metric metric() const;
    int plannedBits(int row) const;

    Workspace m_workspace;
    Sweep* m_sweep;
    QComboBox *m_mode, *m_what, *m_metric;
    QSpinBox* m_samples;
    QAction* m_run;
    QLabel* m_definition;
    HeatPanel* m_panel;
    QList<int> m_rows; ///< rows of the document, one a row of the map
};

} // namespace bitwright
