// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/table.h"

#include "app/cli/format.h"

#include <algorithm>
#include <ostream>

namespace bitwright::cli {
namespace {

/// Code points of UTF-8, which is the width of what layer names are made of.
size_t width(const std::string& text)
{
    return size_t(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

void printCell(std::ostream& out, const std::string& text, size_t columns, Table::Align align, bool last)
{
    const std::string padding(columns - width(text), ' ');
    if (align == Table::Right)
        out << padding << text;
    else
        out << text << (last ? std::string() : padding);
    out << (last ? "\n" : "  ");
}

} // namespace

void Table::add(std::vector<std::string> row)
{
    row.resize(m_columns.size());
    for (std::string& cell : row)
        cell = text::printable(cell);
    m_rows.push_back(std::move(row));
}

void Table::print(std::ostream& out) const
{
    const size_t count = m_columns.size();
    std::vector<size_t> widths(count);
    for (size_t c = 0; c < count; ++c) {
        widths[c] = width(m_columns[c].title);
        for (const auto& row : m_rows)
            widths[c] = std::max(widths[c], width(row[c]));
    }
    for (size_t c = 0; c < count; ++c)
        printCell(out, m_columns[c].title, widths[c], m_columns[c].align, c + 1 == count);
    for (size_t c = 0; c < count; ++c)
        printCell(out, std::string(widths[c], '-'), widths[c], Left, c + 1 == count);
    for (const auto& row : m_rows)
        for (size_t c = 0; c < count; ++c)
            printCell(out, row[c], widths[c], m_columns[c].align, c + 1 == count);
}

} // namespace bitwright::cli
