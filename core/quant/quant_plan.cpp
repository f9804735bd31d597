// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/quant_plan.h"

namespace bitwright {

const QuantSpec& QuantPlan::weights(const std::string& layer) const
{
    const auto it = layers.find(layer);
    return it != layers.end() && it->second.weights ? *it->second.weights : defaultWeights;
}

const QuantSpec& QuantPlan::activations(const std::string& layer) const
{
    const auto it = layers.find(layer);
    return it != layers.end() && it->second.activations ? *it->second.activations : defaultActivations;
}

bool QuantPlan::locked(const std::string& layer) const
{
    const auto it = layers.find(layer);
    return it != layers.end() && it->second.locked;
}

void QuantPlan::setWeights(const std::string& layer, std::optional<QuantSpec> spec)
{
    LayerPlan& entry = layers[layer];
    entry.weights = std::move(spec);
    if (entry.isEmpty())
        layers.erase(layer);
}

void QuantPlan::setActivations(const std::string& layer, std::optional<QuantSpec> spec)
{
    LayerPlan& entry = layers[layer];
    entry.activations = std::move(spec);
    if (entry.isEmpty())
        layers.erase(layer);
}

QuantPlan QuantPlan::floatPlan()
{
    QuantPlan plan;
    plan.defaultWeights = QuantSpec::float32();
    plan.defaultActivations = QuantSpec::float32();
    return plan;
}

std::string inputLayerName(size_t i)
{
    return i == 0 ? "input" : std::string("input:") + std::to_string(i);
}

bool globMatch(std::string_view pattern, std::string_view name)
{
    size_t p = 0, n = 0, star = pattern.npos, resume = 0;
    while (n < name.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = n;
        } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n])) {
            ++p;
            ++n;
        } else if (star != pattern.npos) { // the last star takes one character more
            p = star + 1;
            n = ++resume;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == pattern.npos;
}

} // namespace bitwright
