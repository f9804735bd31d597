// SPDX-License-Identifier: GPL-3.0-or-later
// Passes of the importer: each takes the JIT graph a step closer to plain operators on named parameters.
#pragma once

#include "core/torch/guard_p.h"

#include <ATen/core/Tensor.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/ir/ir.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace bitwright {

/// A parameter or buffer that is an input of the graph.
struct LiftedParameter {
    std::string name; ///< first name in the order of the module's attributes
    at::Tensor tensor;
    bool isBuffer = false;
    std::vector<std::string> aliases; ///< further names of the same (tied) tensor
    bool derived = false;             ///< made by a pass: the module has no tensor that stands for it
};

/// A layer's parameters and the batch-norm behind it. Undefined tensors: there is none.
struct NormTensors {
    at::Tensor weight, bias;            ///< of the layer
    at::Tensor gamma, beta, mean, var;  ///< one value per channel
    double eps = 1e-5;
    int channelAxis = 0; ///< of the weight
};
/// gamma / sqrt(var + eps) per channel, in float64.
at::Tensor foldFactor(const NormTensors& tensors);
/// Weight and bias of the layer without its batch-norm, in the type of the weight; computed in float64.
std::pair<at::Tensor, at::Tensor> foldTensors(const NormTensors& tensors);

/// What foldBatchNorm took out of the graph, for training that wants it back.
struct FoldedNorm {
    std::string weight, bias; ///< parameters that hold the folded values
    bool hadBias = false;     ///< `bias` was there before
    std::string gamma, beta, mean, var; ///< names of the parameters and buffers that were folded; "" = none
    NormTensors tensors;      ///< before folding
    double momentum = 0.1;
    const torch::jit::Node* layer = nullptr; ///< whose output the batch-norm read
};

/// The forward graph with its parameters as inputs. Graph inputs: self, the `userInputs` inputs of
/// forward, then one per entry of `parameters`, in the same order.
struct LiftedGraph {
    std::shared_ptr<torch::jit::Graph> graph;
    size_t userInputs = 0;
    std::vector<LiftedParameter> parameters;
    std::vector<FoldedNorm> folded; ///< in the order of folding

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
    std::unordered_map<const torch::jit::Node*, size_t> normRanks; ///< of what each batch-norm gave
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

/// `wanted`, with a number behind it when a parameter has that name.
std::string freeName(const LiftedGraph& lifted, const std::string& wanted);
/// Tensor constants in weight positions become parameters named by operator and number (conv2d_1.weight).
void liftConstants(LiftedGraph& lifted, const StopCheck& stop);
/// Values computed from parameters alone (weight_norm) that end in a weight position become parameters.
void materializeWeights(LiftedGraph& lifted, const StopCheck& stop);
/// Replaces the fused transformer kernels by the plain operators they stand for.
void decomposeFusedAttention(LiftedGraph& lifted, const StopCheck& stop);
/// Parameters and type conversions of float16 become float32, for processors without float16 kernels.
void widenHalf(LiftedGraph& lifted);
/// conv_transpose, or a convolution whose flag says so; nothing when the flag is not known.
std::optional<bool> isTransposedConv(const torch::jit::Node* node);
/// Folds a batch-norm only where the type of its result says its rank: the layer's output channels must lie
/// along axis 1, as the batch-norm's do.
void foldBatchNorm(LiftedGraph& lifted, const StopCheck& stop);

} // namespace bitwright
