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
    const char* kind; ///< the float operator
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
    {"conv_transpose1d", "aten::conv_transpose1d", "quantized::conv_transpose1d_unpack", "quantized::conv2d_",
     1, true},
    {"conv_transpose2d", "aten::conv_transpose2d", "quantized::conv_transpose2d_unpack", "quantized::conv2d_",
     2, true},
    {"conv_transpose3d", "aten::conv_transpose3d", "quantized::conv_transpose3d_unpack", "quantized::conv3d_",
     3, true},
};

jit::Stack callOn(const std::string& name, jit::Stack stack)
{
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
    for (const std::string ending : {"_packed_params", "_packed_weight_0", "_packed_weight"})
        if (owner.ends_with(ending))
            owner.erase(owner.size() - ending.size());
    while (owner.ends_with('.'))
        owner.pop_back();
    return !owner.empty() ? owner : !scope.empty() ? scope : "packed";
}

std::vector<int64_t> packedWindow(const PackedRow& row, const char* what, const c10::IValue& pack)
{
    std::vector<int64_t> sizes = callOn(std::string(row.attributes) + what, {pack}).at(0).toIntVector();
    sizes.erase(sizes.begin(), sizes.end() - std::ptrdiff_t(std::min(row.spatial, sizes.size())));
    return sizes;
}

} // namespace

std::optional<PackedWeights::Operator>
PackedWeights::unpack(const std::string& name, const jit::Value* packed, const std::string& scope)
{
    const auto row = std::find_if(std::begin(kPackedRows), std::end(kPackedRows),
                                  [&](const PackedRow& other) { return name == other.name; });
    std::vector<std::string> path;
    const auto pack = row == std::end(kPackedRows) ? std::nullopt : packOf(packed, path);
    if (!pack)
        return {};
    const std::string owner = packOwner(path, scope);
    const Pair pair = parametersOf(*pack, row->unpack, owner + ".weight", owner + ".bias");
    jit::Graph& graph = *m_lifted.graph;
    Operator made{row->kind, {pair.weight, pair.bias ? pair.bias : graph.insertConstant(c10::IValue())}};
    if (row->spatial == 0)
        return made;
    const auto list = [&](const char* what) {
        return graph.insertConstant(c10::List<int64_t>(packedWindow(*row, what, *pack)));
    };
    jit::Value* groups = graph.insertConstant(callOn(std::string(row->attributes) + "groups", {*pack}).at(0));
    made.inputs.insert(made.inputs.end(), {list("stride"), list("padding")});
    if (row->isTransposed)
        made.inputs.insert(made.inputs.end(), {list("output_padding"), groups, list("dilation")});
    else
        made.inputs.insert(made.inputs.end(), {list("dilation"), groups});
    return made;
}

/// The table of a quantized embedding; null where the pack is made while the model runs.
jit::Value* PackedWeights::table(const jit::Node* node, const std::string& scope)
{
    std::vector<std::string> path;
    const auto pack = packOf(node->input(0), path);
    if (!pack)
        return nullptr;
    Pair& made = m_known[pack->toObject().get()];
    if (!made.weight) {
        // The kernels round steps of 4 bits to float16, which unpacking does not: only they know their
        // numbers.
        const std::string kind = node->kind().toQualString();
        const char* bits = kind.ends_with("4bit") ? "quantized::embedding_4bit" : "quantized::embedding_byte";
        const int64_t rows = callOn("quantized::embedding_bag_unpack", {*pack}).at(0).toTensor().size(0);
        made.weight = addParameter(freeName(m_lifted, packOwner(path, scope) + ".weight"),
                                   callOn(bits, {*pack, at::arange(rows), false}).at(0).toTensor());
    }
    return made.weight;
}

