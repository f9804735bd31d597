// SPDX-License-Identifier: GPL-3.0-or-later
// Functions of TorchScript source as parts of the graph.
#include "core/torch/onnx/trace_p.h"

#include <torch/csrc/jit/api/compilation_unit.h>
#include <torch/csrc/jit/api/function_impl.h>
#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/passes/constant_propagation.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>
#include <torch/csrc/jit/passes/inliner.h>
#include <torch/csrc/jit/passes/loop_unrolling.h>
#include <torch/csrc/jit/passes/peephole.h>
#include <torch/csrc/jit/passes/remove_mutation.h>
#include <torch/jit.h>

#include <algorithm>
#include <mutex>

namespace bitwright::onnxin {
namespace jit = torch::jit;
namespace {

/// A function of a script with everything it calls in place. Compiled once.
std::shared_ptr<jit::Graph> functionGraph(const char* script, const std::string& function)
{
    static std::mutex mutex;
    static std::map<std::pair<const char*, std::string>, std::shared_ptr<jit::Graph>> graphs;
    static std::map<const char*, std::shared_ptr<jit::CompilationUnit>> units;
    const std::lock_guard lock(mutex);
    auto& graph = graphs[{script, function}];
    if (!graph) {
        auto& unit = units[script];
        if (!unit)
            unit = jit::compile(script);
        graph = jit::toGraphFunction(unit->get_function(function)).graph()->copy();
        jit::Inline(*graph);
    }
    return graph->copy();
}

void putKnown(const Trace& trace, jit::Graph& callee, const Args& args)
{
    const jit::WithInsertPoint point(*callee.nodes().begin());
    const auto become = [&](jit::Value* value, const c10::IValue& known) {
        value->replaceAllUsesWith(callee.insertConstant(known));
    };
    for (size_t i = 0; i < args.size(); ++i) {
        jit::Value* input = callee.inputs()[i];
        const auto* operand = std::get_if<Operand>(&args[i].value);
        if (const auto* value = std::get_if<c10::IValue>(&args[i].value))
            become(input, *value);
        else if (const auto* number = std::get_if<Number>(&args[i].value); number && number->isKnown())
            become(input, number->known);
        else if (operand && !*operand)
            become(input, c10::IValue());
        if (!operand || !*operand)
            continue;
        input->setType(c10::TensorType::get());
        for (const jit::Use& use : std::vector<jit::Use>(input->uses())) {
            const std::string kind = use.user->kind().toQualString();
            if (kind == "aten::dim")
                become(use.user->output(), trace.rank(*operand));
            else if (kind == "prim::dtype")
                become(use.user->output(), int64_t(trace.type(*operand)));
        }
    }
}

} // namespace

/// Ranks, types and known numbers become constants, and what depends on them alone disappears: loops over
/// axes, choices between variants.
void Trace::specialize(const std::shared_ptr<jit::Graph>& callee, const Args& args) const
{
    putKnown(*this, *callee, args);
    auto graph = callee;
    for (int i = 0; i < 2; ++i) {
        jit::ConstantPropagation(graph);
        jit::UnrollConstantLoops(graph);
        jit::RemoveListMutation(graph);
        jit::PeepholeOptimize(graph, true);
    }
    jit::ConstantPropagation(graph);
    jit::EliminateDeadCode(graph);
}

Operands Trace::callAll(const char* script, const std::string& function, const Args& args)
{
    const auto callee = functionGraph(script, function);
    specialize(callee, args);
    const auto insert = [&](jit::Graph& graph, bool folding) {
        std::vector<jit::Value*> inputs;
        for (const Arg& arg : args)
            inputs.push_back(insertArg(graph, arg, folding));
        std::vector<jit::Value*> results = jit::insertGraph(graph, *callee, inputs);
        if (results.size() == 1 && results[0]->type()->kind() == c10::TypeKind::TupleType) {
            jit::Node* unpack = graph.insertNode(graph.createTupleUnpack(results[0]));
            results.assign(unpack->outputs().begin(), unpack->outputs().end());
        }
        return results;
    };
    if (std::all_of(args.begin(), args.end(), [&](const Arg& arg) { return isKnown(arg); }))
        return constants(fold([&](jit::Graph& graph) { return insert(graph, true); }), args);
    Operands made;
    for (jit::Value* result : insertAndRun([&](jit::Graph& graph) { return insert(graph, false); }))
        made.push_back(operandOf(result));
    return made;
}

Operand Trace::call(const char* script, const std::string& function, const Args& args)
{
    return callAll(script, function, args).at(0);
}

} // namespace bitwright::onnxin
