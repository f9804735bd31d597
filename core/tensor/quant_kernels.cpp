// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/quant_kernels.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/tensor/quant_kernels.cpp"
// Vectors of unknown size cannot stand in the arrays below; their CPUs take the NEON or scalar code.
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace bitwright::kernels::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using F = hn::ScalableTag<float>;
using VF = hn::Vec<F>;

constexpr float kInt64End = 0x1p63f;

/// The code minus the zero point: lo = qmin - z, hi = qmax - z. Never -0, like PyTorch's integers.
template<class V>
HWY_INLINE V codeAboveZero(V x, V inverse, V lo, V hi)
{
    const hn::DFromV<V> d;
    const V rounded = hn::Round(hn::Mul(x, inverse));
    const V code = hn::IfThenElse(hn::Lt(rounded, hn::Set(d, kInt64End)), rounded, lo);
    return hn::Add(hn::Min(hn::Max(code, lo), hi), hn::Zero(d));
}

/// Calls `body(offset)` for whole vectors and `tail(offset, rest)` for what is left.
template<class Body, class Tail>
HWY_INLINE void forVectors(size_t n, const Body& body, const Tail& tail)
{
    const size_t lanes = hn::Lanes(F());
    size_t i = 0;
    for (; i + lanes <= n; i += lanes)
        body(i);
    if (i < n)
        tail(i, n - i);
}

struct FloatGrid {
    VF scale, inverse, lo, hi;
};

HWY_INLINE FloatGrid spread(const IntGrid& grid)
{
    const F d;
    return {hn::Set(d, grid.scale), hn::Set(d, 1.0f / grid.scale),
            hn::Set(d, float(grid.qmin - grid.zeroPoint)), hn::Set(d, float(grid.qmax - grid.zeroPoint))};
}

HWY_INLINE VF loadPart(const float* p, size_t n)
{
    HWY_ALIGN float buffer[HWY_MAX_BYTES / sizeof(float)] = {};
    std::memcpy(buffer, p, n * sizeof(float));
    return hn::Load(F(), buffer);
}

template<class V, class T>
HWY_INLINE void storePart(V value, T* p, size_t n)
{
    HWY_ALIGN T buffer[HWY_MAX_BYTES / sizeof(T)];
    hn::Store(value, hn::DFromV<V>(), buffer);
    std::memcpy(p, buffer, n * sizeof(T));
}

void FakeQuantizeInt(const float* in, float* out, size_t n, const IntGrid& grid)
{
    const F d;
    const FloatGrid g = spread(grid);
    const auto of = [&](VF x) HWY_ATTR { return hn::Mul(codeAboveZero(x, g.inverse, g.lo, g.hi), g.scale); };
    forVectors(
        n, [&](size_t i) HWY_ATTR { hn::StoreU(of(hn::LoadU(d, in + i)), d, out + i); },
        [&](size_t i, size_t rest) HWY_ATTR { storePart(of(loadPart(in + i, rest)), out + i, rest); });
}

void FakeQuantizeIntEach(const float* in, float* out, size_t n, const float* scale, const float* zeroPoint,
                         int32_t qmin, int32_t qmax)
{
    const F d;
    const VF one = hn::Set(d, 1.0f), least = hn::Set(d, float(qmin)), most = hn::Set(d, float(qmax));
    const auto of = [&](VF x, VF s, VF z) HWY_ATTR {
        return hn::Mul(codeAboveZero(x, hn::Div(one, s), hn::Sub(least, z), hn::Sub(most, z)), s);
    };
    forVectors(
        n,
        [&](size_t i) HWY_ATTR {
            hn::StoreU(of(hn::LoadU(d, in + i), hn::LoadU(d, scale + i), hn::LoadU(d, zeroPoint + i)), d,
                       out + i);
        },
        [&](size_t i, size_t rest) HWY_ATTR {
            const VF s = loadPart(scale + i, rest), z = loadPart(zeroPoint + i, rest);
            storePart(of(loadPart(in + i, rest), s, z), out + i, rest);
        });
}

void QuantizeInt(const float* in, int32_t* out, size_t n, const IntGrid& grid)
{
    const F d;
    const hn::RebindToSigned<F> di;
    const FloatGrid g = spread(grid);
    const auto zero = hn::Set(di, grid.zeroPoint);
    const auto of = [&](VF x) HWY_ATTR {
        return hn::Add(hn::ConvertTo(di, codeAboveZero(x, g.inverse, g.lo, g.hi)), zero);
    };
    forVectors(
        n, [&](size_t i) HWY_ATTR { hn::StoreU(of(hn::LoadU(d, in + i)), di, out + i); },
        [&](size_t i, size_t rest) HWY_ATTR { storePart(of(loadPart(in + i, rest)), out + i, rest); });
}

