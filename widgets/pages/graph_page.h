// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/graph/graph_outline.h"
#include "widgets/models/graph_layout.h"
#include "widgets/models/layer_metrics.h"
#include "widgets/page.h"

#include <QTimer>

#include <optional>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QStackedLayout;

namespace bitwright {

class ColorLegend;
class EmptyState;
class GraphView;
struct GraphBox;

/// The model graph: layers and collapsible modules, laid out in the background, coloured by a metric. A
/// module stands for all layers inside: their worst error, their sum of sizes, all of them selected at once.
/// The layer table is its twin in text.
class GraphPage : public Page {
    Q_OBJECT
public:
    explicit GraphPage(const Workspace& workspace);

    bool isUpToDate() const override
    {
        return m_job == 0 && !m_building && !m_outlinePending && !m_colorTimer.isActive();
    }
    QList<QAction*> viewActions() const override { return m_actions; }
    QList<Exportable> exportables() const override;
    QJsonObject viewState() const override;
    void restoreView(const QJsonObject& state) override;

    GraphView* view() const { return m_view; }
    QComboBox* metricBox() const { return m_metricBox; }
    QLineEdit* searchEdit() const { return m_searchEdit; }
    ColorLegend* legend() const { return m_legend; }
    const GraphOutline& outline() const { return m_outline; }
    const VisibleGraph& visible() const { return m_visible; }
    LayoutInput layoutInput() const;

    void setMetric(LayerMetric metric);
    /// Colours and values of all boxes, at once.
    void recolor();
    void toggle(int id);
    void expandAll();
    void collapseAll();
    void cancelLayout();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QWidget* buildContent();
    QLayout* buildTopRow();
    QLayout* buildBottomRow();
    void createActions();
    void modelChanged();
    /// The outline of the model, unless it has been made.
    void outlineNow();
    void relayout();
    void showLayout(const GraphLayout& layout);
    void buildSome();
    bool addNext();
    void finishBuilding();
    void showStatus(const QString& text, const QString& button);
    void scheduleColors();
    void refreshAnnotations();
    void search();
    void nextMatch();
    void selectionToView();
    void selectionFromView(const QList<int>& ids, int current);
    void collapse(int id);
    GraphBox boxOf(int id) const;
    QString toolTipOf(int id) const;
    QString csv() const;

    Workspace m_workspace;
    std::vector<Shape> m_shapes; ///< of the rows, to know another graph
    GraphOutline m_outline;
    std::vector<bool> m_expanded;
    VisibleGraph m_visible;
    LayerMetric m_metric = LayerMetric::WeightSqnr;
    int m_job = 0;
    /// A layout that becomes items of the view, a few milliseconds at a time.
    struct Building {
        GraphLayout layout;
        size_t frame = 0, box = 0, edge = 0;
    };
    std::optional<Building> m_building;
    QTimer m_buildTimer;
    bool m_fitNext = false, m_syncing = false, m_annotated = false, m_outlinePending = false;
    QList<int> m_matches; ///< boxes, in execution order
    QTimer m_colorTimer;  ///< a burst of reports recolours once
    QList<QAction*> m_actions;

    QStackedLayout* m_stack;
    EmptyState* m_empty;
    GraphView* m_view = nullptr;
    QComboBox* m_metricBox = nullptr;
    QLineEdit* m_searchEdit = nullptr;
    QLabel *m_found = nullptr, *m_status = nullptr;
    QPushButton* m_statusButton = nullptr;
    ColorLegend* m_legend = nullptr;
};

} // namespace bitwright
