// SPDX-License-Identifier: GPL-3.0-or-later
// The torch-free Graph of an imported model.
#pragma once

#include "core/graph/graph.h"
#include "core/torch/importer_p.h"

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace bitwright {

/// A Graph and where its values live in the program.
struct Description {
    Graph graph;
    std::vector<int32_t> slotOfValue;  ///< by ValueId; -1: an element of a tuple input
    std::vector<int32_t> stageOfValue; ///< by ValueId: index of the top-level instruction; -1: a model input
    std::unordered_map<const torch::jit::Node*, NodeId> nodeIds;
    std::unordered_map<const torch::jit::Value*, std::vector<ValueId>> valueIds;
};

Description describeModel(const ImportedModel& model, const StopCheck& stop);

/// Steps of describeModel.
struct ValueFacts {
    bool isTensor = false;
    c10::ScalarType type = c10::kFloat;
    Shape shape;
    bool operator==(const ValueFacts&) const = default;
};
/// What one example run says about each slot of the top level.
std::vector<ValueFacts> exampleFacts(const ImportedModel& model, int64_t batch, const StopCheck& stop,
                                     c10::IValue* output);
/// A parameter behind views: index, and whether its two last axes arrive swapped.
struct ParameterRead {
    int64_t index = -1;
    bool swapped = false;
};
ParameterRead parameterBehind(const LiftedGraph& lifted, const torch::jit::Value* value);
/// Parameters that a node reads directly, through views or as elements of lists.
std::vector<ParameterRead> parametersOf(const LiftedGraph& lifted, const torch::jit::Node* node);
void addLayers(const ImportedModel& model, Description& description);
/// What nothing but the conditions of branches and loops depends on; it never meets an integer kernel.
std::unordered_set<const torch::jit::Value*> decidingValues(const torch::jit::Graph& graph);
/// "name", "name#2", ...
std::string uniqueName(std::unordered_map<std::string, int>& used, const std::string& name);
/// Tensors of an output with their names: "" or tuple positions or dict keys, joined by dots.
void flattenTensors(const c10::IValue& value, const std::string& name,
                    std::vector<std::pair<std::string, at::Tensor>>& tensors);

} // namespace bitwright
