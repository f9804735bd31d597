// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/models/layer_model.h"

#include <QItemSelectionModel>
#include <QWidget>

class QLabel;
class QLineEdit;
class QStackedLayout;
class QTableView;

namespace bitwright {

class Document;
class EmptyState;
class LayerFilter;

/// The layer table with its filter and the totals below it. `selection` is the window's one selection of
/// layers, on the rows of `model`; the page keeps its table and it alike.
class LayerPage : public QWidget {
    Q_OBJECT
public:
    LayerPage(Document* document, LayerModel* model, QItemSelectionModel* selection,
              QWidget* parent = nullptr);

    EmptyState* emptyState() const { return m_empty; }
    QTableView* table() const { return m_table; }
    QLineEdit* filterEdit() const { return m_filterEdit; }

private:
    QWidget* buildContent();
    void buildTable();
    void applyFilter(const QString& text);
    void editChosen(const QModelIndex& index, const QString& token);
    void selectionToTable();
    void selectionFromTable();
    void showTotals();
    void modelChanged();

    Document* m_document;
    LayerModel* m_model;
    QItemSelectionModel* m_selection;
    LayerFilter* m_filter;
    QStackedLayout* m_stack;
    EmptyState* m_empty;
    QTableView* m_table = nullptr;
    QLineEdit* m_filterEdit = nullptr;
    QLabel *m_matches = nullptr, *m_totals = nullptr;
    bool m_syncing = false;
};

} // namespace bitwright
