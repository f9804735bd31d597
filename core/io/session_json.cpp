// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/session_json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace bitwright {
namespace {

using Json = nlohmann::json;

Json exact(double value)
{
    if (std::isfinite(value))
        return value;
    return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

Json exact(const std::optional<double>& value)
{
    return value ? exact(*value) : Json();
}

double realFrom(const Json& json)
{
    if (!json.is_string())
        return json.get<double>();
    const std::string text = json.get<std::string>();
    const double infinity = std::numeric_limits<double>::infinity();
    return text == "inf" ? infinity : text == "-inf" ? -infinity : std::numeric_limits<double>::quiet_NaN();
}

std::optional<double> optionalFrom(const Json& json)
{
    return json.is_null() ? std::nullopt : std::optional(realFrom(json));
}

Json qualityJson(const Quality& q)
{
    return {{"samples", q.samples},
            {"top1", exact(q.top1)},
            {"top5", exact(q.top5)},
            {"loss", exact(q.loss)},
            {"macro_precision", exact(q.macroPrecision)},
            {"macro_recall", exact(q.macroRecall)},
            {"macro_f1", exact(q.macroF1)},
            {"confusion", q.confusion}};
}

Quality qualityFrom(const Json& json)
{
    Quality q;
    q.samples = json.at("samples").get<int64_t>();
    q.top1 = optionalFrom(json.at("top1"));
    q.top5 = optionalFrom(json.at("top5"));
    q.loss = optionalFrom(json.at("loss"));
    q.macroPrecision = optionalFrom(json.at("macro_precision"));
    q.macroRecall = optionalFrom(json.at("macro_recall"));
    q.macroF1 = optionalFrom(json.at("macro_f1"));
    q.confusion = json.at("confusion").get<std::vector<std::vector<int64_t>>>();
    for (const auto& row : q.confusion)
        if (row.size() != q.confusion.size())
            throw Json::other_error::create(501, "confusion is not square", nullptr);
    return q;
}

SamplePrediction predictionFrom(const Json& json)
{
    SamplePrediction p;
    p.sample = json.at(0).get<int64_t>();
    p.label = json.at(1).get<int64_t>();
    p.floating = json.at(2).get<int32_t>();
    p.quantized = json.at(3).get<int32_t>();
    p.floatMargin = float(realFrom(json.at(4)));
    p.quantizedMargin = float(realFrom(json.at(5)));
    return p;
}

SensitivityCell cellFrom(const Json& json)
{
    SensitivityCell cell;
    cell.layer = json.at(0).get<std::string>();
    cell.what = json.at(1).get<bool>() ? SensitivityWhat::Activations : SensitivityWhat::Weights;
    cell.bits = json.at(2).get<int>();
    cell.mode = SensitivityMode(std::clamp(json.at(3).get<int>(), 0, int(SensitivityMode::Local)));
    cell.outputSqnrDb = realFrom(json.at(4));
    cell.kl = optionalFrom(json.at(5));
    cell.top1 = optionalFrom(json.at(6));
    cell.loss = optionalFrom(json.at(7));
    return cell;
}

SensitivityBase baseFrom(const Json& json)
{
    return {json.at(0).get<bool>() ? SensitivityWhat::Activations : SensitivityWhat::Weights,
            json.at(1).get<int>(), qualityFrom(json.at(2))};
}

/// nlohmann throws for what is missing or of another kind; no further than here.
template<typename T, typename Read>
Result<T> guarded(Read read)
{
    try {
        return read();
    } catch (const Json::exception&) {
        return Error{Error::Corrupt, "The stored results are damaged; measure them again.", {}};
    }
}

} // namespace

nlohmann::json exactJson(const Evaluation& e)
{
    Json predictions = Json::array();
    for (const SamplePrediction& p : e.predictions)
        predictions.push_back(
            {p.sample, p.label, p.floating, p.quantized, exact(p.floatMargin), exact(p.quantizedMargin)});
    return {{"predictions", std::move(predictions)},
            {"float", qualityJson(e.floating)},
            {"quantized", qualityJson(e.quantized)},
            {"agreement", exact(e.agreement)},
            {"output_sqnr_db", exact(e.outputSqnrDb)},
            {"partial", e.partial}};
}

nlohmann::json exactJson(const Cost& c)
{
    return {{"float_bytes", c.floatBytes},     {"quantized_bytes", c.quantizedBytes},
            {"huffman_bytes", c.huffmanBytes}, {"macs", c.macs},
            {"sparse_bytes", c.sparseBytes},
            {"bops", exact(c.bops)},           {"energy_pj", exact(c.energyPj)}};
}

nlohmann::json exactJson(const Saturation& saturation)
{
    Json layers = Json::array();
    for (const SaturatedLayer& l : saturation.layers)
        layers.push_back({l.layer, exact(l.risk), exact(l.changed)});
    return {{"evaluation", exactJson(saturation.evaluation)}, {"layers", std::move(layers)}};
}

nlohmann::json exactJson(const SensitivityTable& table)
{
    Json cells = Json::array();
    for (const SensitivityCell& c : table.cells)
        cells.push_back({c.layer, c.what == SensitivityWhat::Activations, c.bits, int(c.mode),
                         exact(c.outputSqnrDb), exact(c.kl), exact(c.top1), exact(c.loss)});
    Json bases = Json::array();
    for (const SensitivityBase& b : table.bases)
        bases.push_back({b.what == SensitivityWhat::Activations, b.bits, qualityJson(b.quality)});
    return {{"cells", std::move(cells)},
            {"baseline", qualityJson(table.baseline)},
            {"bases", std::move(bases)},
            {"samples", table.samples},
            {"partial", table.partial}};
}

Result<Evaluation> evaluationFromExact(const nlohmann::json& json)
{
    return guarded<Evaluation>([&json] {
        Evaluation e;
        e.floating = qualityFrom(json.at("float"));
        e.quantized = qualityFrom(json.at("quantized"));
        for (const Json& prediction : json.at("predictions"))
            e.predictions.push_back(predictionFrom(prediction));
        e.agreement = optionalFrom(json.at("agreement"));
        e.outputSqnrDb = realFrom(json.at("output_sqnr_db"));
        e.partial = json.at("partial").get<bool>();
        return e;
    });
}

Result<Cost> costFromExact(const nlohmann::json& json)
{
    return guarded<Cost>([&json] {
        Cost c;
        c.floatBytes = json.at("float_bytes").get<int64_t>();
        c.quantizedBytes = json.at("quantized_bytes").get<int64_t>();
        c.huffmanBytes = json.at("huffman_bytes").get<int64_t>();
        c.sparseBytes = json.value("sparse_bytes", c.quantizedBytes); // sessions before there was pruning
        c.macs = json.at("macs").get<int64_t>();
        c.bops = realFrom(json.at("bops"));
        c.energyPj = realFrom(json.at("energy_pj"));
        return c;
    });
}

Result<Saturation> saturationFromExact(const nlohmann::json& json)
{
    return guarded<Saturation>([&json]() -> Result<Saturation> {
        Saturation saturation;
        BITWRIGHT_TRY(saturation.evaluation, evaluationFromExact(json.at("evaluation")));
        for (const Json& layer : json.at("layers"))
            saturation.layers.push_back(
                {layer.at(0).get<std::string>(), realFrom(layer.at(1)), realFrom(layer.at(2))});
        return saturation;
    });
}

Result<SensitivityTable> sensitivityFromExact(const nlohmann::json& json)
{
    return guarded<SensitivityTable>([&json] {
        SensitivityTable table;
        for (const Json& cell : json.at("cells"))
            table.cells.push_back(cellFrom(cell));
        table.baseline = qualityFrom(json.at("baseline"));
        for (const Json& base : json.at("bases"))
            table.bases.push_back(baseFrom(base));
        table.samples = json.at("samples").get<int64_t>();
        table.partial = json.at("partial").get<bool>();
        return table;
    });
}

} // namespace bitwright
