// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/dead_code_p.h"
#include "core/torch/dict_mutation_p.h"
#include "core/torch/passes_p.h"

#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/passes/constant_propagation.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>
#include <torch/csrc/jit/passes/eliminate_no_ops.h>
#include <torch/csrc/jit/passes/fuse_linear.h>
#include <torch/csrc/jit/passes/lower_tuples.h>
#include <torch/csrc/jit/passes/peephole.h>
#include <torch/csrc/jit/passes/remove_dropout.h>
#include <torch/csrc/jit/passes/remove_mutation.h>

#include <algorithm>
#include <functional>

namespace bitwright {
namespace jit = torch::jit;
namespace {

constexpr size_t kManyNodes = 4000;

bool hasMutation(const jit::Block* block)
{
    return std::any_of(block->nodes().begin(), block->nodes().end(), [](const jit::Node* node) {
        const c10::FunctionSchema* schema = node->maybeSchema();
        return (schema ? schema->is_mutable() : node->kind() == c10::prim::SetAttr) ||
               std::any_of(node->blocks().begin(), node->blocks().end(), hasMutation);
    });
}

/// Dropout with the probability 0, as torchvision's shifted windows have it even in eval mode, draws nothing.
void removeIdleDropout(jit::Block* block)
{
    for (jit::Node* node : block->nodes()) {
        for (jit::Block* inner : node->blocks())
            removeIdleDropout(inner);
        const bool isDropout =
            node->kind() == c10::aten::dropout || node->kind() == c10::aten::feature_dropout;
        const auto p = isDropout ? jit::constant_as<double>(node->input(1)) : c10::nullopt;
        if (p && *p == 0)
            node->output()->replaceAllUsesWith(node->input(0)); // dead code from here on
    }
}

/// Thousands of nodes and nothing that changes a tensor or list in place: LibTorch's passes begin with an
/// analysis of aliases, which takes seconds then and finds nothing.
bool isManyPureNodes(const jit::Graph& graph)
{
    const auto nodes = graph.block()->nodes();
    return size_t(std::distance(nodes.begin(), nodes.end())) > kManyNodes && !hasMutation(graph.block());
}

} // namespace

void dropDeadCode(const std::shared_ptr<jit::Graph>& graph)
{
    if (isManyPureNodes(*graph))
        jit::EliminateDeadCode(graph->block());
    else
        jit::EliminateDeadCode(graph);
}

void cleanUp(std::shared_ptr<jit::Graph>& graph, const StopCheck& stop)
{
    const auto step = [&](auto&& pass) {
        stop.check();
        pass();
    };
    if (isManyPureNodes(*graph)) {
        step([&] { jit::ConstantPropagationImmutableTypes(graph); });
    } else {
        step([&] { jit::RemoveListMutation(graph); });
        step([&] { removeDictMutation(graph->block()); });
        step([&] { jit::PeepholeOptimize(graph, /*disable_shape_peepholes=*/true); });
        step([&] { jit::ConstantPropagation(graph); });
    }
    step([&] { jit::removeDropout(graph); });
    step([&] { removeIdleDropout(graph->block()); });
    step([&] { dropDeadCode(graph); });
    step([&] { jit::EliminateNoOps(graph); });
    step([&] { jit::LowerSimpleTuples(graph->block()); });
    step([&] { dropDeadCode(graph); });
}

void widenHalf(LiftedGraph& lifted)
{
    for (LiftedParameter& parameter : lifted.parameters)
        if (parameter.tensor.scalar_type() == c10::kHalf)
            parameter.tensor = parameter.tensor.detach().to(c10::kFloat).requires_grad_(!parameter.isBuffer);
    const std::function<void(jit::Block*)> visit = [&](jit::Block* block) {
        for (jit::Node* node : block->nodes()) {
            for (jit::Block* inner : node->blocks())
                visit(inner);
            if (!node->maybeSchema() || !node->hasNamedInput("dtype"))
                continue;
            const auto type = jit::toIValue(node->namedInput("dtype"));
            if (!type || !type->isInt() || type->toInt() != int64_t(c10::kHalf))
                continue;
            jit::WithInsertPoint point(node);
            jit::Value* wide = lifted.graph->insertConstant(int64_t(c10::kFloat));
            node->replaceInputWith(node->namedInput("dtype"), wide);
        }
    };
    visit(lifted.graph->block());
}

void normalize(LiftedGraph& lifted, const StopCheck& stop)
{
    stop.check();
    // In 16-bit arithmetic aten::linear rounds elsewhere than addmm and matmul do.
    const bool isShort =
        std::any_of(lifted.parameters.begin(), lifted.parameters.end(), [](const LiftedParameter& p) {
            return p.tensor.is_floating_point() && p.tensor.element_size() < 4;
        });
    if (!isShort)
        jit::FuseLinear(lifted.graph);
    stop.check();
    jit::RemoveTensorMutation(lifted.graph);
    stop.check();
    dropDeadCode(lifted.graph);
}

} // namespace bitwright
