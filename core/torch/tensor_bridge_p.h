// SPDX-License-Identifier: GPL-3.0-or-later
// Tensors across the border of the torch room, without copying where the layout allows it.
#pragma once

#include "core/tensor/tensor.h"

#include <ATen/core/Tensor.h>

namespace bitwright {

/// Shares the elements; the at::Tensor keeps `tensor`'s memory alive. Must not be written to.
at::Tensor toTorch(const Tensor& tensor);
/// Shares the elements when `tensor` is dense, contiguous and on the host; copies otherwise. Quantized
/// tensors are dequantized. Throws c10::Error for element types that Bitwright does not know (complex).
Tensor fromTorch(const at::Tensor& tensor);
/// As float32.
Tensor floatFromTorch(const at::Tensor& tensor);
bool isKnownDtype(c10::ScalarType type);
DType dtypeFromTorch(c10::ScalarType type);
c10::ScalarType dtypeToTorch(DType dtype);

} // namespace bitwright
