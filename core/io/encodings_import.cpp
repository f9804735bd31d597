// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/encodings_import.h"

#include <nlohmann/json.hpp>

#include <optional>

namespace bitwright {
namespace {

using Json = nlohmann::json;

/// One tensor's encoding, whatever the layout.
struct Entry {
    std::string name;
    int bits = 8;
    bool isFloat = false, isSymmetric = false;
    std::vector<double> scale;
    std::vector<int64_t> offset;
    int64_t block = 0;
};

struct Bad {
    std::string message;
};

const Json& member(const Json& object, const char* key, const std::string& name)
{
    if (!object.is_object() || !object.contains(key))
        throw Bad{"The encoding of \"" + name + "\" has no \"" + key + "\"."};
    return object.at(key);
}

bool isTrue(const Json& value)
{
    return value.is_boolean() ? value.get<bool>() : value.is_string() && value.get<std::string>() == "True";
}

bool isFloatType(const Json& value)
{
    const std::string text = value.get<std::string>();
    return text == "float" || text == "FLOAT";
}

Entry entry100(const Json& json)
{
    Entry entry;
    entry.name = member(json, "name", "?").get<std::string>();
    entry.bits = member(json, "bw", entry.name).get<int>();
    entry.isFloat = isFloatType(member(json, "dtype", entry.name));
    if (entry.isFloat)
        return entry;
    entry.isSymmetric = isTrue(member(json, "is_sym", entry.name));
    entry.scale = member(json, "scale", entry.name).get<std::vector<double>>();
    entry.offset = member(json, "offset", entry.name).get<std::vector<int64_t>>();
    entry.block = json.value("block_size", int64_t(0));
    return entry;
}

Entry entry061(const std::string& name, const Json& list)
{
    Entry entry;
    entry.name = name;
    for (const Json& json : list) {
        entry.bits = member(json, "bitwidth", name).get<int>();
        entry.isFloat = json.contains("dtype") && isFloatType(json.at("dtype"));
        if (entry.isFloat)
            return entry;
        entry.isSymmetric = isTrue(member(json, "is_symmetric", name));
        entry.scale.push_back(member(json, "scale", name).get<double>());
        entry.offset.push_back(member(json, "offset", name).get<int64_t>());
    }
    return entry;
}

std::vector<Entry> entries(const Json& document, const char* key)
{
    std::vector<Entry> made;
    const Json& section = member(document, key, key);
    if (section.is_array())
        for (const Json& json : section)
            made.push_back(entry100(json));
    else
        for (const auto& [name, list] : section.items())
            made.push_back(entry061(name, list));
    for (const Entry& entry : made)
        if (entry.bits < 1 || entry.bits > 32)
            throw Bad{"The encoding of \"" + entry.name + "\" has an impossible number of bits."};
        else if (!entry.isFloat && (entry.scale.empty() || entry.scale.size() != entry.offset.size()))
            throw Bad{"The encoding of \"" + entry.name + "\" has not as many offsets as scales."};
    return made;
}

QuantSpec specOf(const Entry& entry, bool isWeight)
{
    if (entry.isFloat && entry.bits != 16)
        return QuantSpec::float32();
    QuantSpec spec;
    if (entry.isFloat) {
        spec.format = Format::Float16;
        return spec;
    }
    spec.bits = entry.bits;
    const bool startsAtZero = entry.offset[0] == 0;
    spec.scheme = entry.isSymmetric ? Scheme::Symmetric
                  : startsAtZero    ? Scheme::Unsigned
                                    : Scheme::Asymmetric;
    if (isWeight) {
        spec.granularity = entry.block > 0          ? Granularity::Group
                           : entry.scale.size() > 1 ? Granularity::Channel
                                                    : Granularity::Tensor;
        if (entry.block > 0)
            spec.group = entry.block;
        return spec;
    }
    spec.estimator = Estimator::Fixed;
    const double steps = double((int64_t(1) << entry.bits) - 1);
    spec.rangeLo = entry.scale[0] * double(entry.offset[0]);
    spec.rangeHi = entry.scale[0] * (double(entry.offset[0]) + steps);
    if (entry.isSymmetric) // the grid of a symmetric range reaches one step further down
        spec.rangeLo = -spec.rangeHi;
    return spec;
}

/// The plan's name for a parameter or an activation of the file.
std::optional<std::string> layerOfParameter(const Graph& graph, const std::string& name)
{
    for (const Layer& layer : graph.layers)
        for (const WeightRef& weight : layer.weights)
            if (weight.parameter == name)
                return layer.name;
    return std::nullopt;
}

std::optional<std::string> layerOfActivation(const Graph& graph, const std::string& name)
{
    for (size_t i = 0; i < graph.inputs.size(); ++i)
        if (name == inputLayerName(i) || name == graph.values.at(size_t(graph.inputs[i])).name)
            return inputLayerName(i);
    for (const Layer& layer : graph.layers)
        if (layer.name == name ||
            (layer.output != kNone && graph.values.at(size_t(layer.output)).name == name))
            return layer.name;
    return std::nullopt;
}

QuantPlan planOf(const Graph& graph, const Json& document)
{
    QuantPlan plan = QuantPlan::floatPlan();
    size_t found = 0;
    for (const Entry& entry : entries(document, "param_encodings"))
        if (const auto layer = layerOfParameter(graph, entry.name)) {
            plan.setWeights(*layer, specOf(entry, true));
            ++found;
        }
    for (const Entry& entry : entries(document, "activation_encodings"))
        if (const auto layer = layerOfActivation(graph, entry.name)) {
            plan.setActivations(*layer, specOf(entry, false));
            ++found;
        }
    if (found == 0)
        throw Bad{};
    return plan;
}

} // namespace

bool looksLikeEncodings(std::string_view text)
{
    return text.find("\"activation_encodings\"") != std::string_view::npos;
}

Result<QuantPlan> planFromEncodings(const Graph& graph, std::string_view text)
{
    const Json document = Json::parse(text, nullptr, false);
    if (!document.is_object())
        return Error{Error::Corrupt, "The file of encodings is not JSON.", {}};
    try {
        QuantPlan plan = planOf(graph, document);
        for (const auto& [name, layer] : plan.layers)
            for (const auto& spec : {layer.weights, layer.activations})
                if (spec)
                    BITWRIGHT_CHECK(validate(*spec));
        return plan;
    } catch (const Bad& bad) {
        if (bad.message.empty())
            return Error{
                Error::NotFound,
                "No name in the file of encodings is the name of a layer or parameter of this model.",
                {}};
        return Error{Error::InvalidArgument, bad.message, {}};
    } catch (const Json::exception&) {
        return Error{
            Error::InvalidArgument, "An entry in the file of encodings has a value of the wrong kind.", {}};
    }
}

} // namespace bitwright
