// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/archive_p.h"
#include "core/torch/exporters_p.h"
#include "core/torch/guard_p.h"
#include "core/torch/int8_kernels_p.h"
#include "core/torch/runner_p.h"
#include "core/torch/tensor_bridge_p.h"

#include <ATen/ATen.h>
#include <ATen/Context.h>

#include <algorithm>
#include <set>

namespace bitwright {

namespace jit = torch::jit;
namespace aten = c10::aten;
namespace prim = c10::prim;

namespace {

c10::Symbol symbol(const std::string& name)
{
    return c10::Symbol::fromQualString(name);
}

/// Walks the layers in execution order. A float value whose quantized form exists has a twin; a consumer
/// with an integer kernel reads the twin, every other one the dequantized value, and what nobody reads is
/// removed as dead code at the end.
class Int8Writer {
public:
    Int8Writer(const TorchRunner& runner, ExportGraph& target, const ExportRequest& request)
        : m_runner(runner)
        , m_graph(runner.graph())
        , m_target(target)
        , m_plan(request.plan)
        , m_builder(target.graph)
    {
        target.keepState(m_builder, runner.model().module);
    }

    void write(const std::string& path, const std::string& provenance, Progress& progress)
    {
        for (const Layer& layer : m_graph.layers)
            m_layers[layer.node] = &layer;
        for (const ValueId input : m_graph.inputs)
            quantizeBehind(input);
        for (const Node& described : m_graph.nodes) {
            if (progress.cancelled())
                throw Stop{cancelledError()};
            visit(described);
        }
        m_target.dropUnread();
        storeIntegerWeights();
        viewsBecomeReshapes(m_target.graph->block());
        noteKernels();
        m_target.bindFloatParameters(m_builder, m_runner, m_plan, progress);
        m_builder.save(path, provenance);
        packArchive(path);
    }

private:
    /// view(sizes), not view(dtype).
    static bool takesSizes(const jit::Node& node)
    {
        return node.kind() == aten::view && node.input(1)->type()->kind() == c10::TypeKind::ListType;
    }

    /// Integer kernels give channels-last tensors, which a view cannot flatten.
    static void viewsBecomeReshapes(jit::Block* block)
    {
        for (auto node = block->nodes().begin(); node != block->nodes().end(); ++node) {
            for (jit::Block* inner : node->blocks())
                viewsBecomeReshapes(inner);
            if (!takesSizes(**node))
                continue;
            node->replaceWithNewSymbol(aten::reshape);
            node.destroyCurrent();
        }
    }

    void visit(const Node& described)
    {
        const auto found = m_target.nodes.find(described.id);
        if (found == m_target.nodes.end())
            return;
        const auto layer = m_layers.find(described.id);
        if (layer == m_layers.end())
            passThrough(*found->second);
        else if (convert(*layer->second, *found->second) || combine(*layer->second, *found->second))
            return;
        for (const ValueId output : described.outputs)
            quantizeBehind(output);
    }

    const ActivationQuantizer* quantizer(ValueId id) const
    {
        const auto it = m_plan.activations.find(id);
        return it == m_plan.activations.end() ? nullptr : &it->second;
    }

    std::optional<Quint8Grid> grid(ValueId id) const
    {
        const ActivationQuantizer* q = quantizer(id);
        const bool isFloat = q && m_graph.values.at(size_t(id)).dtype == DType::F32; // all that kernels take
        return isFloat ? quint8Grid(*q) : std::nullopt;
    }

    jit::Value* twin(jit::Value* value) const
    {
        const auto it = m_twins.find(value);
        return it == m_twins.end() ? nullptr : it->second;
    }

    /// Site without an integer kernel: 8-bit sites become a quantize/dequantize pair, others fake-quantize.
    void quantizeBehind(ValueId id)
    {
        const ActivationQuantizer* q = quantizer(id);
        const auto value = m_target.values.find(id);
        if (!q || value == m_target.values.end() || m_done.count(id))
            return;
        m_done.insert(id);
        const auto g = grid(id);
        if (!g) {
            m_target.fakeQuantize(m_builder, id, *q, m_graph.values.at(size_t(id)).name);
            return;
        }
        jit::Node* producer = value->second->node();
        const jit::WithInsertPoint here(producer->kind() == prim::Param ? m_builder.start()
                                                                        : producer->next());
        jit::Value* quantized =
            m_target.graph->insert(symbol("aten::quantize_per_tensor"),
                                   {value->second, g->scale, g->zeroPoint, int64_t(at::kQUInt8)});
        replaceByDequantized(value->second, quantized);
    }

