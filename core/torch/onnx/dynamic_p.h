// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/torch/onnx/call_p.h"

namespace bitwright::onnxin {

/// What is known of a value on the way from DynamicQuantizeLinear to the product of floats (see
/// ops_dynamic.cpp).
struct Dynamic {
    enum class Part : uint8_t { Codes, Scale, Zero, Product, Factor };
    Part part = Part::Codes;
    Operand real;                          ///< x
    Operand scale;                         ///< of Factor: the weight's scale
    Operand weight, weightZero;            ///< of Product
    const onnx::NodeProto* node = nullptr; ///< of Product: MatMulInteger or ConvInteger
};

/// The results of DynamicQuantizeLinear, of MatMulInteger or ConvInteger, and of Cast, with what is known of
/// them.
Operands markDynamic(Operands made, const Operand& real);
Operands markProduct(const Call& call, Operands made);
Operand passDynamic(const Call& call, Operand made);
/// The product of the inputs, when it is one of the two of the pattern; empty otherwise.
Operand multiplyDynamic(Call& call);

} // namespace bitwright::onnxin
