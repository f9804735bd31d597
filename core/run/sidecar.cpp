// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/atomic_file.h"
#include "core/run/dataset.h"

#include <nlohmann/json.hpp>

#include <filesystem>

namespace bitwright {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr size_t kMaxBytes = size_t(16) << 20;

/// The sidecar beside `path`, or "".
std::string findSidecar(const fs::path& given)
{
    std::error_code failure;
    const fs::path path = given.filename().empty() ? given.parent_path() : given; // "dir/" is "dir"
    const bool isFolder = fs::is_directory(path, failure);
    fs::path beside = path;
    if (isFolder)
        beside += ".json";
    else
        beside.replace_extension(".json");
    for (const fs::path& candidate : {beside, isFolder ? path / "bitwright.json" : beside})
        if (candidate != path && fs::is_regular_file(candidate, failure))
            return candidate;
    return {};
}

Error bad(const std::string& file, const std::string& key, const std::string& message)
{
    return {Error::Corrupt, "\"" + key + "\": " + message, file};
}

Result<Sidecar> fromJson(const json& object, const std::string& file)
{
    Sidecar sidecar;
    if (const auto found = object.find("preprocess"); found != object.end()) {
        const auto preprocess = preprocessFromJson(*found);
        if (!preprocess)
            return bad(file, preprocess.error().where, preprocess.error().message);
        sidecar.preprocess = *preprocess;
    }
    if (const auto found = object.find("classes"); found != object.end()) {
        if (!found->is_array())
            return bad(file, "classes", "A list of names is expected.");
        for (const json& name : *found) {
            if (!name.is_string())
                return bad(file, "classes", "Every name must be a text.");
            sidecar.classes.push_back(name.get<std::string>());
        }
    }
    if (const auto found = object.find("input_shape"); found != object.end()) {
        if (!found->is_array() || found->size() > 8)
            return bad(file, "input_shape",
                       "A list of sizes without the batch is expected, as in [3, 224, 224].");
        for (const json& size : *found) {
            if (!size.is_number_integer() || size.get<int64_t>() < 1 ||
                size.get<int64_t>() > (int64_t(1) << 31))
                return bad(file, "input_shape", "Every size must be a whole number above 0.");
            sidecar.inputShape.push_back(size.get<int64_t>());
        }
    }
    return sidecar;
}

} // namespace

Result<Sidecar> readSidecar(const std::string& path)
{
    const std::string file = findSidecar(path);
    if (file.empty())
        return Sidecar{};
    BITWRIGHT_TRY(const std::string text, readFile(file, kMaxBytes));
    const json object = json::parse(text, nullptr, false);
    if (!object.is_object())
        return Error{Error::Corrupt, "The sidecar is not a JSON object; repair or remove it.", file};
    return fromJson(object, file);
}

} // namespace bitwright
