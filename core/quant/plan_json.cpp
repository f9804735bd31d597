// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/quant_plan.h"

#include <nlohmann/json.hpp>

namespace bitwright {

namespace {

using Json = nlohmann::json;

Error wrong(const std::string& path, const std::string& what)
{
    return {Error::InvalidArgument, std::string("\"") + path + "\" must be " + what + ".", path};
}

/// Null counts as absent.
const Json* find(const Json& json, const char* key)
{
    const auto it = json.find(key);
    return it == json.end() || it->is_null() ? nullptr : &*it;
}

Result<QuantSpec> readSpec(const Json& json, const std::string& path, const QuantSpec& base)
{
    auto spec = specFromJson(json, base);
    if (spec)
        return spec;
    const Error& error = spec.error();
    return Error{error.code, error.message, error.where.empty() ? path : path + "." + error.where};
}

Result<LayerPlan> readLayer(const Json& json, const std::string& path, const QuantPlan& plan)
{
    if (!json.is_object())
        return wrong(path, "an object");
    LayerPlan layer;
    for (const auto& [key, value] : json.items()) {
        const std::string here = path + "." + key;
        if (key == "weights" || key == "activations") {
            if (value.is_null())
                continue;
            const bool weights = key == "weights";
            BITWRIGHT_TRY(QuantSpec spec,
                          readSpec(value, here, weights ? plan.defaultWeights : plan.defaultActivations));
            (weights ? layer.weights : layer.activations) = spec;
        } else if (key == "locked") {
            if (!value.is_boolean())
                return wrong(here, "true or false");
            layer.locked = value.get<bool>();
        } else if (key == "note") {
            if (!value.is_string())
                return wrong(here, "a text");
            layer.note = value.get<std::string>();
        } else {
            return Error{Error::InvalidArgument,
                         std::string("\"") + key + "\" is not a key of a layer's plan.", here};
        }
    }
    return layer;
}

Result<void> readDefaults(const Json& json, QuantPlan& plan)
{
    const Json* defaults = find(json, "defaults");
    if (!defaults)
        return {};
    if (!defaults->is_object())
        return wrong("defaults", "an object");
    for (const auto& [key, value] : defaults->items()) {
        if (key != "weights" && key != "activations")
            return Error{Error::InvalidArgument, std::string("\"") + key + "\" is not a key of the defaults.",
                         std::string("defaults.") + key};
        QuantSpec& target = key == "weights" ? plan.defaultWeights : plan.defaultActivations;
        BITWRIGHT_TRY(target, readSpec(value, std::string("defaults.") + key, target));
    }
    return {};
}

Result<void> readVersion(const Json& json)
{
    const Json* version = find(json, "version");
    if (!version || !version->is_number_integer())
        return wrong("version", "the number 1; this is not a plan of Bitwright");
    if (*version != 1)
        return Error{Error::Unsupported,
                     std::string("The plan has version ") + version->dump() +
                         "; this program reads version 1.",
                     "version"};
    return {};
}

} // namespace

Result<QuantPlan> planFromJson(std::string_view text)
{
    const Json json = Json::parse(text, nullptr, false);
    if (json.is_discarded())
        return Error{Error::Corrupt, "The plan is not valid JSON.", {}};
    if (!json.is_object())
        return Error{Error::Corrupt, "The plan must be a JSON object.", {}};
    BITWRIGHT_CHECK(readVersion(json));
    QuantPlan plan;
    if (const Json* hash = find(json, "model_sha256")) {
        if (!hash->is_string())
            return wrong("model_sha256", "a text");
        plan.modelSha256 = hash->get<std::string>();
    }
    BITWRIGHT_CHECK(readDefaults(json, plan));
    const Json* layers = find(json, "layers");
    if (!layers)
        return plan;
    if (!layers->is_object())
        return wrong("layers", "an object");
    for (const auto& [name, entry] : layers->items()) {
        BITWRIGHT_TRY(LayerPlan layer, readLayer(entry, std::string("layers.") + name, plan));
        if (!layer.isEmpty())
            plan.layers.emplace(name, std::move(layer));
    }
    return plan;
}

std::string planToJson(const QuantPlan& plan)
{
    nlohmann::ordered_json json;
    json["version"] = 1;
    json["model_sha256"] = plan.modelSha256;
    json["defaults"] = {{"weights", specToJson(plan.defaultWeights)},
                        {"activations", specToJson(plan.defaultActivations)}};
    json["layers"] = nlohmann::ordered_json::object();
    for (const auto& [name, layer] : plan.layers) {
        nlohmann::ordered_json entry = nlohmann::ordered_json::object();
        if (layer.weights)
            entry["weights"] = specToJson(*layer.weights);
        if (layer.activations)
            entry["activations"] = specToJson(*layer.activations);
        entry["locked"] = layer.locked;
        entry["note"] = layer.note;
        json["layers"][name] = std::move(entry);
    }
    // Names and notes that are not UTF-8 are made so rather than thrown over.
    return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

} // namespace bitwright
