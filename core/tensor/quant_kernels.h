// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

/// Vector kernels under the quantizer: one thread each, unaligned pointers, any length. Compiled for every
/// instruction set and picked at run time; the results are the same bits on all of them.
namespace bitwright::kernels {

/// A uniform grid: q = clamp(round_half_even(x * (1 / scale)) + zeroPoint, qmin, qmax), with qmin <=
/// zeroPoint <= qmax, all of magnitude below 2^17. The product with the float reciprocal, not x / scale, is
/// PyTorch's convention (fake_quantize_*, quantize_per_*), kept bit for bit; so is this: where the rounded
/// code does not fit an int64 (NaN, +infinity, 2^63 and beyond) the result is qmin, as on x86 there.
struct IntGrid {
    float scale = 1;
    int32_t zeroPoint = 0, qmin = 0, qmax = 0;
};

/// x -> scale * (q - zeroPoint). `out` may be `in`.
void fakeQuantizeInt(const float* in, float* out, size_t n, const IntGrid& grid);
/// The same with one scale and zero point (as a float) an element.
void fakeQuantizeIntEach(const float* in, float* out, size_t n, const float* scale, const float* zeroPoint,
                         int32_t qmin, int32_t qmax);
/// x -> q
void quantizeInt(const float* in, int32_t* out, size_t n, const IntGrid& grid);
/// Elements whose code had to be clamped (finite ones only).
int64_t countClamped(const float* in, size_t n, const IntGrid& grid);

/// How well a grid fits, in steps: with c = q - zeroPoint and e = x / scale - c.
struct GridFit {
    double squared = 0; ///< sum e^2
    double product = 0; ///< sum e c
    double codes = 0;   ///< sum c^2
};
/// For finite x within 2^22 steps of zero. Stops early, with a `squared` above `enough`, as soon as it knows
/// that it will be above. The values that cost most belong first.
GridFit gridFit(const float* in, size_t n, const IntGrid& grid, double enough);

/// x -> how many of `thresholds` (any number, any order) are below it; NaN -> 0.
void countBelow(const float* in, int32_t* out, size_t n, const float* thresholds, size_t count);

/// Sums over a pair of tensors in double precision. Elements where x is not finite are left out; where only y
/// is not, the error is infinite.
struct PairSums {
    int64_t count = 0;
    double signal = 0;    ///< sum x^2
    double quantized = 0; ///< sum y^2
    double product = 0;   ///< sum x y
    double squared = 0;   ///< sum (x - y)^2
    double absolute = 0;  ///< sum |x - y|
    double maxAbs = 0;    ///< max |x - y|
};
/// Eight running sums (element i goes to sum i mod 8) added pairwise, whatever the vector width.
PairSums pairSums(const float* x, const float* y, size_t n);

} // namespace bitwright::kernels
