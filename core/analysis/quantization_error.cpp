// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/quantization_error.h"

#include "core/base/parallel.h"
#include "core/quant/quantize.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace bitwright {
namespace {

struct Ends {
    float lo = 0, hi = 0;
};

Ends endsOf(const QuantParams& params, size_t entry)
{
    const Range range = params.range(entry);
    const float slack = params.format == Format::Int ? params.scale[entry] / 2 : 0;
    return {range.lo - slack, range.hi + slack};
}

int64_t countOutside(const float* x, int64_t n, Ends ends)
{
    int64_t outside = 0;
    for (int64_t i = 0; i < n; ++i)
        outside += (x[i] < ends.lo) | (x[i] > ends.hi);
    return outside;
}

int64_t countWhole(std::span<const float> x, Ends ends)
{
    constexpr int64_t kChunk = 1 << 16;
    const int64_t size = int64_t(x.size()), chunks = (size + kChunk - 1) / kChunk;
    std::vector<int64_t> counts(size_t(chunks), 0);
    parallelFor(chunks, [&](int64_t i) {
        counts[size_t(i)] = countOutside(x.data() + i * kChunk, std::min(kChunk, size - i * kChunk), ends);
    });
    return std::accumulate(counts.begin(), counts.end(), int64_t(0));
}

/// Elements of channel c in the order in which groups are cut: outer, then inner.
int64_t countChannel(const ChannelView& view, const QuantParams& params, int64_t c)
{
    const int64_t length = view.outer * view.inner;
    const int64_t group = params.group > 0 ? params.group : std::max<int64_t>(1, length);
    const int64_t groups = (length + group - 1) / group;
    int64_t outside = 0;
    for (int64_t o = 0; o < view.outer; ++o) {
        const float* row = view.data + (o * view.channels + c) * view.inner;
        for (int64_t i = 0; i < view.inner;) {
            const int64_t at = o * view.inner + i, g = at / group;
            const int64_t run = std::min(view.inner - i, (g + 1) * group - at);
            outside += countOutside(row + i, run, endsOf(params, size_t(c * groups + g)));
            i += run;
        }
    }
    return outside;
}

} // namespace

int64_t clippedCount(const Tensor& x, const QuantParams& params)
{
    const bool ends = params.format == Format::Int || params.format == Format::Minifloat;
    if (!ends || params.scale.empty())
        return 0;
    if (params.axis < 0 || params.axis >= int(x.dim()) || params.scale.size() == 1)
        return countWhole(x.floats(), endsOf(params, 0));
    const ChannelView view = channelView(x, params.axis);
    std::vector<int64_t> counts(size_t(view.channels), 0);
    parallelFor(view.channels, [&](int64_t c) { counts[size_t(c)] = countChannel(view, params, c); });
    return std::accumulate(counts.begin(), counts.end(), int64_t(0));
}

ErrorSums quantizationError(const Tensor& x, const QuantParams& params)
{
    if (params.format == Format::Float32)
        return compare(x.floats(), x.floats());
    ErrorSums error = compare(x.floats(), fakeQuantize(x, params).floats());
    error.clipped = clippedCount(x, params);
    return error;
}

} // namespace bitwright
