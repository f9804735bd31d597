// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/session_file.h"

#include "core/base/hdf5_file.h"
#include "core/io/session_json.h"
#include "core/io/session_stats.h"

#include <nlohmann/json.hpp>

namespace bitwright {
namespace {

using Json = nlohmann::json;

constexpr const char* kFormat = "bitwright-session";
constexpr int64_t kVersion = 1;
constexpr int64_t kLongestText = int64_t(1) << 30;

Error damaged(const std::string& path)
{
    return {Error::Corrupt, "This session is damaged or incomplete; open the model and its plan instead.",
            path};
}

Result<void> putText(Hdf5File& file, const std::string& key, const std::string& text)
{
    return file.write(key, H5Type::U8, {int64_t(text.size())}, text.data(), 1);
}

Result<std::string> takeText(const Hdf5File& file, const std::string& key, const std::string& path)
{
    const auto info = file.info(key);
    if (!info || info->type != H5Type::U8 || info->shape.size() != 1 || info->shape[0] > kLongestText)
        return damaged(path);
    std::string text(size_t(info->shape[0]), '\0');
    if (!text.empty() && !file.readRows(key, 0, info->shape[0], text.data()))
        return damaged(path);
    return text;
}

Result<Json> takeJson(const Hdf5File& file, const std::string& key, const std::string& path)
{
    BITWRIGHT_TRY(const std::string text, takeText(file, key, path));
    Json json = Json::parse(text, nullptr, false);
    if (json.is_discarded())
        return damaged(path);
    return json;
}

Result<void> putJson(Hdf5File& file, const std::string& key, const Json& json)
{
    return putText(file, key, json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

Json sourceJson(const SessionData& s)
{
    return {{"model", {{"path", s.modelPath}, {"sha256", s.modelSha256}}},
            {"data",
             {{"path", s.dataPath},
              {"split", s.dataOptions.split},
              {"preprocess", preprocessToJson(s.dataOptions.preprocess)}}}};
}

/// A text member of `json`, or nullopt.
std::optional<std::string> textOf(const Json& json, const char* key)
{
    const auto found = json.is_object() ? json.find(key) : json.end();
    if (found == json.end() || !found->is_string())
        return std::nullopt;
    return found->get<std::string>();
}

Result<void> sourceFrom(const Json& json, SessionData& s, const std::string& path)
{
    const Json model = json.is_object() ? json.value("model", Json()) : Json();
    const Json data = json.is_object() ? json.value("data", Json()) : Json();
    const auto modelPath = textOf(model, "path"), sha256 = textOf(model, "sha256");
    const auto dataPath = textOf(data, "path"), split = textOf(data, "split");
    if (!modelPath || !sha256 || !dataPath || !split)
        return damaged(path);
    s.modelPath = *modelPath;
    s.modelSha256 = *sha256;
    s.dataPath = *dataPath;
    s.dataOptions.split = *split;
    BITWRIGHT_TRY(s.dataOptions.preprocess, preprocessFromJson(data.value("preprocess", Json::object())));
    return {};
}

Json weightsJson(const SessionWeights& weights)
{
    return {{"path", weights.path}, {"sha256", weights.sha256}};
}

/// None where the session's own weights are meant, as in files without the member.
SessionWeights weightsFrom(const Json& json)
{
    const Json weights = json.is_object() ? json.value("weights", Json()) : Json();
    return {textOf(weights, "path").value_or(""), textOf(weights, "sha256").value_or("")};
}

Json evaluationJson(const SessionEvaluation& e)
{
    return {{"weights", weightsJson(e.weights)},
            {"evaluation", exactJson(e.evaluation)},
            {"cost", exactJson(e.cost)},
            {"plan", planToJson(e.plan)},
            {"step", e.step}};
}

Result<SessionEvaluation> evaluationFrom(const Json& json, const std::string& path)
{
    const auto plan = textOf(json, "plan"), step = textOf(json, "step");
    if (!plan || !step || !json.contains("evaluation") || !json.contains("cost"))
        return damaged(path);
    SessionEvaluation result;
    BITWRIGHT_TRY(result.evaluation, evaluationFromExact(json["evaluation"]));
    BITWRIGHT_TRY(result.cost, costFromExact(json["cost"]));
    BITWRIGHT_TRY(result.plan, planFromJson(*plan));
    result.step = *step;
    result.weights = weightsFrom(json);
    return result;
}

Result<void> putOriginal(Hdf5File& file, const SessionOriginal& original)
{
    Evaluation evaluation;
    evaluation.floating = original.quality;
    return putJson(file, "original",
                   Json{{"weights", weightsJson(original.weights)}, {"evaluation", exactJson(evaluation)}});
}

Result<void> takeOriginal(const Hdf5File& file, SessionData& s, const std::string& path)
{
    BITWRIGHT_TRY(const Json json, takeJson(file, "original", path));
    SessionOriginal original{weightsFrom(json), {}};
    if (original.weights.sha256.empty() || !json.contains("evaluation"))
        return damaged(path);
    BITWRIGHT_TRY(const Evaluation evaluation, evaluationFromExact(json["evaluation"]));
    original.quality = evaluation.floating;
    s.original = std::move(original);
    return {};
}

Result<void> putResults(Hdf5File& file, const SessionData& s)
{
    if (s.original)
        BITWRIGHT_CHECK(putOriginal(file, *s.original));
    if (s.calibration) {
        BITWRIGHT_CHECK(writeCalibration(file, *s.calibration));
        BITWRIGHT_CHECK(putJson(file, "calibration/value_names", s.valueNames));
    }
    if (s.evaluation)
        BITWRIGHT_CHECK(putJson(file, "evaluation", evaluationJson(*s.evaluation)));
    if (s.saturation)
        BITWRIGHT_CHECK(putJson(file, "saturation", exactJson(*s.saturation)));
    if (s.sensitivity) {
        BITWRIGHT_CHECK(putJson(file, "sensitivity", exactJson(*s.sensitivity)));
        BITWRIGHT_CHECK(putText(file, "swept_plan", planToJson(s.sweptPlan)));
    }
    Json snapshots = Json::array(), measurements = Json::array();
    for (const SessionSnapshot& snapshot : s.snapshots)
        snapshots.push_back({{"name", snapshot.name},
                             {"plan", planToJson(snapshot.plan)},
                             {"weights", weightsJson(snapshot.weights)}});
    for (const SessionEvaluation& measurement : s.measurements)
        measurements.push_back(evaluationJson(measurement));
    BITWRIGHT_CHECK(putJson(file, "snapshots", snapshots));
    BITWRIGHT_CHECK(putJson(file, "measurements", measurements));
    return {};
}

Result<void> takeConfigurations(const Hdf5File& file, SessionData& s, const std::string& path)
{
    BITWRIGHT_TRY(const Json snapshots, takeJson(file, "snapshots", path));
    for (const Json& json : snapshots) {
        const auto name = textOf(json, "name"), plan = textOf(json, "plan");
        if (!name || !plan)
            return damaged(path);
        SessionSnapshot snapshot{*name, {}, weightsFrom(json)};
        BITWRIGHT_TRY(snapshot.plan, planFromJson(*plan));
        s.snapshots.push_back(std::move(snapshot));
    }
    BITWRIGHT_TRY(const Json measurements, takeJson(file, "measurements", path));
    for (const Json& json : measurements) {
        BITWRIGHT_TRY(auto measurement, evaluationFrom(json, path));
        s.measurements.push_back(std::move(measurement));
    }
    return {};
}

Result<void> takeResults(const Hdf5File& file, SessionData& s, const std::string& path)
{
    if (file.has("original"))
        BITWRIGHT_CHECK(takeOriginal(file, s, path));
    if (file.has("calibration/sets")) {
        auto calibration = readCalibration(file);
        if (!calibration)
            return damaged(path);
        s.calibration = std::make_shared<const CalibrationResult>(std::move(*calibration));
        BITWRIGHT_TRY(const Json names, takeJson(file, "calibration/value_names", path));
        for (const Json& name : names)
            s.valueNames.push_back(name.is_string() ? name.get<std::string>() : std::string());
    }
    if (file.has("evaluation")) {
        BITWRIGHT_TRY(const Json json, takeJson(file, "evaluation", path));
        BITWRIGHT_TRY(s.evaluation, evaluationFrom(json, path));
    }
    if (file.has("saturation")) {
        BITWRIGHT_TRY(const Json json, takeJson(file, "saturation", path));
        BITWRIGHT_TRY(s.saturation, saturationFromExact(json));
    }
    if (file.has("sensitivity")) {
        BITWRIGHT_TRY(const Json json, takeJson(file, "sensitivity", path));
        BITWRIGHT_TRY(auto table, sensitivityFromExact(json));
        s.sensitivity = std::make_shared<const SensitivityTable>(std::move(table));
        BITWRIGHT_TRY(const std::string plan, takeText(file, "swept_plan", path));
        BITWRIGHT_TRY(s.sweptPlan, planFromJson(plan));
    }
    return takeConfigurations(file, s, path);
}

Result<void> checkFormat(const Hdf5File& file, const std::string& path)
{
    const auto format = file.readAttribute("", "format"), version = file.readAttribute("", "version");
    if (!format || *format != kFormat || !version)
        return Error{Error::Corrupt, "This is not a Bitwright session.", path};
    if (*version != std::to_string(kVersion))
        return Error{Error::Unsupported, "This session was written by a newer Bitwright; update to open it.",
                     path};
    return {};
}

} // namespace

Result<void> writeSession(const std::string& path, const SessionData& session)
{
    BITWRIGHT_TRY(Hdf5File file, Hdf5File::create(path));
    BITWRIGHT_CHECK(file.writeAttribute("", "format", std::string(kFormat)));
    BITWRIGHT_CHECK(file.writeAttribute("", "version", std::to_string(kVersion)));
    BITWRIGHT_CHECK(file.writeAttribute("", "bitwright", std::string(BITWRIGHT_VERSION)));
    BITWRIGHT_CHECK(putJson(file, "source", sourceJson(session)));
    BITWRIGHT_CHECK(putText(file, "plan", planToJson(session.plan)));
    BITWRIGHT_CHECK(putResults(file, session));
    for (const auto& [name, text] : session.texts)
        BITWRIGHT_CHECK(putText(file, "texts/" + name, text));
    return file.close();
}

Result<SessionData> readSession(const std::string& path)
{
    BITWRIGHT_TRY(const Hdf5File file, Hdf5File::open(path));
    BITWRIGHT_CHECK(checkFormat(file, path));
    SessionData session;
    BITWRIGHT_TRY(const Json source, takeJson(file, "source", path));
    BITWRIGHT_CHECK(sourceFrom(source, session, path));
    BITWRIGHT_TRY(const std::string plan, takeText(file, "plan", path));
    BITWRIGHT_TRY(session.plan, planFromJson(plan));
    BITWRIGHT_CHECK(takeResults(file, session, path));
    const auto keys = file.datasets("texts");
    for (const std::string& key : keys ? *keys : std::vector<std::string>()) {
        BITWRIGHT_TRY(session.texts[key.substr(key.find('/') + 1)], takeText(file, key, path));
    }
    return session;
}

} // namespace bitwright
