// SPDX-License-Identifier: GPL-3.0-or-later
// What both TorchScript writers share: the graph to write, and where each site of the plan lies in it.
#pragma once

#include "core/base/progress.h"
#include "core/run/backend.h"
#include "core/torch/module_builder_p.h"

#include <map>
#include <string>
#include <vector>

namespace bitwright {

class TorchRunner;

/// A private copy of a model's graph with the plan to be written into it. Parameters are graph inputs until
/// a writer binds each to what it stores. All members throw Stop or c10::Error.
struct ExportGraph {
    std::shared_ptr<torch::jit::Graph> graph;
    std::map<ValueId, torch::jit::Value*> values;         ///< described values
    std::map<ValueId, DType> types;                       ///< their elements, where not float32
    std::map<NodeId, torch::jit::Node*> nodes;            ///< described nodes
    std::map<std::string, torch::jit::Value*> parameters; ///< graph inputs by parameter name
    std::vector<std::string> notes;                       ///< what could not be written, one sentence each

    /// Registers what the graph still reads of or writes into its module, with the values of the file that
    /// was opened. Throws Stop(Unsupported) for modules that are passed around as values.
    void keepState(ModuleBuilder& builder, const torch::jit::Module& original);
    /// Makes `attribute` what reads of the parameter get, and removes the input.
    void bind(const std::string& parameter, torch::jit::Value* attribute);
    /// Removes dead code and the parameters that only it read.
    void dropUnread();
    /// Registers every parameter that is still an input, fake-quantized under `plan`.
    void bindFloatParameters(ModuleBuilder& builder, const TorchRunner& runner, const ResolvedPlan& plan,
                             Progress& progress);
    /// Puts a fake quantizer behind a value and makes everything behind it read the result. Formats that no
    /// LibTorch operator computes stay float, with a note.
    void fakeQuantize(ModuleBuilder& builder, ValueId id, const ActivationQuantizer& quantizer,
                      const std::string& site);
};

/// The copy, with a note when the model decides by sizes: the copy holds the way that the example took.
ExportGraph copyForExport(const TorchRunner& runner);

} // namespace bitwright
