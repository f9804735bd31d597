// SPDX-License-Identifier: GPL-3.0-or-later
//
// The convention of Format::Int, bit for bit that of PyTorch's CPU kernels (1.13 to 2.x, tested against
// LibTorch in tests/quant/tst_quant_torch.cpp):
//
//   inverse = 1.0f / scale                        one float division
//   r       = round_half_even(x * inverse)        float product; NOT x / scale: the two differ within an
//                                                 ulp of a tie, and PyTorch's choice wins
//   q       = clamp(r + zeroPoint, qmin, qmax)
//   x^      = float(q - zeroPoint) * scale        float product; zero is always +0
//
// PyTorch converts r + zeroPoint to int64 before it clamps, and on x86 whatever does not fit becomes the
// least int64: NaN, +infinity and every x with r >= 2^63 therefore get qmin, -infinity gets qmin as expected.
// fake_quantize_per_tensor_affine, fake_quantize_per_channel_affine, quantize_per_tensor and
// quantize_per_channel agree on all of this. The other roundings use the same product with the inverse.
//
// Float16 and BFloat16 are IEEE round-to-nearest-even like tensor.half() and tensor.bfloat16(): overflow
// gives infinity, NaN stays NaN (with another payload). Minifloats, Log2, Codebook and Ternary saturate; NaN
// becomes NaN where the minifloat has one (E >= 4), else 0, the lowest centroid for Codebook and -s for
// Binary.
#include "core/quant/quantize.h"

#include "core/base/parallel.h"
#include "core/quant/quantizer.h"

#include <algorithm>

namespace bitwright {

namespace {

/// Elements a task: fits the second-level cache, and a small tensor stays on one thread.
constexpr int64_t kPiece = 1 << 15;

template<typename Body>
void forPieces(int64_t size, Body&& body)
{
    parallelFor((size + kPiece - 1) / kPiece, [&](int64_t piece) {
        const int64_t begin = piece * kPiece;
        body(begin, std::min(kPiece, size - begin));
    });
}

} // namespace

void fakeQuantize(const float* in, float* out, const Shape& shape, const QuantParams& params)
{
    const Quantizer quantizer(params, shape);
    forPieces(quantizer.size(),
              [&](int64_t begin, int64_t count) { quantizer.apply(in + begin, out + begin, begin, count); });
}

Tensor fakeQuantize(const Tensor& tensor, const QuantParams& params)
{
    const Tensor values = tensor.toFloat();
    if (params.format == Format::Float32)
        return values;
    Tensor result = Tensor::empty(DType::F32, tensor.shape());
    fakeQuantize(values.floats().data(), result.mutableFloats().data(), tensor.shape(), params);
    return result;
}

std::vector<int32_t> quantizeToCodes(const Tensor& tensor, const QuantParams& params)
{
    const Tensor values = tensor.toFloat();
    const float* in = values.floats().data();
    const Quantizer quantizer(params, tensor.shape());
    std::vector<int32_t> codes(size_t(quantizer.size()));
    forPieces(quantizer.size(), [&](int64_t begin, int64_t count) {
        quantizer.codes(in + begin, codes.data() + begin, begin, count);
    });
    return codes;
}

Tensor dequantize(const std::vector<int32_t>& codes, const Shape& shape, const QuantParams& params)
{
    Tensor result = Tensor::empty(DType::F32, shape);
    float* out = result.mutableFloats().data();
    const Quantizer quantizer(params, shape);
    forPieces(quantizer.size(), [&](int64_t begin, int64_t count) {
        quantizer.values(codes.data() + begin, out + begin, begin, count);
    });
    return result;
}

} // namespace bitwright
