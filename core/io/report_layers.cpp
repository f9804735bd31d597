// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/html_text.h"
#include "core/io/report_sections.h"
#include "core/io/report_svg.h"
#include "core/quant/quantize.h"

#include <algorithm>
#include <limits>

namespace bitwright {
namespace {

using html::escape;

constexpr size_t kOpenAtFirst = 3;
constexpr double kNothing = std::numeric_limits<double>::infinity();

std::string nameCell(const std::string& name)
{
    return "<span class=\"name\">" + escape(name) + "</span>";
}

std::string heatCell(std::optional<double> decibels)
{
    const std::string heat = html::heat(decibels);
    return "<td class=\"n" + (heat.empty() ? heat : ' ' + heat) + "\">" + html::decibel(decibels) + "</td>";
}

std::optional<double> sqnr(const std::optional<SiteReport>& site)
{
    return site ? std::optional(site->error.sqnrDb()) : std::nullopt;
}

std::string specCell(const std::optional<SiteReport>& site)
{
    return "<td>" + (site ? escape(describe(site->spec)) : std::string("-")) + "</td>";
}

std::string clippedCell(const std::optional<SiteReport>& site)
{
    return "<td class=\"n\">" + (site ? text::percent(site->error.clippedShare()) : std::string("-")) +
           "</td>";
}

std::string layerRow(const Graph& graph, const LayerReport& row)
{
    const Layer* layer = row.layer == kNone ? nullptr : &graph.layers[size_t(row.layer)];
    std::string out = "<tr><td class=\"n\">" + (layer ? std::to_string(layer->id) : std::string()) +
                      "</td><td>" + nameCell(row.name) + "</td><td>" +
                      escape(layer ? layer->label : "input") + "</td>";
    out += "<td class=\"n\">" + (row.weight ? text::count(row.weight->bytes) : std::string("-")) + "</td>";
    out += specCell(row.weight) + heatCell(sqnr(row.weight)) + clippedCell(row.weight);
    out += specCell(row.activation) + heatCell(sqnr(row.activation)) + clippedCell(row.activation);
    return out + heatCell(row.cumulativeSqnrDb) + "</tr>\n";
}

/// What all grids of a tensor can represent together.
std::optional<Range> wholeRange(const QuantParams& params)
{
    if (params.format != Format::Int || params.scale.empty())
        return std::nullopt;
    Range whole = params.range(0);
    for (size_t i = 1; i < params.scale.size(); ++i) {
        whole.lo = std::min(whole.lo, params.range(i).lo);
        whole.hi = std::max(whole.hi, params.range(i).hi);
    }
    return whole;
}

std::string figure(const std::string& caption, const HistogramPlot& plot)
{
    return "<figure><figcaption>" + caption + "</figcaption>" + histogramSvg(plot) + "</figure>";
}

std::string caption(const std::string& what, const SiteReport& site)
{
    return what + ", " + escape(describe(site.spec)) + ", SQNR " + text::decibels(site.error.sqnrDb()) +
           ", " + text::percent(site.error.clippedShare()) + " clipped";
}

Result<std::string> weightFigure(const ModelRunner& runner, const WeightRef& weight, const SiteReport& site)
{
    BITWRIGHT_TRY(const Tensor values, runner.parameter(weight.parameter));
    const Tensor floats = values.toFloat();
    const TensorStats before = weightStats(floats, -1, ChannelHistograms::No);
    const TensorStats after = weightStats(fakeQuantize(floats, site.params), -1, ChannelHistograms::No);
    const std::string name = "Weight " + weight.parameter;
    return figure(caption("Weight " + nameCell(weight.parameter), site),
                  {&before.histogram, &after.histogram, wholeRange(site.params), name});
}

std::string activationFigure(const ReportData& data, ValueId value, const std::string& name,
                             const SiteReport& site)
{
    const auto found = data.calibration->activations.find(value);
    const Histogram* histogram =
        found == data.calibration->activations.end() ? nullptr : &found->second.histogram;
    return figure(caption("Activation", site),
                  {histogram, nullptr, wholeRange(site.params), "Activation of " + name});
}

ValueId valueOf(const Graph& graph, const LayerReport& row)
{
    if (row.layer != kNone)
        return graph.layers[size_t(row.layer)].output;
    for (size_t i = 0; i < graph.inputs.size(); ++i)
        if (inputLayerName(i) == row.name)
            return graph.inputs[i];
    return kNone;
}

Result<std::string> layerPlots(const ReportData& data, const LayerReport& row)
{
    const Graph& graph = data.runner->graph();
    std::string plots;
    if (row.layer != kNone) {
        const auto& weights = graph.layers[size_t(row.layer)].weights;
        for (size_t i = 0; i < std::min(weights.size(), row.weightTensors.size()); ++i) {
            BITWRIGHT_TRY(const std::string plot,
                          weightFigure(*data.runner, weights[i], row.weightTensors[i]));
            plots += plot;
        }
    }
    if (row.activation && data.calibration)
        plots += activationFigure(data, valueOf(graph, row), row.name, *row.activation);
    return plots;
}

constexpr const char* kScale =
    "<span class=\"scale\"><i class=\"h0\">&ge; 40</i><i class=\"h1\">&ge; 34</i><i class=\"h2\">&ge; 28</i>"
    "<i class=\"h3\">&ge; 22</i><i class=\"h4\">&ge; 16</i><i class=\"h5\">&lt; 16</i></span>";

} // namespace

std::optional<double> worstSqnr(const LayerReport& layer)
{
    const std::optional<double> weight = sqnr(layer.weight), activation = sqnr(layer.activation);
    if (weight && activation)
        return std::min(*weight, *activation);
    return weight ? weight : activation;
}

std::vector<const LayerReport*> worstFirst(const std::vector<LayerReport>& layers)
{
    std::vector<const LayerReport*> rows;
    for (const LayerReport& row : layers)
        rows.push_back(&row);
    std::stable_sort(rows.begin(), rows.end(), [](const LayerReport* a, const LayerReport* b) {
        return worstSqnr(*a).value_or(kNothing) < worstSqnr(*b).value_or(kNothing);
    });
    return rows;
}

std::string layersSection(const ReportData& data)
{
    std::string out =
        "<section><h2>Layers, worst first</h2><p class=\"soft\">SQNR in dB, local: a tensor by its own "
        "quantizer. Cumulative: float against the whole plan at that layer's output. ";
    out +=
        std::string(kScale) + "</p><div class=\"wide\"><table><thead>" +
        "<tr><th class=\"n\">#</th><th>Layer</th><th>Operator</th><th class=\"n\">Bytes</th><th>Weights</th>"
        "<th class=\"n\">SQNR</th><th class=\"n\">Clipped</th><th>Activations</th><th class=\"n\">SQNR</th>"
        "<th class=\"n\">Clipped</th><th class=\"n\">Cumulative</th></tr></thead><tbody>\n";
    for (const LayerReport* row : worstFirst(*data.layers))
        out += layerRow(data.runner->graph(), *row);
    return out + "</tbody></table></div></section>\n";
}

Result<std::string> distributionsSection(const ReportData& data)
{
    std::string out =
        "<section><h2>Distributions</h2><p class=\"soft key\">Counts on a logarithmic axis."
        "<i class=\"bars\" style=\"background:var(--bars)\"></i>float"
        "<i style=\"background:var(--grid)\"></i>quantized weights"
        "<i style=\"background:var(--mark)\"></i>ends of the quantization range (widest channel)</p>\n";
    size_t shown = 0;
    for (const LayerReport* row : worstFirst(*data.layers)) {
        BITWRIGHT_TRY(const std::string plots, layerPlots(data, *row));
        if (plots.empty())
            continue;
        out += std::string("<details") + (shown++ < kOpenAtFirst ? " open>" : ">") + "<summary>" +
               nameCell(row->name) + " <span class=\"soft\">" + text::decibels(worstSqnr(*row)) +
               "</span></summary><div class=\"plots\">" + plots + "</div></details>\n";
    }
    return shown ? out + "</section>\n" : std::string();
}

} // namespace bitwright