    /// Everything behind `quantized` that read `value` reads dequantize(quantized), its twin.
    void replaceByDequantized(jit::Value* value, jit::Value* quantized)
    {
        const jit::WithInsertPoint here(quantized->node()->next());
        jit::Value* plain = m_target.graph->insert(symbol("aten::dequantize"), {quantized});
        value->replaceAllUsesAfterNodeWith(plain->node(), plain);
        m_twins[plain] = quantized;
    }

    /// The value at the end of a layer: behind its fused activation.
    jit::Node* lastNode(const Layer& layer, jit::Node& node) const
    {
        return layer.fused.empty() ? &node : m_target.nodes.at(layer.fused.back());
    }

    /// Convolution or linear with 8-bit input and output sites: one integer kernel.
    bool convert(const Layer& layer, jit::Node& node)
    {
        const auto out = grid(layer.output);
        if (!out || layer.weights.empty() || layer.fused.size() > 1)
            return false;
        const auto params = m_plan.weights.find(layer.weights[0].parameter);
        jit::Value* input = twin(node.input(0));
        if (!input || params == m_plan.weights.end())
            return false;
        const auto stored = m_target.parameters.find(layer.weights[0].parameter);
        if (stored == m_target.parameters.end() || node.input(1) != stored->second)
            return false; // a part or a transpose of the parameter
        const auto parameter = floatParameter(layer.weights[0].parameter);
        const auto kernel = int8Kernel(node, parameter.dim());
        const auto weight = kernel ? quantizedTensor(parameter, params->second) : std::nullopt;
        if (!weight || !fitsInt8Kernel(*weight))
            return false;
        jit::Node* last = lastNode(layer, node);
        const bool fused = last != &node;
        const auto bounds = fused ? clampBounds(*last) : std::nullopt;
        if (fused && !isRelu(*last) && !bounds)
            return false;
        const auto bias = layer.biases.empty() ? at::IValue() : at::IValue(floatParameter(layer.biases[0]));
        jit::Value* packed =
            m_builder.add(layer.name + "._packed_params", packWeights(*kernel, *weight, bias),
                          ModuleBuilder::Kind::Attribute);
        const jit::WithInsertPoint here(last->next());
        jit::Value* result =
            m_target.graph->insert(symbol(fused && isRelu(*last) ? kernel->runRelu : kernel->run),
                                   {input, packed, out->scale, out->zeroPoint});
        finish(layer, last, bounds ? clamped(result, *bounds) : result);
        ++m_integerLayers;
        return true;
    }

    /// Addition or concatenation of tensors that all have twins.
    bool combine(const Layer& layer, jit::Node& node)
    {
        const auto out = grid(layer.output);
        jit::Node* last = lastNode(layer, node);
        const bool fused = last != &node;
        if (!out || layer.fused.size() > 1 || (fused && !isRelu(*last)))
            return false;
        const std::string kind = node.kind().toQualString();
        jit::Value* result = nullptr;
        const jit::WithInsertPoint here(last->next());
        const bool sameShape = layer.inputShapes.size() == 2 && layer.inputShapes[0] == layer.inputShapes[1];
        if (kind == "aten::add" && sameShape && twin(node.input(0)) && twin(node.input(1)) &&
            isOne(node.input(2))) {
            result = m_target.graph->insert(
                symbol(fused ? "quantized::add_relu" : "quantized::add"),
                {twin(node.input(0)), twin(node.input(1)), out->scale, out->zeroPoint});
        } else if (kind == "aten::cat" && !fused) {
            result = concatenate(node, *out);
        }
        if (!result)
            return false;
        finish(layer, last, result);
        return true;
    }

    jit::Value* concatenate(jit::Node& node, const Quint8Grid& out)
    {
        jit::Node* list = node.input(0)->node();
        if (list->kind() != prim::ListConstruct)
            return nullptr;
        std::vector<jit::Value*> twins;
        for (jit::Value* part : list->inputs())
            twins.push_back(twin(part));
        if (std::count(twins.begin(), twins.end(), nullptr))
            return nullptr;
        jit::Node* made =
            m_target.graph->insertNode(m_target.graph->createList(c10::TensorType::get(), twins));
        return m_target.graph->insert(symbol("quantized::cat"),
                                      {made->output(), node.input(1), out.scale, out.zeroPoint});
    }

    static bool isOne(const jit::Value* value)
    {
        const auto constant = jit::toIValue(value);
        return constant && constant->isScalar() && constant->toScalar().toDouble() == 1.0;
    }