int64_t CountClamped(const float* in, size_t n, const IntGrid& grid)
{
    const F d;
    const FloatGrid g = spread(grid);
    const VF infinity = hn::Set(d, HUGE_VALF);
    size_t count = 0;
    const auto add = [&](VF x) HWY_ATTR {
        const VF rounded = hn::Round(hn::Mul(x, g.inverse));
        const auto outside = hn::Or(hn::Lt(rounded, g.lo), hn::Gt(rounded, g.hi));
        count += hn::CountTrue(d, hn::And(outside, hn::Lt(hn::Abs(x), infinity)));
    };
    // The zeros that fill up the last vector are inside every grid.
    forVectors(
        n, [&](size_t i) HWY_ATTR { add(hn::LoadU(d, in + i)); },
        [&](size_t i, size_t rest) HWY_ATTR { add(loadPart(in + i, rest)); });
    return int64_t(count);
}

constexpr size_t kErrors = 32; // running sums: element i goes to sum i mod 32, whatever the vector width

/// Always (i + i+16), (i + i+8), ... down to four, then (0 + 2) + (1 + 3).
template<class D, size_t kVectors>
HWY_INLINE float totalOf(D d, hn::Vec<D> (&sums)[kVectors])
{
    size_t count = kVectors;
    for (; count > 1 && count * hn::MaxLanes(d) > 4; count /= 2)
        for (size_t v = 0; v < count / 2; ++v)
            sums[v] = hn::Add(sums[v], sums[v + count / 2]);
#if HWY_TARGET != HWY_SCALAR // which has no halves
    if constexpr (hn::MaxLanes(d) > 4) {
        const hn::Half<D> half;
        hn::Vec<decltype(half)> folded[1] = {
            hn::Add(hn::LowerHalf(half, sums[0]), hn::UpperHalf(half, sums[0]))};
        return totalOf(half, folded);
    }
#endif
    float lanes[kVectors * hn::MaxLanes(d)];
    for (size_t v = 0; v < count; ++v)
        hn::StoreU(sums[v], d, lanes + v * hn::MaxLanes(d));
    return (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]);
}

GridFit GridFitOf(const float* in, size_t n, const IntGrid& grid, double enough)
{
    constexpr size_t kFirst = 64, kPiece = 512; // a short first piece: most grids are refused there
    const hn::CappedTag<float, kErrors> d;
    constexpr size_t kLanes = hn::MaxLanes(d), kCount = kErrors / kLanes;
    using Sums = hn::Vec<decltype(d)>[kCount];
    const FloatGrid g = spread(grid);
    Sums squared, product, codes;
    for (size_t v = 0; v < kCount; ++v)
        squared[v] = product[v] = codes[v] = hn::Zero(d);
    const auto add = [&](const float* x) HWY_ATTR {
        for (size_t v = 0; v < kCount; ++v) {
            const auto steps = hn::Mul(hn::LoadU(d, x + v * kLanes), g.inverse);
            const auto code = hn::Round(hn::Min(hn::Max(steps, g.lo), g.hi));
            const auto error = hn::Sub(steps, code);
            squared[v] = hn::Add(squared[v], hn::Mul(error, error));
            product[v] = hn::Add(product[v], hn::Mul(error, code));
            codes[v] = hn::Add(codes[v], hn::Mul(code, code));
        }
    };
    size_t i = 0;
    for (size_t piece = kFirst; i + piece < n; piece = kPiece) {
        for (const size_t end = i + piece; i < end; i += kErrors)
            add(in + i);
        Sums soFar;
        std::copy(std::begin(squared), std::end(squared), soFar);
        if (const double sum = totalOf(d, soFar); sum > enough)
            return {sum, 0, 0};
    }
    for (; i + kErrors <= n; i += kErrors)
        add(in + i);
    if (i < n) {
        float rest[kErrors] = {}; // zero is on every grid
        std::memcpy(rest, in + i, (n - i) * sizeof(float));
        add(rest);
    }
    return {totalOf(d, squared), totalOf(d, product), totalOf(d, codes)};
}

void CountBelow(const float* in, int32_t* out, size_t n, const float* thresholds, size_t count)
{
    const F d;
    const hn::RebindToSigned<F> di;
    const auto of = [&](VF x) HWY_ATTR {
        auto below = hn::Zero(di);
        for (size_t k = 0; k < count; ++k) // a true lane is -1
            below = hn::Sub(below, hn::BitCast(di, hn::VecFromMask(d, hn::Gt(x, hn::Set(d, thresholds[k])))));
        return below;
    };
    forVectors(
        n, [&](size_t i) HWY_ATTR { hn::StoreU(of(hn::LoadU(d, in + i)), di, out + i); },
        [&](size_t i, size_t rest) HWY_ATTR { storePart(of(loadPart(in + i, rest)), out + i, rest); });
}

constexpr size_t kSums = 8;
using D = hn::CappedTag<double, kSums>;
using VD = hn::Vec<D>;
constexpr size_t kVectors = kSums / hn::MaxLanes(D());

/// The running sums of one vector's lanes.
struct Running {
    VD signal, quantized, product, squared, absolute, maxAbs;
};

