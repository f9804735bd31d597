// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/guard_p.h"
#include "core/torch/module_builder_p.h"

#include <torch/csrc/jit/passes/dead_code_elimination.h>

#include <fstream>
#include <sstream>

namespace bitwright {

namespace jit = torch::jit;
namespace aten = c10::aten;
namespace prim = c10::prim;

namespace {

/// Where the model's author had the source code is nobody's business, and a third of a small file.
void forgetSources(jit::Block* block)
{
    for (jit::Node* node : block->nodes()) {
        node->setSourceRange({});
        for (jit::Block* inner : node->blocks())
            forgetSources(inner);
    }
}

} // namespace

ModuleBuilder::ModuleBuilder(std::shared_ptr<jit::Graph> graph)
    : m_graph(std::move(graph))
    , m_unit(std::make_shared<jit::CompilationUnit>())
{
    jit::Module root(c10::QualifiedName("__torch__.bitwright.Model"), m_unit, true);
    root.register_attribute("training", c10::BoolType::get(), false);
    jit::Value* self = m_graph->inputs().at(0);
    self->setType(root.type());
    // Print has side effects, so it survives passes that remove dead code in between.
    m_start = m_graph->create(prim::Print, {}, 0);
    m_graph->prependNode(m_start);
    m_parts.emplace("", Part{root, self});
}

ModuleBuilder::Part& ModuleBuilder::part(const std::string& path)
{
    if (const auto found = m_parts.find(path); found != m_parts.end())
        return found->second;
    const size_t dot = path.rfind('.');
    Part& parent = part(dot == std::string::npos ? std::string() : path.substr(0, dot));
    const std::string name = dot == std::string::npos ? path : path.substr(dot + 1);
    jit::Module module(c10::QualifiedName("__torch__.bitwright.Part"), m_unit, true);
    module.register_attribute("training", c10::BoolType::get(), false);
    parent.module.register_module(name, module);
    jit::Node* get = m_graph->createGetAttr(parent.value, name);
    get->insertBefore(m_start);
    return m_parts.emplace(path, Part{module, get->output()}).first->second;
}

jit::Value* ModuleBuilder::add(const std::string& name, const at::IValue& value, Kind kind)
{
    const size_t dot = name.rfind('.');
    Part& owner = part(dot == std::string::npos ? std::string() : name.substr(0, dot));
    const std::string last = dot == std::string::npos ? name : name.substr(dot + 1);
    // A tensor's own type names its sizes; LibTorch's printer fails at attributes of such types.
    const c10::TypePtr type = value.isTensor() ? c10::TypePtr(c10::TensorType::get()) : value.type();
    if (kind == Kind::Attribute)
        owner.module.register_attribute(last, type, value);
    else
        owner.module.register_parameter(last, value.toTensor().detach(), kind == Kind::Buffer);
    jit::Node* get = m_graph->createGetAttr(owner.value, last);
    get->insertBefore(m_start);
    return get->output();
}

jit::Value* ModuleBuilder::keep(const std::string& name, const c10::TypePtr& type, const at::IValue& value)
{
    const size_t dot = name.rfind('.');
    Part& owner = part(dot == std::string::npos ? std::string() : name.substr(0, dot));
    const std::string last = dot == std::string::npos ? name : name.substr(dot + 1);
    if (!owner.module.hasattr(last))
        owner.module.register_attribute(last, type, value);
    return owner.value;
}

void ModuleBuilder::save(const std::string& path, const std::string& provenance)
{
    m_start->destroy();
    jit::EliminateDeadCode(m_graph);
    forgetSources(m_graph->block());
    m_graph->lint();
    jit::Module root = m_parts.at("").module;
    const c10::QualifiedName name(*root.type()->name(), "forward");
    root.type()->addMethod(m_unit->create_function(name, m_graph));
    // Through memory: LibTorch ends the process when a disk is full, and makes a path that it is given the
    // name of the folder inside the archive.
    std::ostringstream bytes;
    root.save(bytes, {{"bitwright.txt", provenance}});
    if (!(std::ofstream(path, std::ios::binary) << bytes.str()).flush())
        throw Stop{{Error::Io, "The file cannot be written; is the disk full?", path}};
}

} // namespace bitwright
