// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/dict_mutation_p.h"

#include <torch/csrc/jit/ir/constants.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace bitwright {

namespace jit = torch::jit;

namespace {

using Entries = std::vector<std::pair<c10::IValue, jit::Value*>>;

bool isKind(const jit::Node* node, std::string_view kind)
{
    return node->kind().toQualString() == kind;
}

/// A constant, or what a constant dictionary holds under one.
std::optional<c10::IValue> known(const jit::Value* value)
{
    if (const auto constant = jit::toIValue(value))
        return constant;
    const jit::Node* read = value->node();
    if (!isKind(read, "aten::__getitem__"))
        return std::nullopt;
    const auto table = jit::toIValue(read->input(0)), key = jit::toIValue(read->input(1));
    if (!table || !table->isGenericDict() || !key || !table->toGenericDict().contains(*key))
        return std::nullopt;
    return table->toGenericDict().at(*key);
}

/// Nodes that fill the dictionary, in order; nothing when something else reads it in between or it is filled
/// in branches or under keys that are not known.
std::vector<jit::Node*> settersOf(jit::Node* made)
{
    std::vector<jit::Node*> setters;
    for (const jit::Use& use : made->output()->uses())
        if (isKind(use.user, "aten::_set_item") && use.offset == 0)
            setters.push_back(use.user);
    std::sort(setters.begin(), setters.end(),
              [](const jit::Node* a, const jit::Node* b) { return a != b && a->isBefore(b); });
    for (const jit::Node* setter : setters)
        if (setter->owningBlock() != made->owningBlock() || !known(setter->input(1)))
            return {};
    for (const jit::Use& use : made->output()->uses())
        if (!setters.empty() && use.user->isBefore(setters.back()) &&
            std::find(setters.begin(), setters.end(), use.user) == setters.end())
            return {};
    return setters;
}

std::optional<Entries> entriesOf(const jit::Node* made, const std::vector<jit::Node*>& setters)
{
    Entries entries;
    for (size_t i = 0; i + 1 < made->inputs().size(); i += 2) {
        const auto key = known(made->input(i));
        if (!key)
            return std::nullopt;
        entries.emplace_back(*key, made->input(i + 1));
    }
    for (const jit::Node* setter : setters) {
        const c10::IValue key = *known(setter->input(1));
        const auto old = std::find_if(entries.begin(), entries.end(),
                                      [&](const auto& entry) { return entry.first == key; });
        if (old != entries.end())
            old->second = setter->input(2);
        else
            entries.emplace_back(key, setter->input(2));
    }
    return entries;
}

jit::Node* madeAtOnce(jit::Node* made, const std::vector<jit::Node*>& setters, const Entries& entries)
{
    const jit::WithInsertPoint here(setters.back()->next());
    const auto type = made->output()->type()->expect<c10::DictType>();
    std::vector<jit::Value*> keys, values;
    for (const auto& [key, value] : entries) {
        keys.push_back(made->owningGraph()->insertConstant(key));
        values.push_back(value);
    }
    jit::Node* whole = made->owningGraph()->insertNode(
        made->owningGraph()->createDict(type->getKeyType(), type->getValueType(), keys, values));
    whole->output()->setType(type);
    whole->setScope(made->scope());
    for (jit::Node* setter : setters)
        setter->destroy();
    made->output()->replaceAllUsesWith(whole->output());
    made->destroy();
    return whole;
}

void readDirectly(jit::Node* made, const Entries& entries)
{
    constexpr std::string_view readers[] = {"aten::__getitem__", "aten::keys", "aten::values",
                                            "aten::items",       "aten::len",  "aten::__contains__",
                                            "prim::Return"};
    std::vector<jit::Node*> reads;
    for (const jit::Use& use : made->output()->uses()) {
        if (std::none_of(std::begin(readers), std::end(readers),
                         [&](std::string_view kind) { return isKind(use.user, kind); }))
            return; // it may still be changed
        if (isKind(use.user, "aten::__getitem__"))
            reads.push_back(use.user);
    }
    for (jit::Node* read : reads)
        for (const auto& [key, value] : entries)
            if (known(read->input(1)) == key) {
                read->output()->replaceAllUsesWith(value);
                read->destroy();
                break;
            }
}

} // namespace

void removeDictMutation(jit::Block* block)
{
    std::vector<jit::Node*> made;
    for (jit::Node* node : block->nodes()) {
        for (jit::Block* inner : node->blocks())
            removeDictMutation(inner);
        if (node->kind() == c10::prim::DictConstruct ||
            (isKind(node, "aten::dict") && node->inputs().empty()))
            made.push_back(node);
    }
    for (jit::Node* node : made) {
        const std::vector<jit::Node*> setters = settersOf(node);
        const auto entries = entriesOf(node, setters);
        if (!entries)
            continue;
        readDirectly(setters.empty() ? node : madeAtOnce(node, setters, *entries), *entries);
    }
}

} // namespace bitwright
