// SPDX-License-Identifier: GPL-3.0-or-later
// What LibTorch's quantized kernels can take over from a plan.
#pragma once

#include "core/quant/quant_params.h"

#include <ATen/core/Tensor.h>
#include <torch/csrc/jit/ir/ir.h>

#include <optional>
#include <string>

namespace bitwright {

/// Scale and zero point of a quint8 tensor.
struct Quint8Grid {
    double scale = 1;
    int64_t zeroPoint = 0;
};
/// The quint8 grid with the same values as an 8-bit static per-tensor quantizer, if it is one. Signed codes
/// are shifted by 128.
std::optional<Quint8Grid> quint8Grid(const ActivationQuantizer& quantizer);

/// A weight as plain tensors: weight = scale * (codes - zeroPoint), shaped to broadcast. LibTorch's own
/// per-channel type spends 16 bytes a channel on what takes 4 here.
struct StoredWeight {
    at::Tensor codes;     ///< int8 or uint8
    at::Tensor scale;     ///< float32
    at::Tensor zeroPoint; ///< of the codes' type; undefined when all are 0
};
/// Nothing for formats that do not fit 8 bits (groups, > 8 bits, not integer).
std::optional<StoredWeight> storedWeight(const at::Tensor& weight, const QuantParams& params);
/// LibTorch's quantized tensor with the same codes, for its integer kernels: qint8 or quint8.
std::optional<at::Tensor> quantizedTensor(const at::Tensor& weight, const QuantParams& params);
/// Whether the integer kernels take this weight: qint8, all zero points 0, per tensor or along axis 0.
bool fitsInt8Kernel(const at::Tensor& quantizedWeight);

/// A convolution or linear node as its prepack operator wants it.
struct Int8Kernel {
    std::string prepack, run, runRelu;  ///< "quantized::conv2d_prepack", ...
    torch::jit::Stack prepackArguments; ///< behind weight and bias
};
/// Nothing when the node has no integer kernel (transposed, string padding, arguments not constant).
std::optional<Int8Kernel> int8Kernel(const torch::jit::Node& node, int64_t weightRank);
/// Runs a prepack operator; the packed-weights object.
at::IValue packWeights(const Int8Kernel& kernel, const at::Tensor& weight, const at::IValue& bias);

/// Bounds of a fused clamp (relu6, hardtanh, clamp); nothing when they are not constants.
struct ClampBounds {
    double lo = 0, hi = 0;
};
std::optional<ClampBounds> clampBounds(const torch::jit::Node& node);
bool isRelu(const torch::jit::Node& node);
/// Moves or selects values and has a kernel for quantized tensors: flatten, reshape, max_pool2d, ...
bool passesQuantized(const torch::jit::Node& node);

} // namespace bitwright
