// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/commands/plan_commands.h"

#include <QAbstractTableModel>
#include <QStringList>

namespace bitwright {

class Document;

/// The layer table: one row for every model input and layer, in execution order. Cells of bits, scheme and
/// granularity are editable; an edit is an undo command on the document.
class LayerModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column {
        Name,
        Op,
        ShapeColumn,
        Parameters,
        WeightBits,
        WeightScheme,
        WeightGranularity,
        ActivationBits,
        ActivationScheme,
        WeightSqnr,
        ActivationSqnr,
        Size,
        ColumnCount
    };
    enum Roles {
        SortRole = Qt::UserRole, ///< number or text that sorts the column
        HeatRole,                ///< double in [0, 1], 0 = bad; invalid = no shading
        ChoicesRole,             ///< QStringList of tokens an editor offers; empty = not editable
        ChoiceTextsRole,         ///< the same for the eye
        ExceptionRole            ///< bool: the cell differs from the plan's default
    };

    explicit LayerModel(Document* document, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;

    /// Sets `column` of several rows to `token` as one undo step; rows without that site are left out.
    /// False when nothing changed (same value everywhere, or a token that cannot be read).
    bool editRows(const QList<int>& rows, Column column, const QString& token);
    /// Back to the defaults, as one undo step.
    bool resetRows(const QList<int>& rows);

    static bool isWeightColumn(int column);
    static bool isActivationColumn(int column);

Q_SIGNALS:
    /// A token was refused; one sentence.
    void editRefused(const QString& message);

private:
    static QVariant alignmentOf(int column);
    QVariant display(int row, int column) const;
    QVariant sortKey(int row, int column) const;
    QVariant heat(int row, int column) const;
    QVariant toolTip(int row, int column) const;
    QString editToken(int row, int column) const;
    bool isEditable(int row, int column) const;
    bool isException(int row, int column) const;
    const QuantSpec& spec(int row, int column) const;
    void refreshRows(const QList<int>& rows);

    Document* m_document;
};

/// Tokens offered by the editors of a column.
QStringList specChoices(LayerModel::Column column);
/// The same tokens in the user's words.
QStringList choiceTexts(LayerModel::Column column);
/// `base` with what `token` says put in. InvalidArgument when it cannot be read.
Result<QuantSpec> editedSpec(const QuantSpec& base, LayerModel::Column column, const QString& token);

} // namespace bitwright
