// Passes of the importer: each takes the JIT graph a step closer to plain operators on named parameters.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/torch/guard_p.h"

#include <ATen/core/Tensor.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/ir/ir.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace bitwright {

/// A parameter or buffer that is an input of the graph.
struct LiftedParameter {
    std::string name; ///< first name in the order of the module's attributes
    at::Tensor tensor;
    bool isBuffer = false;
    std::vector<std::string> aliases; ///< further names of the same (tied) tensor
};

/// The forward graph with its parameters as inputs. Graph inputs: self, the `userInputs` inputs of
/// forward, then one per entry of `parameters`, in the same order.
struct LiftedGraph {
    std::shared_ptr<torch::jit::Graph> graph;
    size_t userInputs = 0;
    std::vector<LiftedParameter> parameters;

    torch::jit::Value* parameterValue(size_t i) const { return graph->inputs()[1 + userInputs + i]; }
    /// Index into `parameters`, or -1 when `value` is no parameter.
    int64_t parameterIndex(const torch::jit::Value* value) const;
    size_t addParameter(LiftedParameter parameter);
    /// Drops parameters that nothing reads.
    void removeUnusedParameters();
};

/// Replaces every call by the called graph, and stamps each node with the module path that executes it
/// (its scope). Throws Stop when the graph explodes.
void inlineWithPaths(torch::jit::Graph& graph, const torch::jit::Module& module, const StopCheck& stop);

/// Turns attribute reads into named inputs (tensors) or constants (the rest). Attributes that the graph
/// itself writes, and objects of custom classes, stay reads of `self`.
LiftedGraph liftParameters(std::shared_ptr<torch::jit::Graph> graph, const torch::jit::Module& module,
                           const StopCheck& stop);
/// The module path that made `node`, "" for the root.
std::string scopeOf(const torch::jit::Node* node);
void setScope(torch::jit::Node* node, const std::string& path);
/// Parents and name of the object behind a chain of GetAttr, or false when `value` is something else.
bool attributePath(const torch::jit::Value* value, std::vector<std::string>& path);

/// Constant folding, dead code, dropout, mutation: repeated after every pass that opens possibilities.
void cleanUp(std::shared_ptr<torch::jit::Graph>& graph, const StopCheck& stop);
/// addmm and matmul + t become linear; in-place operators become functional where that is provably safe.
void normalize(LiftedGraph& lifted, const StopCheck& stop);

/// What each If of an example run decided; an If that decided both ways is absent from `taken`.
struct BranchRecord {
    std::unordered_map<const torch::jit::Node*, bool> taken;
    std::unordered_map<const torch::jit::Node*, bool> contradictory;
    void record(const torch::jit::Node* node, bool value);
};
struct SpliceOutcome {
    size_t spliced = 0;
    bool dependsOnSizes = false; ///< a branch was chosen by the sizes of a tensor
};
/// Replaces every If outside loops whose condition depends on metadata only by the branch that was taken.
SpliceOutcome spliceBranches(LiftedGraph& lifted, const BranchRecord& record, const StopCheck& stop);
/// True when the condition of an If is derived from constants, dtypes, ranks, sizes, but no tensor values.
bool isMetadataCondition(const torch::jit::Value* condition, bool& dependsOnSizes);

/// Tensor constants in weight positions become parameters named by operator and number (conv2d_1.weight).
void liftConstants(LiftedGraph& lifted, const StopCheck& stop);
/// Values computed from parameters alone (weight_norm) that end in a weight position become parameters.
void materializeWeights(LiftedGraph& lifted, const StopCheck& stop);
/// Replaces the fused transformer kernels by the plain operators they stand for.
void decomposeFusedAttention(LiftedGraph& lifted, const StopCheck& stop);
/// Parameters and type conversions of float16 become float32, for processors without float16 kernels.
void widenHalf(LiftedGraph& lifted);
void foldBatchNorm(LiftedGraph& lifted, const StopCheck& stop);

} // namespace bitwright
