// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/layer_metrics.h"

#include "widgets/document.h"
#include "widgets/format.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace bitwright {

namespace {

using Site = std::optional<SiteReport> LayerReport::*;
using Maybe = std::optional<double>;

/// 1 - cosine below this is drawn as exact; also the best end of the scale.
constexpr double kBestNines = 1e-6;

template<Site site, double (ErrorSums::*measure)() const>
Maybe errorOf(const Document& document, int row)
{
    const LayerReport* report = document.report(row);
    if (!report || !(report->*site))
        return {};
    const double value = ((report->*site)->error.*measure)();
    return std::isnan(value) ? Maybe() : value;
}

template<Site site>
Maybe maxErrorOf(const Document& document, int row)
{
    const LayerReport* report = document.report(row);
    return report && report->*site ? Maybe((report->*site)->error.maxAbs) : Maybe();
}

Maybe weightBits(const Document& document, int row)
{
    const LayerRow& r = document.row(row);
    return r.hasWeights() ? Maybe(document.plan().weights(r.name).storedBits()) : Maybe();
}

Maybe activationBits(const Document& document, int row)
{
    return document.plan().activations(document.row(row).name).storedBits();
}

Maybe sizeOf(const Document& document, int row)
{
    const Document::Size size = document.rowSize(row);
    return size.complete ? Maybe(double(size.bytes)) : Maybe();
}

Maybe parametersOf(const Document& document, int row)
{
    const Layer* layer = document.row(row).layer;
    return layer && layer->params > 0 ? Maybe(double(layer->params)) : Maybe();
}

Maybe macsOf(const Document& document, int row)
{
    const Layer* layer = document.row(row).layer;
    return layer && layer->macs > 0 ? Maybe(double(layer->macs)) : Maybe();
}

Maybe sparsityOf(const Document& document, int row)
{
    const LayerReport* report = document.report(row);
    if (!report || !report->weight || report->weight->elements == 0)
        return {};
    return double(report->weight->zeros) / double(report->weight->elements);
}

template<SensitivityWhat what>
Maybe effectOf(const Document& document, int row)
{
    return document.sweptSqnr(row, what);
}

QString errorModeText(SensitivityMode mode)
{
    switch (mode) {
    case SensitivityMode::EnableOne:
        return QCoreApplication::translate("LayerMetrics", "enable one");
    case SensitivityMode::DisableOne:
        return QCoreApplication::translate("LayerMetrics", "disable one");
    case SensitivityMode::Cumulative:
        return QCoreApplication::translate("LayerMetrics", "cumulative");
    case SensitivityMode::Local:
        break;
    }
    return QCoreApplication::translate("LayerMetrics", "local");
}

QString plainText(double value)
{
    return numberText(value, 4);
}

QString cosineText(double value)
{
    return QLocale().toString(value, 'f', 6);
}

QString shareText(double value)
{
    return percentText(value, value > 0 && value < 0.001 ? 4 : 2);
}

QString bitsText(double value)
{
    return QLocale().toString(value, 'f', value == std::round(value) ? 0 : 1);
}

QString sizeText(double value)
{
    return bytesText(qint64(value));
}

/// Where the colour map is linear.
double scaled(const LayerMetricRow& metric, double value)
{
    switch (metric.scale) {
    case LayerMetricRow::Linear:
        return value;
    case LayerMetricRow::Log:
        return std::log10(std::max(value, 1e-30));
    case LayerMetricRow::Nines:
        return -std::log10(std::max(1 - value, kBestNines));
    }
    return value;
}

double unscaled(const LayerMetricRow& metric, double position)
{
    switch (metric.scale) {
    case LayerMetricRow::Linear:
        return position;
    case LayerMetricRow::Log:
        return std::pow(10, position);
    case LayerMetricRow::Nines:
        return 1 - std::pow(10, -position);
    }
    return position;
}

using Row = LayerMetricRow;
constexpr Site kWeight = &LayerReport::weight, kActivation = &LayerReport::activation;

// 48 dB is what eight bits give on a well-behaved tensor; 6 dB are about one bit.
const std::vector<LayerMetricRow> kRows = {
    {LayerMetric::WeightSqnr, "weight-sqnr", QT_TRANSLATE_NOOP("LayerMetrics", "Weight SQNR"),
     QT_TRANSLATE_NOOP(
         "LayerMetrics",
         "Signal-to-quantization-noise ratio of the weights in dB: higher is better, one bit is worth "
         "about 6 dB"),
     Row::Higher, Row::Linear, 0, 48, errorOf<kWeight, &ErrorSums::sqnrDb>, decibelText},
    {LayerMetric::ActivationSqnr, "activation-sqnr", QT_TRANSLATE_NOOP("LayerMetrics", "Activation SQNR"),
     QT_TRANSLATE_NOOP("LayerMetrics",
                       "Signal-to-quantization-noise ratio of the output by its own quantizer in dB"),
     Row::Higher, Row::Linear, 0, 48, errorOf<kActivation, &ErrorSums::sqnrDb>, decibelText},
    {LayerMetric::WeightMse, "weight-mse", QT_TRANSLATE_NOOP("LayerMetrics", "Weight MSE"),
     QT_TRANSLATE_NOOP("LayerMetrics",
                       "Mean squared quantization error of the weights, in squared units of the weights"),
     Row::Lower, Row::Log, 0, 0, errorOf<kWeight, &ErrorSums::mse>, plainText},
    {LayerMetric::ActivationMse, "activation-mse", QT_TRANSLATE_NOOP("LayerMetrics", "Activation MSE"),
     QT_TRANSLATE_NOOP("LayerMetrics",
                       "Mean squared quantization error of the output, in squared units of the output"),
     Row::Lower, Row::Log, 0, 0, errorOf<kActivation, &ErrorSums::mse>, plainText},
    {LayerMetric::WeightCosine, "weight-cosine", QT_TRANSLATE_NOOP("LayerMetrics", "Weight cosine"),
     QT_TRANSLATE_NOOP("LayerMetrics",
                       "Cosine similarity of the float and the quantized weights; 1 = same direction"),
     Row::Higher, Row::Nines, 0, 1 - kBestNines, errorOf<kWeight, &ErrorSums::cosine>, cosineText},
    {LayerMetric::ActivationCosine, "activation-cosine",
     QT_TRANSLATE_NOOP("LayerMetrics", "Activation cosine"),
     QT_TRANSLATE_NOOP("LayerMetrics",
                       "Cosine similarity of the float and the quantized output; 1 = same direction"),
     Row::Higher, Row::Nines, 0, 1 - kBestNines, errorOf<kActivation, &ErrorSums::cosine>, cosineText},
    {LayerMetric::WeightMaxError, "weight-max-error", QT_TRANSLATE_NOOP("LayerMetrics", "Weight max error"),
     QT_TRANSLATE_NOOP("LayerMetrics", "Largest distance of a weight from its quantized value"), Row::Lower,
     Row::Log, 0, 0, maxErrorOf<kWeight>, plainText},
    {LayerMetric::ActivationMaxError, "activation-max-error",
     QT_TRANSLATE_NOOP("LayerMetrics", "Activation max error"),
     QT_TRANSLATE_NOOP("LayerMetrics", "Largest distance of an output from its quantized value"), Row::Lower,
     Row::Log, 0, 0, maxErrorOf<kActivation>, plainText},
    {LayerMetric::WeightClipped, "weight-clipped", QT_TRANSLATE_NOOP("LayerMetrics", "Weight clipped"),
     QT_TRANSLATE_NOOP("LayerMetrics",
                       "Share of the weights that lie outside the range and are clipped to its ends"),
     Row::Lower, Row::Log, 1e-6, 0.1, errorOf<kWeight, &ErrorSums::clippedShare>, shareText},
    {LayerMetric::ActivationClipped, "activation-clipped",
     QT_TRANSLATE_NOOP("LayerMetrics", "Activation clipped"),
     QT_TRANSLATE_NOOP("LayerMetrics",
                       "Share of the outputs that lie outside the range and are clipped to its ends"),
     Row::Lower, Row::Log, 1e-6, 0.1, errorOf<kActivation, &ErrorSums::clippedShare>, shareText},
    {LayerMetric::WeightBits, "weight-bits", QT_TRANSLATE_NOOP("LayerMetrics", "Weight bits"),
     QT_TRANSLATE_NOOP("LayerMetrics", "Bits that one stored weight takes"), Row::Neither, Row::Linear, 1, 16,
     weightBits, bitsText},
    {LayerMetric::ActivationBits, "activation-bits", QT_TRANSLATE_NOOP("LayerMetrics", "Activation bits"),
     QT_TRANSLATE_NOOP("LayerMetrics", "Bits that one element of the output takes"), Row::Neither,
     Row::Linear, 1, 16, activationBits, bitsText},
    {LayerMetric::Size, "size", QT_TRANSLATE_NOOP("LayerMetrics", "Size"),
     QT_TRANSLATE_NOOP("LayerMetrics", "Packed bytes of the weights, scales and zero points included"),
     Row::Neither, Row::Log, 0, 0, sizeOf, sizeText},
    {LayerMetric::Parameters, "parameters", QT_TRANSLATE_NOOP("LayerMetrics", "Parameters"),
     QT_TRANSLATE_NOOP("LayerMetrics", "Elements of weights and biases"), Row::Neither, Row::Log, 0, 0,
     parametersOf, shortCountText},
    {LayerMetric::Macs, "macs", QT_TRANSLATE_NOOP("LayerMetrics", "MACs"),
     QT_TRANSLATE_NOOP("LayerMetrics", "Multiply-accumulates for one sample"), Row::Neither, Row::Log, 0, 0,
     macsOf, shortCountText},
    {LayerMetric::Sparsity, "sparsity", QT_TRANSLATE_NOOP("LayerMetrics", "Sparsity"),
     QT_TRANSLATE_NOOP("LayerMetrics", "Share of the weights that are exactly zero, as pruning leaves them"),
     Row::Neither, Row::Linear, 0, 1, sparsityOf, shareText},
    {LayerMetric::WeightEffect, "weight-effect", QT_TRANSLATE_NOOP("LayerMetrics", "Effect of weights"),
     QT_TRANSLATE_NOOP("LayerMetrics",
                       "SQNR in dB that a sweep has measured for these bits of the weights, by the kind of "
                       "error that Error maps shows"),
     Row::Higher, Row::Linear, 0, 48, effectOf<SensitivityWhat::Weights>, decibelText},
    {LayerMetric::ActivationEffect, "activation-effect",
     QT_TRANSLATE_NOOP("LayerMetrics", "Effect of output"),
     QT_TRANSLATE_NOOP("LayerMetrics",
                       "SQNR in dB that a sweep has measured for these bits of the output, by the kind of "
                       "error that Error maps shows"),
     Row::Higher, Row::Linear, 0, 48, effectOf<SensitivityWhat::Activations>, decibelText},
};

} // namespace

