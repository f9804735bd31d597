// SPDX-License-Identifier: GPL-3.0-or-later
// Before: quantize_per_tensor, quantized::conv2d_relu(x, packed, scale, zero_point), dequantize.
// After:  conv2d and relu with the dequantized weight as a parameter; then nothing, and the encodings.
// Condition: packed weights and steps are known while reading (attributes, constants).
#include "core/torch/quantized_operators_p.h"

#include "core/graph/op_traits.h"
#include "core/torch/packed_weights_p.h"

#include <ATen/ATen.h>
#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>

#include <map>
#include <optional>
#include <set>

namespace bitwright {
namespace jit = torch::jit;
namespace {

constexpr const char* kFakeQuantize = "aten::fake_quantize_per_tensor_affine";

/// The codes that a value is rounded to.
struct TensorGrid {
    double scale = 1;
    int64_t zeroPoint = 0;
    int64_t low = 0, high = 255;
};

/// What becomes of an operator that takes its steps as its last two arguments (`steps`), or keeps those of
/// its input. `arguments`: positions of its own, in the order of the float operator; `rest`: what follows
/// them.
struct QuantizedRow {
    const char* kind;
    const char* becomes;
    std::vector<size_t> arguments;
    std::vector<c10::IValue> rest;
    bool steps = true;
    bool relu = false;
};

const QuantizedRow* quantizedRow(const std::string& kind)
{
    static const c10::IValue none;
    static const std::vector<QuantizedRow> rows = {
        {"quantized::add", "aten::add", {0, 1}, {}},
        {"quantized::add_relu", "aten::add", {0, 1}, {}, true, true},
        {"quantized::add_scalar", "aten::add", {0, 1}, {}, false},
        {"quantized::add_scalar_relu", "aten::add", {0, 1}, {}, false, true},
        {"quantized::mul", "aten::mul", {0, 1}, {}},
        {"quantized::mul_relu", "aten::mul", {0, 1}, {}, true, true},
        {"quantized::mul_scalar", "aten::mul", {0, 1}, {}, false},
        {"quantized::mul_scalar_relu", "aten::mul", {0, 1}, {}, false, true},
        {"quantized::matmul", "aten::matmul", {0, 1}, {}},
        {"quantized::cat", "aten::cat", {0, 1}, {}},
        {"quantized::cat_relu", "aten::cat", {0, 1}, {}, true, true},
        {"quantized::hardswish", "aten::hardswish", {0}, {}},
        {"quantized::sigmoid", "aten::sigmoid", {0}, {}},
        {"quantized::softmax", "aten::softmax", {0, 1}, {none}},
        {"quantized::leaky_relu", "aten::leaky_relu", {0, 1}, {}},
        {"quantized::prelu", "aten::prelu", {0, 1}, {}},
        {"quantized::relu6", "aten::relu6", {0}, {}, false},
        {"quantized::layer_norm", "aten::layer_norm", {0, 1, 2, 3, 4}, {false}},
        {"quantized::group_norm", "aten::group_norm", {0, 1, 2, 3, 4}, {false}}};
    for (const QuantizedRow& row : rows)
        if (kind == row.kind)
            return &row;
    return nullptr;
}

bool cutOut(std::string& name, const std::string& part)
{
    const size_t at = name.find(part);
    if (at == std::string::npos)
        return false;
    name.erase(at, part.size());
    return true;
}

/// A number that the file holds: a constant, an attribute, or one made into a Python number.
std::optional<c10::IValue> knownNumber(const LiftedGraph& lifted, const jit::Value* value)
{
    const auto single = [](const at::Tensor& tensor) {
        return tensor.numel() == 1 ? std::optional<c10::IValue>(tensor.item()) : std::nullopt;
    };
    if (const int64_t index = lifted.parameterIndex(value); index >= 0)
        return single(lifted.parameters[size_t(index)].tensor);
    if (const auto constant = jit::toIValue(value))
        return constant->isTensor()   ? single(constant->toTensor())
               : constant->isScalar() ? std::optional<c10::IValue>(*constant)
                                      : std::nullopt;
    static const std::set<std::string> converts{"aten::Float",          "aten::Int",
                                                "aten::FloatImplicit",  "aten::IntImplicit",
                                                "aten::ScalarImplicit", "aten::item"};
    const jit::Node* node = value->node();
    return converts.count(node->kind().toQualString()) ? knownNumber(lifted, node->input(0)) : std::nullopt;
}

class QuantizedOperators {
public:
    QuantizedOperators(LiftedGraph& lifted, const jit::Module& module, const StopCheck& stop)
        : m_lifted(lifted)
        , m_packed(lifted, module)
        , m_stop(stop)
    {
    }

