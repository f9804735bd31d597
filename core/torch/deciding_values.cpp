// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/describe_p.h"

#include <algorithm>

namespace bitwright {
namespace jit = torch::jit;
namespace {

using Values = std::unordered_set<const jit::Value*>;

bool onlyDecides(const jit::Value* value, const Values& deciding)
{
    return value->hasUses() &&
           std::all_of(value->uses().begin(), value->uses().end(), [&](const jit::Use& use) {
               const jit::Node* user = use.user;
               if (user->kind() == c10::prim::If)
                   return true;
               if (user->kind() == c10::prim::Loop)
                   return use.offset < 2; // trips, and whether to begin
               if (user->kind() == c10::prim::Return)
                   return use.offset == 0 && user->owningBlock()->owningNode() &&
                          user->owningBlock()->owningNode()->kind() == c10::prim::Loop; // whether to go on
               const std::string_view kind = user->kind().toQualString();
               const bool isInPlace = kind.ends_with('_') && !kind.ends_with("__");
               return user->blocks().empty() && !isInPlace &&
                      std::all_of(user->outputs().begin(), user->outputs().end(),
                                  [&](const jit::Value* output) { return deciding.count(output) > 0; });
           });
}

void visit(const jit::Block* block, Values& deciding)
{
    for (const jit::Node* node : block->nodes().reverse()) {
        for (const jit::Block* inner : node->blocks())
            visit(inner, deciding);
        for (const jit::Value* output : node->outputs())
            if (onlyDecides(output, deciding))
                deciding.insert(output);
    }
}

} // namespace

std::unordered_set<const jit::Value*> decidingValues(const jit::Graph& graph)
{
    Values deciding;
    visit(graph.block(), deciding);
    return deciding;
}

} // namespace bitwright