    jit::Value* clamped(jit::Value* value, const ClampBounds& bounds)
    {
        return m_target.graph->insert(symbol("aten::clamp"), {value, bounds.lo, bounds.hi});
    }

    void finish(const Layer& layer, jit::Node* last, jit::Value* quantized)
    {
        replaceByDequantized(last->output(), quantized);
        m_done.insert(layer.output);
    }

    /// Data movement runs on the codes, so that the next kernel finds a twin.
    void passThrough(jit::Node& node)
    {
        if ((!passesQuantized(node) && !takesSizes(node)) || node.outputs().size() != 1 ||
            !twin(node.input(0)))
            return;
        const jit::WithInsertPoint here(node.next());
        jit::Node* copy =
            m_target.graph->insertNode(m_target.graph->createClone(&node, [](jit::Value* v) { return v; }));
        copy->replaceInput(0, twin(node.input(0)));
        copy->output()->setType(c10::TensorType::get());
        replaceByDequantized(node.output(), copy->output());
    }

    at::Tensor floatParameter(const std::string& name) const
    {
        const auto stored = m_runner.parameter(name);
        if (!stored)
            throw Stop{stored.error()};
        return toTorch(*stored);
    }

    /// Weights of layers without an integer kernel: integers in the file, dequantized when they are read.
    void storeIntegerWeights()
    {
        for (const auto& [name, params] : m_plan.weights) {
            const auto input = m_target.parameters.find(name);
            if (input == m_target.parameters.end())
                continue;
            const auto stored = storedWeight(floatParameter(name), params);
            if (!stored) {
                if (params.format != Format::Float32)
                    m_target.notes.push_back("The weight " + name +
                                             " is stored as float32: LibTorch has no 8-bit type "
                                             "for its format or granularity.");
                continue;
            }
            m_target.bind(name, dequantized(name, *stored));
        }
    }

    jit::Value* dequantized(const std::string& name, const StoredWeight& stored)
    {
        const auto add = [&](const char* ending, const at::Tensor& tensor) {
            return m_builder.add(name + ending, tensor, ModuleBuilder::Kind::Buffer);
        };
        jit::Value* codes = add("", stored.codes);
        jit::Value* scale = add("_scale", stored.scale);
        jit::Value* zero = stored.zeroPoint.defined() ? add("_zero_point", stored.zeroPoint) : nullptr;
        const jit::WithInsertPoint here(m_builder.start());
        jit::Graph& graph = *m_target.graph;
        const auto floats = [&](jit::Value* value) {
            jit::Value* none = graph.insertConstant(at::IValue());
            return graph.insert(aten::to, {value, int64_t(at::kFloat), false, false, none});
        };
        // Graph::insert may take the overload for numbers.
        const auto compute = [&](c10::Symbol kind, std::vector<jit::Value*> inputs) {
            return graph.insertNode(graph.create(kind, inputs))->output();
        };
        jit::Value* shifted = floats(codes);
        if (zero)
            shifted = compute(aten::sub, {shifted, floats(zero), graph.insertConstant(int64_t(1))});
        return compute(aten::mul, {shifted, scale});
    }

    void noteKernels()
    {
        const auto weighted = std::count_if(m_graph.layers.begin(), m_graph.layers.end(),
                                            [](const Layer& layer) { return !layer.weights.empty(); });
        m_target.notes.push_back(std::to_string(m_integerLayers) + " of " + std::to_string(weighted) +
                                 " layers with weights run on integer kernels; the others compute in float.");
        if (m_integerLayers)
            m_target.notes.push_back(
                "Select the engine before loading it: torch.backends.quantized.engine = 'onednn'.");
    }

    const TorchRunner& m_runner;
    const Graph& m_graph;
    ExportGraph& m_target;
    const ResolvedPlan& m_plan;
    ModuleBuilder m_builder;
    std::map<jit::Value*, jit::Value*> m_twins; ///< dequantized value -> its quantized form
    std::set<ValueId> m_done;                   ///< sites that are written
    std::map<NodeId, const Layer*> m_layers;
    int m_integerLayers = 0;
};

} // namespace

ExportOutcome writeInt8(const TorchRunner& runner, ExportGraph target, const ExportRequest& request,
                        Progress& progress)
{
    progress.begin("Writing integer TorchScript", 0);
    at::globalContext().setQEngine(at::QEngine::ONEDNN);
    Int8Writer(runner, target, request).write(request.path, request.provenance, progress);
    return {{request.path}, "oneDNN", target.notes};
}

} // namespace bitwright
