// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/graph/graph.h"
#include "core/quant/quant_spec.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace bitwright {

/// What the plan says about one layer beyond the defaults.
struct LayerPlan {
    std::optional<QuantSpec> weights;     ///< empty = the default
    std::optional<QuantSpec> activations; ///< of the layer's output
    bool locked = false;                  ///< no search may change it
    std::string note;

    bool operator==(const LayerPlan&) const = default;
    bool isEmpty() const { return *this == LayerPlan{}; }
};

/// What precision every tensor shall have: defaults and exceptions by layer name. A comparable value;
/// the undo stack, files and searches work on it. The model's input is the layer named kInputLayer
/// ("input", "input:1", ... by position).
struct QuantPlan {
    std::string modelSha256;
    QuantSpec defaultWeights = QuantSpec::defaultWeights();
    QuantSpec defaultActivations = QuantSpec::defaultActivations();
    std::map<std::string, LayerPlan> layers;

    bool operator==(const QuantPlan&) const = default;

    const QuantSpec& weights(const std::string& layer) const;
    const QuantSpec& activations(const std::string& layer) const;
    bool locked(const std::string& layer) const;
    /// Sets or (nullopt) resets an exception; entries that say nothing disappear.
    void setWeights(const std::string& layer, std::optional<QuantSpec> spec);
    void setActivations(const std::string& layer, std::optional<QuantSpec> spec);

    /// Everything in float: the reference.
    static QuantPlan floatPlan();
};

/// Name under which the plan holds the activation spec of the i-th tensor input of the model.
std::string inputLayerName(size_t i);

/// Applies "GLOB=W4A8" (also W4, A8, W:SPEC, A:SPEC, float; ',' separated) to the layers whose name matches.
/// `*` matches any characters, `?` one. NotFound when nothing matches; the message names near misses.
Result<void> applyRule(QuantPlan& plan, const Graph& graph, std::string_view rule);
/// Sets weights of the first and last layer with weights, and the model input and the inputs of the last
/// one, to `bits`; what is in float or locked stays.
void setFirstLast(QuantPlan& plan, const Graph& graph, int bits);

/// The plan file of the contract (version 1). fromJson: Corrupt or InvalidArgument naming the key.
Result<QuantPlan> planFromJson(std::string_view text);
std::string planToJson(const QuantPlan& plan);

/// '*' and '?' matching of a whole name.
bool globMatch(std::string_view pattern, std::string_view name);

} // namespace bitwright
