// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/describe_p.h"
#include "core/torch/metadata_reads_p.h"

#include <torch/csrc/jit/ir/constants.h>

#include <algorithm>
#include <optional>
#include <set>

namespace bitwright {
namespace jit = torch::jit;
namespace {

bool isFloating(DType dtype)
{
    return dtype == DType::F32 || dtype == DType::F64 || dtype == DType::F16 || dtype == DType::BF16;
}

std::string ownerOf(const std::string& parameter)
{
    const size_t dot = parameter.rfind('.');
    return dot == std::string::npos ? "" : parameter.substr(0, dot);
}

bool mayFuse(OpKind op)
{
    switch (op) {
    case OpKind::Conv:
    case OpKind::ConvTranspose:
    case OpKind::Linear:
    case OpKind::MatMul:
    case OpKind::Add:
    case OpKind::Mul:
    case OpKind::BatchNorm:
    case OpKind::Norm:
        return true;
    default:
        return false;
    }
}

std::optional<double> numberOf(const jit::Node* node, size_t input)
{
    const auto constant = input < node->inputs().size() ? jit::toIValue(node->input(input)) : c10::nullopt;
    if (constant && constant->isInt())
        return double(constant->toInt());
    return constant && constant->isDouble() ? std::optional<double>(constant->toDouble()) : std::nullopt;
}

std::string activationName(const jit::Node* node, const OpTraits& traits)
{
    if (traits.label != "hardtanh" && traits.label != "clamp")
        return std::string(traits.label);
    const bool isMax = node->kind() == c10::aten::clamp_max;
    const auto low = isMax ? std::nullopt : numberOf(node, 1);
    const auto high = numberOf(node, isMax ? 1 : 2);
    return low != 0.0 || (high && high != 6.0) ? std::string(traits.label) : high ? "relu6" : "relu";
}

class LayerBuilder {
public:
    LayerBuilder(const ImportedModel& model, Description& made)
        : m_model(model)
        , m_made(made)
    {
    }

    void build()
    {
        findTainted();
        for (const Parameter& parameter : graph().parameters)
            m_shapes.emplace(parameter.name, parameter.shape);
        visit(m_model.lifted.graph->block(), true);
    }

private:
    Graph& graph() { return m_made.graph; }

    const Value* valueOf(const jit::Value* value)
    {
        const auto known = m_made.valueIds.find(value);
        return known == m_made.valueIds.end() ? nullptr : &graph().values[size_t(known->second[0])];
    }

    bool isFloatingTensor(const jit::Value* value)
    {
        const Value* known = valueOf(value);
        return known && known->isTensor && isFloating(known->dtype);
    }

    /// Values that carry the model's input; masks and positions made from sizes alone are no layers.
    void findTainted()
    {
        for (size_t i = 0; i < m_model.lifted.userInputs; ++i)
            m_tainted.insert(m_model.lifted.graph->inputs()[1 + i]);
        taint(m_model.lifted.graph->block());
        for (const jit::Value* value : decidingValues(*m_model.lifted.graph))
            m_tainted.erase(value);
    }

    void taint(const jit::Block* block)
    {
        for (const jit::Node* node : block->nodes()) {
            const bool carries =
                !node->blocks().empty() ||
                std::any_of(node->inputs().begin(), node->inputs().end(),
                            [&](const jit::Value* input) { return m_tainted.count(input) > 0; });
            for (const jit::Value* output : node->outputs()) {
                const c10::TypeKind kind = output->type()->kind();
                const bool isNumber = kind == c10::TypeKind::IntType || kind == c10::TypeKind::BoolType;
                if (carries && !isNumber && !readsMetadataOnly(node->kind().toQualString()))
                    m_tainted.insert(output);
            }
        }
    }

    void visit(const jit::Block* block, bool isTop)
    {
        for (const jit::Node* node : block->nodes()) {
            if (node->kind() == c10::prim::Constant || m_fused.count(node))
                continue;
            for (const jit::Block* inner : node->blocks())
                visit(inner, false);
            const OpTraits* traits = opTraits(node->kind().toQualString());
            if (!traits && isTop)
                noteUnknown(node);
            if (traits && traits->op != OpKind::Passthrough && traits->op != OpKind::Opaque)
                addLayer(node, *traits, isTop);
        }
    }

    void noteUnknown(const jit::Node* node)
    {
        const bool reads =
            std::any_of(node->inputs().begin(), node->inputs().end(), [&](const jit::Value* input) {
                return m_tainted.count(input) && isFloatingTensor(input);
            });
        const bool makes = std::any_of(node->outputs().begin(), node->outputs().end(),
                                       [&](const jit::Value* output) { return isFloatingTensor(output); });
        const std::string kind = node->kind().toQualString();
        if (!reads || !makes || readsMetadataOnly(kind) || !m_unknown.insert(kind).second)
            return;
        const std::string scope = scopeOf(node), where = scope.empty() ? "" : " in " + scope;
        const bool isInteger = kind.find("quantized") != std::string::npos; // of a file that torch.ao made
        graph().unsupported.push_back(node->blocks().empty()
                                          ? "The operator " + kind + where +
                                                (isInteger ? " runs on the file's own integers; its weights "
                                                             "cannot be looked at or planned."
                                                           : " runs in float and cannot be quantized.")
                                          : "The control flow" + where +
                                                " depends on the data: weights inside can be quantized, "
                                                "activations inside stay float.");
    }

