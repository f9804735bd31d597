// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/heat_grid.h"

#include "widgets/format.h"
#include "widgets/theme.h"

#include <QLocale>

#include <algorithm>

namespace bitwright {

namespace {

/// Smaller pictures than this are painted from the values themselves.
constexpr int kSmallestLevel = 256;

QString csvField(QString text)
{
    if (text.contains(u',') || text.contains(u'"') || text.contains(u'\n'))
        text = u'"' + text.replace(u'"', QStringLiteral("\"\"")) + u'"';
    return text;
}

HeatGrid::Level halved(int rows, int columns, const std::vector<float>& values)
{
    HeatGrid::Level level{(rows + 1) / 2, (columns + 1) / 2, {}};
    level.values.assign(size_t(level.rows) * size_t(level.columns), HeatGrid::nothing());
    for (int r = 0; r < rows; ++r) {
        const float* from = values.data() + size_t(r) * size_t(columns);
        float* to = level.values.data() + size_t(r / 2) * size_t(level.columns);
        for (int c = 0; c < columns; ++c) {
            float& kept = to[c / 2];
            if (!std::isnan(from[c]) && !(std::abs(from[c]) <= std::abs(kept)))
                kept = from[c];
        }
    }
    return level;
}

} // namespace

QString HeatGrid::rowName(int row) const
{
    return row < rowNames.size() ? rowNames[row] : QLocale().toString(row);
}

QString HeatGrid::columnName(int column) const
{
    return column < columnNames.size() ? columnNames[column] : QLocale().toString(column);
}

QString HeatGrid::text(double value) const
{
    if (std::isinf(value))
        return value > 0 ? QStringLiteral("∞") : QStringLiteral("−∞");
    return decimals >= 0 ? QLocale().toString(value, 'f', decimals) : numberText(value, digits);
}

QString HeatGrid::valueText(int row, int column, bool withUnit) const
{
    if (!has(row, column))
        return {};
    const QString number = text(double(value(row, column)));
    const QString& of = column < columnUnits.size() ? columnUnits[column] : unit;
    return withUnit && !of.isEmpty() ? number + QChar(0xa0) + of : number;
}

void HeatGrid::fitScale()
{
    double least = std::numeric_limits<double>::infinity(), most = -least;
    for (const float v : colored()) {
        if (!std::isfinite(v) || (logarithmic && v <= 0))
            continue;
        least = std::min(least, double(v));
        most = std::max(most, double(v));
    }
    if (least > most)
        least = most = 0;
    if (scale == Scale::Diverging) {
        high = std::max(std::abs(least), std::abs(most));
        low = -high;
        return;
    }
    low = logarithmic ? std::max(least, 1e-6 * most) : least;
    high = most;
}

void HeatGrid::buildPyramid()
{
    pyramid.clear();
    int r = rows, c = columns;
    while (std::max(r, c) > kSmallestLevel) {
        const std::vector<float>& from = pyramid.empty() ? values : pyramid.back().values;
        Level level = halved(r, c, from);
        r = level.rows;
        c = level.columns;
        pyramid.push_back(std::move(level));
    }
}

QString HeatGrid::csv() const
{
    QString lines = csvField(rowTitle);
    for (int c = 0; c < columns; ++c)
        lines += u',' + csvField(c < columnNames.size() ? columnNames[c] : QString::number(c));
    lines += u'\n';
    for (int r = 0; r < rows; ++r) {
        lines += csvField(r < rowNames.size() ? rowNames[r] : QString::number(r));
        for (int c = 0; c < columns; ++c) {
            lines += u',';
            if (has(r, c))
                lines += QString::number(double(value(r, c)), 'g', 9);
        }
        lines += u'\n';
    }
    return lines;
}

HeatSteps::HeatSteps(const HeatGrid& grid)
    : m_low(grid.scale == HeatGrid::Scale::Diverging ? -grid.high : grid.low)
    , m_logarithmic(grid.logarithmic && grid.high > m_low && m_low > 0)
{
    if (!(grid.high > m_low))
        return;
    m_factor = 255 / (m_logarithmic ? std::log(grid.high / m_low) : grid.high - m_low);
    m_offset = 0.5;
}

std::array<QRgb, 256> heatColors(HeatGrid::Scale scale, const QPalette& palette)
{
    std::array<QRgb, 256> colors{};
    for (int i = 0; i < 256; ++i) {
        const double t = double(i) / 255;
        colors[size_t(i)] =
            (scale == HeatGrid::Scale::Diverging ? diverging(2 * t - 1, palette) : sequential(t)).rgb();
    }
    return colors;
}

} // namespace bitwright
