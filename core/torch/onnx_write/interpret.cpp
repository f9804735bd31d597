// SPDX-License-Identifier: GPL-3.0-or-later
// Executes the program on two example batches and writes each operator as it comes by. Loops and branches
// that sizes decide are unrolled on the way; what the data decides becomes If and Loop (control_flow.cpp).
#include "core/torch/guard_p.h"
#include "core/torch/metadata_reads_p.h"
#include "core/torch/onnx_write/interpreter_p.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/jit/ir/constants.h>

#include <algorithm>
#include <set>

namespace bitwright::onnx_write {
namespace jit = torch::jit;
namespace {

bool isEmpty(const std::string& kind)
{
    return kind == "prim::Print" || kind == "aten::warn" || kind == "prim::RaiseException";
}

std::string sentence(const std::string& kind)
{
    return "The operator " + kind + " has no form in ONNX files of this program";
}

} // namespace

Interpreter::Interpreter(Writer& writer, const InputPlan& inputs, const StopCheck& stop)
    : m_writer(writer)
    , m_stop(stop)
    , m_runner(writer.runner)
    , m_inputs(inputs)
    , m_program(*m_runner.model().program)
    , m_executors{Executor(m_program, stop), Executor(m_program, stop)}
{
    const ImportedModel& model = m_runner.model();
    if (model.fixedBatch)
        m_writer.batches = {1, 1};
    for (size_t i = 0; i < 2; ++i)
        m_frames[i] = m_executors[i].start(inputs.pack(inputs.example(m_writer.batches[i], 0)));
    for (const Layer& layer : m_runner.graph().layers) {
        m_layerOfNode[layer.node] = layer.name;
        const std::string activation = layer.activation.empty() ? "activation" : layer.activation;
        for (const NodeId fused : layer.fused) {
            m_layerOfNode[fused] = layer.name + "." + activation;
            m_fused.insert(fused);
        }
    }
}

void Interpreter::addParameters()
{
    const LiftedGraph& lifted = m_runner.model().lifted;
    for (size_t i = 0; i < lifted.parameters.size(); ++i) {
        const LiftedParameter& parameter = lifted.parameters[i];
        const auto planned = m_writer.request.plan.weights.find(parameter.name);
        const bool isQuantized = m_writer.quantizes && planned != m_writer.request.plan.weights.end() &&
                                 planned->second.format != Format::Float32;
        const TermPtr term = describe(parameter.tensor, parameter.tensor, isQuantized);
        term->parameter = parameter.name;
        m_terms[lifted.parameterValue(i)] = term;
    }
}

TermPtr Interpreter::term(const jit::Value* value)
{
    if (const auto known = m_terms.find(value); known != m_terms.end())
        return known->second;
    if (const auto constant = jit::toIValue(value))
        return m_terms[value] = describe(*constant, *constant, false);
    return describe(c10::IValue(), c10::IValue(), false);
}

Terms Interpreter::inputsOf(const jit::Node* node)
{
    Terms terms;
    for (const jit::Value* input : node->inputs())
        terms.push_back(term(input));
    return terms;
}

void Interpreter::nameOperator(const jit::Node* node)
{
    const auto& description = m_runner.description();
    const auto id = description.nodeIds.find(node);
    const auto layer = id == description.nodeIds.end() ? m_layerOfNode.end() : m_layerOfNode.find(id->second);
    const std::string scope = scopeOf(node);
    m_writer.layer = scope;
    if (layer != m_layerOfNode.end()) {
        m_writer.base = m_writer.layer = layer->second;
        return;
    }
    const OpTraits* traits = opTraits(node->kind().toQualString());
    const std::string label = traits ? std::string(traits->label) : node->kind().toUnqualString();
    m_writer.base = scope.empty() ? label : scope + "." + label;
}

void Interpreter::run(const Code& code)
{
    for (const Instruction& instruction : code.instructions) {
        m_stop.check();
        if (instruction.code == OpCode::If)
            runIf(instruction);
        else if (instruction.code == OpCode::Loop)
            runLoop(instruction);
        else
            runNode(instruction);
        for (Frame& frame : m_frames)
            Executor::finish(instruction, frame);
    }
}

void Interpreter::runNode(const Instruction& instruction)
{
    const jit::Node* node = instruction.node;
    const std::string kind = node->kind().toQualString();
    const Terms in = inputsOf(node);
    nameOperator(node);
    if (kind == "prim::SetAttr")
        m_writer.refuse("The model keeps a state between runs, which an ONNX file cannot");
    if (instruction.random)
        m_writer.refuse("The model draws random numbers (" + kind + "), which an ONNX file cannot repeat");
    if (isEmpty(kind))
        return;
    keepFromWriting(kind, in);
    for (size_t i = 0; i < 2; ++i)
        m_executors[i].step(instruction, m_frames[i]);
    const bool data = !readsMetadataOnly(kind) &&
                      std::any_of(in.begin(), in.end(), [](const TermPtr& term) { return term->anyData(); });
    const int firstNode = m_writer.b.graph().node_size();
    Op op{m_writer, node, in, {}};
    for (const int32_t slot : instruction.outputs)
        op.out.push_back(describe(m_frames[0][size_t(slot)], m_frames[1][size_t(slot)], data));
    if (!restructure(op, kind) && data)
        convert(op, kind);
    else if (!data)
        rebindInPlace(op, kind);
    for (size_t i = 0; i < node->outputs().size(); ++i) {
        m_terms[node->output(i)] = op.out[i];
        nameValue(node->output(i), *op.out[i], firstNode);
        quantizeSites(node->output(i), *op.out[i]);
    }
}

/// An operator that changes its input must not change what is known of it.
void Interpreter::keepFromWriting(const std::string& kind, const Terms& in)
{
    if (!kind.ends_with('_') || kind.ends_with("__") || in.empty() || !in[0]->isTensor || in[0]->data)
        return;
    for (c10::IValue& value : in[0]->at)
        value = value.toTensor().clone();
}

void Interpreter::convert(Op& op, const std::string& kind)
{
    const bool isInPlace = kind.ends_with('_') && !kind.ends_with("__");
    const Row* row = findRow(isInPlace ? kind.substr(0, kind.size() - 1) : kind);
    if (!row)
        m_writer.refuse(sentence(kind));
    if (isInPlace && writesPartOfAnother(op.node->input(0)))
        m_writer.refuse("The operator " + kind +
                        " changes a part of another tensor in place, which ONNX cannot");
    meetQuantizer(op);
    const int firstNode = m_writer.b.graph().node_size();
    row->convert(op, row->onnx);
    m_writer.upper.reset();
    if (row->moves && m_writer.quantizes && op.in[0]->grid)
        for (const TermPtr& out : op.out)
            keepGrid(*out, *op.in[0]->grid, runtimesCarryGrid(firstNode));
    rebindInPlace(op, kind);
}

/// An operator that changes its input: whoever reads that later gets the result.
void Interpreter::rebindInPlace(const Op& op, const std::string& kind)
{
    if (kind.ends_with('_') && !kind.ends_with("__") && !op.out.empty())
        m_terms[op.node->input(0)] = op.out[0];
}

/// True for a view whose base somebody reads later.
bool Interpreter::writesPartOfAnother(const jit::Value* value) const
{
    static const std::set<std::string> views{"aten::select",    "aten::slice",     "aten::narrow",
                                             "aten::view",      "aten::transpose", "aten::permute",
                                             "aten::unsqueeze", "aten::squeeze",   "aten::expand"};
    const jit::Node* node = value->node();
    if (!views.count(node->kind().toQualString()))
        return false;
    return node->input(0)->uses().size() > 1;
}

/// Lists, tuples, dictionaries, and what only hands a value on. False for everything else.
bool Interpreter::restructure(Op& op, const std::string& kind)
{
    const auto elements = [&](const Terms& terms) {
        for (size_t i = 0; i < op.out.size() && i < terms.size(); ++i)
            op.out[i] = terms[i];
    };
    if (kind == "prim::ListConstruct" || kind == "prim::TupleConstruct") {
        if (op.out[0]->isList)
            op.out[0]->elements = op.in;
    } else if (kind == "prim::DictConstruct") {
        for (size_t i = 0; op.out[0]->isList && i < op.out[0]->elements.size(); ++i)
            op.out[0]->elements[i] = op.in.at(2 * i + 1);
    } else if (kind == "prim::ListUnpack" || kind == "prim::TupleUnpack") {
        elements(op.in[0]->elements);
    } else if (kind == "prim::unchecked_cast" || kind == "prim::Enter" || kind == "prim::Exit") {
        elements({op.in[0]});
    } else if ((kind == "aten::__getitem__" || kind == "prim::TupleIndex") && op.in[0]->isList) {
        return item(op);
    } else if (kind == "prim::TupleSlice" || (kind == "aten::slice" && op.in[0]->isList)) {
        return part(op);
    } else if (kind == "aten::append" && (op.in[0]->isList || op.in[1]->isTensor)) {
        op.in[0]->isList = true;
        op.in[0]->elements.push_back(op.in[1]);
        elements({op.in[0]});
    } else if (kind == "aten::add" && op.in[0]->isList && op.in.size() == 2) {
        op.out[0]->elements = op.in[0]->elements;
        op.out[0]->elements.insert(op.out[0]->elements.end(), op.in[1]->elements.begin(),
                                   op.in[1]->elements.end());
    } else {
        return false;
    }
    return true;
}

/// A slice of a list or tuple.
bool Interpreter::part(Op& op)
{
    const Terms& all = op.in[0]->elements;
    const bool isTuple = op.node->hasAttribute(c10::attr::beg);
    const auto bound = [&](size_t i, int64_t fallback) {
        const c10::IValue& value = op.constant(i);
        return value.isInt()
                   ? std::clamp<int64_t>(value.toInt() + (value.toInt() < 0 ? int64_t(all.size()) : 0), 0,
                                         int64_t(all.size()))
                   : fallback;
    };
    const int64_t begin = isTuple ? op.node->i(c10::attr::beg) : bound(1, 0);
    const int64_t end = isTuple ? op.node->i(c10::attr::end) : bound(2, int64_t(all.size()));
    const int64_t step = isTuple ? 1 : op.constant(3).toInt();
    op.out[0]->isList = true;
    op.out[0]->elements.clear();
    for (int64_t i = begin; i < end; i += step)
        op.out[0]->elements.push_back(all.at(size_t(i)));
    return true;
}

bool Interpreter::item(Op& op)
{
    const Term& list = *op.in[0];
    const c10::IValue& key = op.constant(1);
    if (key.isInt()) {
        const int64_t count = int64_t(list.elements.size()),
                      i = key.toInt() < 0 ? key.toInt() + count : key.toInt();
        op.out[0] = list.elements.at(size_t(i));
        return true;
    }
    const std::string name = key.isString() ? key.toStringRef() : c10::str(key);
    for (size_t i = 0; i < list.keys.size(); ++i)
        if (list.keys[i] == name)
            op.out[0] = list.elements.at(i);
    return true;
}

} // namespace bitwright::onnx_write