    std::optional<std::vector<FileEncoding>> replace()
    {
        findReaders(m_lifted.graph->block());
        visit(m_lifted.graph->block());
        if (!m_any)
            return {};
        jit::EliminateDeadCode(m_lifted.graph);
        return std::move(m_packed.encodings);
    }

private:
    /// LibTorch's own operators that read codes: once quantizers are gone nothing tells them from the rest.
    void findReaders(const jit::Block* block)
    {
        for (const jit::Node* node : block->nodes()) {
            for (const jit::Block* inner : node->blocks())
                findReaders(inner);
            const std::string kind = node->kind().toQualString();
            const bool makes =
                kind == "aten::quantize_per_tensor" ||
                (kind.starts_with("quantized::") && kind.find("_dynamic") == std::string::npos);
            const bool reads = kind.starts_with("aten::") && kind != "aten::dequantize" &&
                               !node->inputs().empty() && m_codes.count(node->input(0));
            if (reads)
                m_readsCodes.insert(node);
            if (makes || reads)
                m_codes.insert(node->outputs().begin(), node->outputs().end());
        }
    }

    void visit(jit::Block* block)
    {
        for (auto it = block->nodes().begin(); it != block->nodes().end();) {
            m_stop.check();
            jit::Node* node = *it++; // what replaces it stands before it
            for (jit::Block* inner : node->blocks())
                visit(inner);
            convert(node);
        }
    }

    void convert(jit::Node* node)
    {
        const std::string kind = node->kind().toQualString();
        const jit::WithInsertPoint here(node);
        if (kind == "aten::quantize_per_tensor")
            quantize(node);
        else if (kind == "aten::dequantize" && node->inputs().size() == 1)
            become(node, node->input(0), std::nullopt);
        else if (const QuantizedRow* row = quantizedRow(kind))
            plain(node, *row);
        else if (kind.starts_with("quantized::embedding_") &&
                 (kind.ends_with("byte") || kind.ends_with("4bit")))
            embedding(node);
        else if (kind.starts_with("quantized::quantized_") && kind.ends_with("_cell_dynamic"))
            cell(node, kind);
        else if (kind == "aten::quantized_lstm" || kind == "aten::quantized_gru")
            recurrent(node, kind);
        else if (kind.starts_with("quantized::"))
            packed(node, kind.substr(std::string("quantized::").size()));
        else if (m_readsCodes.count(node) && node->outputs().size() == 1)
            inherit(node, kind);
    }

    jit::Value* insert(const char* kind, const std::vector<jit::Value*>& inputs, const jit::Node* like)
    {
        const std::vector<jit::NamedValue> values(inputs.begin(), inputs.end());
        jit::Value* made = m_lifted.graph->insert(c10::Symbol::fromQualString(kind), values);
        setScope(made->node(), scopeOf(like));
        return made;
    }

    jit::Value* constant(const c10::IValue& value) { return m_lifted.graph->insertConstant(value); }

    /// `value` on `grid`, until takeActivationEncodings().
    jit::Value* rounded(jit::Value* value, const TensorGrid& grid, const jit::Node* like)
    {
        jit::Value* made = insert(
            kFakeQuantize,
            {value, constant(grid.scale), constant(grid.zeroPoint), constant(grid.low), constant(grid.high)},
            like);
        m_grids[made] = grid;
        return made;
    }

    void become(jit::Node* node, jit::Value* value, const std::optional<TensorGrid>& grid)
    {
        m_any = true;
        node->output()->replaceAllUsesWith(grid ? rounded(value, *grid, node) : value);
        node->destroy();
    }

