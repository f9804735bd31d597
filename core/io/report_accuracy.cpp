// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/html_text.h"
#include "core/io/report_sections.h"

#include <algorithm>

namespace bitwright {
namespace {

using html::escape;

/// Larger matrices are unreadable as a table; their worst confusions are listed instead.
constexpr size_t kMatrixClasses = 30;
constexpr size_t kListed = 20;

std::string className(const ReportData& data, size_t index)
{
    return index < data.classes.size() ? escape(data.classes[index]) : std::to_string(index);
}

std::string shareRow(const char* name, std::optional<double> a, std::optional<double> b)
{
    const std::string difference = a && b ? html::number(100 * (*b - *a), 3) + " points" : "-";
    return tableRow("td", {name, text::percent(a), text::percent(b), difference});
}

std::string qualityTable(const Quality& a, const Quality& b)
{
    std::string out =
        "<table><thead>" + tableRow("th", {"", "Float", "Quantized", "Difference"}) + "</thead><tbody>";
    out += shareRow("Top-1", a.top1, b.top1) + shareRow("Top-5", a.top5, b.top5);
    out += shareRow("Precision (macro)", a.macroPrecision, b.macroPrecision);
    out += shareRow("Recall (macro)", a.macroRecall, b.macroRecall) +
           shareRow("F1 (macro)", a.macroF1, b.macroF1);
    const std::string difference = a.loss && b.loss ? html::number(*b.loss - *a.loss, 3) : "-";
    out += tableRow("td", {"Loss (nat)", html::number(a.loss), html::number(b.loss), difference});
    return out + "</tbody></table>";
}

std::string matrixRow(const ReportData& data, size_t label)
{
    const auto& row = data.evaluation->quantized.confusion[label];
    const auto& before = data.evaluation->floating.confusion;
    int64_t sum = 0;
    for (const int64_t count : row)
        sum += count;
    std::string out = "<tr><th scope=\"row\">" + className(data, label) + "</th>";
    for (size_t j = 0; j < row.size(); ++j) {
        const std::string was =
            label < before.size() && j < before[label].size() ? std::to_string(before[label][j]) : "-";
        out += "<td style=\"--p:" + html::number(sum ? double(row[j]) / double(sum) : 0.0, 3) +
               "\" title=\"float: " + was + "\">" + std::to_string(row[j]) + "</td>";
    }
    return out + "</tr>\n";
}

std::string confusionMatrix(const ReportData& data)
{
    const size_t classes = data.evaluation->quantized.confusion.size();
    std::string out =
        "<h2>Confusion, quantized</h2><p class=\"soft\">Rows are labels, columns predictions; point at a "
        "cell "
        "for the float model's count.</p><div class=\"wide confusion\"><table><thead><tr><th></th>";
    for (size_t j = 0; j < classes; ++j)
        out += "<th scope=\"col\">" + className(data, j) + "</th>";
    out += "</tr></thead><tbody>";
    for (size_t i = 0; i < classes; ++i)
        out += matrixRow(data, i);
    return out + "</tbody></table></div>";
}

struct Confusion {
    size_t label, prediction;
    int64_t count, before;
};

std::vector<Confusion> mostConfused(const Evaluation& evaluation)
{
    std::vector<Confusion> all;
    const auto& before = evaluation.floating.confusion;
    for (size_t i = 0; i < evaluation.quantized.confusion.size(); ++i)
        for (size_t j = 0; j < evaluation.quantized.confusion[i].size(); ++j)
            if (const int64_t count = evaluation.quantized.confusion[i][j]; i != j && count > 0)
                all.push_back({i, j, count, i < before.size() && j < before[i].size() ? before[i][j] : 0});
    std::stable_sort(all.begin(), all.end(),
                     [](const Confusion& a, const Confusion& b) { return a.count > b.count; });
    all.resize(std::min(all.size(), kListed));
    return all;
}

std::string confusionList(const ReportData& data)
{
    std::string out = "<h2>Most frequent confusions</h2><table><thead>" +
                      tableRow("th", {"Label", "Predicted", "Float", "Quantized"}, 2) + "</thead><tbody>";
    for (const Confusion& c : mostConfused(*data.evaluation))
        out += tableRow("td",
                        {className(data, c.label), className(data, c.prediction), text::count(c.before),
                         text::count(c.count)},
                        2);
    return out + "</tbody></table>";
}

} // namespace

std::string accuracySection(const ReportData& data)
{
    if (!data.evaluation)
        return {};
    const Evaluation& e = *data.evaluation;
    std::string out = "<section><h2>Accuracy</h2>";
    if (e.partial)
        out += "<p>Interrupted: the numbers are those of the samples that were finished.</p>";
    if (!e.floating.top1)
        return out + "<p>The data has no labels, so accuracy is unknown. Outputs differ from float by " +
               text::decibels(e.outputSqnrDb) + " SQNR over " + text::count(e.floating.samples) +
               " samples.</p></section>\n";
    out += "<p class=\"soft\">" + text::count(e.floating.samples) + " samples; " +
           text::percent(e.agreement) + " get the same top-1 from both; output SQNR " +
           text::decibels(e.outputSqnrDb) + ".</p>";
    out += "<div class=\"wide\">" + qualityTable(e.floating, e.quantized) + "</div>";
    if (!e.quantized.confusion.empty())
        out += e.quantized.confusion.size() <= kMatrixClasses ? confusionMatrix(data) : confusionList(data);
    return out + "</section>\n";
}

std::string costSection(const ReportData& data)
{
    if (!data.cost)
        return {};
    const Cost& c = *data.cost;
    const auto share = [&](int64_t bytes) {
        return c.floatBytes ? text::percent(double(bytes) / double(c.floatBytes)) : std::string("-");
    };
    std::string out = "<section><h2>Size and cost</h2><div class=\"wide\"><table><thead>" +
                      tableRow("th", {"", "Bytes", "Of float"}) + "</thead><tbody>";
    out += tableRow("td", {"Float", text::count(c.floatBytes), share(c.floatBytes)});
    out += tableRow("td", {"Quantized and packed (with scales, zero points, biases)",
                           text::count(c.quantizedBytes), share(c.quantizedBytes)});
    out += tableRow("td",
                    {"The same, weights Huffman coded", text::count(c.huffmanBytes), share(c.huffmanBytes)});
    if (c.sparseBytes < c.quantizedBytes)
        out += tableRow("td", {"The same, non-zero weights with a bitmap or run lengths",
                               text::count(c.sparseBytes), share(c.sparseBytes)});
    out += "</tbody></table></div>";
    if (c.macs == 0) // a file without a graph
        return out + "</section>\n";
    out += "<dl><dt>MACs a sample</dt><dd>" + text::count(c.macs);
    out += "</dd><dt>Bit operations a sample</dt><dd>" + text::magnitude(c.bops);
    out += "</dd><dt>Energy a sample</dt><dd>" + html::number(c.energyPj / 1e6) +
           " &micro;J (arithmetic and memory; " + escape(energyTableName()) + ")</dd></dl>";
    return out + "</section>\n";
}

} // namespace bitwright
