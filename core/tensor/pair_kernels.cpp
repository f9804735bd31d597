// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/pair_kernels.h"

#include <algorithm>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/tensor/pair_kernels.cpp"
// Vectors of unknown size: their CPUs take the NEON or scalar code, as the other kernels.
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace bitwright::kernels::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using I32 = hn::ScalableTag<int32_t>;
using I16 = hn::Rebind<int16_t, I32>;
using Bytes = hn::Rebind<uint8_t, I32>;
using VI16 = hn::Vec<I16>;

HWY_INLINE VI16 product(const uint8_t* codes, int8_t weight)
{
    const I16 d;
    return hn::Mul(hn::PromoteTo(d, hn::LoadU(Bytes(), codes)), hn::Set(d, weight)); // at most 255 * 128
}

/// The loss of one pair is less than 2^15: what the sum that wraps is away from the one that saturates.
HWY_INLINE void Columns(const uint8_t* rows, size_t stride, const WeightPair* pairs, size_t count,
                        int32_t* loss)
{
    const I32 d;
    auto sum = hn::Zero(d);
    for (size_t i = 0; i < count; ++i) {
        const uint8_t* codes = rows + size_t(pairs[i].row) * stride;
        const VI16 a = product(codes, pairs[i].first), b = product(codes + stride, pairs[i].second);
        sum = hn::Add(sum, hn::PromoteTo(d, hn::Sub(hn::SaturatedAdd(a, b), hn::Add(a, b))));
    }
    hn::StoreU(sum, d, loss);
}

void PairLoss(const uint8_t* rows, size_t stride, const WeightPair* pairs, size_t pairCount, int32_t* loss,
              size_t count)
{
    const size_t lanes = hn::Lanes(I32());
    size_t i = 0;
    for (; i + lanes <= count; i += lanes)
        Columns(rows + i, stride, pairs, pairCount, loss + i);
    for (; i < count; ++i) {
        int32_t sum = 0;
        for (size_t k = 0; k < pairCount; ++k) {
            const uint8_t* codes = rows + size_t(pairs[k].row) * stride + i;
            const int32_t exact = pairs[k].first * codes[0] + pairs[k].second * codes[stride];
            sum += std::clamp(exact, -32768, 32767) - exact;
        }
        loss[i] = sum;
    }
}

} // namespace bitwright::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace bitwright::kernels {

HWY_EXPORT(PairLoss);

bool canSaturate(int8_t first, int8_t second)
{
    const int32_t most = 255 * (std::max<int32_t>(first, 0) + std::max<int32_t>(second, 0));
    const int32_t least = 255 * (std::min<int32_t>(first, 0) + std::min<int32_t>(second, 0));
    return most > 32767 || least < -32768;
}

void pairLoss(const uint8_t* rows, size_t stride, std::span<const WeightPair> pairs, int32_t* loss,
              size_t count)
{
    HWY_DYNAMIC_DISPATCH(PairLoss)(rows, stride, pairs.data(), pairs.size(), loss, count);
}

} // namespace bitwright::kernels
#endif