const std::vector<LayerMetricRow>& layerMetrics()
{
    return kRows;
}

const LayerMetricRow& metricRow(LayerMetric metric)
{
    return layerMetrics()[size_t(metric)];
}

const LayerMetricRow* findMetric(const QString& key)
{
    for (const LayerMetricRow& row : layerMetrics()) {
        if (key == QLatin1String(row.key))
            return &row;
    }
    return nullptr;
}

bool isEffect(LayerMetric metric)
{
    return metric == LayerMetric::WeightEffect || metric == LayerMetric::ActivationEffect;
}

QString metricTitle(LayerMetric metric, const Document* document)
{
    const QString title = QCoreApplication::translate("LayerMetrics", metricRow(metric).title);
    return document && isEffect(metric) ? QCoreApplication::translate("LayerMetrics", "%1 (%2)")
                                              .arg(title, errorModeText(document->errorMode()))
                                        : title;
}

QString metricHelp(LayerMetric metric)
{
    return QCoreApplication::translate("LayerMetrics", metricRow(metric).help);
}

MetricRange metricRange(const Document& document, LayerMetric metric)
{
    const LayerMetricRow& row = metricRow(metric);
    std::vector<Maybe> values;
    for (int i = 0; row.lo == row.hi && i < document.rowCount(); ++i)
        values.push_back(row.value(document, i));
    return metricRange(metric, values);
}

