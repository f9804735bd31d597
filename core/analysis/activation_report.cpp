// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/analyze.h"
#include "core/analysis/error_metrics.h"
#include "core/quant/quantize.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace bitwright {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

/// Values that stand for the distribution, each for `weight` elements.
struct WeightedValues {
    std::vector<float> values;
    std::vector<double> weights;
};

/// Sixteen values a bin. Their offset inside the bin moves on by the golden ratio from bin to bin, so that
/// they do not beat with the quantizer's step. Exact zeros are one point.
WeightedValues sampled(const TensorStats& stats)
{
    constexpr int kPoints = 16;
    constexpr double kGolden = 0.6180339887498949;
    const Histogram& histogram = stats.histogram;
    WeightedValues out;
    for (size_t b = 0; b < histogram.counts().size(); ++b) {
        const bool holdsZero = int64_t(b) + histogram.firstBin() == 0;
        const double count = double(histogram.counts()[b]) - (holdsZero ? double(stats.zeros) : 0);
        const double shift = std::fmod(double(b) * kGolden, 1.0);
        for (int k = 0; k < kPoints && count > 0; ++k) {
            const double x = histogram.centre(b) + histogram.binWidth() * ((k + shift) / kPoints - 0.5);
            out.values.push_back(std::clamp(float(x), stats.all.min, stats.all.max));
            out.weights.push_back(count / kPoints);
        }
    }
    out.values.push_back(0);
    out.weights.push_back(double(stats.zeros));
    return out;
}

ErrorSums expectedWhole(const TensorStats& stats, const QuantParams& params)
{
    const WeightedValues points = sampled(stats);
    const Tensor x = Tensor::fromFloats({int64_t(points.values.size())}, points.values);
    const Tensor y = fakeQuantize(x, params);
    const bool ends = params.format == Format::Int && params.scale.size() == 1;
    const Range range = ends ? params.range() : Range{stats.all.min, stats.all.max};
    const double slack = ends ? params.scale[0] / 2 : 0;
    ErrorSums sums;
    double clipped = 0;
    for (size_t i = 0; i < points.values.size(); ++i) {
        const double a = points.values[i], b = y.floats()[i], weight = points.weights[i], e = a - b;
        if (weight <= 0)
            continue;
        sums.signal += weight * a * a;
        sums.product += std::isfinite(b) ? weight * a * b : 0;
        sums.quantized += std::isfinite(b) ? weight * b * b : kInfinite;
        sums.squared += std::isfinite(b) ? weight * e * e : kInfinite;
        sums.absolute += std::isfinite(b) ? weight * std::fabs(e) : kInfinite;
        sums.maxAbs = std::isfinite(b) ? std::max(sums.maxAbs, std::fabs(e)) : kInfinite;
        clipped += a < range.lo - slack || a > range.hi + slack ? weight : 0;
    }
    sums.count = stats.all.count;
    sums.clipped = std::min<int64_t>(std::llround(clipped), sums.count);
    return sums;
}

/// With a scale a channel: the rounding noise s^2 / 12 of each (no channel histograms are kept, so nothing
/// is known of values beyond a channel's range; the default range leaves none).
ErrorSums expectedPerChannel(const TensorStats& stats, const QuantParams& params)
{
    ErrorSums sums;
    for (size_t c = 0; c < stats.channels.size() && c < params.scale.size(); ++c) {
        const double s = params.scale[c], n = double(stats.channels[c].count);
        sums.squared += n * s * s / 12;
        sums.absolute += n * s / 4;
        sums.maxAbs = std::max(sums.maxAbs, s / 2);
    }
    sums.count = stats.all.count;
    sums.signal = stats.all.sumSquares.value();
    sums.quantized = sums.signal + sums.squared;
    sums.product = sums.signal;
    return sums;
}

} // namespace

SiteReport activationReport(const TensorStats& stats, const QuantSpec& spec)
{
    SiteReport report;
    report.spec = spec;
    report.params = resolveActivation(stats, spec).params;
    report.elements = elementCount(stats.shape);
    if (stats.isEmpty())
        return report;
    report.error = report.params.scale.size() > 1 ? expectedPerChannel(stats, report.params)
                                                  : expectedWhole(stats, report.params);
    return report;
}

} // namespace bitwright
