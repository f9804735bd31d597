// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/distribution_target.h"

#include "widgets/model_kind.h"

#include <QCoreApplication>

#include <algorithm>

namespace bitwright {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("bitwright", text);
}

QString calibrateFirst()
{
    return tr(
        "Open data and calibrate: one pass over the samples collects the statistics of every activation.");
}

/// Where the input of a layer comes from.
struct Maker {
    int row = -1;
    QStringList through; ///< operators between that belong to no layer: view, pool
};

Maker makerOf(const Document& document, ValueId value)
{
    constexpr int kMostSteps = 64;
    const Graph& graph = document.model()->graph();
    Maker maker;
    for (int step = 0; value != kNone && step < kMostSteps; ++step) {
        for (int row = 0; row < document.rowCount(); ++row) {
            if (document.row(row).activation == value) {
                maker.row = row;
                return maker;
            }
        }
        const NodeId producer = graph.values[size_t(value)].producer;
        if (producer == kNone || graph.nodes[size_t(producer)].inputs.empty())
            break;
        const Node& node = graph.nodes[size_t(producer)];
        maker.through.prepend(QString::fromStdString(node.kind).section(QStringLiteral("::"), -1));
        value = node.inputs.front();
    }
    return maker;
}

DistributionTarget nothing(const QString& headline, const QString& text)
{
    DistributionTarget target;
    target.headline = headline;
    target.text = text;
    return target;
}

DistributionTarget weightTarget(const Document& document, const LayerRow& row, int tensor)
{
    DistributionTarget target;
    const size_t last = row.layer->weights.size() - 1;
    target.tensor = std::min(size_t(std::max(0, tensor)), last);
    target.layer = row.layer;
    target.planLayer = row.name;
    target.spec = document.plan().weights(row.name);
    target.title = QString::fromStdString(row.layer->weights[target.tensor].parameter);
    target.key = QStringLiteral("w/") + target.title;
    return target;
}

DistributionTarget activationTarget(const Document& document, int row)
{
    DistributionTarget target;
    const LayerRow& source = document.row(row);
    target.planLayer = source.name;
    target.site = PlanSite::Activations;
    target.spec = document.plan().activations(source.name);
    target.value = source.activation;
    target.stats = document.activationStats(row);
    target.title = QString::fromStdString(source.name);
    target.key = QStringLiteral("a/") + target.title;
    if (!target.stats) {
        target.headline = tr("The output of %1 has not been measured").arg(target.title);
        target.text = calibrateFirst();
    }
    if (const QString reason = whyNotRun(document); !reason.isEmpty()) {
        target.headline = tr("There are no activations");
        target.text = reason;
    }
    return target;
}

} // namespace

QStringList distributionTensors(const Document& document, int row, DistributionSite site)
{
    QStringList names;
    const Layer* layer = row >= 0 ? document.row(row).layer : nullptr;
    if (layer && site == DistributionSite::Weights) {
        for (const WeightRef& weight : layer->weights)
            names << QString::fromStdString(weight.parameter);
    } else if (layer && site == DistributionSite::Input) {
        for (ValueId input : layer->inputs)
            names << QString::fromStdString(document.model()->graph().values[size_t(input)].name);
    }
    return names;
}

DistributionTarget distributionTarget(const Document& document, int row, DistributionSite site, int tensor)
{
    if (row < 0 || row >= document.rowCount())
        return nothing(
            document.model() ? tr("No layer is selected") : tr("No model is open"),
            tr("Select a layer in the table to see the distribution of its values before and after "
               "quantization."));
    const LayerRow& source = document.row(row);
    const QString name = QString::fromStdString(source.name);
    if (site == DistributionSite::Output)
        return activationTarget(document, row);
    if (site == DistributionSite::Weights) {
        if (!source.hasWeights())
            return nothing(tr("%1 has no weights").arg(name),
                           tr("Its output can be shown after calibration."));
        return weightTarget(document, source, tensor);
    }
    if (const QString reason = whyNotRun(document); !reason.isEmpty())
        return nothing(tr("There are no activations"), reason);
    if (!source.layer || source.layer->inputs.empty())
        return nothing(tr("%1 has no input of its own").arg(name), tr("Show its output instead."));
    const size_t last = source.layer->inputs.size() - 1;
    const Maker maker = makerOf(document, source.layer->inputs[std::min(size_t(std::max(0, tensor)), last)]);
    if (maker.row < 0 || !document.activationStats(maker.row))
        return nothing(tr("The input of %1 has not been measured").arg(name),
                       maker.row < 0 ? tr("No layer of the plan makes it.") : calibrateFirst());
    DistributionTarget target = activationTarget(document, maker.row);
    target.title = tr("Input of %1 = output of %2").arg(name, target.title);
    if (!maker.through.isEmpty())
        target.title += tr(" (before %1)").arg(maker.through.join(QStringLiteral(", ")));
    return target;
}

} // namespace bitwright