MetricRange metricRange(LayerMetric metric, const std::vector<std::optional<double>>& values)
{
    const LayerMetricRow& row = metricRow(metric);
    if (row.lo < row.hi)
        return {row.lo, row.hi};
    MetricRange range;
    bool first = true;
    for (const Maybe& value : values) {
        // A zero has no order of magnitude; it is drawn at the end.
        if (!value || !std::isfinite(*value) || (row.scale == LayerMetricRow::Log && *value <= 0))
            continue;
        range.lo = first ? *value : std::min(range.lo, *value);
        range.hi = first ? *value : std::max(range.hi, *value);
        first = false;
    }
    return range;
}

std::optional<double> metricOfRows(const Document& document, LayerMetric metric, const std::vector<int>& rows)
{
    const LayerMetricRow& row = metricRow(metric);
    Maybe result;
    int count = 0;
    for (int i : rows) {
        const Maybe value = row.value(document, i);
        if (!value)
            continue;
        ++count;
        result = !result                                ? *value
                 : row.better == LayerMetricRow::Higher ? std::min(*result, *value)
                 : row.better == LayerMetricRow::Lower  ? std::max(*result, *value)
                                                        : *result + *value;
    }
    const bool mean = metric == LayerMetric::WeightBits || metric == LayerMetric::ActivationBits ||
                      metric == LayerMetric::Sparsity;
    return result && mean ? *result / count : result;
}

double metricShade(LayerMetric metric, const MetricRange& range, double value)
{
    const LayerMetricRow& row = metricRow(metric);
    const double lo = scaled(row, range.lo), hi = scaled(row, range.hi);
    double shade = hi > lo ? std::clamp((scaled(row, value) - lo) / (hi - lo), 0.0, 1.0) : 0.5;
    return row.better == LayerMetricRow::Lower ? 1 - shade : shade;
}

double metricAtShade(LayerMetric metric, const MetricRange& range, double shade)
{
    const LayerMetricRow& row = metricRow(metric);
    const double lo = scaled(row, range.lo), hi = scaled(row, range.hi);
    return unscaled(row, lo + (row.better == LayerMetricRow::Lower ? 1 - shade : shade) * (hi - lo));
}

} // namespace bitwright
