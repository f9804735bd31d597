// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/layer_model.h"

#include "widgets/document.h"
#include "widgets/format.h"

#include <QFont>

#include <algorithm>
#include <cmath>
#include <limits>

namespace bitwright {

namespace {

/// SQNR in dB that the heat map shows as best; 6 dB are about one bit.
constexpr double kBestDb = 48;

const SiteReport* site(const LayerReport* report, int column)
{
    if (!report)
        return nullptr;
    const auto& part = column == LayerModel::ActivationSqnr ? report->activation : report->weight;
    return part ? &*part : nullptr;
}

QString shapeCell(const LayerRow& row, const Graph& graph)
{
    if (row.hasWeights())
        return shapeLabel(row.layer->weights.front().shape);
    const Shape& shape = graph.values[size_t(row.activation)].shape;
    const bool batched = graph.values[size_t(row.activation)].batched && !shape.empty();
    return shape.empty() ? QString()
                         : QStringLiteral("→ ") + shapeLabel(Shape(shape.begin() + batched, shape.end()));
}

} // namespace

LayerModel::LayerModel(Document* document, QObject* parent)
    : QAbstractTableModel(parent)
    , m_document(document)
{
    connect(document, &Document::modelChanged, this, [this] {
        beginResetModel();
        endResetModel();
    });
    connect(document, &Document::planChanged, this, &LayerModel::refreshRows);
    connect(document, &Document::reportChanged, this, [this](int row) { refreshRows({row}); });
}

void LayerModel::refreshRows(const QList<int>& rows)
{
    if (rows.isEmpty())
        return;
    const auto [first, last] = std::minmax_element(rows.begin(), rows.end());
    Q_EMIT dataChanged(index(*first, 0), index(*last, ColumnCount - 1));
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
    const bool number = column == Parameters || column >= WeightSqnr;
    return QVariant((number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
}

bool LayerModel::isWeightColumn(int column)
{
    return column == WeightBits || column == WeightScheme || column == WeightGranularity;
}

bool LayerModel::isActivationColumn(int column)
{
    return column == ActivationBits || column == ActivationScheme;
}

const QuantSpec& LayerModel::spec(int row, int column) const
{
    const std::string& name = m_document->row(row).name;
    return isWeightColumn(column) ? m_document->plan().weights(name) : m_document->plan().activations(name);
}

bool LayerModel::isEditable(int row, int column) const
{
    if (column == WeightBits || column == ActivationBits)
        return column == ActivationBits || m_document->row(row).hasWeights();
    if (isWeightColumn(column) && !m_document->row(row).hasWeights())
        return false;
    return (isWeightColumn(column) || isActivationColumn(column)) && spec(row, column).hasRange();
}

bool LayerModel::isException(int row, int column) const
{
    const auto it = m_document->plan().layers.find(m_document->row(row).name);
    if (it == m_document->plan().layers.end())
        return false;
    return isWeightColumn(column)       ? it->second.weights.has_value()
           : isActivationColumn(column) ? it->second.activations.has_value()
                                        : false;
}

QString LayerModel::editToken(int row, int column) const
{
    const QuantSpec& s = spec(row, column);
    if (column == WeightBits || column == ActivationBits)
        return bitsToken(s);
    if (column == WeightGranularity)
        return s.granularity == Granularity::Group ? QStringLiteral("group=%1").arg(s.group)
                                                   : QString::fromLatin1(granularityName(s.granularity));
    return QString::fromLatin1(schemeName(s.scheme));
}

QVariant LayerModel::display(int row, int column) const
{
    const LayerRow& r = m_document->row(row);
    const bool missing = isWeightColumn(column) && !r.hasWeights();
    switch (column) {
    case Name:
        return QString::fromStdString(r.name);
    case Op:
        return r.layer ? QString::fromStdString(r.layer->label) : tr("input");
    case ShapeColumn:
        return shapeCell(r, m_document->model()->graph());
    case Parameters:
        return r.layer && r.layer->params > 0 ? countText(r.layer->params) : QString();
    case WeightBits:
    case ActivationBits:
        return missing ? QString() : bitsToken(spec(row, column));
    case WeightScheme:
    case ActivationScheme:
        return missing || !spec(row, column).hasRange() ? QString() : schemeText(spec(row, column).scheme);
    case WeightGranularity:
        return missing || !spec(row, column).hasRange() ? QString() : granularityText(spec(row, column));
    case WeightSqnr:
    case ActivationSqnr: {
        const SiteReport* s = site(m_document->report(row), column);
        return s ? decibelText(s->error.sqnrDb()) : QString();
    }
    case Size: {
        const Document::Size size = m_document->rowSize(row);
        return size.complete ? bytesText(size.bytes) : QString();
    }
    }
    return {};
}

QVariant LayerModel::sortKey(int row, int column) const
{
    const LayerRow& r = m_document->row(row);
    switch (column) {
    case Name:
        return row; // execution order, not the alphabet
    case Parameters:
        return qlonglong(r.layer ? r.layer->params : 0);
    case WeightBits:
        return r.hasWeights() ? spec(row, column).storedBits() : std::numeric_limits<int>::max();
    case ActivationBits:
        return spec(row, column).storedBits();
    case WeightSqnr:
    case ActivationSqnr: {
        // Rows without a value come last when the worst are on top.
        const SiteReport* s = site(m_document->report(row), column);
        return s && !std::isnan(s->error.sqnrDb()) ? s->error.sqnrDb() : std::numeric_limits<double>::max();
    }
    case Size:
        return qlonglong(m_document->rowSize(row).bytes);
    default:
        return display(row, column);
    }
}

QVariant LayerModel::heat(int row, int column) const
{
    if (column != WeightSqnr && column != ActivationSqnr)
        return {};
    const SiteReport* s = site(m_document->report(row), column);
    if (!s || std::isnan(s->error.sqnrDb()))
        return {};
    return std::clamp(s->error.sqnrDb() / kBestDb, 0.0, 1.0);
}

QVariant LayerModel::toolTip(int row, int column) const
{
    const LayerRow& r = m_document->row(row);
    if (column == Name || column == ShapeColumn) {
        QStringList lines{QString::fromStdString(r.name)};
        for (const WeightRef& w : r.layer ? r.layer->weights : std::vector<WeightRef>{})
            lines << tr("Weight %1: %2").arg(QString::fromStdString(w.parameter), shapeLabel(w.shape));
        lines << tr("Output: %1")
                     .arg(shapeLabel(m_document->model()->graph().values[size_t(r.activation)].shape));
        return lines.join(QLatin1Char('\n'));
    }
    if (column == WeightSqnr || column == ActivationSqnr) {
        const SiteReport* s = site(m_document->report(row), column);
        if (!s)
            return column == WeightSqnr ? tr("No quantized weights.")
                                        : tr("Unknown until the model is calibrated, or not quantized.");
        return tr("Local error: signal-to-quantization-noise ratio of this tensor alone.\n"
                  "MSE %1, largest error %2, clipped %3")
            .arg(numberText(s->error.mse()), numberText(s->error.maxAbs),
                 percentText(s->error.clippedShare(), 2));
    }
    if (isWeightColumn(column) || isActivationColumn(column)) {
        if (!isEditable(row, column))
            return isWeightColumn(column) && !r.hasWeights() ? tr("This layer has no weights.")
                                                             : tr("This number format has no scheme.");
        const QString text =
            tr("%1, range by %2")
                .arg(QString::fromStdString(describe(spec(row, column))), estimatorText(spec(row, column)));
        return isException(row, column) ? tr("%1 (differs from the default)").arg(text) : text;
    }
    if (column == Size) {
        const Document::Size size = m_document->rowSize(row);
        return size.complete ? tr("Packed weights with scales and zero points; %1 as stored in the file")
                                   .arg(bytesText(size.floatBytes))
                             : QVariant();
    }
    return {};
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
        return isEditable(row, column) ? QVariant(editToken(row, column)) : display(row, column);
    case Qt::ToolTipRole:
        return toolTip(row, column);
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
    return editRows({index.row()}, Column(index.column()), value.toString());
}

} // namespace bitwright
