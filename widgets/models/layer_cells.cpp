// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/document.h"
#include "widgets/format.h"
#include "widgets/models/layer_model.h"

#include <algorithm>

namespace bitwright {

namespace {

QString shapeCell(const LayerRow& row, const Graph& graph)
{
    if (row.hasWeights())
        return shapeLabel(row.layer->weights.front().shape);
    const Shape& shape = graph.values[size_t(row.activation)].shape;
    const bool batched = graph.values[size_t(row.activation)].batched && !shape.empty();
    return shape.empty() ? QString()
                         : QStringLiteral("→ ") + shapeLabel(Shape(shape.begin() + batched, shape.end()));
}

bool isWeightMetric(LayerMetric metric)
{
    return QLatin1String(metricRow(metric).key).startsWith(QLatin1String("weight"));
}

} // namespace

QString LayerModel::editToken(int row, int column) const
{
    const QuantSpec& s = spec(row, column);
    switch (column) {
    case WeightBits:
    case ActivationBits:
        return bitsToken(s);
    case WeightGranularity:
        return s.granularity == Granularity::Group ? QStringLiteral("group=%1").arg(s.group)
                                                   : QString::fromLatin1(granularityName(s.granularity));
    case WeightEstimator:
    case ActivationEstimator:
        return estimatorToken(s);
    default:
        return QString::fromLatin1(schemeName(s.scheme));
    }
}

QVariant LayerModel::display(int row, int column) const
{
    const LayerRow& r = m_document->row(row);
    if ((isWeightColumn(column) || isActivationColumn(column)) && !applies(row, column))
        return QString();
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
        return bitsToken(spec(row, column));
    case WeightScheme:
    case ActivationScheme:
        return schemeText(spec(row, column).scheme);
    case WeightGranularity:
        return granularityText(spec(row, column));
    case WeightEstimator:
    case ActivationEstimator:
        return estimatorText(spec(row, column));
    case Note: {
        const auto it = m_document->plan().layers.find(r.name);
        return it == m_document->plan().layers.end() ? QString() : QString::fromStdString(it->second.note);
    }
    default: {
        const LayerMetricRow& metric = metricRow(*metricOf(column));
        const auto value = metric.value(*m_document, row);
        return value ? metric.text(*value) : QString();
    }
    }
}

QVariant LayerModel::sortKey(int row, int column) const
{
    if (column == Name)
        return row; // execution order, not the alphabet
    if (const auto metric = metricOf(column)) {
        const auto value = metricRow(*metric).value(*m_document, row);
        return value ? QVariant(*value) : QVariant();
    }
    const QString text = display(row, column).toString();
    return text.isEmpty() ? QVariant() : QVariant(text);
}

QVariant LayerModel::heat(int row, int column) const
{
    const auto metric = metricOf(column);
    if (!metric || metricRow(*metric).better == LayerMetricRow::Neither)
        return {};
    const auto value = metricRow(*metric).value(*m_document, row);
    return value ? QVariant(metricShade(*metric, m_ranges[size_t(*metric)], *value)) : QVariant();
}

QString LayerModel::nameToolTip(int row) const
{
    const LayerRow& r = m_document->row(row);
    QStringList lines{QString::fromStdString(r.name)};
    for (const WeightRef& w : r.layer ? r.layer->weights : std::vector<WeightRef>{})
        lines << tr("Weight %1: %2").arg(QString::fromStdString(w.parameter), shapeLabel(w.shape));
    lines
        << tr("Output: %1").arg(shapeLabel(m_document->model()->graph().values[size_t(r.activation)].shape));
    if (isLocked(row))
        lines << tr("Locked: no edit and no search changes this layer.");
    if (const QString note = display(row, Note).toString(); !note.isEmpty())
        lines << tr("Note: %1").arg(note);
    return lines.join(QLatin1Char('\n'));
}

QString LayerModel::siteToolTip(int row, int column) const
{
    if (!applies(row, column))
        return isWeightColumn(column) && !m_document->row(row).hasWeights()
                   ? tr("This layer has no weights.")
                   : tr("This number format has no scheme.");
    QString text = tr("%1, range by %2").arg(specText(spec(row, column)), estimatorText(spec(row, column)));
    if (isException(row, column))
        text = tr("%1 (differs from the default)").arg(text);
    return isLocked(row) ? text + QLatin1Char('\n') + tr("Locked: unlock the layer to change it.") : text;
}

