// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/train_kernels.h"

#include <algorithm>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/tensor/train_kernels.cpp"
// Vectors of unknown size cannot stand in the arrays below; their CPUs take the NEON or scalar code.
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace bitwright::kernels::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using F = hn::ScalableTag<float>;
using VF = hn::Vec<F>;

struct Sums {
    VF inside, below, above;
};

HWY_INLINE VF backward(VF x, VF g, VF inverse, VF lo, VF hi, Sums& sums)
{
    const F d;
    const VF v = hn::Mul(x, inverse);
    const VF r = hn::Round(v);
    const auto below = hn::Lt(r, lo), above = hn::Gt(r, hi);
    const VF gx = hn::IfThenZeroElse(hn::Or(below, above), g);
    sums.inside = hn::Add(sums.inside, hn::Mul(gx, hn::Sub(r, v)));
    sums.below = hn::Add(sums.below, hn::IfThenElseZero(below, g));
    sums.above = hn::Add(sums.above, hn::IfThenElseZero(above, g));
    (void)d;
    return gx;
}

HWY_INLINE double total(VF lanes)
{
    const F d;
    HWY_ALIGN float values[HWY_MAX_BYTES / sizeof(float)];
    hn::Store(lanes, d, values);
    double sum = 0;
    for (size_t i = 0; i < hn::Lanes(d); ++i)
        sum += double(values[i]);
    return sum;
}

void Block(const float* x, const float* g, float* gx, size_t n, const IntGrid& grid, GradientSums& result)
{
    const F d;
    const size_t lanes = hn::Lanes(d);
    const VF inverse = hn::Set(d, 1.0f / grid.scale), lo = hn::Set(d, float(grid.qmin - grid.zeroPoint)),
             hi = hn::Set(d, float(grid.qmax - grid.zeroPoint));
    Sums sums{hn::Zero(d), hn::Zero(d), hn::Zero(d)};
    size_t i = 0;
    for (; i + lanes <= n; i += lanes)
        hn::StoreU(backward(hn::LoadU(d, x + i), hn::LoadU(d, g + i), inverse, lo, hi, sums), d, gx + i);
    if (i < n) { // the zeros that fill up have no gradient
        HWY_ALIGN float restX[HWY_MAX_BYTES / sizeof(float)] = {}, restG[HWY_MAX_BYTES / sizeof(float)] = {};
        std::memcpy(restX, x + i, (n - i) * sizeof(float));
        std::memcpy(restG, g + i, (n - i) * sizeof(float));
        hn::Store(backward(hn::Load(d, restX), hn::Load(d, restG), inverse, lo, hi, sums), d, restG);
        std::memcpy(gx + i, restG, (n - i) * sizeof(float));
    }
    result.inside += total(sums.inside);
    result.below += total(sums.below);
    result.above += total(sums.above);
}

GradientSums Backward(const float* x, const float* g, float* gx, size_t n, const IntGrid& grid)
{
    constexpr size_t kBlock = 1024;
    GradientSums sums;
    for (size_t i = 0; i < n; i += kBlock)
        Block(x + i, g + i, gx + i, std::min(kBlock, n - i), grid, sums);
    return sums;
}

} // namespace bitwright::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace bitwright::kernels {

HWY_EXPORT(Backward);

GradientSums fakeQuantizeIntBackward(const float* x, const float* g, float* gx, size_t n, const IntGrid& grid)
{
    return HWY_DYNAMIC_DISPATCH(Backward)(x, g, gx, n, grid);
}

} // namespace bitwright::kernels
#endif
