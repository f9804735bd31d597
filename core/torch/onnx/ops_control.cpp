// SPDX-License-Identifier: GPL-3.0-or-later
// Control flow: If, Loop, Scan.
#include "core/torch/onnx/reader_p.h"
#include "core/torch/onnx/simple_rows_p.h"

#include <ATen/ATen.h>

#include <functional>
#include <limits>

namespace bitwright::onnxin {
namespace jit = torch::jit;
namespace {

struct Step {
    Number goOn = Number(c10::IValue(true));
    Operands states, collected;
};
using Body = std::function<Step(const Number& index, const Operands& states)>;

std::vector<c10::IValue> samples(const Trace& trace, const c10::IValue& value)
{
    return std::vector<c10::IValue>(trace.examples(), value);
}

/// prim::Loop around `body`; the final states, then what each step collected, stacked along a new first axis.
Operands makeLoop(Call& call, const Number& trips, const Number& start, const Operands& first,
                  const Body& body)
{
    Trace& trace = call.trace;
    jit::Graph& graph = trace.graph();
    std::vector<jit::Value*> inputs = {trace.valueOf(trips), trace.valueOf(start)};
    Operands initial;
    for (const Operand& state : first) {
        initial.push_back(trace.asGraph(state));
        inputs.push_back(initial.back().value);
    }
    jit::Node* loop = graph.create(c10::prim::Loop, inputs, 0);
    jit::Block* block = loop->addBlock();
    jit::Value* counter = block->addInput()->setType(c10::IntType::get());
    {
        jit::WithInsertPoint inside(block);
        const Number index = trace.declareNumber(counter, samples(trace, int64_t(0)), true);
        Operands states;
        for (const Operand& state : initial) {
            jit::Value* carried = block->addInput()->setType(c10::TensorType::get());
            states.push_back(trace.declare(carried, trace.samplesOf(state.value), true));
            states.back().elemType = state.elemType;
        }
        const Step step = body(index, states);
        if (step.states.size() != states.size())
            call.fail("has a body with another number of states");
        block->registerOutput(trace.valueOf(step.goOn));
        for (const Operand& state : step.states)
            block->registerOutput(trace.asGraph(state).value);
        for (const Operand& part : step.collected) {
            // A list would have to grow in place; an empty tensor takes any shape when it is joined.
            const at::Tensor none = at::empty({0}, trace.type(part));
            jit::Value* gathered = block->addInput()->setType(c10::TensorType::get());
            const Operand before = trace.declare(gathered, samples(trace, none), true);
            const Operand row = trace.emit("aten::unsqueeze", {trace.asGraph(part), 0});
            block->registerOutput(trace.emit("aten::cat", {Operands{before, row}, 0}).value);
            initial.push_back(constant(none));
        }
    }
    for (size_t i = first.size(); i < initial.size(); ++i)
        loop->addInput(graph.insertConstant(initial[i].tensor));
    for (size_t i = 0; i < initial.size(); ++i)
        loop->addOutput()->setType(c10::TensorType::get());
    graph.insertNode(loop);
    return trace.run(loop, true);
}

Number conditionOf(Call& call, const Operand& operand)
{
    const Numbers numbers = call.trace.numbersOf(operand);
    if (numbers.size() != 1)
        call.fail("has a condition that is not one value");
    if (numbers[0].isKnown())
        return Number(c10::IValue(numbers[0].toInt() != 0));
    return numbers[0];
}

Operands loop(Call& call)
{
    const onnx::GraphProto& body = call.graph("body");
    const Number trips =
        call.has(0) ? call.trace.numbersOf(call.in(0)).at(0) : Number(std::numeric_limits<int64_t>::max());
    const Number start = call.has(1) ? conditionOf(call, call.in(1)) : Number(c10::IValue(true));
    const size_t count = call.inputs.size() > 2 ? call.inputs.size() - 2 : 0;
    Operands states;
    for (size_t i = 0; i < count; ++i)
        states.push_back(call.required(2 + i));
    return makeLoop(call, trips, start, states, [&](const Number& index, const Operands& carried) {
        Operands inputs = {call.trace.shapeOperand({index}, {}),
                           constant(at::scalar_tensor(true, at::kBool))};
        inputs.insert(inputs.end(), carried.begin(), carried.end());
        const Operands made = call.reader.readBody(body, inputs);
        if (made.size() < 1 + count)
            call.fail("has a body with too few outputs");
        Step step;
        step.goOn = conditionOf(call, made[0]);
        step.states.assign(made.begin() + 1, made.begin() + 1 + int64_t(count));
        step.collected.assign(made.begin() + 1 + int64_t(count), made.end());
        return step;
    });
}

/// The listed axis or direction of element `i`, or 0.
int64_t at(const std::vector<int64_t>& list, size_t i)
{
    return i < list.size() ? list[i] : 0;
}

Operands scanOnce(Call& call, const Operands& inputs)
{
    const onnx::GraphProto& body = call.graph("body");
    Trace& trace = call.trace;
    const size_t scanned = size_t(call.i("num_scan_inputs", 1));
    if (scanned == 0 || scanned > inputs.size())
        call.fail("scans more inputs than it has");
    const size_t count = inputs.size() - scanned;
    const bool old = call.version < 9;
    const auto axes = old ? std::vector<int64_t>() : call.ints("scan_input_axes");
    const auto directions = call.ints(old ? "directions" : "scan_input_directions");
    Operands sources(inputs.begin() + int64_t(count), inputs.end());
    for (size_t i = 0; i < scanned; ++i)
        if (at(directions, i))
            sources[i] = trace.emit("aten::flip", {sources[i], std::vector<int64_t>{at(axes, i)}});
    const Number trips = trace.dim(sources[0], call.axisOf(at(axes, 0), trace.rank(sources[0])));
    const Operands states(inputs.begin(), inputs.begin() + int64_t(count));
    for (Operand& source : sources)
        source = trace.asGraph(source);
    Operands made = makeLoop(
        call, trips, Number(c10::IValue(true)), states, [&](const Number& index, const Operands& carried) {
            Operands given = carried;
            for (size_t i = 0; i < scanned; ++i)
                given.push_back(trace.emit("aten::select", {sources[i], at(axes, i), index}));
            const Operands results = call.reader.readBody(body, given);
            if (results.size() < count)
                call.fail("has a body with too few outputs");
            Step step;
            step.states.assign(results.begin(), results.begin() + int64_t(count));
            step.collected.assign(results.begin() + int64_t(count), results.end());
            return step;
        });
    const auto outAxes = old ? std::vector<int64_t>() : call.ints("scan_output_axes");
    const auto outDirections = old ? std::vector<int64_t>() : call.ints("scan_output_directions");
    for (size_t i = count; i < made.size(); ++i) {
        if (at(outDirections, i - count))
            made[i] = trace.emit("aten::flip", {made[i], std::vector<int64_t>{0}});
        if (const int64_t axis = at(outAxes, i - count))
            made[i] = trace.emit("aten::movedim", {made[i], 0, axis});
    }
    return made;
}

/// Before version 9 every input had a batch axis in front.
Operands scan(Call& call)
{
    if (call.version >= 9)
        return scanOnce(call, call.inputs);
    if (call.has(0))
        call.fail("has sequence lengths, which are not supported");
    const Operands inputs(call.inputs.begin() + 1, call.inputs.end());
    const Number batch = call.trace.dim(inputs.at(0), 0);
    constexpr int64_t kMost = 64;
    if (!batch.isKnown() || batch.toInt() > kMost)
        call.fail("has a batch of any size, which is not supported");
    std::vector<Operands> results;
    for (int64_t i = 0; i < batch.toInt(); ++i) {
        Operands one;
        for (const Operand& input : inputs)
            one.push_back(call.trace.emit("aten::select", {input, 0, i}));
        results.push_back(scanOnce(call, one));
    }
    Operands made;
    for (size_t k = 0; !results.empty() && k < results[0].size(); ++k) {
        Operands rows;
        for (const Operands& result : results)
            rows.push_back(result[k]);
        made.push_back(call.trace.emit("aten::stack", {rows, 0}));
    }
    return made;
}

Operands branch(Call& call)
{
    const Number condition = conditionOf(call, call.required(0));
    const onnx::GraphProto* bodies[] = {&call.graph("then_branch"), &call.graph("else_branch")};
    if (condition.isKnown())
        return call.reader.readBody(*bodies[condition.toInt() ? 0 : 1], {});
    Trace& trace = call.trace;
    jit::Node* node = trace.graph().create(c10::prim::If, {condition.value}, 0);
    for (const onnx::GraphProto* body : bodies) {
        jit::Block* block = node->addBlock();
        jit::WithInsertPoint inside(block);
        for (const Operand& made : call.reader.readBody(*body, {}))
            block->registerOutput(trace.asGraph(made).value);
    }
    if (node->blocks()[0]->outputs().size() != node->blocks()[1]->outputs().size())
        call.fail("has branches with different numbers of outputs");
    for (size_t i = 0; i < node->blocks()[0]->outputs().size(); ++i)
        node->addOutput()->setType(c10::TensorType::get());
    trace.graph().insertNode(node);
    return trace.run(node, true);
}

constexpr Row kControlRows[] = {{"If", branch}, {"Loop", loop}, {"Scan", scan}};

} // namespace

std::span<const Row> controlRows()
{
    return kControlRows;
}

} // namespace bitwright::onnxin
