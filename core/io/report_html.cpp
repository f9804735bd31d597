// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/report_html.h"

#include "core/io/html_text.h"
#include "core/io/report_sections.h"
#include "core/io/report_style.h"

namespace bitwright {
namespace {

using html::escape;

std::string fileName(const std::string& path)
{
    return path.substr(path.find_last_of('/') + 1);
}

std::string card(const std::string& value, const std::string& label)
{
    return "<div class=\"card\"><b>" + value + "</b><span>" + label + "</span></div>";
}

std::string fact(const char* term, const std::string& description)
{
    return description.empty() ? std::string()
                               : std::string("<dt>") + term + "</dt><dd>" + description + "</dd>";
}

std::string accuracyCards(const Evaluation& evaluation)
{
    std::string out;
    const std::optional<double> before = evaluation.floating.top1, after = evaluation.quantized.top1;
    if (before && after) {
        out += card(text::percent(after), "top-1 quantized; float " + text::percent(before));
        out += card(html::number(100 * (*after - *before), 3) + " points", "top-1 change");
    }
    if (evaluation.agreement)
        out += card(text::percent(evaluation.agreement), "same top-1 as float");
    return out + card(text::decibels(evaluation.outputSqnrDb), "output SQNR");
}

std::string cards(const ReportData& data)
{
    std::string out = "<div class=\"cards\">";
    if (data.evaluation)
        out += accuracyCards(*data.evaluation);
    if (data.cost) {
        const double ratio =
            data.cost->floatBytes ? double(data.cost->quantizedBytes) / double(data.cost->floatBytes) : 1;
        out += card(text::bytes(data.cost->quantizedBytes),
                    text::percent(ratio) + " of " + text::bytes(data.cost->floatBytes) + " float");
        if (data.cost->macs > 0)
            out += card(text::magnitude(data.cost->bops), "bit operations a sample");
    }
    return out + "</div>";
}

std::string head(const ReportData& data)
{
    const std::string name = escape(fileName(data.modelPath));
    std::string out = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                      "<meta name=\"generator\" content=\"Bitwright " BITWRIGHT_VERSION "\">\n<title>";
    out += name + ": quantization report</title>\n<style>" + reportStyle() + "</style>\n</head>\n<body>\n";
    out += "<header><h1>" + name + "</h1><p class=\"soft\">Quantization report";
    if (!data.date.empty())
        out += ", " + escape(data.date);
    return out + "</p>" + cards(data) + "</header>\n";
}

std::string inputsText(const Graph& graph)
{
    std::string out;
    for (const ValueId id : graph.inputs) {
        const Value& value = graph.values[size_t(id)];
        out += (out.empty() ? "" : ", ") + escape(value.name) + " " + text::sizes(value.shape) + " " +
               dtypeName(value.dtype);
    }
    return out;
}

std::string modelSection(const ReportData& data)
{
    const Graph& graph = data.runner->graph();
    const GraphTotals sum = totals(graph);
    std::string out = "<section><h2>Model</h2><dl>";
    out += fact("File", "<span class=\"name\">" + escape(data.modelPath) + "</span>");
    out += fact("SHA-256", "<code>" + escape(data.modelSha256) + "</code>");
    out += fact("Format", escape(data.modelFormat) + ", " + text::bytes(data.modelBytes));
    out += fact("Inputs", inputsText(graph));
    out += fact("Layers", text::count(int64_t(graph.layers.size())));
    out += fact("Parameters", text::count(sum.params) + " in " + text::bytes(sum.bytes));
    if (!graph.inputs.empty())
        out += fact("MACs a sample", text::count(sum.macs));
    for (const std::string& sentence : graph.unsupported)
        out += fact("Not analysed", escape(sentence));
    return out + "</dl></section>\n";
}

std::string exceptionRows(const QuantPlan& plan)
{
    std::string rows;
    for (const auto& [name, layer] : plan.layers)
        rows += tableRow("td",
                         {"<span class=\"name\">" + escape(name) + "</span>",
                          escape(layer.weights ? describe(*layer.weights) : "default"),
                          escape(layer.activations ? describe(*layer.activations) : "default"),
                          layer.locked ? "locked" : "", escape(layer.note)},
                         5);
    return rows;
}

std::string planSection(const QuantPlan& plan)
{
    std::string out = "<section><h2>Plan</h2><dl>";
    out += fact("Weights", escape(describe(plan.defaultWeights)) + " <code>" +
                               escape(shortForm(plan.defaultWeights)) + "</code>");
    out += fact("Activations", escape(describe(plan.defaultActivations)) + " <code>" +
                                   escape(shortForm(plan.defaultActivations)) + "</code>");
    out += "</dl>";
    if (!plan.layers.empty())
        out += "<div class=\"wide\"><table><thead>" +
               tableRow("th", {"Exception", "Weights", "Activations", "", "Note"}, 5) + "</thead><tbody>" +
               exceptionRows(plan) + "</tbody></table></div>";
    return out + "<details><summary>Plan file</summary><pre>" + escape(planToJson(plan)) +
           "</pre></details></section>\n";
}

std::string provenanceSection(const ReportData& data)
{
    std::string out = "<section><h2>How this was made</h2><dl>";
    out += fact("Data", escape(data.dataDescription));
    if (data.calibration)
        out += fact("Calibration", text::count(data.calibration->samples) + " samples");
    if (data.evaluation)
        out += fact("Evaluation", text::count(data.evaluation->floating.samples) + " samples");
    if (!data.command.empty())
        out += fact("Command", "<code>" + escape(data.command) + "</code>");
    out += fact("Program", "Bitwright " BITWRIGHT_VERSION);
    return out + "</dl></section>\n";
}

} // namespace

std::string tableRow(const char* tag, const std::vector<std::string>& cells, size_t numbers)
{
    std::string out = "<tr>";
    for (size_t i = 0; i < cells.size(); ++i)
        out += std::string("<") + tag + (i >= numbers ? " class=\"n\">" : ">") + cells[i] + "</" + tag + ">";
    return out + "</tr>\n";
}

Result<std::string> reportHtml(const ReportData& data)
{
    std::string out = head(data);
    out += "<main>\n";
    out += accuracySection(data);
    out += layersSection(data);
    BITWRIGHT_TRY(const std::string distributions, distributionsSection(data));
    out += distributions;
    out += sensitivitySection(data);
    out += costSection(data);
    out += modelSection(data);
    out += planSection(*data.plan);
    out += provenanceSection(data);
    out += "</main>\n<footer>Made by Bitwright " BITWRIGHT_VERSION
           ". SQNR = 10 log<sub>10</sub>(&Sigma;x&sup2; / &Sigma;(x &minus; x&#770;)&sup2;) in "
           "dB.</footer>\n</body>\n</html>\n";
    return out;
}

} // namespace bitwright
