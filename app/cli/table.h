// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace bitwright::cli {

/// A table for people: a header, a rule, rows; columns as wide as their widest cell.
class Table {
public:
    enum Align { Left, Right };
    struct Column {
        std::string title;
        Align align = Left;
    };

    explicit Table(std::vector<Column> columns)
        : m_columns(std::move(columns))
    {
    }
    /// One cell a column; control characters are replaced.
    void add(std::vector<std::string> row);
    bool isEmpty() const { return m_rows.empty(); }
    void print(std::ostream& out) const;

private:
    std::vector<Column> m_columns;
    std::vector<std::vector<std::string>> m_rows;
};

} // namespace bitwright::cli
