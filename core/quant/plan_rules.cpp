// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/quant_plan.h"
#include "core/quant/with_bits.h"

#include <algorithm>
#include <cctype>
#include <numeric>
#include <set>
#include <vector>

namespace bitwright {

namespace {

/// What a rule says: texts of specs, empty where it says nothing.
struct RuleParts {
    std::string weights, activations;
};

/// A layer or model input that a rule can name.
struct Target {
    std::string name;
    bool hasWeights = false;
};

std::vector<Target> targetsOf(const Graph& graph)
{
    std::vector<Target> targets;
    for (size_t i = 0; i < graph.inputs.size(); ++i)
        targets.push_back({inputLayerName(i), false});
    for (const Layer& layer : graph.layers)
        targets.push_back({layer.name, !layer.weights.empty()});
    return targets;
}

bool isLetter(char c, char letter)
{
    return std::tolower(static_cast<unsigned char>(c)) == letter;
}

/// One item: float, W4, A8, W4A8, W:SPEC, A:SPEC. False when it is none of these.
bool readItem(std::string_view item, RuleParts& parts)
{
    if (item == "float") {
        parts.weights = parts.activations = "float";
        return true;
    }
    const bool weights = !item.empty() && isLetter(item[0], 'w');
    if (!weights && (item.empty() || !isLetter(item[0], 'a')))
        return false;
    std::string& target = weights ? parts.weights : parts.activations;
    if (item.size() > 2 && item[1] == ':') {
        target = item.substr(2);
        return true;
    }
    size_t end = 1;
    while (end < item.size() && std::isdigit(static_cast<unsigned char>(item[end])))
        ++end;
    if (end == 1)
        return false;
    target = item.substr(1, end - 1);
    return end == item.size() || (weights && isLetter(item[end], 'a') && item.find(':') == item.npos &&
                                  readItem(item.substr(end), parts));
}

Result<RuleParts> readParts(std::string_view text, std::string_view rule)
{
    RuleParts parts;
    for (size_t begin = 0; begin <= text.size();) {
        const size_t end = std::min(text.find(',', begin), text.size());
        if (!readItem(text.substr(begin, end - begin), parts))
            return Error{Error::InvalidArgument,
                         std::string("\"").append(text.substr(begin, end - begin)) +
                             "\" is not a precision; write W4A8, W4, A8, W:SPEC, A:SPEC or float.",
                         std::string(rule)};
        begin = end + 1;
    }
    return parts;
}

size_t editDistance(std::string_view a, std::string_view b)
{
    std::vector<size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), size_t(0));
    for (size_t i = 0; i < a.size(); ++i) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < b.size(); ++j) {
            const size_t changed = diagonal + (a[i] != b[j]);
            diagonal = row[j + 1];
            row[j + 1] = std::min({changed, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

Error noMatch(std::string_view glob, const std::vector<Target>& targets, std::string_view rule)
{
    std::vector<std::pair<size_t, std::string>> names;
    for (const Target& target : targets)
        names.emplace_back(editDistance(glob, target.name), target.name);
    std::ranges::sort(names);
    std::string nearest;
    for (size_t i = 0; i < std::min<size_t>(names.size(), 3); ++i)
        nearest += (nearest.empty() ? "" : ", ") + names[i].second;
    return {
        Error::NotFound,
        std::string("No layer matches \"").append(glob) + "\"" +
            (nearest.empty() ? std::string(".") : std::string("; the nearest names are ") + nearest + "."),
        std::string(rule)};
}

/// What a short form in a rule stands on: the spec so far, or something that has bits where that is float.
QuantSpec baseOf(const QuantSpec& current, const QuantSpec& fallback)
{
    const bool plain =
        current.isFloat32() || current.format == Format::Float16 || current.format == Format::BFloat16;
    return plain ? fallback : current;
}

/// The layers whose outputs arrive at `value`, seen through operators that are no layers (views, slices).
void collectSources(const Graph& graph, ValueId value, std::set<ValueId>& seen,
                    std::vector<std::string>& layers)
{
    std::vector<ValueId> todo{value};
    while (!todo.empty()) {
        const ValueId v = todo.back();
        todo.pop_back();
        if (v < 0 || v >= ValueId(graph.values.size()) || !seen.insert(v).second)
            continue;
        if (const Layer* layer = graph.layerOfOutput(v)) {
            layers.push_back(layer->name);
            continue;
        }
        const NodeId producer = graph.values[size_t(v)].producer;
        if (producer >= 0 && producer < NodeId(graph.nodes.size()))
            for (const ValueId input : graph.nodes[size_t(producer)].inputs)
                if (input >= 0 && input < ValueId(graph.values.size()) &&
                    graph.values[size_t(input)].isTensor)
                    todo.push_back(input);
    }
}

/// Float stays float.
QuantSpec atBits(const QuantSpec& spec, int bits)
{
    return spec.isFloat32() ? spec : withBits(spec, bits);
}

} // namespace

Result<void> applyRule(QuantPlan& plan, const Graph& graph, std::string_view rule)
{
    const size_t equals = rule.find('=');
    if (equals == rule.npos || equals == 0)
        return Error{Error::InvalidArgument, "A layer rule is GLOB=PRECISION, for example \"layer1.*=W4A8\".",
                     std::string(rule)};
    const std::string_view glob = rule.substr(0, equals);
    BITWRIGHT_TRY(const RuleParts parts, readParts(rule.substr(equals + 1), rule));
    const std::vector<Target> targets = targetsOf(graph);
    QuantPlan changed = plan;
    bool matched = false, applied = false;
    for (const Target& target : targets) {
        if (!globMatch(glob, target.name))
            continue;
        matched = true;
        if (!parts.weights.empty() && target.hasWeights) {
            const QuantSpec base = baseOf(plan.weights(target.name), QuantSpec::defaultWeights());
            BITWRIGHT_TRY(QuantSpec spec, parseSpec(parts.weights, base));
            changed.setWeights(target.name, spec);
            applied = true;
        }
        if (!parts.activations.empty()) {
            const QuantSpec base = baseOf(plan.activations(target.name), QuantSpec::defaultActivations());
            BITWRIGHT_TRY(QuantSpec spec, parseSpec(parts.activations, base));
            changed.setActivations(target.name, spec);
            applied = true;
        }
    }
    if (!matched)
        return noMatch(glob, targets, rule);
    if (!applied)
        return Error{Error::NotFound,
                     std::string("No layer that matches \"").append(glob) + "\" has weights.",
                     std::string(rule)};
    plan = std::move(changed);
    return {};
}

void setFirstLast(QuantPlan& plan, const Graph& graph, int bits)
{
    const auto changeActivations = [&](const std::string& name) {
        if (plan.locked(name))
            return;
        plan.setActivations(name, atBits(plan.activations(name), bits));
    };
    for (size_t i = 0; i < graph.inputs.size(); ++i)
        changeActivations(inputLayerName(i));
    const Layer *first = nullptr, *last = nullptr;
    for (const Layer& layer : graph.layers)
        if (!layer.weights.empty()) {
            first = first ? first : &layer;
            last = &layer;
        }
    if (!last)
        return;
    for (const Layer* layer : {first, last}) {
        if (!plan.locked(layer->name))
            plan.setWeights(layer->name, atBits(plan.weights(layer->name), bits));
    }
    std::set<ValueId> seen;
    std::vector<std::string> sources;
    for (const ValueId input : last->inputs)
        collectSources(graph, input, seen, sources);
    for (const std::string& name : sources)
        changeActivations(name);
}

} // namespace bitwright
