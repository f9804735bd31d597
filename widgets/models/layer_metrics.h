// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>
#include <vector>

namespace bitwright {

class Document;

/// What layers can be ranked, shaded, coloured and chosen by.
enum class LayerMetric {
    WeightSqnr,
    ActivationSqnr,
    WeightMse,
    ActivationMse,
    WeightCosine,
    ActivationCosine,
    WeightMaxError,
    ActivationMaxError,
    WeightClipped,
    ActivationClipped,
    WeightBits,
    ActivationBits,
    Size,
    Parameters,
    Macs,
    Sparsity,
    WeightEffect,
    ActivationEffect
};

/// One row for every metric. Errors are local: one tensor by its own quantizer alone; the two effects are what a
/// sweep has measured, by Document::errorMode().
struct LayerMetricRow {
    enum Better { Higher, Lower, Neither };
    enum Scale {
        Linear,
        Log,  ///< by orders of magnitude
        Nines ///< by the orders of magnitude that are missing to 1
    };

    LayerMetric metric;
    const char* key;   ///< in rules and settings: "weight-sqnr"
    const char* title; ///< in the context "LayerMetrics"
    const char* help;  ///< one sentence, same context
    Better better;
    Scale scale;
    double lo, hi; ///< ends of the colour scale in the metric's unit; equal = those of the model's layers
    std::optional<double> (*value)(const Document&, int row); ///< empty = unknown or does not apply
    QString (*text)(double value);                            ///< with its unit, in the user's locale
};
/// Index = metric.
const std::vector<LayerMetricRow>& layerMetrics();
const LayerMetricRow& metricRow(LayerMetric metric);
/// Nullptr for an unknown key.
const LayerMetricRow* findMetric(const QString& key);
/// With `document`, an effect says by which error it is.
QString metricTitle(LayerMetric metric, const Document* document = nullptr);
bool isEffect(LayerMetric metric);
QString metricHelp(LayerMetric metric);

/// The ends of the colour scale of one metric.
struct MetricRange {
    double lo = 0, hi = 0;
    bool operator==(const MetricRange&) const = default;
};
MetricRange metricRange(const Document& document, LayerMetric metric);
MetricRange metricRange(LayerMetric metric, const std::vector<std::optional<double>>& values);
/// Of a module with these rows: the worst of them; the sum of sizes and counts; the mean of bits. Empty when
/// no row has a value.
std::optional<double> metricOfRows(const Document& document, LayerMetric metric,
                                   const std::vector<int>& rows);
/// Place on the colour map in [0, 1]: 0 = the worst end, or the least where neither is better.
double metricShade(LayerMetric metric, const MetricRange& range, double value);
/// The value at a place on the colour map; the inverse of metricShade, for legends.
double metricAtShade(LayerMetric metric, const MetricRange& range, double shade);

} // namespace bitwright