HWY_INLINE int64_t addPair(Running& sums, const float* px, const float* py)
{
    const D d;
    const hn::Rebind<float, D> df;
    const VD x0 = hn::PromoteTo(d, hn::LoadU(df, px)), y0 = hn::PromoteTo(d, hn::LoadU(df, py));
    const VD infinity = hn::Set(d, std::numeric_limits<double>::infinity());
    const auto known = hn::IsFinite(x0), lost = hn::AndNot(hn::IsFinite(y0), known);
    const VD x = hn::IfThenElseZero(known, x0), y = hn::IfThenElseZero(hn::AndNot(lost, known), y0);
    const VD error = hn::IfThenElse(lost, infinity, hn::Sub(x, y)), size = hn::Abs(error);
    // MulAdd may or may not fuse; Add of Mul is the same bits everywhere.
    sums.signal = hn::Add(sums.signal, hn::Mul(x, x));
    sums.quantized = hn::Add(sums.quantized, hn::IfThenElse(lost, infinity, hn::Mul(y, y)));
    sums.product = hn::Add(sums.product, hn::Mul(x, y));
    sums.squared = hn::Add(sums.squared, hn::Mul(error, error));
    sums.absolute = hn::Add(sums.absolute, size);
    sums.maxAbs = hn::Max(sums.maxAbs, size);
    return int64_t(hn::CountTrue(d, known));
}

double total(const double (&s)[kSums])
{
    return ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
}

template<class Member>
HWY_INLINE void collect(const Running (&sums)[kVectors], Member member, double (&lanes)[kSums])
{
    const D d;
    for (size_t v = 0; v < kVectors; ++v)
        hn::StoreU(sums[v].*member, d, lanes + v * hn::Lanes(d));
}

PairSums PairSumsOf(const float* x, const float* y, size_t n)
{
    const D d;
    Running sums[kVectors];
    for (Running& s : sums)
        s = {hn::Zero(d), hn::Zero(d), hn::Zero(d), hn::Zero(d), hn::Zero(d), hn::Zero(d)};
    PairSums result;
    const auto addEight = [&](const float* px, const float* py) HWY_ATTR {
        for (size_t v = 0; v < kVectors; ++v)
            result.count += addPair(sums[v], px + v * hn::Lanes(d), py + v * hn::Lanes(d));
    };
    size_t i = 0;
    for (; i + kSums <= n; i += kSums)
        addEight(x + i, y + i);
    if (i < n) {
        float restX[kSums] = {}, restY[kSums] = {};
        std::memcpy(restX, x + i, (n - i) * sizeof(float));
        std::memcpy(restY, y + i, (n - i) * sizeof(float));
        addEight(restX, restY);
        result.count -= int64_t(kSums - (n - i));
    }
    double lanes[kSums];
    const auto sumOf = [&](VD Running::*member) HWY_ATTR {
        collect(sums, member, lanes);
        return total(lanes);
    };
    result.signal = sumOf(&Running::signal);
    result.quantized = sumOf(&Running::quantized);
    result.product = sumOf(&Running::product);
    result.squared = sumOf(&Running::squared);
    result.absolute = sumOf(&Running::absolute);
    collect(sums, &Running::maxAbs, lanes);
    result.maxAbs = *std::max_element(lanes, lanes + kSums);
    return result;
}

} // namespace bitwright::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace bitwright::kernels {

HWY_EXPORT(FakeQuantizeInt);
HWY_EXPORT(FakeQuantizeIntEach);
HWY_EXPORT(QuantizeInt);
HWY_EXPORT(CountClamped);
HWY_EXPORT(GridFitOf);
HWY_EXPORT(CountBelow);
HWY_EXPORT(PairSumsOf);

void fakeQuantizeInt(const float* in, float* out, size_t n, const IntGrid& grid)
{
    HWY_DYNAMIC_DISPATCH(FakeQuantizeInt)(in, out, n, grid);
}

void fakeQuantizeIntEach(const float* in, float* out, size_t n, const float* scale, const float* zeroPoint,
                         int32_t qmin, int32_t qmax)
{
    HWY_DYNAMIC_DISPATCH(FakeQuantizeIntEach)(in, out, n, scale, zeroPoint, qmin, qmax);
}

void quantizeInt(const float* in, int32_t* out, size_t n, const IntGrid& grid)
{
    HWY_DYNAMIC_DISPATCH(QuantizeInt)(in, out, n, grid);
}

int64_t countClamped(const float* in, size_t n, const IntGrid& grid)
{
    return HWY_DYNAMIC_DISPATCH(CountClamped)(in, n, grid);
}

GridFit gridFit(const float* in, size_t n, const IntGrid& grid, double enough)
{
    return HWY_DYNAMIC_DISPATCH(GridFitOf)(in, n, grid, enough);
}

void countBelow(const float* in, int32_t* out, size_t n, const float* thresholds, size_t count)
{
    HWY_DYNAMIC_DISPATCH(CountBelow)(in, out, n, thresholds, count);
}

PairSums pairSums(const float* x, const float* y, size_t n)
{
    return HWY_DYNAMIC_DISPATCH(PairSumsOf)(x, y, n);
}

} // namespace bitwright::kernels
#endif
