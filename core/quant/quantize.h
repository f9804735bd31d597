// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/quant/quant_params.h"
#include "core/tensor/tensor.h"

#include <cstdint>
#include <vector>

namespace bitwright {

/// Fake quantization `x -> x^` of a float tensor under `params`. Multi-threaded; deterministic for any
/// thread count; bit-exact with torch.fake_quantize_per_tensor_affine / _per_channel_affine.
/// Int: NaN and +infinity become qmin as in PyTorch's kernels (see quantize.cpp), -infinity too. Float16 and
/// BFloat16 keep infinities; the other formats saturate.
Tensor fakeQuantize(const Tensor& tensor, const QuantParams& params);
/// The same into memory of the caller (may be the input itself). `shape` gives the axes.
void fakeQuantize(const float* in, float* out, const Shape& shape, const QuantParams& params);

/// Integer codes q (Int), centroid indices (Codebook), {0,1} (Binary), {-1,0,1} (Ternary), or the bit
/// pattern of the value (Log2, Minifloat, Float16, BFloat16). One int32 per element.
std::vector<int32_t> quantizeToCodes(const Tensor& tensor, const QuantParams& params);
/// The values behind codes of quantizeToCodes.
Tensor dequantize(const std::vector<int32_t>& codes, const Shape& shape, const QuantParams& params);

} // namespace bitwright
