// SPDX-License-Identifier: GPL-3.0-or-later
// Shared by the quantized operators of ONNX and of com.microsoft.
#pragma once

#include "core/torch/onnx/call_p.h"

namespace bitwright::onnxin {

extern const char* const kQuantizedScript;

IntegerRange rangeOf(int elemType);
int elemTypeOf(const Call& call, const Operand& operand);
/// Factors of one axis, ready to multiply a tensor of `rank` dimensions.
Operand alongAxis(Call& call, const Operand& factors, int64_t axis, int64_t rank);
/// `real` in integers of `elemType`; remembers `real`.
Operand quantizeTo(Call& call, const Operand& real, const Operand& scale, const Operand& zero, int elemType,
                   int64_t axis);
/// The float value of `q`: the one that was quantized, where it is known. `block` > 0: a scale for so many
/// elements along the axis.
Operand dequantized(Call& call, const Operand& q, const Operand& scale, const Operand& zero, int64_t axis,
                    int64_t block = 0);

} // namespace bitwright::onnxin
