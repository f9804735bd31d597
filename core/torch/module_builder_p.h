// SPDX-License-Identifier: GPL-3.0-or-later
// Builds a TorchScript module around a graph whose weights are inputs.
#pragma once

#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/ir/ir.h>

#include <map>
#include <memory>
#include <string>

namespace bitwright {

/// A new module under construction whose `forward` will be `graph`. Attributes are registered under their
/// full names ("layer1.0.conv1.weight" makes the submodules layer1 and 0), so the state_dict of the file
/// has the names of the original. Throws c10::Error.
class ModuleBuilder {
public:
    /// `graph` is changed: its first input (self) becomes the new module.
    explicit ModuleBuilder(std::shared_ptr<torch::jit::Graph> graph);

    enum class Kind { Parameter, Buffer, Attribute };
    /// Registers `value` (a tensor or a packed-weight object) and returns it as a value of the graph,
    /// defined before every node.
    torch::jit::Value* add(const std::string& name, const at::IValue& value, Kind kind);
    /// Registers an attribute that forward reads or writes itself (once, however often it is asked for);
    /// returns the module that owns it, as a value of the graph.
    torch::jit::Value* keep(const std::string& name, const c10::TypePtr& type, const at::IValue& value);
    /// Behind every attribute, before every node of the original graph.
    torch::jit::Node* start() const { return m_start; }
    /// Removes what nothing reads, makes `forward`, and writes the file.
    void save(const std::string& path, const std::string& provenance);

private:
    struct Part {
        torch::jit::Module module;
        torch::jit::Value* value;
    };
    Part& part(const std::string& path);

    std::shared_ptr<torch::jit::Graph> m_graph;
    std::shared_ptr<torch::jit::CompilationUnit> m_unit;
    std::map<std::string, Part> m_parts; ///< by module path; "" = root
    torch::jit::Node* m_start;           ///< removed by save(); attributes are fetched before it
};

} // namespace bitwright
