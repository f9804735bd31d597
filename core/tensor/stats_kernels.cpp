// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/stats_kernels.h"

#include "core/tensor/histogram.h"

#include <algorithm>
#include <cmath>

// The fixed number of lanes needs arrays of vectors, which vectors of unknown size cannot form.
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/tensor/stats_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace bitwright {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr size_t kLanes = 16;
constexpr int32_t kLastBin = int32_t(Histogram::kBins) - 1;

double sumOfLanes(double* lanes)
{
    for (size_t width = kLanes / 2; width; width /= 2)
        for (size_t i = 0; i < width; ++i)
            lanes[i] += lanes[i + width];
    return lanes[0];
}

// The elements after the last full row of lanes go to the lanes where a full row would have put them.
void addTail(const float* x, size_t n, double (&sums)[3][kLanes], BlockStats& stats)
{
    for (size_t i = 0; i < n; ++i) {
        const double value = double(x[i]);
        sums[0][i] += value;
        sums[1][i] += value * value;
        sums[2][i] += std::abs(value);
        stats.min = std::min(stats.min, x[i]);
        stats.max = std::max(stats.max, x[i]);
        stats.zeros += x[i] == 0;
    }
}

BlockStats blockStatsKernel(const float* x, size_t n)
{
    const hn::CappedTag<double, 8> d;
    const hn::Rebind<float, decltype(d)> f;
    const hn::RebindToSigned<decltype(f)> ints;
    constexpr size_t N = hn::MaxLanes(d), rows = kLanes / N;
    hn::Vec<decltype(d)> sum[rows], squares[rows], absolute[rows];
    for (size_t j = 0; j < rows; ++j)
        sum[j] = squares[j] = absolute[j] = hn::Zero(d);
    auto least = hn::Set(f, std::numeric_limits<float>::infinity());
    auto most = hn::Set(f, -std::numeric_limits<float>::infinity());
    auto zeros = hn::Zero(ints);
    size_t i = 0;
    for (; i + kLanes <= n; i += kLanes)
        for (size_t j = 0; j < rows; ++j) {
            const auto value = hn::LoadU(f, x + i + j * N);
            const auto wide = hn::PromoteTo(d, value);
            sum[j] = hn::Add(sum[j], wide);
            // The square of a float is exact in double: fused or not gives the same bits.
            squares[j] = hn::MulAdd(wide, wide, squares[j]);
            absolute[j] = hn::Add(absolute[j], hn::Abs(wide));
            least = hn::Min(least, value);
            most = hn::Max(most, value);
            zeros = hn::Sub(zeros, hn::VecFromMask(ints, hn::RebindMask(ints, hn::Eq(value, hn::Zero(f)))));
        }
    alignas(64) double sums[3][kLanes];
    for (size_t j = 0; j < rows; ++j) {
        hn::Store(sum[j], d, sums[0] + j * N);
        hn::Store(squares[j], d, sums[1] + j * N);
        hn::Store(absolute[j], d, sums[2] + j * N);
    }
    BlockStats stats;
    stats.min = hn::GetLane(hn::MinOfLanes(f, least));
    stats.max = hn::GetLane(hn::MaxOfLanes(f, most));
    stats.zeros = hn::GetLane(hn::SumOfLanes(ints, zeros));
    addTail(x + i, n - i, sums, stats);
    stats.sum = sumOfLanes(sums[0]);
    stats.sumSquares = sumOfLanes(sums[1]);
    stats.sumAbs = sumOfLanes(sums[2]);
    // No square of a finite float overflows a double.
    stats.finite = std::isfinite(stats.sumSquares);
    // -0 and +0 compare equal, and which of them came first shall not be seen.
    stats.min += 0.0f;
    stats.max += 0.0f;
    return stats;
}

// Truncation, then one less where that lies above the value. Comparing with the value itself instead of
// its product stays exact when a small product underflows.
void binIndicesKernel(const float* x, size_t n, float factor, float width, int32_t first, uint16_t* out)
{
    const hn::ScalableTag<float> f;
    const hn::RebindToSigned<decltype(f)> ints;
    const hn::Rebind<uint16_t, decltype(f)> shorts;
    const auto factors = hn::Set(f, factor), widths = hn::Set(f, width);
    const auto firsts = hn::Set(ints, first), last = hn::Set(ints, kLastBin);
    size_t i = 0;
    for (; i + hn::Lanes(f) <= n; i += hn::Lanes(f)) {
        const auto value = hn::LoadU(f, x + i);
        auto bin = hn::ConvertTo(ints, hn::Mul(value, factors));
        const auto above = hn::Gt(hn::Mul(hn::ConvertTo(f, bin), widths), value);
        bin = hn::Sub(hn::Add(bin, hn::VecFromMask(ints, hn::RebindMask(ints, above))), firsts);
        bin = hn::Min(hn::Max(bin, hn::Zero(ints)), last);
        hn::StoreU(hn::DemoteTo(shorts, bin), shorts, out + i);
    }
    for (; i < n; ++i) {
        const int32_t bin = int32_t(x[i] * factor);
        out[i] = uint16_t(std::clamp(bin - (float(bin) * width > x[i]) - first, 0, kLastBin));
    }
}

} // namespace HWY_NAMESPACE
} // namespace bitwright
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace bitwright {

HWY_EXPORT(blockStatsKernel);
HWY_EXPORT(binIndicesKernel);

BlockStats blockStats(const float* x, size_t n)
{
    return HWY_DYNAMIC_DISPATCH(blockStatsKernel)(x, n);
}

void binIndices(const float* x, size_t n, const BinGrid& grid, uint16_t* out)
{
    // 2^149 and 2^127 are no floats that a product may use: tiny values are first made larger, exactly.
    constexpr int kShift = 100, kLeast = -120;
    float scaled[kStatsBlock];
    int exponent = grid.exponent;
    if (exponent < kLeast) {
        for (size_t i = 0; i < n; ++i)
            scaled[i] = x[i] * 0x1p100f;
        x = scaled;
        exponent += kShift;
    }
    HWY_DYNAMIC_DISPATCH(binIndicesKernel)
    (x, n, std::ldexp(1.0f, -exponent), std::ldexp(1.0f, exponent), int32_t(grid.first), out);
}

} // namespace bitwright
#endif
