// SPDX-License-Identifier: GPL-3.0-or-later
// onnx-float and onnx-qdq.
#pragma once

#include "core/base/progress.h"
#include "core/run/backend.h"

namespace bitwright {

class TorchRunner;

/// onnx-float: the model as it is (batch-norm folded), computed in float32.
/// onnx-qdq: weights as integers, a QuantizeLinear/DequantizeLinear pair behind every quantized activation
/// where ONNX Runtime merges it into integer kernels; biases of such layers as 32-bit integers.
/// The batch axis is free; other sizes are those of the example, unless the model's file leaves them open and
/// what is written does not depend on them. Throws Stop and c10::Error.
ExportOutcome writeOnnx(const TorchRunner& runner, const ExportRequest& request, Progress& progress);

} // namespace bitwright
