// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/graph/op_traits.h"
#include "core/torch/describe_p.h"
#include "core/torch/input_hints_p.h"

#include <torch/csrc/jit/ir/constants.h>

#include <cmath>
#include <deque>
#include <optional>
#include <set>

namespace bitwright {
namespace jit = torch::jit;
namespace {

constexpr size_t kFarthest = 400; ///< values looked at from an input on

/// The first operator with a weight behind an input, in breadth-first order.
struct Consumer {
    const jit::Node* node = nullptr;
    const jit::Value* through = nullptr; ///< the value it reads
    at::Tensor weight;
    bool reshaped = false; ///< a view or flatten lies between
};

std::optional<at::Tensor> weightOf(const LiftedGraph& lifted, const jit::Node* node)
{
    const OpTraits* traits = opTraits(node->kind().toQualString());
    int input = traits ? traits->weightInput : -1;
    if (node->kind() == c10::aten::layer_norm || node->kind() == c10::aten::batch_norm)
        input = node->kind() == c10::aten::layer_norm ? 2 : 3; // gamma; the running mean is always there
    if (input < 0 || size_t(input) >= node->inputs().size())
        return std::nullopt;
    const jit::Value* weight = node->input(size_t(input));
    if (weight->node()->kind() == c10::prim::ListConstruct && !weight->node()->inputs().empty())
        weight = weight->node()->input(0);
    if (const auto constant = jit::toIValue(weight); constant && constant->isTensor())
        return constant->toTensor();
    const ParameterRead read = parameterBehind(lifted, weight);
    if (read.index < 0)
        return std::nullopt;
    const at::Tensor& tensor = lifted.parameters[size_t(read.index)].tensor;
    return read.swapped && tensor.dim() == 2 ? tensor.transpose(0, 1) : tensor;
}

bool isReshape(const jit::Node* node)
{
    static const std::set<std::string> kinds = {"aten::view", "aten::reshape", "aten::flatten",
                                                "aten::_reshape_alias"};
    return kinds.count(node->kind().toQualString()) > 0;
}

/// What a use leads to: the results of the operator, or of the If or Loop whose block ends with it.
std::vector<const jit::Value*> outputsBehind(const jit::Use& use)
{
    const jit::Node* node = use.user;
    if (node->kind() == c10::prim::Loop) // carried into the body as the input behind the counter
        return use.offset < 2 ? std::vector<const jit::Value*>{}
                              : std::vector<const jit::Value*>{node->blocks()[0]->inputs()[use.offset - 1]};
    if (node->kind() != c10::prim::Return)
        return {node->outputs().begin(), node->outputs().end()};
    const jit::Node* owner = node->owningBlock()->owningNode();
    const size_t first =
        owner && owner->kind() == c10::prim::Loop ? 1 : 0; // a Loop's block gives its condition first
    if (!owner || use.offset < first || use.offset - first >= owner->outputs().size())
        return {};
    return {owner->outputs()[use.offset - first]};
}

std::optional<Consumer> firstConsumer(const LiftedGraph& lifted, const jit::Value* input)
{
    std::deque<std::pair<const jit::Value*, bool>> queue{{input, false}};
    std::set<const jit::Value*> seen{input};
    while (!queue.empty() && seen.size() < kFarthest) {
        const auto [value, reshaped] = queue.front();
        queue.pop_front();
        for (const jit::Use& use : value->uses()) {
            const jit::Node* node = use.user;
            if (const auto weight = weightOf(lifted, node))
                return Consumer{node, value, *weight, reshaped};
            if (node->kind() == c10::aten::size || node->kind() == c10::aten::dim)
                continue;
            for (const jit::Value* output : outputsBehind(use))
                if (seen.insert(output).second)
                    queue.emplace_back(output, reshaped || isReshape(node));
        }
    }
    return std::nullopt;
}

int64_t firstOf(const jit::Node* node, const char* name, int64_t otherwise)
{
    if (!node->hasNamedInput(name))
        return otherwise;
    const auto constant = jit::toIValue(node->namedInput(name));
    if (constant && constant->isIntList() && !constant->toIntVector().empty())
        return constant->toIntVector()[0];
    return constant && constant->isInt() ? constant->toInt() : otherwise;
}

void hintConvolution(const Consumer& consumer, InputHint& hint)
{
    const jit::Node* node = consumer.node;
    const bool transposed = isTransposedConv(node).value_or(false);
    const int64_t channels =
        transposed ? consumer.weight.size(0) : consumer.weight.size(1) * firstOf(node, "groups", 1);
    const int64_t spatial = consumer.weight.dim() - 2;
    if (spatial == 1) {
        for (const int64_t length : {128, 512, 1024, 16000, 64, 32, 28, 256, 100, 2048, 4096, 48000}) {
            hint.shapes.push_back({channels, length});
            if (channels == 1)
                hint.shapes.push_back({length});
        }
    } else if (spatial == 2) {
        // A stem that shrinks the image was made for large ones.
        const bool large = channels == 3 && firstOf(node, "stride", 1) >= 2;
        std::vector<int64_t> sizes = {28,  32,  224, 64, 96, 128, 48, 16,  8,  256,
                                      299, 112, 56,  40, 36, 24,  84, 160, 320};
        if (channels == 3)
            sizes.insert(sizes.begin(), large ? 224 : 32);
        if (transposed || channels > 16)
            sizes.insert(sizes.begin(), {8, 4});
        for (const int64_t size : sizes)
            hint.shapes.push_back({channels, size, size});
    } else {
        for (const int64_t size : {16, 32, 8, 64})
            hint.shapes.push_back({channels, size, size, size});
    }
}

void hintFeatures(int64_t features, bool reshaped, InputHint& hint)
{
    const auto root = [](int64_t n) { return int64_t(std::lround(std::sqrt(double(n)))); };
    if (reshaped && features % 3 == 0 && root(features / 3) * root(features / 3) * 3 == features)
        hint.shapes.push_back({3, root(features / 3), root(features / 3)});
    if (reshaped && root(features) * root(features) == features)
        hint.shapes.push_back({1, root(features), root(features)});
    hint.shapes.insert(hint.shapes.end(), {{features},
                                           {16, features},
                                           {1, features},
                                           {1, 28, features},
                                           {28, features},
                                           {1, features, features},
                                           {features, features}});
}

/// The input feeds the initial state of a recurrent operator (fused attention has none).
bool isState(const Consumer& consumer)
{
    const jit::Node* node = consumer.node;
    const jit::Value* state = node->hasNamedInput("hx") ? node->namedInput("hx") : nullptr;
    return state && (consumer.through == state || (state->node()->kind() == c10::prim::ListConstruct &&
                                                   consumer.through->node() == state->node()));
}

void hintRecurrent(const Consumer& consumer, InputHint& hint)
{
    const jit::Node* node = consumer.node;
    if (!isState(consumer)) {
        hintFeatures(consumer.weight.size(1), false, hint);
        return std::swap(hint.shapes[0], hint.shapes[1]); // a sequence is likelier than one step
    }
    const std::string kind = node->kind().toUnqualString();
    const int64_t gates = kind.starts_with("lstm") ? 4 : kind.starts_with("gru") ? 3 : 1;
    const int64_t hidden = consumer.weight.size(0) / gates;
    if (kind.ends_with("_cell"))
        return hint.shapes.push_back({hidden});
    const auto bidirectional = jit::constant_as<bool>(node->namedInput("bidirectional"));
    hint.batchAxis = 1;
    hint.shapes.push_back({firstOf(node, "num_layers", 1) * (bidirectional.value_or(false) ? 2 : 1), hidden});
}

void hintFrom(const Consumer& consumer, InputHint& hint)
{
    const OpTraits* traits = opTraits(consumer.node->kind().toQualString());
    if (c10::isFloatingType(consumer.weight.scalar_type()))
        hint.type = consumer.weight.scalar_type();
    switch (traits ? traits->op : OpKind::Opaque) {
    case OpKind::Conv:
    case OpKind::ConvTranspose:
        return hintConvolution(consumer, hint);
    case OpKind::Linear:
        return hintFeatures(consumer.weight.size(consumer.node->kind() == c10::aten::addmm ? 0 : -1),
                            consumer.reshaped, hint);
    case OpKind::MatMul:
        return hintFeatures(consumer.weight.size(consumer.weight.dim() > 1 ? -2 : 0), consumer.reshaped,
                            hint);
    case OpKind::Norm:
        return hintFeatures(consumer.weight.size(-1), consumer.reshaped, hint);
    case OpKind::BatchNorm: {
        const int64_t channels = consumer.weight.size(0);
        hint.shapes = {{channels}, {channels, 32, 32}, {channels, 32}, {channels, 8, 8, 8}};
        return;
    }
    case OpKind::Recurrent:
        return hintRecurrent(consumer, hint);
    case OpKind::Embedding:
        hint.type = c10::kLong;
        hint.indexLimit = consumer.weight.size(0);
        hint.shapes = {{16}, {32}, {8}, {128}, {1}, {64}, {16, 16}, {}};
        return;
    default:
        return;
    }
}

} // namespace

InputHint hintFor(const LiftedGraph& lifted, const jit::Value* input)
{
    InputHint hint;
    if (const auto consumer = firstConsumer(lifted, input); consumer && consumer->weight.dim() > 0)
        hintFrom(*consumer, hint);
    hint.shapes.insert(hint.shapes.end(), {{3, 32, 32},
                                           {1, 28, 28},
                                           {16},
                                           {16, 16},
                                           {512},
                                           {3, 224, 224},
                                           {1},
                                           {1, 512},
                                           {8},
                                           {1, 1024},
                                           {256},
                                           {1, 16000},
                                           {16000},
                                           {}});
    return hint;
}

} // namespace bitwright
