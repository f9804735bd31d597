// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/json_results.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <map>

namespace bitwright {
namespace {

using Json = nlohmann::ordered_json;

Json number(double value)
{
    return std::isfinite(value) ? Json(value) : Json(nullptr);
}

/// Beside an SQNR, which is null for three reasons: true is an exact copy (an infinite SQNR), false is not,
/// null: nothing could be compared.
Json isExact(double sqnrDb)
{
    return std::isnan(sqnrDb) ? Json(nullptr) : Json(std::isinf(sqnrDb) && sqnrDb > 0);
}

template<typename T>
Json optional(const std::optional<T>& value)
{
    return value ? number(*value) : Json(nullptr);
}

Json textOrNull(const std::string& text)
{
    return text.empty() ? Json(nullptr) : Json(text);
}

Json inspectLayer(const Layer& layer)
{
    Json weights = Json::array();
    for (const WeightRef& site : layer.weights)
        weights.push_back({{"name", site.parameter}, {"shape", site.shape}});
    return {{"id", layer.id},
            {"name", layer.name},
            {"op", opKindName(layer.op)},
            {"label", layer.label},
            {"weight_shape", layer.weights.empty() ? Json(nullptr) : Json(layer.weights[0].shape)},
            {"params", layer.params},
            {"macs", layer.macs},
            {"input_shapes", layer.inputShapes},
            {"output_shape", layer.outputShape},
            {"activation", textOrNull(layer.activation)},
            {"weights", std::move(weights)}};
}

Json histogramJson(const Histogram& histogram)
{
    if (histogram.isEmpty())
        return nullptr;
    return {{"lo", histogram.lo()}, {"hi", histogram.hi()}, {"counts", histogram.counts()}};
}

void putMoments(Json& json, const Moments& moments)
{
    const bool any = moments.count > 0;
    json["min"] = any ? number(moments.min) : Json(nullptr);
    json["max"] = any ? number(moments.max) : Json(nullptr);
    json["mean"] = any ? number(moments.mean()) : Json(nullptr);
    json["std"] = any ? number(moments.std()) : Json(nullptr);
}

Json tensorJson(const std::string& site, const std::string& layer, const char* kind, const TensorStats& stats)
{
    Json json = {{"site", site},         {"layer", layer},           {"kind", kind},
                 {"shape", stats.shape}, {"count", stats.all.count}, {"non_finite", stats.nonFinite}};
    putMoments(json, stats.all);
    json["zeros"] = stats.zeros;
    json["histogram"] = histogramJson(stats.histogram);
    json["channels"] = Json::array();
    for (const Moments& channel : stats.channels) {
        Json entry = Json::object();
        putMoments(entry, channel);
        json["channels"].push_back(std::move(entry));
    }
    return json;
}

/// Layer that owns each quantizable parameter: the first, as everywhere.
std::map<std::string, std::string> ownersOfParameters(const Graph& graph)
{
    std::map<std::string, std::string> owners;
    for (const Layer& layer : graph.layers)
        for (const WeightRef& site : layer.weights)
            owners.emplace(site.parameter, layer.name);
    return owners;
}

/// A list, or the value alone where there is one grid for the whole tensor.
template<typename T>
Json oneOrMany(const std::vector<T>& values)
{
    if (values.empty())
        return nullptr;
    return values.size() == 1 ? Json(values[0]) : Json(values);
}

Json siteJson(const std::optional<SiteReport>& site)
{
    if (!site)
        return nullptr;
    const QuantSpec& spec = site->spec;
    return {
        {"bits", spec.storedBits()},
        {"format", formatName(spec.format)},
        {"scheme", schemeName(spec.scheme)},
        {"granularity", granularityName(spec.granularity)},
        {"estimator", estimatorName(spec.estimator)},
        {"spec", shortForm(spec)},
        {"scale", oneOrMany(site->params.scale)},
        {"zero_point", oneOrMany(site->params.zeroPoint)},
        {"sqnr_db", number(site->error.sqnrDb())},
        {"exact", isExact(site->error.sqnrDb())},
        {"mse", number(site->error.mse())},
        {"mean_abs", number(site->error.meanAbs())},
        {"max_abs", number(site->error.maxAbs)},
        {"cosine", number(site->error.cosine())},
        {"clipped", number(site->error.clippedShare())},
        {"elements", site->elements},
        {"sparsity", site->elements > 0 ? Json(double(site->zeros) / double(site->elements)) : Json(nullptr)},
        {"bytes", site->bytes}};
}

Json qualityJson(const Quality& quality)
{
    return {{"top1", optional(quality.top1)},
            {"top5", optional(quality.top5)},
            {"loss", optional(quality.loss)},
            {"macro_precision", optional(quality.macroPrecision)},
            {"macro_recall", optional(quality.macroRecall)},
            {"macro_f1", optional(quality.macroF1)},
            {"confusion", quality.confusion.empty() ? Json(nullptr) : Json(quality.confusion)},
            {"samples", quality.samples}};
}

} // namespace

Json headerJson(const std::string& path, const std::string& sha256, const std::string& format)
{
    return {{"bitwright", BITWRIGHT_VERSION},
            {"model", {{"path", path}, {"sha256", textOrNull(sha256)}, {"format", textOrNull(format)}}}};
}

Json inspectJson(const Graph& graph)
{
    Json json = {{"layers", Json::array()}, {"inputs", Json::array()}};
    for (const Layer& layer : graph.layers)
        json["layers"].push_back(inspectLayer(layer));
    for (const ValueId id : graph.inputs) {
        const Value& value = graph.values[size_t(id)];
        json["inputs"].push_back(
            {{"name", value.name}, {"dtype", dtypeName(value.dtype)}, {"shape", value.shape}});
    }
    json["parameters"] = Json::array();
    for (const Parameter& parameter : graph.parameters)
        json["parameters"].push_back({{"name", parameter.name},
                                      {"dtype", dtypeName(parameter.dtype)},
                                      {"shape", parameter.shape},
                                      {"buffer", parameter.isBuffer},
                                      {"aliases", parameter.aliases}});
    const GraphTotals sum = totals(graph);
    json["totals"] = {{"params", sum.params}, {"macs", sum.macs}, {"bytes", sum.bytes}};
    json["unsupported"] = graph.unsupported;
    return json;
}

Json statsJson(const Graph& graph, const CalibrationResult& calibration,
               const std::vector<std::pair<std::string, TensorStats>>& weights)
{
    Json tensors = Json::array();
    const auto owners = ownersOfParameters(graph);
    for (const auto& [parameter, stats] : weights) {
        const auto owner = owners.find(parameter);
        tensors.push_back(tensorJson(parameter, owner == owners.end() ? "" : owner->second, "weight", stats));
    }
    for (const auto& [id, stats] : calibration.activations) {
        const Layer* layer = graph.layerOfOutput(id);
        const auto input = std::find(graph.inputs.begin(), graph.inputs.end(), id);
        const std::string inputName = input == graph.inputs.end()
                                          ? std::string()
                                          : inputLayerName(size_t(input - graph.inputs.begin()));
        tensors.push_back(tensorJson(graph.values[size_t(id)].name, layer ? layer->name : inputName,
                                     inputName.empty() ? "activation" : "input", stats));
    }
    return {
        {"tensors", std::move(tensors)}, {"samples", calibration.samples}, {"partial", calibration.partial}};
}

Json analyzeJson(const std::vector<LayerReport>& layers)
{
    Json list = Json::array();
    for (const LayerReport& row : layers)
        list.push_back({{"name", row.name},
                        {"weight", siteJson(row.weight)},
                        {"activation", siteJson(row.activation)},
                        {"cumulative_sqnr_db", optional(row.cumulativeSqnrDb)}});
    return {{"layers", std::move(list)}};
}

Json sizeJson(const Cost& cost)
{
    return {{"float_bytes", cost.floatBytes},
            {"quantized_bytes", cost.quantizedBytes},
            {"huffman_bytes", cost.huffmanBytes},
            {"sparse_bytes", cost.sparseBytes}};
}

Json evaluateJson(const Evaluation& evaluation, const Cost& cost)
{
    return {{"float", qualityJson(evaluation.floating)},
            {"quantized", qualityJson(evaluation.quantized)},
            {"agreement", optional(evaluation.agreement)},
            {"output_sqnr_db", number(evaluation.outputSqnrDb)},
            {"output_exact", isExact(evaluation.outputSqnrDb)},
            {"size", sizeJson(cost)},
            {"bops", number(cost.bops)},
            {"energy_pj", number(cost.energyPj)},
            {"energy_table", energyTableName()},
            {"macs", cost.macs},
            {"partial", evaluation.partial}};
}

Json sensitivityJson(const SensitivityTable& table)
{
    Json cells = Json::array();
    for (const SensitivityCell& cell : table.cells)
        cells.push_back({{"layer", cell.layer},
                         {"what", sensitivityWhatName(cell.what)},
                         {"bits", cell.bits},
                         {"mode", sensitivityModeName(cell.mode)},
                         {"output_sqnr_db", number(cell.outputSqnrDb)},
                         {"output_exact", isExact(cell.outputSqnrDb)},
                         {"kl", optional(cell.kl)},
                         {"top1", optional(cell.top1)},
                         {"loss", optional(cell.loss)}});
    Json bases = Json::array();
    for (const SensitivityBase& base : table.bases) {
        Json entry = {{"what", sensitivityWhatName(base.what)}, {"bits", base.bits}};
        entry.update(qualityJson(base.quality));
        bases.push_back(std::move(entry));
    }
    return {{"cells", std::move(cells)},
            {"baseline", qualityJson(table.baseline)},
            {"quantized_baselines", std::move(bases)},
            {"samples", table.samples},
            {"partial", table.partial}};
}

Json exportJson(const ExportResult& result)
{
    Json files = Json::array();
    for (const ExportedFile& file : result.files)
        files.push_back({{"path", file.path}, {"bytes", file.bytes}, {"sha256", file.sha256}});
    Json parity = nullptr;
    if (result.parity)
        parity = {{"samples", result.parity->samples},
                  {"max_abs", number(result.parity->maxAbs)},
                  {"sqnr_db", number(result.parity->sqnrDb)},
                  {"exact", isExact(result.parity->sqnrDb)},
                  {"top1_agreement", optional(result.parity->top1Agreement)}};
    return {{"files", std::move(files)},
            {"parity", std::move(parity)},
            {"engine", textOrNull(result.engine)},
            {"notes", result.notes},
            {"warnings", result.warnings}};
}

} // namespace bitwright