QVariant LayerModel::toolTip(int row, int column) const
{
    if (column == Name || column == ShapeColumn)
        return nameToolTip(row);
    if (isWeightColumn(column) || isActivationColumn(column))
        return siteToolTip(row, column);
    if (column == Size) {
        const Document::Size size = m_document->rowSize(row);
        return size.complete ? tr("Packed weights with scales and zero points; %1 as stored in the file")
                                   .arg(bytesText(size.floatBytes))
                             : QVariant();
    }
    const auto metric = metricOf(column);
    if (!metric || metricRow(*metric).better == LayerMetricRow::Neither)
        return {};
    const LayerReport* report = m_document->report(row);
    const auto site = !report ? std::nullopt : isWeightMetric(*metric) ? report->weight : report->activation;
    if (!site)
        return isWeightMetric(*metric) ? tr("No quantized weights.")
                                       : tr("Unknown until the model is calibrated, or not quantized.");
    return tr("Local error: this tensor by its own quantizer alone.\n"
              "SQNR %1, MSE %2, largest error %3, clipped %4")
        .arg(decibelText(site->error.sqnrDb()), numberText(site->error.mse()), numberText(site->error.maxAbs),
             percentText(site->error.clippedShare(), 2));
}

QString LayerModel::heading(int column)
{
    switch (column) {
    case Name:
        return tr("Layer");
    case Op:
        return tr("Operator");
    case ShapeColumn:
        return tr("Shape");
    case WeightBits:
        return tr("W bits");
    case WeightScheme:
        return tr("W scheme");
    case WeightGranularity:
        return tr("W granularity");
    case WeightEstimator:
        return tr("W range");
    case ActivationBits:
        return tr("A bits");
    case ActivationScheme:
        return tr("A scheme");
    case ActivationEstimator:
        return tr("A range");
    case WeightSqnr:
        return tr("W SQNR");
    case ActivationSqnr:
        return tr("A SQNR");
    case WeightMse:
        return tr("W MSE");
    case ActivationMse:
        return tr("A MSE");
    case WeightCosine:
        return tr("W cosine");
    case ActivationCosine:
        return tr("A cosine");
    case WeightMaxError:
        return tr("W max error");
    case ActivationMaxError:
        return tr("A max error");
    case WeightClipped:
        return tr("W clipped");
    case ActivationClipped:
        return tr("A clipped");
    case Note:
        return tr("Note");
    default:
        return metricTitle(*metricOf(column));
    }
}

QString LayerModel::headingHelp(int column)
{
    switch (column) {
    case Name:
        return tr("Module path of the layer; sorts by execution order");
    case Op:
        return tr("What the layer computes");
    case ShapeColumn:
        return tr("Shape of the weight, or → of the output where there is none");
    case WeightBits:
        return tr("Number format of the weights; double-click or F2 to change");
    case WeightScheme:
        return tr("How the integer grid of the weights lies around zero");
    case WeightGranularity:
        return tr("How many scales the weights have");
    case WeightEstimator:
        return tr("How the range of the weights is found");
    case ActivationBits:
        return tr("Number format of the layer's output");
    case ActivationScheme:
        return tr("How the integer grid of the output lies around zero");
    case ActivationEstimator:
        return tr("How the range of the output is found from its statistics");
    case Note:
        return tr("Your own words about the layer; kept in the plan and in reports");
    default:
        return metricHelp(*metricOf(column));
    }
}

QStringList LayerModel::plainCells(int row, const QList<int>& columns) const
{
    QStringList cells;
    for (int column : columns) {
        const auto metric = metricOf(column);
        if (!metric || column == WeightBits || column == ActivationBits) {
            const bool token = isWeightColumn(column) || isActivationColumn(column);
            cells << (!token                 ? display(row, column).toString()
                      : applies(row, column) ? editToken(row, column)
                                             : QString());
            continue;
        }
        const auto value = metricRow(*metric).value(*m_document, row);
        cells << (value ? QString::number(*value, 'g', 9) : QString());
    }
    return cells;
}

} // namespace bitwright
