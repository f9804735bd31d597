// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/encodings.h"

#include "core/io/json_text.h"
#include "core/quant/quant_plan.h"

#include <nlohmann/json.hpp>

#include <optional>
#include <set>

namespace bitwright {
namespace {

using Json = nlohmann::ordered_json;

bool isSigned(const QuantParams& params)
{
    return params.qmin < 0;
}

bool isSymmetric(const QuantParams& params)
{
    for (const int32_t z : params.zeroPoint)
        if (z != 0)
            return false;
    return isSigned(params);
}

const char* encodingType(const QuantParams& params)
{
    if (params.group > 0)
        return "PER_BLOCK";
    return params.axis >= 0 && params.scale.size() > 1 ? "PER_CHANNEL" : "PER_TENSOR";
}

Json integerEncoding(const std::string& name, const QuantParams& params)
{
    const int32_t lowest = isSigned(params) ? -(1 << (params.bits - 1)) : 0;
    Json offsets = Json::array(), scales = Json::array();
    for (size_t i = 0; i < params.scale.size(); ++i) {
        scales.push_back(params.scale[i]);
        offsets.push_back(lowest - (i < params.zeroPoint.size() ? params.zeroPoint[i] : 0));
    }
    Json encoding = {{"name", name},
                     {"dtype", "INT"},
                     {"bw", params.bits},
                     {"enc_type", encodingType(params)},
                     {"is_sym", isSymmetric(params)}};
    encoding["scale"] = std::move(scales);
    encoding["offset"] = std::move(offsets);
    if (params.group > 0)
        encoding["block_size"] = params.group;
    return encoding;
}

/// Empty where the layout has no word for the format.
std::optional<Json> encoding(const std::string& name, const QuantParams& params)
{
    if (params.format == Format::Int)
        return integerEncoding(name, params);
    if (params.format == Format::Float16)
        return Json{{"name", name}, {"dtype", "FLOAT"}, {"bw", 16}, {"enc_type", "PER_TENSOR"}};
    return std::nullopt;
}

/// Builds the document and remembers what did not fit.
class Writer {
public:
    explicit Writer(const Graph& graph, const ResolvedPlan& plan)
        : m_graph(graph)
        , m_plan(plan)
    {
    }

    void addActivations()
    {
        for (size_t i = 0; i < m_graph.inputs.size(); ++i)
            addActivation(inputLayerName(i), m_graph.inputs[i]);
        for (const Layer& layer : m_graph.layers)
            if (layer.output != kNone)
                addActivation(layer.name, layer.output);
    }

    void addParameters()
    {
        std::set<std::string> seen;
        for (const Layer& layer : m_graph.layers) {
            bool quantized = false;
            for (const WeightRef& site : layer.weights) {
                const auto found = m_plan.weights.find(site.parameter);
                if (found == m_plan.weights.end() || found->second.format == Format::Float32)
                    continue;
                quantized = true;
                if (seen.insert(site.parameter).second)
                    add(m_parameters, site.parameter, found->second);
            }
            if (!layer.weights.empty() && !quantized)
                m_excluded.push_back(layer.name);
        }
    }

    Encodings finish(const std::string& modelSha256)
    {
        Json document;
        document["version"] = "1.0.0";
        document["activation_encodings"] = std::move(m_activations);
        document["param_encodings"] = std::move(m_parameters);
        document["excluded_layers"] = std::move(m_excluded);
        document["producer"] = {
            {"name", "bitwright"}, {"version", BITWRIGHT_VERSION}, {"model_sha256", modelSha256}};
        return {jsonText(document), std::move(m_notes)};
    }

private:
    void addActivation(const std::string& name, ValueId value)
    {
        const auto found = m_plan.activations.find(value);
        if (found == m_plan.activations.end() || !m_values.insert(value).second)
            return;
        if (found->second.dynamic)
            m_notes.push_back("Activation " + name + " has a dynamic range, which this format cannot hold.");
        else if (found->second.params.format != Format::Float32)
            add(m_activations, name, found->second.params);
    }

    void add(Json& list, const std::string& name, const QuantParams& params)
    {
        std::optional<Json> entry = encoding(name, params);
        if (!entry) {
            m_notes.push_back(name + " is quantized to " + formatName(params.format) +
                              ", which this format cannot hold; it was left out.");
            return;
        }
        if (params.bits < 4 && params.format == Format::Int)
            m_notes.push_back(name + " has " + std::to_string(params.bits) +
                              " bits; the specification asks readers for 4 to 32 only.");
        list.push_back(std::move(*entry));
    }

    const Graph& m_graph;
    const ResolvedPlan& m_plan;
    Json m_activations = Json::array(), m_parameters = Json::array(), m_excluded = Json::array();
    std::set<ValueId> m_values;
    std::vector<std::string> m_notes;
};

} // namespace

Encodings makeEncodings(const Graph& graph, const ResolvedPlan& plan, const std::string& modelSha256)
{
    Writer writer(graph, plan);
    writer.addActivations();
    writer.addParameters();
    return writer.finish(modelSha256);
}

} // namespace bitwright
