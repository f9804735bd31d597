// SPDX-License-Identifier: GPL-3.0-or-later
// Branches and loops.
#include "core/torch/guard_p.h"
#include "core/torch/onnx_write/interpreter_p.h"

#include <ATen/ATen.h>
#include <torch/csrc/jit/ir/constants.h>

#include <functional>
#include <set>

namespace bitwright::onnx_write {
namespace jit = torch::jit;

namespace {

constexpr int64_t kMostUnrolled = 10000; ///< trips; a file of millions of nodes helps nobody

/// Of a value that is not defined yet.
c10::ScalarType elementType(const jit::Value* value)
{
    switch (value->type()->kind()) {
    case c10::TypeKind::IntType:
        return c10::kLong;
    case c10::TypeKind::BoolType:
        return c10::kBool;
    default:
        return c10::kFloat;
    }
}

bool isSizeOf(const jit::Node* node)
{
    static const std::set<std::string> kinds{"aten::size", "aten::dim", "aten::len", "aten::numel"};
    return kinds.count(node->kind().toQualString()) > 0;
}

} // namespace

void Interpreter::runIf(const Instruction& instruction)
{
    const jit::Node* node = instruction.node;
    const TermPtr condition = term(node->input(0));
    if (condition->anyData())
        return writeIf(instruction, *condition);
    nameOperator(node);
    if (!condition->isConstant())
        m_writer.refuse(
            "The model decides by the size of the batch, which ONNX files of this program cannot");
    const size_t taken = condition->at[0].toBool() ? 0 : 1;
    const Code& code = instruction.blocks[taken];
    run(code);
    const auto outputs = node->blocks()[taken]->outputs();
    for (size_t i = 0; i < instruction.outputs.size(); ++i) {
        m_terms[node->output(i)] = term(outputs[i]);
        for (size_t k = 0; k < 2; ++k)
            m_frames[k][size_t(instruction.outputs[i])] = m_executors[k].value(code.outputs[i], m_frames[k]);
    }
    for (const jit::Value* output : node->outputs())
        quantizeSites(output, *m_terms.at(output));
}

Terms Interpreter::branch(const Code& code, const jit::Block* block, onnx::GraphProto& graph)
{
    m_writer.b.open(&graph);
    run(code);
    m_writer.b.close();
    Terms outputs;
    for (const jit::Value* output : block->outputs())
        outputs.push_back(term(output));
    return outputs;
}

/// Every output of a subgraph is made by a node of its own, in the type of its counterpart. What one side
/// leaves undefined nobody reads: a zero stands for it.
void Interpreter::giveOutputs(onnx::GraphProto& graph,
                              const std::vector<std::pair<Term*, const Term*>>& terms)
{
    GraphBuilder& b = m_writer.b;
    b.open(&graph);
    for (const auto& [own, counterpart] : terms) {
        const std::string value = own->isNone()
                                      ? b.tensor(at::zeros({}, at::TensorOptions(counterpart->type)), {})
                                      : m_writer.nameAs(*own, counterpart->type);
        const std::string made = b.node("Identity", {value}, {}, m_writer.base + "/output");
        b.addValueInfo(graph.mutable_output(), made, onnxType(counterpart->type), {}, -1);
        if (counterpart->isTensor || counterpart->isNone())
            graph.mutable_output(graph.output_size() - 1)
                ->mutable_type()
                ->mutable_tensor_type()
                ->clear_shape();
    }
    b.close();
}

void Interpreter::writeIf(const Instruction& instruction, Term& condition)
{
    const jit::Node* node = instruction.node;
    onnx::GraphProto graphs[2];
    Terms made[2], shared;
    std::array<std::vector<c10::IValue>, 2> taken;
    for (size_t side = 0; side < 2; ++side) {
        made[side] = branch(instruction.blocks[side], node->blocks()[side], graphs[side]);
        shared.resize(made[side].size());
        for (size_t i = 0; i < made[side].size(); ++i) {
            if (shared[i] && !shared[i]->isNone())
                continue;
            shared[i] = made[side][i];
            for (size_t k = 0; k < 2; ++k) {
                taken[k].resize(made[side].size());
                taken[k][i] = m_executors[k].value(instruction.blocks[side].outputs[i], m_frames[k]);
            }
        }
    }
    nameOperator(node);
    m_writer.base += m_writer.base.ends_with("If") ? "" : "/If";
    for (size_t side = 0; side < 2; ++side) {
        std::vector<std::pair<Term*, const Term*>> outputs;
        for (size_t i = 0; i < made[side].size(); ++i)
            outputs.emplace_back(made[side][i].get(), shared[i].get());
        giveOutputs(graphs[side], outputs);
        graphs[side].set_name(m_writer.base + (side == 0 ? "/then" : "/else"));
    }
    const std::string value = m_writer.nameAs(condition, c10::kBool);
    const std::vector<std::string> names =
        m_writer.b.nodes("If", {value}, {{"then_branch", &graphs[0]}, {"else_branch", &graphs[1]}},
                         m_writer.base, made[0].size());
    for (size_t i = 0; i < names.size(); ++i) {
        const TermPtr out = describe(taken[0][i], taken[1][i], true);
        out->name = names[i];
        m_terms[node->output(i)] = out;
        for (size_t k = 0; k < 2; ++k)
            m_frames[k][size_t(instruction.outputs[i])] = taken[k][i];
        quantizeSites(node->output(i), *out);
    }
}

/// Whether the loop goes on depends on the elements of tensors.
bool Interpreter::breaksByData(const Instruction& instruction)
{
    const jit::Block* body = instruction.node->blocks()[0];
    std::set<const jit::Value*> seen;
    const std::function<bool(const jit::Value*)> depends = [&](const jit::Value* value) -> bool {
        if (!seen.insert(value).second)
            return false;
        if (value->node() == body->param_node()) {
            const size_t i = value->offset();
            return i > 0 && term(instruction.node->input(i + 1))->anyData();
        }
        if (m_terms.count(value) && value->node()->owningBlock() != body)
            return m_terms.at(value)->anyData();
        const jit::Node* node = value->node();
        if (isSizeOf(node) || node->kind() == c10::prim::Param)
            return false;
        for (const jit::Block* inner : node->blocks())
            for (const jit::Value* output : inner->outputs())
                if (depends(output))
                    return true;
        const auto inputs = node->inputs();
        return std::any_of(inputs.begin(), inputs.end(), depends);
    };
    return term(instruction.node->input(0))->anyData() || term(instruction.node->input(1))->anyData() ||
           depends(body->outputs()[0]);
}

void Interpreter::runLoop(const Instruction& instruction)
{
    if (breaksByData(instruction))
        writeLoop(instruction);
    else
        unroll(instruction);
    for (const jit::Value* output : instruction.node->outputs())
        quantizeSites(output, *m_terms.at(output));
}

void Interpreter::unroll(const Instruction& instruction)
{
    const jit::Node* node = instruction.node;
    const Code& code = instruction.blocks[0];
    const jit::Block* body = node->blocks()[0];
    const TermPtr trips = term(node->input(0));
    TermPtr goOn = term(node->input(1));
    Terms carried;
    std::array<std::vector<c10::IValue>, 2> values;
    for (size_t i = 2; i < node->inputs().size(); ++i) {
        carried.push_back(term(node->input(i)));
        for (size_t k = 0; k < 2; ++k)
            values[k].push_back(m_executors[k].value(instruction.inputs[i].slot, m_frames[k]));
    }
    nameOperator(node);
    for (int64_t trip = 0;; ++trip) {
        if (!trips->isConstant() || !goOn->isConstant() || trip > kMostUnrolled)
            m_writer.refuse("The model has a loop whose length follows the batch or is very long");
        if (!goOn->at[0].toBool() || trip >= trips->at[0].toInt())
            break;
        m_terms[body->inputs()[0]] = describe(trip, trip, false);
        for (size_t i = 0; i < carried.size(); ++i)
            m_terms[body->inputs()[1 + i]] = carried[i];
        for (size_t k = 0; k < 2; ++k) {
            m_frames[k][size_t(code.inputs[0])] = trip;
            for (size_t i = 0; i < carried.size(); ++i)
                m_frames[k][size_t(code.inputs[1 + i])] = values[k][i];
        }
        run(code);
        goOn = term(body->outputs()[0]);
        for (size_t i = 0; i < carried.size(); ++i) {
            carried[i] = term(body->outputs()[1 + i]);
            for (size_t k = 0; k < 2; ++k)
                values[k][i] = m_executors[k].value(code.outputs[1 + i], m_frames[k]);
        }
    }
    for (size_t i = 0; i < carried.size(); ++i) {
        m_terms[node->output(i)] = carried[i];
        for (size_t k = 0; k < 2; ++k)
            m_frames[k][size_t(instruction.outputs[i])] = values[k][i];
    }
}

void Interpreter::writeLoop(const Instruction& instruction)
{
    const jit::Node* node = instruction.node;
    const Code& code = instruction.blocks[0];
    const jit::Block* body = node->blocks()[0];
    nameOperator(node);
    const std::string base = m_writer.base.ends_with("Loop") ? m_writer.base : m_writer.base + "/Loop";
    std::vector<std::string> inputs{m_writer.nameAs(*term(node->input(0)), c10::kLong),
                                    m_writer.nameAs(*term(node->input(1)), c10::kBool)};
    onnx::GraphProto graph;
    graph.set_name(base + "/body");
    const auto parameter = [&](const jit::Value* inside, c10::IValue a, c10::IValue b) {
        const TermPtr made = describe(a, b, true);
        made->name = m_writer.b.unique(base + "/" + (inside ? inside->debugName() : "go_on"));
        const bool isTensor = inside && inside->type()->kind() == c10::TypeKind::TensorType;
        if (inside && a.isNone())
            made->type = elementType(inside);
        m_writer.b.addValueInfo(graph.mutable_input(), made->name, onnxType(made->type), {}, -1);
        if (isTensor) // the runtime wants to know that the others are scalars
            graph.mutable_input(graph.input_size() - 1)->mutable_type()->mutable_tensor_type()->clear_shape();
        if (inside)
            m_terms[inside] = made;
        return made;
    };
    parameter(body->inputs()[0], int64_t(0), int64_t(0));
    const TermPtr goOn = parameter(nullptr, true, true);
    Terms carried;
    for (size_t i = 2; i < node->inputs().size(); ++i) {
        const TermPtr outer = term(node->input(i));
        std::array<c10::IValue, 2> values;
        for (size_t k = 0; k < 2; ++k) {
            values[k] = m_executors[k].value(instruction.inputs[i].slot, m_frames[k]);
            m_frames[k][size_t(code.inputs[i - 1])] = values[k];
            m_frames[k][size_t(code.inputs[0])] = int64_t(0);
        }
        carried.push_back(parameter(body->inputs()[i - 1], values[0], values[1]));
        inputs.push_back(outer->isNone()
                             ? m_writer.b.tensor(at::zeros({}, at::TensorOptions(carried.back()->type)), {})
                             : m_writer.name(*outer));
    }
    const Terms made = branch(code, body, graph);
    m_writer.base = base;
    std::vector<std::pair<Term*, const Term*>> outputs{{made[0].get(), goOn.get()}};
    for (size_t i = 0; i < carried.size(); ++i)
        outputs.emplace_back(made[1 + i].get(), carried[i].get());
    giveOutputs(graph, outputs);
    const auto names = m_writer.b.nodes("Loop", inputs, {{"body", &graph}}, base, carried.size());
    for (size_t i = 0; i < carried.size(); ++i) {
        std::array<c10::IValue, 2> values;
        for (size_t k = 0; k < 2; ++k)
            m_frames[k][size_t(instruction.outputs[i])] = values[k] =
                m_executors[k].value(code.outputs[1 + i], m_frames[k]);
        const TermPtr out = describe(values[0], values[1], true);
        out->name = names[i];
        m_terms[node->output(i)] = out;
    }
}

} // namespace bitwright::onnx_write
