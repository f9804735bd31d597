// SPDX-License-Identifier: GPL-3.0-or-later
// Where the plan's quantizers meet what is written.
#include "core/torch/onnx_write/interpreter_p.h"

#include <algorithm>

namespace bitwright::onnx_write {
namespace jit = torch::jit;

/// ONNX Runtime merges a layer with the quantizer behind its activation only where that quantizer clips as
/// the activation does. Else the layer gets a quantizer of its own in front of the activation: cutting at a
/// point of the grid commutes with rounding to it.
void Interpreter::meetQuantizer(Op& op)
{
    const auto& ids = m_runner.description();
    const auto node = ids.nodeIds.find(op.node);
    const auto value =
        op.node->outputs().size() == 1 ? ids.valueIds.find(op.node->output(0)) : ids.valueIds.end();
    if (!m_writer.quantizes || node == ids.nodeIds.end() || value == ids.valueIds.end() ||
        !m_fused.count(node->second))
        return;
    const auto planned = m_writer.request.plan.activations.find(value->second[0]);
    if (planned == m_writer.request.plan.activations.end())
        return;
    const QuantParams& params = planned->second.params;
    const bool isByte = !planned->second.dynamic && params.format == Format::Int &&
                        params.scale.size() == 1 && params.qmax - params.qmin <= 255 &&
                        params.rounding == Rounding::HalfEven;
    if (!isByte)
        return;
    const Range range = params.range();
    const bool cutsAtZero = params.zeroPoint.at(0) == params.qmin;
    const auto bound = upperBound(op);
    const bool cutsAbove = !bound || range.hi <= *bound * 1.001f;
    if (cutsAtZero && cutsAbove && params.qmax - params.qmin == 255) {
        m_writer.upper = range.hi;
        return;
    }
    m_writer.quantize(*op.in[0], planned->second, m_runner.graph().values.at(size_t(value->second[0])).name);
    op.in[0]->grid.reset(); // the activation's own quantizer follows
}

/// The upper end of a clip; empty for a ReLU.
std::optional<float> Interpreter::upperBound(const Op& op)
{
    const std::string kind = op.node->kind().toQualString();
    if (kind == "aten::relu6" || kind == "aten::relu6_")
        return 6.0f;
    const char* name = kind.starts_with("aten::hardtanh") ? "max_val"
                       : kind.starts_with("aten::clamp")  ? "max"
                                                          : nullptr;
    const c10::FunctionSchema* schema = op.node->maybeSchema();
    if (!name || !schema || !schema->argumentIndexWithName(name) || !op.has(name) ||
        !op.arg(name).isConstant() || !op.arg(name).at[0].isScalar())
        return {};
    return float(op.number(name));
}

bool carriesQuantizers(const std::string& type)
{
    static const std::set<std::string> carriers{"MaxPool", "Reshape",   "Transpose",
                                                "Squeeze", "Unsqueeze", "Slice"};
    return carriers.count(type) > 0;
}

/// Whether runtimes move quantizers across all nodes from `firstNode` on.
bool Interpreter::runtimesCarryGrid(int firstNode)
{
    const auto& nodes = m_writer.b.graph().node();
    return std::all_of(nodes.begin() + firstNode, nodes.end(),
                       [](const auto& node) { return carriesQuantizers(node.op_type()); });
}

void Interpreter::keepGrid(Term& term, const Grid& grid, bool isCarried)
{
    const bool isFree = term.isTensor && term.data && !term.grid && c10::isFloatingType(term.type);
    if (isFree && isCarried)
        term.grid = grid;
    else if (isFree)
        m_writer.keepGrid(term, grid);
    for (const TermPtr& element : term.elements)
        keepGrid(*element, grid, isCarried);
}

/// The value of a site has the name in the file that it has in the graph's description.
void Interpreter::nameValue(const jit::Value* value, Term& term, int firstNode)
{
    const auto& ids = m_runner.description().valueIds;
    const auto known = ids.find(value);
    if (known == ids.end() || known->second.size() != 1 || m_writer.b.inSubgraph() || term.name.empty())
        return;
    const std::string& wanted = m_runner.graph().values.at(size_t(known->second[0])).name;
    onnx::GraphProto& graph = m_writer.b.graph();
    const int last = graph.node_size();
    if (term.name == wanted || last == firstNode || graph.node(last - 1).output(0) != term.name ||
        graph.node(last - 1).op_type() == "DequantizeLinear" || !m_writer.b.take(wanted))
        return;
    *graph.mutable_node(last - 1)->mutable_output(0) = wanted;
    term.name = wanted;
}

void Interpreter::quantizeSites(const jit::Value* value, Term& term)
{
    if (!m_writer.quantizes)
        return;
    const auto& ids = m_runner.description().valueIds;
    const auto known = ids.find(value);
    if (known == ids.end() || known->second.size() != 1)
        return;
    quantizeSite(known->second[0], term);
}

void Interpreter::quantizeSite(ValueId id, Term& term)
{
    const auto planned = m_writer.request.plan.activations.find(id);
    if (planned != m_writer.request.plan.activations.end())
        m_writer.quantize(term, planned->second, m_runner.graph().values.at(size_t(id)).name);
}

} // namespace bitwright::onnx_write
