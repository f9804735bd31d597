// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/predict.h"

#include <algorithm>
#include <cmath>

namespace bitwright {
namespace {

constexpr int kGrid = 96;

double kernel(double distance)
{
    return std::exp(-0.5 * distance * distance);
}

} // namespace

TrendCurve::TrendCurve(const std::vector<Point>& points, double bandwidth)
{
    if (points.empty())
        return;
    const auto [least, most] = std::minmax_element(points.begin(), points.end(),
                                                   [](const Point& a, const Point& b) { return a.x < b.x; });
    m_from = least->x;
    m_step = std::max(most->x - least->x, 1e-6) / (kGrid - 1);
    std::vector<double> weight(kGrid);
    m_mean.assign(kGrid, 0);
    m_spread.assign(kGrid, 0);
    for (int i = 0; i < kGrid; ++i) {
        for (const Point& point : points) {
            const double w = point.weight * (kernel((point.x - m_from - i * m_step) / bandwidth) + 1e-12);
            weight[size_t(i)] += w;
            m_mean[size_t(i)] += w * point.y;
        }
        m_mean[size_t(i)] /= weight[size_t(i)];
    }
    pool(weight);
    for (int i = 0; i < kGrid; ++i) {
        double sum = 0, total = 0;
        for (const Point& point : points) {
            const double w = point.weight * (kernel((point.x - m_from - i * m_step) / bandwidth) + 1e-12);
            const double residual = point.y - mean(point.x);
            sum += w * residual * residual;
            total += w;
        }
        m_spread[size_t(i)] = std::sqrt(sum / total);
    }
}

void TrendCurve::pool(std::vector<double>& weight)
{
    struct Block {
        double mean, weight;
        int length;
    };
    std::vector<Block> blocks;
    for (size_t i = 0; i < m_mean.size(); ++i) {
        blocks.push_back({m_mean[i], weight[i], 1});
        while (blocks.size() > 1 && blocks[blocks.size() - 2].mean > blocks.back().mean) {
            const Block last = blocks.back();
            blocks.pop_back();
            Block& into = blocks.back();
            into.mean = (into.mean * into.weight + last.mean * last.weight) / (into.weight + last.weight);
            into.weight += last.weight;
            into.length += last.length;
        }
    }
    size_t i = 0;
    for (const Block& block : blocks)
        for (int k = 0; k < block.length; ++k)
            m_mean[i++] = block.mean;
}

double TrendCurve::at(const std::vector<double>& values, double x) const
{
    const double position = std::clamp((x - m_from) / m_step, 0.0, double(kGrid - 1));
    const auto i = std::min(size_t(position), size_t(kGrid - 2));
    const double f = position - double(i);
    return values[i] + f * (values[i + 1] - values[i]);
}

double TrendCurve::slope(double x) const
{
    const double h = 2 * m_step;
    return (mean(x + h) - mean(x - h)) / (2 * h);
}

} // namespace bitwright
