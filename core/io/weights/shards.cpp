// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/weights/weights_file.h"
#include "core/run/byte_source.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <map>

namespace bitwright {
namespace {

using Json = nlohmann::json;

constexpr int64_t kMostBytes = int64_t(16) << 20;
constexpr const char* kMap = "weight_map";

std::string textOf(const std::string& path)
{
    const auto bytes = openBytes(path);
    if (!bytes || (*bytes)->size() > kMostBytes)
        return {};
    const auto text = firstBytes(path, (*bytes)->size());
    return text && text->starts_with("{") ? *text : std::string();
}

/// The reader of one shard; an index of indexes is none.
const WeightsFormat* formatOf(const std::string& path)
{
    for (const WeightsFormat& format : weightsFormats())
        if (format.open != openShards && format.recognises(path))
            return &format;
    return nullptr;
}

/// The tensors that the index places into each file. A name with a folder is refused: an index must not reach
/// beyond its own.
Result<std::map<std::string, std::vector<std::string>>> shardsOf(const std::string& path)
{
    const Json json = Json::parse(textOf(path), nullptr, false);
    const auto map = json.is_object() ? json.find(kMap) : json.end();
    if (!json.is_object() || map == json.end() || !map->is_object())
        return Error{Error::Corrupt, "The index of shards is damaged: it has no object \"weight_map\".", path};
    std::map<std::string, std::vector<std::string>> shards;
    for (const auto& [tensor, file] : map->items()) {
        const std::string name = file.is_string() ? file.get<std::string>() : std::string();
        if (name.empty() || name == ".." || name.find('/') != std::string::npos)
            return Error{Error::Corrupt, "The index of shards is damaged: \"" + tensor +
                                             "\" lies in no file of the same folder.",
                         path};
        shards[name].push_back(tensor);
    }
    return shards;
}

} // namespace

bool looksLikeShardIndex(const std::string& path)
{
    return textOf(path).find(std::string("\"") + kMap + "\"") != std::string::npos;
}

Result<WeightsFile> openShards(const std::string& path, Progress& progress)
{
    BITWRIGHT_TRY(const auto shards, shardsOf(path));
    const auto folder = std::filesystem::path(path).parent_path();
    WeightsFile all;
    progress.begin("Opening shards", int64_t(shards.size()));
    for (const auto& [name, tensors] : shards) {
        const std::string file = (folder / name).string();
        BITWRIGHT_CHECK(openBytes(file));
        const WeightsFormat* format = formatOf(file);
        if (!format)
            return Error{Error::Unsupported, "This file of the index holds no weights that can be read.", file};
        BITWRIGHT_TRY(WeightsFile shard, format->open(file, progress));
        for (const std::string& tensor : tensors) {
            const auto found = std::find_if(shard.tensors.begin(), shard.tensors.end(),
                                            [&](const StoredTensor& t) { return t.name == tensor; });
            if (found == shard.tensors.end())
                return Error{Error::Corrupt, "The index places \"" + tensor + "\" here, but it is not.", file};
            all.tensors.push_back(*found);
        }
        all.notes.insert(all.notes.end(), shard.notes.begin(), shard.notes.end());
        progress.advance();
    }
    return all;
}

} // namespace bitwright