    std::optional<TensorGrid> gridOf(const jit::Value* value) const
    {
        const auto found = m_grids.find(value);
        return found == m_grids.end() ? std::nullopt : std::optional(found->second);
    }

    std::optional<TensorGrid> steps(const jit::Value* scale, const jit::Value* zeroPoint,
                                    c10::ScalarType type = c10::kQUInt8) const
    {
        const auto s = knownNumber(m_lifted, scale), z = knownNumber(m_lifted, zeroPoint);
        if (!s || !z || (type != c10::kQUInt8 && type != c10::kQInt8))
            return {};
        const int64_t low = type == c10::kQInt8 ? -128 : 0;
        return TensorGrid{s->toScalar().toDouble(), z->toScalar().toLong(), low, low + 255};
    }

    /// Those that an operator takes as its last two arguments.
    std::optional<TensorGrid> ownSteps(const jit::Node* node) const
    {
        const size_t count = node->inputs().size();
        return count < 3 ? std::nullopt : steps(node->input(count - 2), node->input(count - 1));
    }

    void quantize(jit::Node* node)
    {
        const auto type = knownNumber(m_lifted, node->input(3));
        if (!type || !type->isInt() || !node->input(0)->type()->isSubtypeOf(*c10::TensorType::get()))
            return;
        if (const auto grid = steps(node->input(1), node->input(2), c10::ScalarType(type->toInt())))
            become(node, node->input(0), grid);
    }

    void plain(jit::Node* node, const QuantizedRow& row)
    {
        std::optional<TensorGrid> grid = row.steps ? ownSteps(node) : std::nullopt;
        if (!grid)
            grid = gridOf(node->input(0));
        std::vector<jit::Value*> inputs;
        for (const size_t i : row.arguments)
            inputs.push_back(node->input(i));
        for (const c10::IValue& value : row.rest)
            inputs.push_back(constant(value));
        jit::Value* made = insert(row.becomes, inputs, node);
        become(node, row.relu ? insert("aten::relu", {made}, node) : made, grid);
    }

    /// conv2d, conv2d_relu, linear_dynamic, linear_relu_dynamic ...
    void packed(jit::Node* node, std::string name)
    {
        const bool isDynamic = cutOut(name, "_dynamic"), relu = cutOut(name, "_relu");
        const auto grid = isDynamic ? std::nullopt : ownSteps(node);
        if (node->inputs().size() < 2 || (!isDynamic && !grid))
            return;
        auto unpacked = m_packed.unpack(name, node->input(1), scopeOf(node));
        if (!unpacked)
            return;
        unpacked->inputs.insert(unpacked->inputs.begin(), node->input(0));
        jit::Value* made = insert(unpacked->kind, unpacked->inputs, node);
        become(node, relu ? insert("aten::relu", {made}, node) : made, grid);
    }

    void embedding(jit::Node* node)
    {
        jit::Value* made = m_packed.embedding(node, scopeOf(node));
        if (!made)
            return;
        setScope(made->node(), scopeOf(node));
        become(node, made, std::nullopt);
    }

    /// quantized_lstm_cell_dynamic(x, state, packed, packed, bias, bias); the packs hold the biases, too.
    void cell(jit::Node* node, std::string kind)
    {
        cutOut(kind, "quantized::quantized_");
        cutOut(kind, "_dynamic");
        std::vector<jit::Value*> inputs{node->input(0), node->input(1)};
        const auto weights = m_packed.cell(node->input(2), node->input(3), scopeOf(node));
        inputs.insert(inputs.end(), weights.begin(), weights.end());
        if (!weights.empty())
            becomeAll(node, insert(("aten::" + kind).c_str(), inputs, node));
    }

