// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/packed_weights_p.h"

#include <ATen/ATen.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/csrc/jit/ir/constants.h>

#include <algorithm>

namespace bitwright {
namespace jit = torch::jit;
namespace {

struct PackedRow {
    const char* name;
    const char* kind;       ///< the float operator
    const char* unpack;
    const char* attributes; ///< prefix of the operators that tell its window; "" for products
    size_t spatial = 0;
    bool isTransposed = false;
};

/// A one-dimensional convolution is packed as one of two dimensions, of which the last counts.
constexpr PackedRow kPackedRows[] = {
    {"linear", "aten::linear", "quantized::linear_unpack", ""},
    {"conv1d", "aten::conv1d", "quantized::conv1d_unpack", "quantized::conv2d_", 1},
    {"conv2d", "aten::conv2d", "quantized::conv2d_unpack", "quantized::conv2d_", 2},
    {"conv3d", "aten::conv3d", "quantized::conv3d_unpack", "quantized::conv3d_", 3},
    {"conv_transpose1d", "aten::conv_transpose1d", "quantized::conv_transpose1d_unpack", "quantized::conv2d_", 1,
     true},
    {"conv_transpose2d", "aten::conv_transpose2d", "quantized::conv_transpose2d_unpack", "quantized::conv2d_", 2,
     true},
    {"conv_transpose3d", "aten::conv_transpose3d", "quantized::conv_transpose3d_unpack", "quantized::conv3d_", 3,
     true},
};

jit::Stack callOn(const std::string& name, const c10::IValue& packed)
{
    jit::Stack stack{packed};
    c10::Dispatcher::singleton().findSchemaOrThrow(name.c_str(), "").callBoxed(stack);
    return stack;
}

/// "features.0" of features.0._packed_params._packed_params, and of conv1_packed_weight_0 "conv1".
std::string packOwner(const std::vector<std::string>& path, const std::string& scope)
{
    std::string owner;
    for (const std::string& part : path)
        if (part != "_packed_params")
            owner += (owner.empty() ? "" : ".") + part;
    for (const std::string ending : {"_packed_params", "_packed_weight_0"})
        if (owner.ends_with(ending))
            owner.erase(owner.size() - ending.size());
    while (owner.ends_with('.'))
        owner.pop_back();
    return !owner.empty() ? owner : !scope.empty() ? scope : "packed";
}

std::vector<int64_t> packedWindow(const PackedRow& row, const char* what, const c10::IValue& pack)
{
    std::vector<int64_t> sizes = callOn(std::string(row.attributes) + what, pack).at(0).toIntVector();
    sizes.erase(sizes.begin(), sizes.end() - std::ptrdiff_t(std::min(row.spatial, sizes.size())));
    return sizes;
}

} // namespace

std::optional<PackedWeights::Operator> PackedWeights::unpack(const std::string& name, const jit::Value* packed,
                                                             const std::string& scope)
{
    const auto row = std::find_if(std::begin(kPackedRows), std::end(kPackedRows),
                                  [&](const PackedRow& other) { return name == other.name; });
    std::vector<std::string> path;
    const auto pack = row == std::end(kPackedRows) ? std::nullopt : packOf(packed, path);
    if (!pack)
        return {};
    const Pair pair = parametersOf(*pack, row->unpack, packOwner(path, scope));
    jit::Graph& graph = *m_lifted.graph;
    Operator made{row->kind, {pair.weight, pair.bias ? pair.bias : graph.insertConstant(c10::IValue())}};
    if (row->spatial == 0)
        return made;
    const auto list = [&](const char* what) {
        return graph.insertConstant(c10::List<int64_t>(packedWindow(*row, what, *pack)));
    };
    jit::Value* groups = graph.insertConstant(callOn(std::string(row->attributes) + "groups", *pack).at(0));
    made.inputs.insert(made.inputs.end(), {list("stride"), list("padding")});
    if (row->isTransposed)
        made.inputs.insert(made.inputs.end(), {list("output_padding"), groups, list("dilation")});
    else
        made.inputs.insert(made.inputs.end(), {list("dilation"), groups});
    return made;
}

std::optional<c10::IValue> PackedWeights::packOf(const jit::Value* value, std::vector<std::string>& path) const
{
    if (const auto constant = jit::toIValue(value))
        return constant->isObject() ? std::optional<c10::IValue>(*constant) : std::nullopt;
    if (!attributePath(value, path))
        return {};
    c10::IValue found = m_module._ivalue();
    for (const std::string& part : path)
        found = found.toObjectRef().getAttr(part);
    return found.isObject() ? std::optional<c10::IValue>(found) : std::nullopt;
}

PackedWeights::Pair PackedWeights::parametersOf(const c10::IValue& pack, const char* unpack,
                                                const std::string& owner)
{
    const void* object = pack.toObject().get();
    if (const auto done = m_known.find(object); done != m_known.end())
        return done->second;
    const jit::Stack parts = callOn(unpack, pack);
    const at::Tensor weight = parts.at(0).toTensor();
    Pair made;
    const std::string name = freeName(m_lifted, owner + ".weight");
    made.weight = addParameter(name, weight.is_quantized() ? weight.dequantize() : weight);
    note(name, weight);
    const c10::IValue& bias = parts.at(1);
    if (bias.isTensor() && bias.toTensor().defined())
        made.bias = addParameter(freeName(m_lifted, owner + ".bias"), bias.toTensor());
    return m_known[object] = made;
}

jit::Value* PackedWeights::addParameter(const std::string& name, const at::Tensor& tensor)
{
    return m_lifted.parameterValue(
        m_lifted.addParameter({name, tensor.detach().to(at::kFloat).contiguous(), false, {}, true}));
}

void PackedWeights::note(const std::string& name, const at::Tensor& weight)
{
    if (!weight.is_quantized())
        return; // a pack of float16
    FileEncoding made;
    made.initializer = name;
    made.sizes = weight.sizes().vec();
    const bool isSigned = weight.scalar_type() == c10::kQInt8;
    made.low = isSigned ? -128 : 0;
    made.high = isSigned ? 127 : 255;
    if (weight.qscheme() == at::kPerTensorAffine) {
        made.scale = at::scalar_tensor(weight.q_scale(), at::kFloat);
        made.zeroPoint = at::scalar_tensor(weight.q_zero_point(), at::kLong);
    } else {
        made.scale = weight.q_per_channel_scales().to(at::kFloat);
        made.zeroPoint = weight.q_per_channel_zero_points().to(at::kLong);
        made.axis = int(weight.q_per_channel_axis());
    }
    encodings.push_back(std::move(made));
}

} // namespace bitwright
