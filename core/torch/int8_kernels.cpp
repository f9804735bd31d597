// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/quantize.h"
#include "core/torch/int8_kernels_p.h"
#include "core/torch/passes_p.h"
#include "core/torch/tensor_bridge_p.h"

#include <ATen/ATen.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/csrc/jit/ir/constants.h>

#include <algorithm>
#include <set>

namespace bitwright {

namespace jit = torch::jit;
namespace aten = c10::aten;
namespace prim = c10::prim;

namespace {

/// The codes of `weight` as int8 or uint8, shifted by `shift`.
at::Tensor codesTensor(const at::Tensor& weight, const QuantParams& params, at::ScalarType type,
                       int32_t shift)
{
    const std::vector<int32_t> codes = quantizeToCodes(fromTorch(weight).toFloat(), params);
    at::Tensor tensor = at::empty(weight.sizes(), at::TensorOptions(type));
    uint8_t* out = static_cast<uint8_t*>(tensor.data_ptr());
    std::transform(codes.begin(), codes.end(), out, [shift](int32_t code) { return uint8_t(code + shift); });
    return tensor;
}

std::optional<std::vector<int64_t>> constantInts(const jit::Node& node, const char* input)
{
    const auto value = jit::toIValue(node.namedInput(input));
    if (value && value->isIntList())
        return value->toIntVector();
    if (value && value->isInt())
        return std::vector<int64_t>{value->toInt()};
    return {};
}

std::optional<double> constantNumber(const jit::Value* input)
{
    const auto value = jit::toIValue(input);
    return value && value->isScalar() ? std::optional<double>(value->toScalar().toDouble()) : std::nullopt;
}

std::optional<Int8Kernel> convKernel(const jit::Node& node, int64_t spatial)
{
    if (spatial < 1 || spatial > 3 || isTransposedConv(&node).value_or(true))
        return {};
    const auto stride = constantInts(node, "stride"), padding = constantInts(node, "padding"),
               dilation = constantInts(node, "dilation");
    const auto groups = jit::toIValue(node.namedInput("groups"));
    if (!stride || !padding || !dilation || !groups || !groups->isInt())
        return {};
    const auto full = [&](std::vector<int64_t> list) {
        if (list.size() == 1)
            list.resize(size_t(spatial), list[0]);
        return at::IValue(c10::List<int64_t>(list));
    };
    const std::string name = "quantized::conv" + std::to_string(spatial) + "d";
    return Int8Kernel{
        name + "_prepack", name, name + "_relu", {full(*stride), full(*padding), full(*dilation), *groups}};
}

} // namespace

std::optional<Quint8Grid> quint8Grid(const ActivationQuantizer& quantizer)
{
    const QuantParams& params = quantizer.params;
    if (quantizer.dynamic || params.format != Format::Int || params.rounding != Rounding::HalfEven ||
        params.scale.size() != 1 || params.qmax - params.qmin != 255)
        return {};
    return Quint8Grid{double(params.scale[0]), int64_t(params.zeroPoint.at(0)) - params.qmin};
}

std::optional<StoredWeight> storedWeight(const at::Tensor& weight, const QuantParams& params)
{
    if (params.format != Format::Int || params.group != 0 || weight.scalar_type() != at::kFloat)
        return {};
    const bool isSigned = params.qmin >= -128 && params.qmax <= 127;
    const bool isUnsigned = params.qmin >= 0 && params.qmax <= 255;
    if (!isSigned && !isUnsigned)
        return {};
    const at::ScalarType type = isSigned ? at::kChar : at::kByte;
    std::vector<int64_t> broadcast(size_t(weight.dim()), 1);
    if (params.scale.size() > 1)
        broadcast[size_t(params.axis)] = -1;
    StoredWeight stored{codesTensor(weight, params, type, 0),
                        at::tensor(c10::ArrayRef<float>(params.scale)).view(broadcast),
                        {}};
    const at::Tensor zeros = at::tensor(c10::ArrayRef<int32_t>(params.zeroPoint));
    if (zeros.any().item<bool>())
        stored.zeroPoint = zeros.to(type).view(broadcast);
    return stored;
}

std::optional<at::Tensor> quantizedTensor(const at::Tensor& weight, const QuantParams& params)
{
    const auto stored = storedWeight(weight, params);
    if (!stored)
        return {};
    const at::Tensor& codes = stored->codes;
    if (params.scale.size() == 1)
        return at::_make_per_tensor_quantized_tensor(codes, double(params.scale[0]), params.zeroPoint.at(0));
    std::vector<double> scales(params.scale.begin(), params.scale.end());
    std::vector<int64_t> zeros(params.zeroPoint.begin(), params.zeroPoint.end());
    return at::_make_per_channel_quantized_tensor(codes, at::tensor(c10::ArrayRef<double>(scales)),
                                                  at::tensor(c10::ArrayRef<int64_t>(zeros)), params.axis);
}

bool fitsInt8Kernel(const at::Tensor& weight)
{
    if (weight.scalar_type() != at::kQInt8)
        return false;
    if (weight.qscheme() == at::kPerTensorAffine)
        return weight.q_zero_point() == 0;
    return weight.q_per_channel_axis() == 0 && !weight.q_per_channel_zero_points().any().item<bool>();
}

std::optional<Int8Kernel> int8Kernel(const jit::Node& node, int64_t weightRank)
{
    static const std::set<std::string> convolutions{"aten::conv1d", "aten::conv2d", "aten::conv3d",
                                                    "aten::_convolution", "aten::convolution"};
    const std::string kind = node.kind().toQualString();
    if (kind == "aten::linear")
        return Int8Kernel{"quantized::linear_prepack", "quantized::linear", "quantized::linear_relu", {}};
    return convolutions.count(kind) ? convKernel(node, weightRank - 2) : std::nullopt;
}

at::IValue packWeights(const Int8Kernel& kernel, const at::Tensor& weight, const at::IValue& bias)
{
    jit::Stack stack{weight, bias};
    stack.insert(stack.end(), kernel.prepackArguments.begin(), kernel.prepackArguments.end());
    c10::Dispatcher::singleton().findSchemaOrThrow(kernel.prepack.c_str(), "").callBoxed(stack);
    return stack.at(0);
}

std::optional<ClampBounds> clampBounds(const jit::Node& node)
{
    const std::string kind = node.kind().toQualString();
    if (kind == "aten::relu6" || kind == "aten::relu6_")
        return ClampBounds{0, 6};
    if (kind != "aten::hardtanh" && kind != "aten::clamp")
        return {};
    const auto lo = constantNumber(node.input(1)), hi = constantNumber(node.input(2));
    return lo && hi ? std::optional(ClampBounds{*lo, *hi}) : std::nullopt;
}

bool isRelu(const jit::Node& node)
{
    return node.kind() == aten::relu;
}

bool passesQuantized(const jit::Node& node)
{
    static const std::set<std::string> kinds{
        "aten::flatten",   "aten::reshape", "aten::max_pool2d", "aten::permute", "aten::transpose",
        "aten::unsqueeze", "aten::squeeze", "aten::contiguous", "aten::slice",   "aten::select"};
    return kinds.count(node.kind().toQualString()) > 0;
}

} // namespace bitwright
