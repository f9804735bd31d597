// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPalette>
#include <QString>
#include <QStringList>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

namespace bitwright {

/// A matrix of numbers to look at: what HeatMap paints and HeatTableModel lists. Immutable once it is shown.
struct HeatGrid {
    enum class Scale {
        Sequential, ///< magnitudes: the sequential map from low to high
        Diverging   ///< signed errors: centred at 0, symmetric
    };
    /// Quarter-sized copies that keep the value of largest magnitude, so that an outlier stays visible
    /// however small the picture.
    struct Level {
        int rows = 0, columns = 0;
        std::vector<float> values;
    };

    int rows = 0, columns = 0;
    std::vector<float> values; ///< row-major; NaN = not there (yet)
    std::vector<float> shades; ///< what colours the cells instead, where columns have units of their own
    QStringList rowNames, columnNames; ///< empty = indices
    QString rowTitle, columnTitle;     ///< what rows and columns are: "output channel"
    QString title;                     ///< what the numbers are, without the unit: "SQNR"
    QString unit;                      ///< "dB"; may be empty
    QStringList columnUnits;           ///< instead, one a column
    bool logarithmic = false;          ///< colours follow the logarithm; low > 0
    Scale scale = Scale::Sequential;
    double low = 0, high = 1; ///< ends of the colour scale (Diverging: -high, high)
    int digits = 3;           ///< significant ones in cells
    int decimals = -1;        ///< >= 0: fixed decimals instead
    bool square = false;      ///< pixels of one tensor: square cells, wheel zooms, drag pans
    std::vector<Level> pyramid;

    static constexpr float nothing() { return std::numeric_limits<float>::quiet_NaN(); }
    bool isEmpty() const { return rows <= 0 || columns <= 0; }
    const std::vector<float>& colored() const { return shades.empty() ? values : shades; }
    float value(int row, int column) const { return values[size_t(row) * size_t(columns) + size_t(column)]; }
    bool has(int row, int column) const { return !std::isnan(value(row, column)); }
    QString rowName(int row) const;
    QString columnName(int column) const;
    /// The number as the user reads it; with the unit when asked for.
    QString valueText(int row, int column, bool withUnit = false) const;
    QString text(double value) const;
    /// low and high from the values: the whole range, 0 included for Diverging.
    void fitScale();
    /// Fills `pyramid`; of no use below about a million cells.
    void buildPyramid();
    /// Lines of numbers with a header line, C locale.
    QString csv() const;
};
using HeatGridPtr = std::shared_ptr<const HeatGrid>;

/// The colours of a scale: 256 steps from low to high.
std::array<QRgb, 256> heatColors(HeatGrid::Scale scale, const QPalette& palette);
/// Where values lie on the colour scale of a grid.
class HeatSteps {
public:
    explicit HeatSteps(const HeatGrid& grid);
    /// 0 to 255, clamped; NaN must be kept out.
    int of(float value) const
    {
        const double x = !m_logarithmic  ? double(value) - m_low
                         : value > m_low ? std::log(double(value) / m_low)
                                         : 0;
        const double step = x * m_factor + m_offset;
        return int(step <= 0 ? 0 : step >= 255 ? 255 : step);
    }

private:
    double m_low, m_factor = 0, m_offset = 128;
    bool m_logarithmic;
};

} // namespace bitwright