jit::Value* PackedWeights::embedding(const jit::Node* node, const std::string& scope)
{
    jit::Graph& graph = *m_lifted.graph;
    const bool isBag = std::string(node->kind().toQualString()).starts_with("quantized::embedding_bag_");
    const auto given = [&](size_t i) {
        const auto known = jit::toIValue(node->input(i));
        return !known || !known->isNone();
    };
    if (isBag && (node->inputs().size() != 9 || given(7) || jit::constant_as<bool>(node->input(5)) != false))
        return nullptr; // rows that are not there
    jit::Value *rows = table(node, scope), *indices = node->input(1);
    if (!rows)
        return nullptr;
    if (!isBag)
        return graph.insert(c10::aten::embedding, {rows, indices, int64_t(-1), false, false});
    jit::Value *offsets = node->input(2), *factors = node->input(6);
    if (!given(2)) { // a matrix, of which each row is a bag
        jit::Value *count = graph.insert(c10::Symbol::aten("numel"), {indices}),
                   *each = graph.insert(c10::aten::size, {indices, int64_t(1)});
        const auto flat = [&](jit::Value* matrix) {
            return graph.insert(c10::aten::reshape, {matrix, std::vector<int64_t>{-1}});
        };
        offsets = graph.insert(c10::aten::arange, {int64_t(0), count, each});
        indices = flat(indices);
        factors = given(6) ? flat(factors) : factors;
    }
    jit::Node* made = graph
                          .insert(c10::aten::embedding_bag,
                                  {rows, indices, offsets, false, int64_t(0), false, factors, node->input(8)})
                          ->node();
    return made->input(0); // of the tuple of its results, the sums
}

std::vector<jit::Value*> PackedWeights::cellOf(const c10::IValue& input, const c10::IValue& recurrent,
                                               const std::string& owner, const std::string& ending)
{
    const char* unpack = "quantized::linear_unpack";
    const Pair own = parametersOf(input, unpack, owner + ".weight_ih" + ending, owner + ".bias_ih" + ending);
    const Pair state =
        parametersOf(recurrent, unpack, owner + ".weight_hh" + ending, owner + ".bias_hh" + ending);
    std::vector<jit::Value*> made{own.weight, state.weight};
    if (own.bias && state.bias)
        made.insert(made.end(), {own.bias, state.bias});
    return made;
}

std::vector<jit::Value*> PackedWeights::cell(const jit::Value* input, const jit::Value* recurrent,
                                             const std::string& scope)
{
    std::vector<std::string> path, other;
    const auto own = packOf(input, path), state = packOf(recurrent, other);
    if (!own || !state)
        return {};
    path.pop_back(); // _packed_weight_ih
    return cellOf(*own, *state, packOwner(path, scope), "");
}

std::vector<jit::Value*> PackedWeights::cells(const jit::Value* list, bool isBidirectional,
                                              const std::string& scope)
{
    if (list->node()->kind() != c10::prim::ListConstruct)
        return {};
    std::vector<jit::Value*> all;
    size_t number = 0;
    for (const jit::Value* element : list->node()->inputs()) {
        std::vector<std::string> path;
        const auto cell = packOf(element, path);
        if (!cell)
            return {};
        std::vector<jit::Value*>& made = m_cells[cell->toObject().get()];
        if (made.empty()) {
            // (kind, biases, numbers, numbers, packed matrices)
            jit::Stack stack{*cell};
            cell->toObjectRef().type()->getMethod("__getstate__").run(stack);
            const c10::List<c10::IValue> packs = stack.back().toTupleRef().elements().at(4).toList();
            if (packs.size() != 2)
                return {};
            m_kept.insert(m_kept.end(), {packs.get(0), packs.get(1)});
            path.resize(path.size() > 3 ? path.size() - 3 : 0); // _all_weight_values.0.param
            const size_t layer = isBidirectional ? number / 2 : number;
            const std::string ending =
                "_l" + std::to_string(layer) + (isBidirectional && number % 2 == 1 ? "_reverse" : "");
            made = cellOf(packs.get(0), packs.get(1), packOwner(path, scope), ending);
        }
        all.insert(all.end(), made.begin(), made.end());
        ++number;
    }
    return all;
}

std::optional<c10::IValue> PackedWeights::packOf(const jit::Value* value,
                                                 std::vector<std::string>& path) const
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
                                                const std::string& weightName, const std::string& biasName)
{
    const void* object = pack.toObject().get();
    if (const auto done = m_known.find(object); done != m_known.end())
        return done->second;
    const jit::Stack parts = callOn(unpack, {pack});
    const at::Tensor weight = parts.at(0).toTensor();
    Pair made;
    const std::string name = freeName(m_lifted, weightName);
    made.weight = addParameter(name, weight.is_quantized() ? weight.dequantize() : weight);
    note(name, weight);
    const c10::IValue& bias = parts.at(1);
    if (bias.isTensor() && bias.toTensor().defined())
        made.bias = addParameter(freeName(m_lifted, biasName), bias.toTensor());
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
