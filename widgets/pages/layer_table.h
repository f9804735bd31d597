// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/models/layer_model.h"

#include <QHeaderView>
#include <QTableView>

namespace bitwright {

class LayerFilter;

/// The table of layers: its columns and their widths (the name takes what is left), the choice of columns,
/// editing, copying. Rows of `filter`, which is on `model`.
class LayerTable : public QTableView {
    Q_OBJECT
public:
    LayerTable(LayerModel* model, LayerFilter* filter, QWidget* parent = nullptr);

    /// Checkable actions, one for every column that can be hidden.
    const QList<QAction*>& columnActions() const { return m_columnActions; }
    void setColumnShown(int column, bool shown);
    /// Widths for what can stand in a cell, in the font of today.
    void updateWidths();
    /// Selected rows of the model, top to bottom.
    QList<int> selectedModelRows() const;
    /// The visible columns of the selected rows with a heading line, separated by tabs; or as CSV (RFC 4180).
    /// Numbers in C locale with full precision.
    QString selectedText(bool csv) const;
    QByteArray saveColumns() const { return horizontalHeader()->saveState(); }
    void restoreColumns(const QByteArray& state);

    QAction *copyText, *copyCsv;

Q_SIGNALS:
    /// A cell was to be edited that cannot be; one sentence.
    void editRefused(const QString& message);
    void contextMenuRequested(const QPoint& globalPosition);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool edit(const QModelIndex& index, EditTrigger trigger, QEvent* event) override;

private:
    void createColumns();
    void createCopyActions();
    void fillWidth();
    void editChosen(const QModelIndex& index, const QString& token);

    LayerModel* m_model;
    LayerFilter* m_filter;
    QList<QAction*> m_columnActions;
    bool m_filling = false;
};

} // namespace bitwright
