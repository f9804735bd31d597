// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/density.h"

#include <algorithm>
#include <cmath>

namespace bitwright {

double binWidthFor(const SiteDistribution& distribution, double span, int bins)
{
    double width = distribution.stats.histogram.binWidth();
    if (distribution.levels.empty() && !distribution.quantized.isEmpty())
        width = std::max(width, distribution.quantized.binWidth());
    while (span / width > bins)
        width *= 2;
    return width;
}

Density histogramDensity(const Histogram& histogram, double width)
{
    Density density;
    if (histogram.isEmpty())
        return density;
    const double area = double(histogram.total()) * width;
    const int64_t factor = std::max<int64_t>(1, std::llround(width / histogram.binWidth()));
    const auto& counts = histogram.counts();
    const auto coarse = [&](int64_t fine) {
        return fine >= 0 ? fine / factor : -((-fine + factor - 1) / factor);
    };
    const int64_t first = coarse(histogram.firstBin());
    const int64_t last = coarse(histogram.firstBin() + int64_t(counts.size()) - 1);
    std::vector<int64_t> sums(size_t(last - first + 1), 0);
    for (size_t i = 0; i < counts.size(); ++i)
        sums[size_t(coarse(histogram.firstBin() + int64_t(i)) - first)] += counts[i];
    for (size_t i = 0; i < sums.size(); ++i) {
        density.x.push_back(double(first + int64_t(i)) * width);
        density.y.push_back(double(sums[i]) / area);
    }
    density.x.push_back(double(last + 1) * width);
    density.y.push_back(0);
    return density;
}

Density levelDensity(const SiteDistribution& distribution, double width)
{
    const auto& levels = distribution.levels;
    Density density;
    double total = 0;
    for (const auto& level : levels)
        total += level.count;
    if (levels.empty() || total <= 0)
        return density;
    const auto edge = [&](size_t i) { // left edge of level i
        if (levels.size() == 1)
            return levels[0].value + (i == 0 ? -0.5 : 0.5) * width;
        if (i == 0)
            return levels[0].value - 0.5 * (levels[1].value - levels[0].value);
        if (i == levels.size())
            return levels[i - 1].value + 0.5 * (levels[i - 1].value - levels[i - 2].value);
        return 0.5 * (levels[i - 1].value + levels[i].value);
    };
    for (size_t i = 0; i < levels.size();) {
        const double left = edge(i);
        double count = 0;
        size_t next = i;
        // Neighbours that one step of the screen cannot tell apart share it.
        do
            count += levels[next++].count;
        while (next < levels.size() && edge(next) - left < width * 0.999);
        density.x.push_back(left);
        density.y.push_back(count / (total * std::max(edge(next) - left, 1e-300)));
        i = next;
    }
    density.x.push_back(edge(levels.size()));
    density.y.push_back(0);
    return density;
}

Density cut(const Density& density, double lo, double hi)
{
    Density part;
    for (size_t i = 0; i + 1 < density.x.size(); ++i) {
        const double left = std::max(density.x[i], lo), right = std::min(density.x[i + 1], hi);
        if (left >= right)
            continue;
        part.x.push_back(left);
        part.y.push_back(density.y[i]);
        if (right == hi || i + 2 == density.x.size()) {
            part.x.push_back(right);
            part.y.push_back(0);
        }
    }
    return part;
}

Heights heightsOf(const Density& density, double lo, double hi)
{
    Heights heights;
    for (size_t i = 0; i + 1 < density.x.size(); ++i) {
        const double y = density.y[i], left = density.x[i], right = density.x[i + 1];
        if (y <= 0 || right < lo || left > hi)
            continue;
        heights.least = heights.top > 0 ? std::min(heights.least, y) : y;
        heights.top = std::max(heights.top, y);
        if (left > 0 || right < 0)
            heights.topBesideZero = std::max(heights.topBesideZero, y);
    }
    return heights;
}

} // namespace bitwright
