// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/models/layer_model.h"
#include "widgets/pages/layer_table.h"

#include <QItemSelectionModel>
#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QStackedLayout;
class QToolButton;

namespace bitwright {

class Actions;
class Document;
class EmptyState;
class ExceptionsBar;
class LayerFilter;
class RuleBar;

/// The layer table with its filter, the ranking, the rule that selects, the defaults with their exceptions,
/// and the totals. `selection` is the window's one selection of layers, on the rows of `model`; the page
/// keeps its table and it alike.
class LayerPage : public QWidget {
    Q_OBJECT
public:
    LayerPage(Document* document, LayerModel* model, QItemSelectionModel* selection,
              QWidget* parent = nullptr);

    /// Makes the actions on layers do their work.
    void setActions(Actions* actions);
    EmptyState* emptyState() const { return m_empty; }
    LayerTable* table() const { return m_table; }
    LayerFilter* filter() const { return m_filter; }
    QLineEdit* filterEdit() const { return m_filterEdit; }
    QComboBox* rankBox() const { return m_rankBox; }
    RuleBar* ruleBar() const { return m_ruleBar; }
    ExceptionsBar* exceptionsBar() const { return m_exceptionsBar; }
    QToolButton* exceptionsButton() const { return m_exceptionsButton; }

    /// Worst first by the chosen metric, the worst row on top of the view. Nothing while the table is in
    /// execution order.
    void rankAgain();
    void setRanking(std::optional<LayerMetric> metric);
    /// The rows selected in the whole model, also those that are filtered out.
    QList<int> selectedRows() const;
    void selectRows(const QList<int>& rows);

private:
    QWidget* buildContent();
    QLayout* buildTopRow();
    void buildTable();
    void connectSelection();
    void applyFilter(const QString& text);
    void showMatches();
    void selectionToTable();
    void selectionFromTable();
    void scheduleTotals();
    void showTotals();
    void showSparsity();
    void modelChanged();
    void sortedByHeader(int column, Qt::SortOrder order);
    void showContextMenu(const QPoint& position);
    void editSelected();
    void toggleLocks();
    void noteSelected();

    Document* m_document;
    LayerModel* m_model;
    QItemSelectionModel* m_selection;
    Actions* m_actions = nullptr;
    LayerFilter* m_filter;
    QStackedLayout* m_stack;
    EmptyState* m_empty;
    LayerTable* m_table = nullptr;
    QLineEdit* m_filterEdit = nullptr;
    QComboBox* m_rankBox = nullptr;
    QToolButton *m_rankButton = nullptr, *m_exceptionsButton = nullptr;
    RuleBar* m_ruleBar = nullptr;
    ExceptionsBar* m_exceptionsBar = nullptr;
    QLabel *m_matches = nullptr, *m_totals = nullptr;
    QTimer m_totalsTimer;
    bool m_syncing = false, m_sparsityOffered = false;
};

} // namespace bitwright