    void addLayer(const jit::Node* node, const OpTraits& traits, bool isTop)
    {
        Layer layer;
        layer.op = traits.op;
        layer.label = std::string(traits.label);
        layer.node = m_made.nodeIds.at(node);
        const std::vector<ParameterRead> reads = parametersOf(m_model.lifted, node);
        addWeights(node, traits, reads, layer);
        adjustKind(node, layer);
        if (isTop && !findOutput(node, layer))
            return;
        if (layer.weights.empty() && (!isTop || !isTainted(node)))
            return;
        if (isTop && mayFuse(layer.op))
            fuseActivation(node, layer);
        layer.name = uniqueName(m_usedNames, nameOf(node, reads, layer));
        addInputs(node, layer);
        if (layer.output != kNone)
            layer.outputShape = graph().values[size_t(layer.output)].shape;
        layer.params = countParameters(layer);
        layer.macs = countMacs(layer);
        layer.id = LayerId(graph().layers.size());
        graph().layers.push_back(std::move(layer));
    }

    bool isTainted(const jit::Node* node) const
    {
        return std::any_of(node->outputs().begin(), node->outputs().end(),
                           [&](const jit::Value* output) { return m_tainted.count(output) > 0; });
    }

    const LiftedParameter& parameter(const ParameterRead& read) const
    {
        return m_model.lifted.parameters[size_t(read.index)];
    }

    void addWeight(const ParameterRead& read, const OpTraits& traits, Layer& layer)
    {
        const LiftedParameter& weight = parameter(read);
        const int rank = int(weight.tensor.dim());
        if (rank < 2 || !weight.tensor.is_floating_point())
            return addBias(read, layer);
        WeightRef reference{weight.name, weight.tensor.sizes().vec(), traits.channelAxis, traits.inputAxis};
        if (layer.op == OpKind::MatMul) { // counted from the right: leading axes are batches
            reference.channelAxis = rank - 1;
            reference.inputAxis = rank - 2;
        }
        if (read.swapped)
            std::swap(reference.channelAxis, reference.inputAxis);
        layer.weights.push_back(std::move(reference));
    }

    void addBias(const ParameterRead& read, Layer& layer)
    {
        const LiftedParameter& bias = parameter(read);
        if (bias.tensor.is_floating_point() && !bias.isBuffer)
            layer.biases.push_back(bias.name);
    }

    void addWeights(const jit::Node* node, const OpTraits& traits, const std::vector<ParameterRead>& reads,
                    Layer& layer)
    {
        if (traits.op == OpKind::Recurrent) {
            for (const ParameterRead& read : reads)
                addWeight(read, traits, layer);
            return;
        }
        int64_t weight = -1;
        if (traits.weightInput >= 0 && size_t(traits.weightInput) < node->inputs().size()) {
            const ParameterRead read =
                parameterBehind(m_model.lifted, node->input(size_t(traits.weightInput)));
            weight = read.index;
            if (weight >= 0)
                addWeight(read, traits, layer);
        }
        for (const ParameterRead& read : reads)
            if (read.index != weight)
                addBias(read, layer);
    }

    void adjustKind(const jit::Node* node, Layer& layer)
    {
        if (node->kind() == c10::aten::_convolution || node->kind() == c10::aten::convolution) {
            const bool transposed = isTransposedConv(node).value_or(false);
            const size_t rank = layer.weights.empty() ? 4 : layer.weights[0].shape.size();
            layer.op = transposed ? OpKind::ConvTranspose : OpKind::Conv;
            layer.label =
                std::string(transposed ? "conv_transpose" : "conv") + std::to_string(rank - 2) + "d";
            if (transposed && !layer.weights.empty()) {
                layer.weights[0].channelAxis = 1;
                layer.weights[0].inputAxis = 0;
            }
        }
        if (layer.op == OpKind::Linear && layer.weights.empty())
            layer.op = OpKind::MatMul;
    }

    /// The output that others read, else the first; false when none is a floating tensor.
    bool findOutput(const jit::Node* node, Layer& layer)
    {
        for (const jit::Value* output : node->outputs()) {
            if (!isFloatingTensor(output))
                continue;
            if (layer.output == kNone || (output->hasUses() && !m_readOutput))
                layer.output = m_made.valueIds.at(output)[0];
            m_readOutput |= output->hasUses();
        }
        m_readOutput = false;
        return layer.output != kNone;
    }

