// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/encodings_formats.h"

#include "core/io/json_text.h"
#include "core/quant/quant_plan.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>
#include <functional>
#include <set>

namespace bitwright {
namespace {

using Json = nlohmann::ordered_json;

bool isSymmetric(const QuantParams& params)
{
    return params.qmin < 0 && std::all_of(params.zeroPoint.begin(), params.zeroPoint.end(),
                                          [](int32_t zero) { return zero == 0; });
}

int32_t zeroPoint(const QuantParams& params, size_t i)
{
    return i < params.zeroPoint.size() ? params.zeroPoint[i] : 0;
}

/// Calls visit(id, name, params) for the fixed activation sites in the order of the graph; `byValue`: the
/// name of the tensor in the onnx-float file, else that of the layer.
void forActivations(const Graph& graph, const ResolvedPlan& plan, bool byValue,
                    std::vector<std::string>& notes,
                    const std::function<void(const std::string&, const QuantParams&)>& visit)
{
    std::set<ValueId> seen;
    const auto one = [&](const std::string& layer, ValueId id) {
        const auto found = plan.activations.find(id);
        if (id == kNone || found == plan.activations.end() || !seen.insert(id).second)
            return;
        if (found->second.dynamic)
            notes.push_back("Activation " + layer + " has a dynamic range, which this format cannot hold.");
        else if (found->second.params.format != Format::Float32)
            visit(byValue ? graph.values.at(size_t(id)).name : layer, found->second.params);
    };
    for (size_t i = 0; i < graph.inputs.size(); ++i)
        one(inputLayerName(i), graph.inputs[i]);
    for (const Layer& layer : graph.layers)
        one(layer.name, layer.output);
}

void forWeights(const Graph& graph, const ResolvedPlan& plan,
                const std::function<void(const std::string&, const QuantParams&)>& visit)
{
    std::set<std::string> seen;
    for (const Layer& layer : graph.layers)
        for (const WeightRef& weight : layer.weights) {
            const auto found = plan.weights.find(weight.parameter);
            if (found != plan.weights.end() && found->second.format != Format::Float32 &&
                seen.insert(weight.parameter).second)
                visit(weight.parameter, found->second);
        }
}

std::string leftOut(const std::string& name, const char* why)
{
    return name + " was left out: this format cannot hold " + why + ".";
}

/// The channels of one tensor in layout 0.6.1; null where it has no words for them.
Json channels061(const QuantParams& params)
{
    if (params.format == Format::Float16)
        return Json::array({{{"bitwidth", 16}, {"dtype", "float"}}});
    if (params.format != Format::Int || params.group > 0)
        return {};
    const int32_t lowest = params.qmin < 0 ? -(1 << (params.bits - 1)) : 0;
    Json list = Json::array();
    for (size_t i = 0; i < params.scale.size(); ++i) {
        const int32_t offset = lowest - zeroPoint(params, i);
        const double scale = params.scale[i];
        list.push_back({{"bitwidth", params.bits},
                        {"dtype", "int"},
                        {"is_symmetric", isSymmetric(params) ? "True" : "False"},
                        {"max", scale * (offset + (1 << params.bits) - 1)},
                        {"min", scale * offset},
                        {"offset", offset},
                        {"scale", scale}});
    }
    return list;
}

/// quant_type of ONNX Runtime's tool; "" where it has none.
std::string overrideType(const QuantParams& params)
{
    if (params.format != Format::Int || params.group > 0)
        return {};
    const int bits = params.bits <= 4 ? 4 : params.bits <= 8 ? 8 : 16;
    return (params.qmin < 0 ? "QInt" : "QUInt") + std::to_string(bits);
}

Json overrides(const QuantParams& params)
{
    Json list = Json::array();
    for (size_t i = 0; i < params.scale.size(); ++i) {
        Json entry{{"quant_type", overrideType(params)},
                   {"scale", params.scale[i]},
                   {"zero_point", zeroPoint(params, i)},
                   {"symmetric", isSymmetric(params)}};
        if (i == 0 && params.scale.size() > 1)
            entry["axis"] = params.axis;
        list.push_back(std::move(entry));
    }
    return list;
}

} // namespace

Encodings makeEncodings061(const Graph& graph, const ResolvedPlan& plan)
{
    Encodings made;
    Json activations = Json::object(), weights = Json::object();
    const auto into = [&](Json& object) {
        return [&](const std::string& name, const QuantParams& params) {
            Json list = channels061(params);
            if (list.is_null())
                made.notes.push_back(leftOut(name, "its format or its groups"));
            else
                object[name] = std::move(list);
        };
    };
    forActivations(graph, plan, false, made.notes, into(activations));
    forWeights(graph, plan, into(weights));
    made.json = jsonText({{"version", "0.6.1"},
                          {"activation_encodings", std::move(activations)},
                          {"param_encodings", std::move(weights)}});
    return made;
}

Encodings makeTensorRtCache(const Graph& graph, const ResolvedPlan& plan)
{
    Encodings made;
    made.json = "TRT-8601-EntropyCalibration2\n";
    forActivations(graph, plan, true, made.notes, [&](const std::string& name, const QuantParams& params) {
        if (params.format != Format::Int || params.scale.size() != 1 || params.bits > 8) {
            made.notes.push_back(leftOut(name, "more than 8 bits, channels or other formats"));
            return;
        }
        const Range range = params.range();
        const float most = std::max(std::fabs(range.lo), std::fabs(range.hi));
        char line[16];
        std::snprintf(line, sizeof line, "%08x", std::bit_cast<uint32_t>(most / 127.0f));
        made.json += name + ": " + line + "\n";
    });
    return made;
}

Encodings makeTensorOverrides(const Graph& graph, const ResolvedPlan& plan)
{
    Encodings made;
    Json document = Json::object();
    const auto add = [&](const std::string& name, const QuantParams& params) {
        if (overrideType(params).empty())
            made.notes.push_back(leftOut(name, "its format or its groups"));
        else
            document[name] = overrides(params);
    };
    forActivations(graph, plan, true, made.notes, add);
    forWeights(graph, plan, add);
    made.json = jsonText(document);
    return made;
}

} // namespace bitwright
