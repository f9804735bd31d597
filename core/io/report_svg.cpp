// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/report_svg.h"

#include "core/io/html_text.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace bitwright {
namespace {

using html::coordinate;

constexpr size_t kBars = 96;
constexpr double kWidth = 420, kHeight = 120, kTop = 14, kBottom = 18;

/// Counts of `histogram` gathered into kBars equal bars over [lo, hi].
std::vector<double> bars(const Histogram& histogram, double lo, double hi)
{
    std::vector<double> sums(kBars, 0.0);
    for (size_t bin = 0; bin < histogram.counts().size(); ++bin) {
        const double position = (histogram.centre(bin) - lo) / (hi - lo) * double(kBars);
        const auto bar = int64_t(std::floor(position));
        if (bar >= 0 && bar < int64_t(kBars))
            sums[size_t(bar)] += double(histogram.counts()[bin]);
    }
    return sums;
}

/// Maps values and counts to the drawing.
struct Axes {
    double lo, hi, most;

    double x(double value) const { return std::clamp((value - lo) / (hi - lo), 0.0, 1.0) * kWidth; }
    double y(double count) const
    {
        const double height = kHeight - kTop - kBottom;
        return kHeight - kBottom - height * std::log10(1 + count) / std::log10(1 + most);
    }
};

std::string barsPath(const std::vector<double>& sums, const Axes& axes)
{
    std::string path;
    const double width = kWidth / double(kBars), base = kHeight - kBottom;
    for (size_t i = 0; i < sums.size(); ++i) {
        if (sums[i] <= 0)
            continue;
        path.append("M").append(coordinate(double(i) * width)).append(" ").append(coordinate(base));
        path.append("V").append(coordinate(axes.y(sums[i]))).append("h").append(coordinate(width - 0.6));
        path.append("V").append(coordinate(base)).append("z");
    }
    return path;
}

std::string element(const char* name, const char* style, const std::string& attributes)
{
    return std::string("<") + name + " class=\"" + style + "\" " + attributes + "/>";
}

std::string rectangle(const char* style, double from, double to)
{
    if (to <= from)
        return {};
    return element("rect", style,
                   "x=\"" + coordinate(from) + "\" y=\"" + coordinate(kTop) + "\" width=\"" +
                       coordinate(to - from) + "\" height=\"" + coordinate(kHeight - kTop - kBottom) + "\"");
}

std::string label(double x, double y, const char* anchor, const std::string& text)
{
    return "<text x=\"" + coordinate(x) + "\" y=\"" + coordinate(y) + "\" text-anchor=\"" + anchor + "\">" +
           text + "</text>";
}

std::string marker(const Axes& axes, double value, bool left)
{
    const double x = axes.x(value);
    const bool inner = left ? x < 60 : x > kWidth - 60;
    const char* anchor = left == inner ? "start" : "end";
    return element("path", "mark",
                   "d=\"M" + coordinate(x) + " " + coordinate(kTop) + "V" + coordinate(kHeight - kBottom) +
                       "\"") +
           label(x + (left == inner ? 3 : -3), kTop - 3, anchor, html::number(value, 3));
}

std::string rangeParts(const Axes& axes, const Range& range)
{
    return rectangle("cut", 0, axes.x(range.lo)) + rectangle("cut", axes.x(range.hi), kWidth) +
           marker(axes, range.lo, true) + marker(axes, range.hi, false);
}

Axes axesOf(const HistogramPlot& plot)
{
    Axes axes{plot.histogram->lo(), plot.histogram->hi(), 1};
    if (plot.range && std::isfinite(plot.range->lo) && std::isfinite(plot.range->hi)) {
        // A range far wider than the data would squeeze it to a line: show at most one width beyond each end.
        const double width = axes.hi - axes.lo;
        axes.lo = std::max(std::min(axes.lo, double(plot.range->lo)), axes.lo - width);
        axes.hi = std::min(std::max(axes.hi, double(plot.range->hi)), axes.hi + width);
    }
    return axes;
}

} // namespace

std::string histogramSvg(const HistogramPlot& plot)
{
    if (!plot.histogram || plot.histogram->isEmpty())
        return "<p class=\"none\">No values were seen.</p>";
    Axes axes = axesOf(plot);
    const std::vector<double> values = bars(*plot.histogram, axes.lo, axes.hi);
    std::vector<double> quantized;
    if (plot.quantized && !plot.quantized->isEmpty())
        quantized = bars(*plot.quantized, axes.lo, axes.hi);
    for (const double sum : values)
        axes.most = std::max(axes.most, sum);
    for (const double sum : quantized)
        axes.most = std::max(axes.most, sum);
    const std::string title = html::escape(plot.title);
    std::string svg = "<svg viewBox=\"0 0 " + coordinate(kWidth) + " " + coordinate(kHeight) +
                      "\" role=\"img\" aria-label=\"" + title + "\"><title>" + title + "</title>";
    svg += element("path", "bars", "d=\"" + barsPath(values, axes) + "\"");
    if (!quantized.empty())
        svg += element("path", "grid", "d=\"" + barsPath(quantized, axes) + "\"");
    if (plot.range)
        svg += rangeParts(axes, *plot.range);
    svg +=
        element("path", "axis", "d=\"M0 " + coordinate(kHeight - kBottom) + "H" + coordinate(kWidth) + "\"");
    svg += label(0, kHeight - 5, "start", html::number(axes.lo, 3));
    svg += label(kWidth, kHeight - 5, "end", html::number(axes.hi, 3));
    return svg + "</svg>";
}

} // namespace bitwright
