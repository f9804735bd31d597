// SPDX-License-Identifier: GPL-3.0-or-later
// Before: aten::_transformer_encoder_layer_fwd, aten::_native_multi_head_attention, the fused kernels that a
//         trace under torch.no_grad() records.
// After:  linear, matmul, softmax, layer_norm, ... , as the same modules do with gradients.
// Condition: self-attention without a mask; else the operator stays one opaque layer.
#include "core/torch/passes_p.h"

#include <torch/csrc/jit/api/compilation_unit.h>
#include <torch/csrc/jit/api/function_impl.h>
#include <torch/jit.h>

namespace bitwright {
namespace jit = torch::jit;
namespace {

constexpr const char* kSource = R"(
def attention(x, embed: int, heads: int, qkv_weight, qkv_bias, out_weight, out_bias, average: bool):
    batch = x.size(0)
    length = x.size(1)
    size = embed // heads
    q, k, v = torch.chunk(torch.linear(x, qkv_weight, qkv_bias), 3, -1)
    q = torch.div(q, float(size) ** 0.5)
    q = q.reshape(batch, length, heads, size).transpose(1, 2)
    k = k.reshape(batch, length, heads, size).transpose(1, 2)
    v = v.reshape(batch, length, heads, size).transpose(1, 2)
    weights = torch.softmax(torch.matmul(q, k.transpose(2, 3)), -1)
    y = torch.matmul(weights, v).transpose(1, 2).reshape(batch, length, embed)
    if average:
        weights = weights.mean(1)
    return torch.linear(y, out_weight, out_bias), weights

def before(x, embed: int, norm_first: bool, eps: float, weight1, bias1):
    if norm_first:
        x = torch.layer_norm(x, [embed], weight1, bias1, eps)
    return x

def behind(x, a, embed: int, use_gelu: bool, norm_first: bool, eps: float, weight1, bias1, weight2, bias2,
           up_weight, up_bias, down_weight, down_bias):
    x = x + a
    if not norm_first:
        x = torch.layer_norm(x, [embed], weight1, bias1, eps)
    h = x
    if norm_first:
        h = torch.layer_norm(x, [embed], weight2, bias2, eps)
    h = torch.linear(h, up_weight, up_bias)
    if use_gelu:
        h = torch.gelu(h)
    else:
        h = torch.relu(h)
    x = x + torch.linear(h, down_weight, down_bias)
    if not norm_first:
        x = torch.layer_norm(x, [embed], weight2, bias2, eps)
    return x
)";

class Decomposer {
public:
    explicit Decomposer(LiftedGraph& lifted)
        : m_lifted(lifted)
        , m_unit(jit::compile(kSource))
    {
    }

    void decompose(jit::Node* node)
    {
        if (node->kind().toQualString() == std::string("aten::_native_multi_head_attention"))
            decomposeAttention(node);
        else
            decomposeLayer(node);
    }

private:
    std::vector<jit::Value*> insert(const char* function, const std::vector<jit::Value*>& inputs,
                                    jit::Node* at, const std::string& scope)
    {
        jit::Node* before = at->prev();
        jit::WithInsertPoint point(at);
        const auto graph = jit::toGraphFunction(m_unit->get_function(function)).graph();
        std::vector<jit::Value*> outputs = jit::insertGraph(*m_lifted.graph, *graph, inputs);
        if (outputs.size() == 1 && outputs[0]->type()->kind() == c10::TypeKind::TupleType) {
            jit::Node* unpack = m_lifted.graph->insertNode(m_lifted.graph->createTupleUnpack(outputs[0]));
            outputs.assign(unpack->outputs().begin(), unpack->outputs().end());
        }
        for (jit::Node* node = before->next(); node != at; node = node->next())
            stamp(node, scope);
        return outputs;
    }

    static void stamp(jit::Node* node, const std::string& scope)
    {
        setScope(node, scope);
        for (jit::Block* block : node->blocks())
            for (jit::Node* inner : block->nodes())
                stamp(inner, scope);
    }

    /// The module that owns the attention's weights ("enc.layers.0.self_attn").
    std::string attentionScope(const jit::Node* node, const jit::Value* weight) const
    {
        const int64_t index = m_lifted.parameterIndex(weight);
        const std::string name = index < 0 ? "" : m_lifted.parameters[size_t(index)].name;
        const size_t dot = name.rfind('.');
        return dot == std::string::npos ? scopeOf(node) : name.substr(0, dot);
    }

    jit::Value* constant(bool value, jit::Node* at)
    {
        jit::WithInsertPoint point(at);
        return m_lifted.graph->insertConstant(value);
    }

    void decomposeAttention(jit::Node* node)
    {
        const auto in = node->inputs();
        if (in[0] != in[1] || in[0] != in[2] || !node->namedInput("mask")->mustBeNone())
            return;
        const auto outputs = insert(
            "attention",
            {in[0], in[3], in[4], in[5], in[6], in[7], in[8], node->namedInput("average_attn_weights")}, node,
            attentionScope(node, in[5]));
        replace(node, outputs);
    }

    void decomposeLayer(jit::Node* node)
    {
        const auto in = node->inputs();
        if (!node->namedInput("mask")->mustBeNone())
            return;
        const std::string scope = scopeOf(node);
        jit::Value* embed = in[1];
        jit::Value* normFirst = in[8];
        const auto normed = insert("before", {in[0], embed, normFirst, in[9], in[10], in[11]}, node, scope);
        const auto attended =
            insert("attention", {normed[0], embed, in[2], in[3], in[4], in[5], in[6], constant(false, node)},
                   node, attentionScope(node, in[3]));
        const auto outputs = insert("behind",
                                    {in[0], attended[0], embed, in[7], normFirst, in[9], in[10], in[11],
                                     in[12], in[13], in[14], in[15], in[16], in[17]},
                                    node, scope);
        replace(node, outputs);
    }

    static void replace(jit::Node* node, const std::vector<jit::Value*>& outputs)
    {
        for (size_t i = 0; i < node->outputs().size() && i < outputs.size(); ++i)
            node->output(i)->replaceAllUsesWith(outputs[i]);
        node->destroy();
    }

    LiftedGraph& m_lifted;
    std::shared_ptr<jit::CompilationUnit> m_unit;
};

void collect(jit::Block* block, std::vector<jit::Node*>& nodes)
{
    for (jit::Node* node : block->nodes()) {
        const std::string kind = node->kind().toQualString();
        if (kind == "aten::_native_multi_head_attention" || kind == "aten::_transformer_encoder_layer_fwd")
            nodes.push_back(node);
        for (jit::Block* inner : node->blocks())
            collect(inner, nodes);
    }
}

} // namespace

void decomposeFusedAttention(LiftedGraph& lifted, const StopCheck& stop)
{
    std::vector<jit::Node*> nodes;
    collect(lifted.graph->block(), nodes);
    if (nodes.empty())
        return;
    Decomposer decomposer(lifted);
    for (jit::Node* node : nodes) {
        stop.check();
        decomposer.decompose(node);
    }
}

} // namespace bitwright
