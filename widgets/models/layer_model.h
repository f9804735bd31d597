// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/commands/plan_commands.h"
#include "widgets/models/layer_metrics.h"

#include <QAbstractTableModel>
#include <QStringList>
#include <QTimer>

#include <array>

namespace bitwright {

class Document;

/// The layer table: one row for every model input and layer, in execution order. Cells of bits, scheme and
/// granularity are editable; an edit is an undo command on the document. Locked rows refuse edits.
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
        WeightEstimator,
        ActivationBits,
        ActivationScheme,
        ActivationEstimator,
        WeightSqnr,
        ActivationSqnr,
        Size,
        Macs,
        Sparsity,
        WeightEffect,
        ActivationEffect,
        WeightMse,
        ActivationMse,
        WeightCosine,
        ActivationCosine,
        WeightMaxError,
        ActivationMaxError,
        WeightClipped,
        ActivationClipped,
        Note,
        ColumnCount
    };
    enum Roles {
        SortRole = Qt::UserRole, ///< number or text that sorts the column; invalid = unknown, comes last
        HeatRole,                ///< double in [0, 1], 0 = bad; invalid = no shading
        ChoicesRole,             ///< QStringList of tokens an editor offers; empty = not editable
        ChoiceTextsRole,         ///< the same for the eye
        ExceptionRole,           ///< bool: the cell differs from the plan's default; in Name: any cell does
        LockedRole,              ///< bool
        NoteRole                 ///< QString, "" = none
    };
    /// One thing to set in the spec of a row.
    struct Change {
        Column column;
        QString token;
    };

    explicit LayerModel(Document* document, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;

    /// Sets `column` of several rows to `token` as one undo step; rows without that site and locked rows are
    /// left out. False when nothing changed (same value everywhere, all locked, or a token that cannot be
    /// read).
    bool editRows(const QList<int>& rows, Column column, const QString& token);
    /// The same for several columns at once, still one undo step.
    bool editRows(const QList<int>& rows, const QList<Change>& changes);
    /// Back to the defaults, as one undo step; locked rows stay.
    bool resetRows(const QList<int>& rows);
    /// 8 bits for weights and inputs of the first and the last layer, as one undo step; locked rows stay.
    void raiseEnds();
    /// Sets the defaults themselves, as one undo step.
    bool editDefaults(const QList<Change>& changes);
    void setLocked(const QList<int>& rows, bool locked);
    void setNote(const QList<int>& rows, const QString& note);
    bool isLocked(int row) const;
    /// Rows that deviate from the defaults.
    QList<int> exceptions() const;

    static bool isWeightColumn(int column);
    static bool isActivationColumn(int column);
    static std::optional<LayerMetric> metricOf(int column);
    static Column columnOf(LayerMetric metric);
    /// The row as one line of text (C locale, full precision) for the given columns.
    QStringList plainCells(int row, const QList<int>& columns) const;

Q_SIGNALS:
    /// An edit was refused, or left out locked rows; one sentence.
    void editRefused(const QString& message);

private:
    static QVariant alignmentOf(int column);
    static QString heading(int column);
    static QString headingHelp(int column);
    QVariant display(int row, int column) const;
    QVariant sortKey(int row, int column) const;
    QVariant heat(int row, int column) const;
    QVariant toolTip(int row, int column) const;
    QString siteToolTip(int row, int column) const;
    QString nameToolTip(int row) const;
    QString editToken(int row, int column) const;
    bool isEditable(int row, int column) const;
    bool applies(int row, int column) const;
    bool isException(int row, int column) const;
    const QuantSpec& spec(int row, int column) const;
    void refreshRows(const QList<int>& rows);
    void refreshShades();
    QList<int> unlockedOf(const QList<int>& rows);
    QString rowsText(const QList<int>& rows) const;

    Document* m_document;
    std::array<MetricRange, size_t(LayerMetric::ActivationEffect) + 1> m_ranges{}; ///< of the shaded columns
    QTimer m_shadeTimer; ///< ranges follow a burst of reports once
};

/// Tokens offered by the editors of a column.
QStringList specChoices(LayerModel::Column column);
/// The same tokens in the user's words.
QStringList choiceTexts(LayerModel::Column column);
/// The token of an estimator's cell: "minmax", "percentile=99.9", "fixed=-1..1".
QString estimatorToken(const QuantSpec& spec);
/// `base` with what `token` says put in. InvalidArgument when it cannot be read.
Result<QuantSpec> editedSpec(const QuantSpec& base, LayerModel::Column column, const QString& token);

} // namespace bitwright
