// SPDX-License-Identifier: GPL-3.0-or-later
// Takes over what forward reads and writes in its module: a stream's memory (prim::SetAttr), packed weights.
#include "core/torch/export_graph_p.h"
#include "core/torch/guard_p.h"
#include "core/torch/passes_p.h"

namespace bitwright {

namespace jit = torch::jit;
namespace prim = c10::prim;

namespace {

class StateKeeper {
public:
    StateKeeper(ModuleBuilder& builder, const jit::Module& original)
        : m_builder(builder)
        , m_original(original)
    {
    }

    void keep(jit::Block* block)
    {
        for (jit::Node* node : block->nodes()) {
            for (jit::Block* inner : node->blocks())
                keep(inner);
            keep(node);
        }
    }

private:
    void keep(jit::Node* node)
    {
        std::vector<std::string> path;
        const bool isAttribute = node->kind() == prim::GetAttr || node->kind() == prim::SetAttr;
        for (size_t i = 0; i < node->inputs().size(); ++i) {
            if (!attributePath(node->input(i), path) || !isModule(path))
                continue;
            if (!isAttribute || i != 0)
                refuse();
            keepAttribute(node, path);
        }
    }

    void keepAttribute(jit::Node* node, const std::vector<std::string>& path)
    {
        const std::string name = node->s(c10::attr::name);
        const auto owner = objectAt(path).toObject();
        const c10::IValue value = owner->getAttr(name);
        if (isModule(value))
            return; // on the way to what is read: dead once that has moved
        if (value.isObject() &&
            !value.toObjectRef().type()->name()->qualifiedName().starts_with("__torch__.torch.classes."))
            refuse();
        std::string full;
        for (const std::string& part : path)
            full += part + ".";
        node->replaceInput(0, m_builder.keep(full + name, owner->type()->getAttribute(name), value));
    }

    c10::IValue objectAt(const std::vector<std::string>& path) const
    {
        c10::IValue value = m_original._ivalue();
        for (const std::string& part : path)
            value = value.toObjectRef().getAttr(part);
        return value;
    }

    static bool isModule(const c10::IValue& value)
    {
        return value.isObject() && value.toObjectRef().type()->is_module();
    }
    bool isModule(const std::vector<std::string>& path) const { return isModule(objectAt(path)); }

    [[noreturn]] static void refuse()
    {
        throw Stop{{Error::Unsupported,
                    "This model hands its own modules or objects of its own classes around; a quantized "
                    "TorchScript file cannot take them over.",
                    {}}};
    }

    ModuleBuilder& m_builder;
    const jit::Module& m_original;
};

} // namespace

void ExportGraph::keepState(ModuleBuilder& builder, const jit::Module& original)
{
    StateKeeper(builder, original).keep(graph->block());
}

} // namespace bitwright
