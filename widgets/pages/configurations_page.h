// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workbench.h"
#include "widgets/page.h"

#include <QTimer>

#include <utility>
#include <vector>

class QAction;
class QLabel;
class QTabBar;
class QTableView;

namespace bitwright {

class ConfigDiffModel;
class BudgetView;
class ConfigHistogram;
class ConfigModel;
class TradeoffPlot;
struct Configuration;

/// Plans side by side: the plan as it is, named snapshots, and everything evaluated so far, with the plane of
/// size and accuracy. A click previews what would change, Enter applies it as one undo step.
class ConfigurationsPage : public Page {
    Q_OBJECT
public:
    explicit ConfigurationsPage(const Workspace& workspace);

    ConfigModel* model() const { return m_model; }
    QTableView* list() const { return m_list; }
    ConfigDiffModel* difference() const { return m_differenceModel; }
    TradeoffPlot* plot() const { return m_plot; }
    ConfigHistogram* histogram() const { return m_histogram; }
    BudgetView* budget() const { return m_budget; }

    bool isUpToDate() const override;
    QStringList views() const override;
    void showView(const QString& name) override;
    QList<QAction*> viewActions() const override;

    /// Applies a configuration as one undo step; false when it is the plan as it is.
    bool apply(int row);

private:
    struct KnownCost {
        QuantPlan plan;
        std::shared_ptr<const Model> model;
        std::optional<Cost> cost; ///< empty: it cannot be computed
    };

    void build();
    QWidget* buildBar();
    QWidget* buildPictures();
    void schedule();
    void refresh();
    void refreshPlot();
    void refreshDifference();
    void startCost();
    void takeSnapshot();
    void removeSnapshot();
    std::vector<Configuration> collect() const;
    const KnownCost* knownCost(const Configuration& of) const;
    std::vector<Configuration> compared() const;

    Workspace m_workspace;
    ConfigModel* m_model;
    ConfigDiffModel* m_differenceModel;
    QTableView *m_list, *m_difference;
    QLabel* m_summary;
    TradeoffPlot* m_plot;
    ConfigHistogram* m_histogram;
    BudgetView* m_budget;
    QTabBar* m_tabs;
    QAction *m_snapshot, *m_apply, *m_remove;
    QList<int> m_points; ///< rows of the model, one a point
    std::vector<KnownCost> m_costs;
    int m_running = 0;
    bool m_scheduled = false;
    QTimer m_reportTimer;
};

} // namespace bitwright