    void fuseActivation(const jit::Node* node, Layer& layer)
    {
        if (node->outputs().size() != 1 || node->output()->uses().size() != 1)
            return;
        const jit::Node* next = node->output()->uses()[0].user;
        const OpTraits* traits = opTraits(next->kind().toQualString());
        if (!traits || !traits->fusable || next->owningBlock() != node->owningBlock() ||
            next->input(0) != node->output())
            return;
        const bool constantLimits =
            std::all_of(next->inputs().begin() + 1, next->inputs().end(),
                        [](const jit::Value* v) { return v->node()->kind() == c10::prim::Constant; });
        if (!constantLimits)
            return;
        m_fused.insert(next);
        layer.fused.push_back(m_made.nodeIds.at(next));
        layer.activation = activationName(next, *traits);
        layer.output = m_made.valueIds.at(next->output())[0];
    }

    std::string nameOf(const jit::Node* node, const std::vector<ParameterRead>& reads, const Layer& layer)
    {
        const std::string scope = scopeOf(node);
        const bool isOwned = !layer.weights.empty() || layer.op == OpKind::Norm ||
                             layer.op == OpKind::BatchNorm || layer.label == "prelu";
        if (isOwned && !reads.empty()) {
            const auto first = std::find_if(reads.begin(), reads.end(), [&](const ParameterRead& read) {
                return layer.weights.empty() || parameter(read).name == layer.weights[0].parameter;
            });
            const LiftedParameter& named = parameter(first == reads.end() ? reads[0] : *first);
            const auto& aliases = named.aliases;
            const bool isAlias = std::any_of(aliases.begin(), aliases.end(), [&](const std::string& alias) {
                return ownerOf(alias) == scope;
            });
            const std::string owner = isAlias ? scope : ownerOf(named.name);
            // Exporters store equal weights once; their second reader has the name of its node.
            const bool isTaken = m_usedNames.count(owner) && m_model.scopesNameOperators && !scope.empty();
            if (!owner.empty() && !isTaken)
                return owner;
        }
        if (m_model.scopesNameOperators && !scope.empty())
            return scope;
        return scope.empty() ? layer.label : scope + "." + layer.label;
    }

    void addInputs(const jit::Node* node, Layer& layer)
    {
        const auto add = [&](const jit::Value* value) {
            const auto known = m_made.valueIds.find(value);
            if (known == m_made.valueIds.end())
                return;
            for (const ValueId id : known->second)
                if (graph().values[size_t(id)].isTensor) {
                    layer.inputs.push_back(id);
                    layer.inputShapes.push_back(graph().values[size_t(id)].shape);
                }
        };
        for (const jit::Value* input : node->inputs()) {
            if (parameterBehind(m_model.lifted, input).index >= 0)
                continue;
            add(input);
            if (input->node()->kind() == c10::prim::ListConstruct)
                for (const jit::Value* element : input->node()->inputs())
                    if (parameterBehind(m_model.lifted, element).index < 0)
                        add(element);
        }
    }

    int64_t countParameters(const Layer& layer)
    {
        int64_t count = 0;
        const auto add = [&](const std::string& name) {
            if (m_counted.insert(name).second)
                count += elementCount(m_shapes.at(name));
        };
        for (const WeightRef& weight : layer.weights)
            add(weight.parameter);
        for (const std::string& bias : layer.biases)
            add(bias);
        return count;
    }

    int64_t countMacs(const Layer& layer)
    {
        if (layer.output == kNone)
            return 0;
        const int64_t outputs = elementCount(layer.outputShape);
        const Shape input = layer.inputShapes.empty() ? Shape{} : layer.inputShapes[0];
        const int64_t weights = layer.weights.empty() ? 0 : elementCount(layer.weights[0].shape);
        switch (layer.op) {
        case OpKind::Conv:
            return weights ? outputs * (weights / std::max<int64_t>(layer.weights[0].shape[0], 1)) : 0;
        case OpKind::ConvTranspose:
            return weights ? elementCount(input) * (weights / std::max<int64_t>(layer.weights[0].shape[0], 1))
                           : 0;
        case OpKind::Linear:
            return outputs * layer.weights[0].shape[size_t(layer.weights[0].inputAxis)];
        case OpKind::MatMul:
            return input.empty() ? 0 : outputs * input.back();
        case OpKind::Recurrent:
            return recurrentMacs(layer, input);
        default:
            return 0;
        }
    }

    static int64_t recurrentMacs(const Layer& layer, const Shape& input)
    {
        int64_t perStep = 0;
        for (const WeightRef& weight : layer.weights)
            perStep += elementCount(weight.shape);
        const bool isSequence = !layer.label.ends_with("_cell") && input.size() >= 2;
        return perStep * (isSequence ? elementCount(input) / std::max<int64_t>(input.back(), 1) : 1);
    }

    const ImportedModel& m_model;
    Description& m_made;
    std::set<const jit::Value*> m_tainted;
    std::set<const jit::Node*> m_fused;
    std::set<std::string> m_unknown, m_counted;
    std::unordered_map<std::string, Shape> m_shapes; ///< of parameters
    std::unordered_map<std::string, int> m_usedNames;
    bool m_readOutput = false;
};

} // namespace

void addLayers(const ImportedModel& model, Description& description)
{
    LayerBuilder(model, description).build();
}

} // namespace bitwright
