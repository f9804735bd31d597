// SPDX-License-Identifier: GPL-3.0-or-later
// Before: prim::If on dtypes, ranks, sizes, None-ness ("if mask is not None", "assert x.dim() == 3").
// After: the operators of the branch that the example run took.
// Condition: the If is outside loops, and its condition is derived from metadata, not from tensor values.
//
// This is what turns scripted attention (about 40 Ifs a layer) into plain linear, matmul and softmax.
#include "core/torch/passes_p.h"

#include <algorithm>
#include <set>
#include <string>

namespace bitwright {
namespace jit = torch::jit;
namespace {

const std::set<std::string>& metadataOperators()
{
    static const std::set<std::string> names = {
        "aten::dim",           "prim::dtype",     "prim::device",     "prim::is_cuda",
        "prim::is_quantized",  "prim::is_nested", "prim::is_mkldnn",  "prim::is_sparse",
        "prim::is_cpu",        "prim::is_mps",    "prim::is_xpu",     "prim::is_meta",
        "prim::is_vulkan",     "prim::is_ipu",    "prim::is_ort",     "prim::is_sparse_csr",
        "prim::requires_grad", "prim::layout",    "prim::isinstance", "aten::is_floating_point",
        "aten::is_complex",    "aten::__is__",    "aten::__isnot__",  "aten::is_contiguous",
        "aten::get_device",    "aten::is_signed"};
    return names;
}

const std::set<std::string>& sizeOperators()
{
    static const std::set<std::string> names = {"aten::size",   "aten::numel",    "aten::len",
                                                "aten::stride", "aten::sym_size", "aten::sym_numel"};
    return names;
}

bool holdsTensor(const c10::TypePtr& type)
{
    if (type->kind() == c10::TypeKind::TensorType)
        return true;
    const auto contained = type->containedTypes();
    return std::any_of(contained.begin(), contained.end(),
                       [](const c10::TypePtr& t) { return holdsTensor(t); });
}

bool isMutated(const jit::Value* value)
{
    if (value->type()->kind() != c10::TypeKind::ListType && value->type()->kind() != c10::TypeKind::DictType)
        return false;
    return std::any_of(value->uses().begin(), value->uses().end(), [](const jit::Use& use) {
        const c10::FunctionSchema* schema = use.user->maybeSchema();
        return schema && schema->is_mutable();
    });
}

class ConditionWalk {
public:
    bool dependsOnSizes = false;

    bool isMetadata(const jit::Value* value)
    {
        if (!m_seen.insert(value).second)
            return true;
        if (holdsTensor(value->type()) || isMutated(value))
            return false;
        const jit::Node* node = value->node();
        if (node->kind() == c10::prim::Param)
            return node->owningBlock() == value->owningGraph()->block();
        if (node->kind() == c10::prim::If)
            return isMetadataIf(node, value->offset());
        if (node->kind() == c10::prim::Loop || node->kind() == c10::prim::GetAttr)
            return false;
        const std::string kind = node->kind().toQualString();
        if (metadataOperators().count(kind))
            return true;
        if (kind == "aten::len" && node->input(0)->node()->kind() == c10::aten::size)
            return true; // len(x.shape) is the rank
        if (sizeOperators().count(kind) && holdsTensor(node->input(0)->type())) {
            dependsOnSizes = true;
            return true;
        }
        return std::all_of(node->inputs().begin(), node->inputs().end(),
                           [&](const jit::Value* input) { return isMetadata(input); });
    }

private:
    bool isMetadataIf(const jit::Node* node, size_t output)
    {
        return isMetadata(node->input(0)) && isMetadata(node->blocks()[0]->outputs()[output]) &&
               isMetadata(node->blocks()[1]->outputs()[output]);
    }

    std::set<const jit::Value*> m_seen;
};

class Splicer {
public:
    Splicer(const BranchRecord& record, const StopCheck& stop)
        : m_record(record)
        , m_stop(stop)
    {
    }

    SpliceOutcome outcome;

    void splice(jit::Block* block)
    {
        for (jit::Node* node = block->nodes().front(); node != block->return_node();) {
            m_stop.check();
            jit::Node* next = node->next();
            if (node->kind() == c10::prim::If) {
                if (const jit::Block* taken = branchOf(node)) {
                    next = replaceByBranch(node, const_cast<jit::Block*>(taken));
                } else {
                    for (jit::Block* inner : node->blocks())
                        splice(inner);
                }
            }
            node = next;
        }
    }

private:
    const jit::Block* branchOf(const jit::Node* node)
    {
        const auto taken = m_record.taken.find(node);
        if (taken == m_record.taken.end() || m_record.contradictory.count(node))
            return nullptr;
        bool dependsOnSizes = false;
        if (!isMetadataCondition(node->input(0), dependsOnSizes))
            return nullptr;
        outcome.dependsOnSizes |= dependsOnSizes;
        ++outcome.spliced;
        return node->blocks()[taken->second ? 0 : 1];
    }

    /// Returns the first node of the branch, so that Ifs inside it are looked at next.
    static jit::Node* replaceByBranch(jit::Node* node, jit::Block* taken)
    {
        jit::Node* before = node->prev();
        for (auto it = taken->nodes().begin(); it != taken->nodes().end();) {
            jit::Node* moved = *it;
            ++it;
            moved->moveBefore(node);
        }
        for (size_t i = 0; i < node->outputs().size(); ++i)
            node->output(i)->replaceAllUsesWith(taken->outputs()[i]);
        jit::Node* next = before->next() == node ? node->next() : before->next();
        node->destroy();
        return next;
    }

    const BranchRecord& m_record;
    const StopCheck& m_stop;
};

} // namespace

void BranchRecord::record(const jit::Node* node, bool value)
{
    const auto [entry, isNew] = taken.emplace(node, value);
    if (!isNew && entry->second != value)
        contradictory[node] = true;
}

bool isMetadataCondition(const jit::Value* condition, bool& dependsOnSizes)
{
    ConditionWalk walk;
    const bool metadata = walk.isMetadata(condition);
    dependsOnSizes = walk.dependsOnSizes;
    return metadata;
}

SpliceOutcome spliceBranches(LiftedGraph& lifted, const BranchRecord& record, const StopCheck& stop)
{
    Splicer splicer(record, stop);
    splicer.splice(lifted.graph->block());
    return splicer.outcome;
}

} // namespace bitwright
