// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/layer_model.h"

#include "widgets/document.h"
#include "widgets/models/plan_exceptions.h"

#include <algorithm>

namespace bitwright {

namespace {

/// Index = metric; the columns that show one.
constexpr LayerModel::Column kMetricColumns[]{LayerModel::WeightSqnr,     LayerModel::ActivationSqnr,
                                              LayerModel::WeightMse,      LayerModel::ActivationMse,
                                              LayerModel::WeightCosine,   LayerModel::ActivationCosine,
                                              LayerModel::WeightMaxError, LayerModel::ActivationMaxError,
                                              LayerModel::WeightClipped,  LayerModel::ActivationClipped,
                                              LayerModel::WeightBits,     LayerModel::ActivationBits,
                                              LayerModel::Size,           LayerModel::Parameters,
                                              LayerModel::Macs,           LayerModel::Sparsity,
                                              LayerModel::WeightEffect,   LayerModel::ActivationEffect};
static_assert(std::size(kMetricColumns) == size_t(LayerMetric::ActivationEffect) + 1);

} // namespace

LayerModel::LayerModel(Document* document, QObject* parent)
    : QAbstractTableModel(parent)
    , m_document(document)
{
    m_shadeTimer.setSingleShot(true);
    m_shadeTimer.setInterval(50);
    connect(&m_shadeTimer, &QTimer::timeout, this, &LayerModel::refreshShades);
    connect(document, &Document::modelChanged, this, [this] {
        beginResetModel();
        for (const LayerMetricRow& metric : layerMetrics())
            m_ranges[size_t(metric.metric)] = metricRange(*m_document, metric.metric);
        endResetModel();
    });
    connect(document, &Document::planChanged, this, &LayerModel::refreshRows);
    for (auto signal : {&Document::sensitivityChanged, &Document::errorModeChanged})
        connect(document, signal, this, [this] {
            Q_EMIT headerDataChanged(Qt::Horizontal, WeightEffect, ActivationEffect);
            if (rowCount() > 0)
                Q_EMIT dataChanged(index(0, WeightEffect), index(rowCount() - 1, ActivationEffect));
        });
    connect(document, &Document::reportChanged, this, [this](int row) {
        refreshRows({row});
        if (!m_shadeTimer.isActive())
            m_shadeTimer.start();
    });
}

void LayerModel::refreshRows(const QList<int>& rows)
{
    if (rows.isEmpty())
        return;
    const auto [first, last] = std::minmax_element(rows.begin(), rows.end());
    Q_EMIT dataChanged(index(*first, 0), index(*last, ColumnCount - 1));
}

void LayerModel::refreshShades()
{
    for (const LayerMetricRow& metric : layerMetrics()) {
        const MetricRange range = metricRange(*m_document, metric.metric);
        if (std::exchange(m_ranges[size_t(metric.metric)], range) == range || rowCount() == 0)
            continue;
        const int column = columnOf(metric.metric);
        Q_EMIT dataChanged(index(0, column), index(rowCount() - 1, column), {HeatRole});
    }
}

int LayerModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : m_document->rowCount();
}

int LayerModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant LayerModel::alignmentOf(int column)
{
    if (column == WeightBits || column == ActivationBits)
        return QVariant(Qt::Alignment(Qt::AlignCenter));
    return QVariant((metricOf(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
}

bool LayerModel::isWeightColumn(int column)
{
    return column >= WeightBits && column <= WeightEstimator;
}

bool LayerModel::isActivationColumn(int column)
{
    return column >= ActivationBits && column <= ActivationEstimator;
}

std::optional<LayerMetric> LayerModel::metricOf(int column)
{
    const auto it = std::find(std::begin(kMetricColumns), std::end(kMetricColumns), column);
    if (it == std::end(kMetricColumns))
        return {};
    return LayerMetric(it - std::begin(kMetricColumns));
}

LayerModel::Column LayerModel::columnOf(LayerMetric metric)
{
    return kMetricColumns[size_t(metric)];
}

const QuantSpec& LayerModel::spec(int row, int column) const
{
    const std::string& name = m_document->row(row).name;
    return isWeightColumn(column) ? m_document->plan().weights(name) : m_document->plan().activations(name);
}

bool LayerModel::applies(int row, int column) const
{
    if (isWeightColumn(column) && !m_document->row(row).hasWeights())
        return false;
    if (column == WeightBits || column == ActivationBits)
        return true;
    return (isWeightColumn(column) || isActivationColumn(column)) && spec(row, column).hasRange();
}

bool LayerModel::isEditable(int row, int column) const
{
    return column == Note || (applies(row, column) && !isLocked(row));
}

bool LayerModel::isLocked(int row) const
{
    return m_document->plan().locked(m_document->row(row).name);
}

bool LayerModel::isException(int row, int column) const
{
    const auto it = m_document->plan().layers.find(m_document->row(row).name);
    if (it == m_document->plan().layers.end())
        return false;
    const bool weights = weightsDeviate(m_document->plan(), it->second);
    const bool activations = activationsDeviate(m_document->plan(), it->second);
    return isWeightColumn(column)       ? weights
           : isActivationColumn(column) ? activations
                                        : column == Name && (weights || activations);
}

QList<int> LayerModel::exceptions() const
{
    QList<int> rows;
    for (int row = 0; row < rowCount(); ++row) {
        if (isException(row, Name))
            rows.append(row);
    }
    return rows;
}

QVariant LayerModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const int row = index.row(), column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        return display(row, column);
    case Qt::EditRole:
        return column != Note && isEditable(row, column) ? QVariant(editToken(row, column))
                                                         : display(row, column);
    case Qt::ToolTipRole:
        return toolTip(row, column);
    case Qt::AccessibleDescriptionRole:
        return column == Name ? toolTip(row, column) : QVariant();
    case Qt::TextAlignmentRole:
        return alignmentOf(column);
    case SortRole:
        return sortKey(row, column);
    case HeatRole:
        return heat(row, column);
    case ChoicesRole:
        return isEditable(row, column) ? specChoices(Column(column)) : QStringList();
    case ChoiceTextsRole:
        return isEditable(row, column) ? choiceTexts(Column(column)) : QStringList();
    case ExceptionRole:
        return isException(row, column);
    case LockedRole:
        return isLocked(row);
    case NoteRole:
        return display(row, Note);
    default:
        return {};
    }
}

Qt::ItemFlags LayerModel::flags(const QModelIndex& index) const
{
    Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    if (index.isValid() && isEditable(index.row(), index.column()))
        flags |= Qt::ItemIsEditable;
    return flags;
}

bool LayerModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::EditRole || !checkIndex(index, CheckIndexOption::IndexIsValid))
        return false;
    if (index.column() != Note)
        return editRows({index.row()}, Column(index.column()), value.toString());
    setNote({index.row()}, value.toString());
    return true;
}

QVariant LayerModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return QAbstractTableModel::headerData(section, orientation, role);
    if (role == Qt::DisplayRole && (section == WeightEffect || section == ActivationEffect))
        return metricTitle(*metricOf(section), m_document);
    if (role == Qt::DisplayRole)
        return heading(section);
    if (role == Qt::ToolTipRole)
        return headingHelp(section);
    if (role == Qt::TextAlignmentRole)
        return alignmentOf(section);
    return {};
}

} // namespace bitwright
