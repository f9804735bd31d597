// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/budget.h"
#include "widgets/page.h"

#include <optional>

class QDoubleSpinBox;
class QLabel;
class QPushButton;
class QSlider;
class QTableView;

namespace bitwright {

class ConfigDiffModel;

/// Bits for every layer from one number, what the weights may have on average. Follows the slider as a
/// preview; Apply makes it the plan, as one undo step. Locked layers stay.
class BudgetView : public QWidget {
    Q_OBJECT
public:
    explicit BudgetView(const Workspace& workspace, QWidget* parent = nullptr);

    QSlider* slider() const { return m_slider; }
    QLabel* summary() const { return m_summary; }
    QPushButton* applyButton() const { return m_apply; }
    /// What Apply would do; nothing while there is no sweep, or the budget is too small.
    const std::optional<BudgetPlan>& proposal() const { return m_proposal; }

protected:
    void showEvent(QShowEvent* event) override;

private:
    void refresh();
    void showProposal();
    void apply();

    Workspace m_workspace;
    QSlider* m_slider;
    QDoubleSpinBox* m_average;
    QLabel* m_summary;
    QPushButton* m_apply;
    ConfigDiffModel* m_model;
    QTableView* m_table;
    std::optional<BudgetPlan> m_proposal;
};

} // namespace bitwright
