// SPDX-License-Identifier: GPL-3.0-or-later
// Before: prim::CallMethod / prim::CallFunction.
// After: the called graphs in place, every node stamped with the attribute path of the module it belongs to.
// Condition: the callee is TorchScript (a builtin C++ function stays a call).
//
// torch::jit::Inline does the same but keeps only class names of containers, so "enc.layers.0" and
// "enc.0" could not be told apart; paths are what users know their layers by.
#include "core/torch/passes_p.h"

#include <torch/csrc/jit/api/function_impl.h>

namespace bitwright {
namespace jit = torch::jit;
namespace {

constexpr size_t kMostNodes = 500000;

class Inliner {
public:
    Inliner(jit::Graph& graph, const jit::Module& module, const StopCheck& stop)
        : m_graph(graph)
        , m_module(module)
        , m_stop(stop)
    {
    }

    void inlineBlock(jit::Block* block)
    {
        for (jit::Node* node = block->nodes().front(); node != block->return_node();) {
            m_stop.check();
            jit::Graph* callee = nullptr;
            std::string scope = scopeOf(node);
            if (node->kind() == c10::prim::CallMethod)
                callee = method(node, scope);
            else if (node->kind() == c10::prim::CallFunction)
                callee = function(node);
            if (callee) {
                node = replaceCall(node, *callee, scope);
                continue;
            }
            for (jit::Block* inner : node->blocks())
                inlineBlock(inner);
            node = node->next();
        }
    }

private:
    jit::Graph* graphOf(jit::Function& function)
    {
        jit::GraphFunction* scripted = jit::tryToGraphFunction(function);
        return scripted ? scripted->graph().get() : nullptr;
    }

    jit::Graph* method(jit::Node* node, std::string& scope)
    {
        const std::string& name = node->s(c10::attr::name);
        std::vector<std::string> path;
        c10::ClassTypePtr type = node->input(0)->type()->cast<c10::ClassType>();
        if (attributePath(node->input(0), path)) {
            scope.clear();
            c10::IValue object = m_module._ivalue();
            for (const std::string& part : path) {
                scope += (scope.empty() ? "" : ".") + part;
                object = object.toObjectRef().getAttr(part);
            }
            type = object.toObjectRef().type(); // an interface is resolved by what is really there
        }
        return type && type->findMethod(name) ? graphOf(*type->findMethod(name)) : nullptr;
    }

    jit::Graph* function(jit::Node* node)
    {
        const auto type = node->input(0)->type()->cast<c10::FunctionType>();
        return type ? graphOf(*type->function()) : nullptr;
    }

    /// Returns the first node that was inserted (or the one behind the call when there is none).
    jit::Node* replaceCall(jit::Node* call, jit::Graph& callee, const std::string& scope)
    {
        const bool isFunction = call->kind() == c10::prim::CallFunction;
        const auto arguments = isFunction ? call->inputs().slice(1) : call->inputs();
        jit::Node* before = call->prev();
        {
            jit::WithInsertPoint point(call);
            const std::vector<jit::Value*> outputs = jit::insertGraph(m_graph, callee, arguments);
            for (size_t i = 0; i < outputs.size(); ++i)
                call->output(i)->replaceAllUsesWith(outputs[i]);
        }
        for (jit::Node* node = before->next(); node != call; node = node->next())
            stamp(node, scope);
        jit::Node* next = before->next() == call ? call->next() : before->next();
        call->destroy();
        return next;
    }

    void stamp(jit::Node* node, const std::string& scope)
    {
        if (++m_nodes > kMostNodes)
            throw Stop{{Error::Limit, "The model has more than 500,000 operators after inlining.", {}}};
        setScope(node, scope);
        for (jit::Block* block : node->blocks())
            for (jit::Node* inner : block->nodes())
                stamp(inner, scope);
    }

    jit::Graph& m_graph;
    const jit::Module& m_module;
    const StopCheck& m_stop;
    size_t m_nodes = 0;
};

} // namespace

std::string scopeOf(const jit::Node* node)
{
    const jit::ScopePtr scope = const_cast<jit::Node*>(node)->scope();
    return scope && !scope->isRoot() ? scope->name().toUnqualString() : std::string();
}

void setScope(jit::Node* node, const std::string& path)
{
    const auto root = c10::make_intrusive<jit::Scope>();
    node->setScope(path.empty() ? root : root->push(c10::Symbol::scope(path)));
}

bool attributePath(const jit::Value* value, std::vector<std::string>& path)
{
    const jit::Node* node = value->node();
    if (node->kind() == c10::prim::Param) {
        path.clear();
        return node->owningBlock() == value->owningGraph()->block() &&
               value == value->owningGraph()->inputs()[0];
    }
    if (node->kind() != c10::prim::GetAttr || !attributePath(node->input(0), path))
        return false;
    path.push_back(node->s(c10::attr::name));
    return true;
}

void inlineWithPaths(jit::Graph& graph, const jit::Module& module, const StopCheck& stop)
{
    Inliner(graph, module, stop).inlineBlock(graph.block());
}

} // namespace bitwright