    /// quantized_lstm(x, states, cells, has_biases, layers, dropout, train, bidirectional, batch_first, ...).
    void recurrent(jit::Node* node, std::string kind)
    {
        constexpr size_t kArguments = 9;
        cutOut(kind, "quantized_");
        if (node->inputs().size() < kArguments || node->input(3)->type()->kind() != c10::TypeKind::BoolType)
            return; // packed sequences
        const auto isBidirectional = jit::constant_as<bool>(node->input(7));
        const auto weights = m_packed.cells(node->input(2), isBidirectional.value_or(false), scopeOf(node));
        if (weights.empty() || !isBidirectional)
            return;
        jit::Value* list =
            m_lifted.graph->insertNode(m_lifted.graph->createList(c10::TensorType::get(), weights))->output();
        std::vector<jit::Value*> inputs(node->inputs().begin(), node->inputs().begin() + kArguments);
        inputs[2] = list;
        becomeAll(node, insert(kind.c_str(), inputs, node));
    }

    /// `made`: a tensor, or a tuple that was made of the results.
    void becomeAll(jit::Node* node, jit::Value* made)
    {
        m_any = true;
        jit::Node* const maker = made->node();
        const bool isTuple = maker->kind() == c10::prim::TupleConstruct;
        for (size_t i = 0; i < node->outputs().size(); ++i)
            node->output(i)->replaceAllUsesWith(isTuple ? maker->input(i) : made);
        if (isTuple) {
            setScope(maker->input(0)->node(), scopeOf(node));
            maker->destroy();
        }
        node->destroy();
    }

    /// LibTorch's own operators keep the steps of their input, but for those with a fixed range.
    void inherit(jit::Node* node, const std::string& kind)
    {
        const OpTraits* traits = opTraits(kind);
        std::optional<TensorGrid> grid = gridOf(node->input(0));
        if (kind == "aten::sigmoid" || kind == "aten::hardsigmoid")
            grid = TensorGrid{1.0 / 256, 0};
        else if (kind == "aten::tanh")
            grid = TensorGrid{2.0 / 256, 128};
        if (!grid || !node->output()->type()->isSubtypeOf(*c10::TensorType::get()))
            return;
        if (traits && traits->op == OpKind::Passthrough) {
            m_grids[node->output()] = *grid;
            return;
        }
        const jit::WithInsertPoint behind(node->next());
        jit::Value* made = rounded(node->output(), *grid, node);
        node->output()->replaceAllUsesAfterNodeWith(made->node(), made);
    }

    LiftedGraph& m_lifted;
    PackedWeights m_packed;
    const StopCheck& m_stop;
    bool m_any = false;
    std::set<const jit::Value*> m_codes; ///< quantized tensors of the file
    std::set<const jit::Node*> m_readsCodes;
    std::map<const jit::Value*, TensorGrid> m_grids;
};

FileEncoding activationEncoding(const LiftedGraph& lifted, const jit::Node* node)
{
    FileEncoding made;
    const auto number = [&](size_t i) { return *knownNumber(lifted, node->input(i)); };
    made.value = node->input(0);
    made.scale = at::scalar_tensor(number(1).toScalar(), at::kFloat);
    made.zeroPoint = at::scalar_tensor(number(2).toScalar(), at::kLong);
    made.low = number(3).toInt();
    made.high = number(4).toInt();
    return made;
}

void takeFrom(const LiftedGraph& lifted, jit::Block* block, std::vector<FileEncoding>& taken)
{
    for (auto it = block->nodes().begin(); it != block->nodes().end();) {
        jit::Node* node = *it++;
        for (jit::Block* inner : node->blocks())
            takeFrom(lifted, inner, taken);
        bool isKnown = node->kind().toQualString() == std::string(kFakeQuantize);
        for (size_t i = 1; isKnown && i < 5; ++i)
            isKnown = knownNumber(lifted, node->input(i)).has_value();
        if (!isKnown)
            continue;
        taken.push_back(activationEncoding(lifted, node));
        node->output()->replaceAllUsesWith(node->input(0));
        node->destroy();
    }
}

} // namespace

std::optional<std::vector<FileEncoding>>
replaceQuantizedOperators(LiftedGraph& lifted, const jit::Module& module, const StopCheck& stop)
{
    return QuantizedOperators(lifted, module, stop).replace();
}

std::vector<FileEncoding> takeActivationEncodings(LiftedGraph& lifted)
{
    std::vector<FileEncoding> taken;
    takeFrom(lifted, lifted.graph->block(), taken);
    return taken;
}

} // namespace bitwright
