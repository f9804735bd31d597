// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/error_metrics.h"

#include "core/base/parallel.h"
#include "core/quant/quantizer.h"
#include "core/tensor/quant_kernels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace bitwright {

namespace {

constexpr int64_t kPiece = 1 << 15; ///< elements a task; sums of pieces are added in order
constexpr int64_t kBlock = 1 << 12; ///< elements that stay in the first-level cache for every grid

ErrorSums sumsOf(const float* x, const float* y, int64_t count)
{
    const kernels::PairSums pair = kernels::pairSums(x, y, size_t(count));
    return {pair.count,   pair.signal,   pair.quantized, pair.product,
            pair.squared, pair.absolute, pair.maxAbs,    0};
}

/// Adds the error of the elements [begin, begin + count) under every quantizer to `sums`.
void addErrors(std::span<const Quantizer> quantizers, const float* data, int64_t begin, int64_t count,
               std::span<ErrorSums> sums)
{
    std::array<float, size_t(kBlock)> quantized;
    for (int64_t done = 0; done < count; done += kBlock) {
        const int64_t first = begin + done, length = std::min(kBlock, count - done);
        for (size_t p = 0; p < quantizers.size(); ++p) {
            quantizers[p].apply(data + first, quantized.data(), first, length);
            ErrorSums block = sumsOf(data + first, quantized.data(), length);
            block.clipped = quantizers[p].clipped(data + first, first, length);
            sums[p].add(block);
        }
    }
}

std::vector<Quantizer> quantizersOf(std::span<const QuantParams> params, const Shape& shape)
{
    std::vector<Quantizer> quantizers;
    quantizers.reserve(params.size());
    for (const QuantParams& p : params)
        quantizers.emplace_back(p, shape);
    return quantizers;
}

} // namespace

void ErrorSums::add(const ErrorSums& other)
{
    count += other.count;
    signal += other.signal;
    quantized += other.quantized;
    product += other.product;
    squared += other.squared;
    absolute += other.absolute;
    maxAbs = std::max(maxAbs, other.maxAbs);
    clipped += other.clipped;
}

double ErrorSums::sqnrDb() const
{
    if (count == 0)
        return std::numeric_limits<double>::quiet_NaN();
    if (squared == 0)
        return std::numeric_limits<double>::infinity();
    return 10 * std::log10(signal / squared);
}

double ErrorSums::mse() const
{
    return count ? squared / double(count) : 0;
}

double ErrorSums::meanAbs() const
{
    return count ? absolute / double(count) : 0;
}

double ErrorSums::cosine() const
{
    if (signal == 0 || quantized == 0)
        return signal == quantized ? 1 : 0;
    return std::clamp(product / (std::sqrt(signal) * std::sqrt(quantized)), -1.0, 1.0);
}

double ErrorSums::clippedShare() const
{
    return count ? double(clipped) / double(count) : 0;
}

ErrorSums compare(std::span<const float> x, std::span<const float> quantized)
{
    const auto size = int64_t(std::min(x.size(), quantized.size()));
    std::vector<ErrorSums> pieces(size_t((size + kPiece - 1) / kPiece));
    parallelFor(int64_t(pieces.size()), [&](int64_t piece) {
        const int64_t begin = piece * kPiece;
        pieces[size_t(piece)] =
            sumsOf(x.data() + begin, quantized.data() + begin, std::min(kPiece, size - begin));
    });
    ErrorSums total;
    for (const ErrorSums& piece : pieces)
        total.add(piece);
    return total;
}

std::vector<ErrorSums> errorAtMany(const Tensor& tensor, std::span<const QuantParams> params)
{
    const std::vector<Quantizer> quantizers = quantizersOf(params, tensor.shape());
    const float* data = tensor.floats().data();
    const int64_t size = tensor.size(), pieces = (size + kPiece - 1) / kPiece;
    std::vector<ErrorSums> sums(size_t(pieces) * params.size());
    parallelFor(pieces, [&](int64_t piece) {
        const int64_t begin = piece * kPiece;
        addErrors(quantizers, data, begin, std::min(kPiece, size - begin),
                  {sums.data() + size_t(piece) * params.size(), params.size()});
    });
    std::vector<ErrorSums> totals(params.size());
    for (size_t i = 0; i < sums.size(); ++i)
        totals[i % params.size()].add(sums[i]);
    return totals;
}

ErrorSums quantizationError(const Tensor& tensor, const QuantParams& params)
{
    if (params.format == Format::Float32)
        return compare(tensor.floats(), tensor.floats());
    return errorAtMany(tensor, {&params, 1}).front();
}

std::vector<std::vector<ErrorSums>> channelErrorAtMany(const Tensor& tensor,
                                                       std::span<const QuantParams> params, int axis)
{
    const std::vector<Quantizer> quantizers = quantizersOf(params, tensor.shape());
    const EntryLayout layout = entryLayout(tensor.shape(), axis, 0);
    const float* data = tensor.floats().data();
    std::vector<std::vector<ErrorSums>> result(params.size(),
                                               std::vector<ErrorSums>(size_t(layout.channels)));
    parallelFor(layout.channels, [&](int64_t channel) {
        std::vector<ErrorSums> sums(params.size());
        forEachPiece(layout, channel, [&](int64_t, int64_t offset, int64_t length) {
            addErrors(quantizers, data, offset, length, sums);
        });
        for (size_t p = 0; p < params.size(); ++p)
            result[p][size_t(channel)] = sums[p];
    });
    return result;
}

} // namespace bitwright
