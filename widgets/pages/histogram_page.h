// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/job_runner.h"
#include "widgets/page.h"
#include "widgets/plots/site_distribution.h"

#include <QItemSelectionModel>

class QAction;
class QComboBox;
class QLabel;
class QStackedLayout;
class QToolButton;

namespace bitwright {

class EmptyState;
class HistogramPlot;
class StatisticsTable;

/// Distribution of the current layer: weights or output, float against quantized, with the numbers beside.
class HistogramPage : public Page {
    Q_OBJECT
public:
    explicit HistogramPage(const Workspace& workspace);

    EmptyState* emptyState() const { return m_empty; }
    HistogramPlot* plot() const { return m_plot; }
    QAction* logarithmicAction() const { return m_logarithmic; }
    QAction* resetAction() const { return m_reset; }
    enum Site { Weights, Activations };
    void showSite(Site site);
    /// The picture belongs to the plan and the selection as they are.
    bool isUpToDate() const override { return m_running == 0 && !m_outdated; }
    QStringList views() const override;
    void showView(const QString& name) override;
    QList<QAction*> viewActions() const override { return {m_logarithmic, m_reset}; }

private:
    struct Shown; ///< the result of a job with what it was computed for

    QWidget* buildBar();
    void selectRow(const QModelIndex& current);
    void chooseTensors();
    void requestUpdate();
    void startUpdate();
    void deliver(const Shown& shown);
    void showNothing(const QString& headline, const QString& text);

    Document* m_document;
    JobRunner* m_runner;
    QItemSelectionModel* m_selection;
    QStackedLayout* m_stack;
    EmptyState* m_empty;
    HistogramPlot* m_plot;
    StatisticsTable* m_numbers;
    QLabel* m_title = nullptr;
    QComboBox *m_site = nullptr, *m_tensor = nullptr;
    QAction *m_logarithmic = nullptr, *m_reset = nullptr;
    QString m_shownKey; ///< tensor in the plot
    int m_row = -1;
    int m_running = 0;
    bool m_outdated = false, m_scheduled = false;
};

} // namespace bitwright
