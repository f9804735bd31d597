// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/html_text.h"
#include "core/io/report_sections.h"

#include <algorithm>
#include <map>

namespace bitwright {
namespace {

/// One table: all cells of one mode and one kind of site.
using Block = std::pair<SensitivityMode, SensitivityWhat>;

struct CellGrid {
    std::vector<std::string> layers; ///< in the order of the cells
    std::vector<int> bits;
    std::map<std::pair<std::string, int>, const SensitivityCell*> cells;

    void add(const SensitivityCell& cell)
    {
        if (std::find(layers.begin(), layers.end(), cell.layer) == layers.end())
            layers.push_back(cell.layer);
        if (std::find(bits.begin(), bits.end(), cell.bits) == bits.end())
            bits.push_back(cell.bits);
        cells[{cell.layer, cell.bits}] = &cell;
    }
};

std::string cellHtml(const SensitivityCell* cell)
{
    if (!cell)
        return "<td class=\"n\">-</td>";
    const std::string hint =
        cell->top1 ? " title=\"top-1 " + text::percent(cell->top1) + "\"" : std::string();
    return "<td class=\"n " + html::heat(cell->outputSqnrDb) + "\"" + hint + ">" +
           html::decibel(cell->outputSqnrDb) + "</td>";
}

std::string tableHtml(const CellGrid& grid)
{
    std::string out = "<div class=\"wide\"><table><thead><tr><th>Layer</th>";
    for (const int bits : grid.bits)
        out += "<th class=\"n\">" + std::to_string(bits) + " bits</th>";
    out += "</tr></thead><tbody>\n";
    for (const std::string& layer : grid.layers) {
        out += "<tr><td><span class=\"name\">" + html::escape(layer) + "</span></td>";
        for (const int bits : grid.bits) {
            const auto found = grid.cells.find({layer, bits});
            out += cellHtml(found == grid.cells.end() ? nullptr : found->second);
        }
        out += "</tr>\n";
    }
    return out + "</tbody></table></div>";
}

} // namespace

std::string sensitivitySection(const ReportData& data)
{
    if (!data.sensitivity || data.sensitivity->cells.empty())
        return {};
    std::map<Block, CellGrid> blocks;
    for (const SensitivityCell& cell : data.sensitivity->cells)
        blocks[{cell.mode, cell.what}].add(cell);
    std::string out = "<section><h2>Sensitivity</h2><p class=\"soft\">Output SQNR in dB with one site "
                      "changed at a time, over " +
                      text::count(data.sensitivity->samples) + " samples.</p>";
    for (const auto& [block, grid] : blocks)
        out += "<h3>" + html::escape(sensitivityWhatName(block.second)) + ", " +
               html::escape(sensitivityModeName(block.first)) + "</h3>" + tableHtml(grid);
    return out + "</section>\n";
}

} // namespace bitwright
