// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/temporary_file.h"
#include "core/io/weights/hdf5_tensors.h"
#include "core/io/weights/zip_archive.h"

#include <algorithm>

// Keras 2 writes groups of layers with datasets "kernel:0" (whole models below "model_weights"), Keras 3
// "layers/NAME/vars/0" (https://keras.io/api/models/model_saving_apis/).

namespace bitwright {
namespace {

constexpr const char* kWeights = "model.weights.h5";

bool startsWithAny(const std::string& text, std::initializer_list<const char*> prefixes)
{
    return std::any_of(prefixes.begin(), prefixes.end(), [&](const char* p) { return text.starts_with(p); });
}

bool isKerasName(const std::string& key)
{
    return key.ends_with(":0") || key.find("/vars/") != std::string::npos || key.starts_with("vars/");
}

Result<WeightsFile> readKeras(std::shared_ptr<SharedHdf5> source, Progress& progress)
{
    const std::string prefix = source->file.has("model_weights") ? "model_weights/" : "";
    BITWRIGHT_TRY(const std::vector<std::string> keys, source->file.datasets());
    WeightsFile file;
    file.layout = WeightLayout::OutputLast;
    Hdf5Tensors tensors(std::move(source));
    int64_t ofOptimizer = 0;
    for (const std::string& key : keys) {
        if (progress.cancelled())
            return cancelledError();
        if (startsWithAny(key, {"optimizer_weights/", "optimizer/", "_optimizer/"})) {
            ++ofOptimizer;
            continue;
        }
        const bool inside = key.starts_with(prefix);
        BITWRIGHT_CHECK(tensors.add(key, inside ? key.substr(prefix.size()) : key, file));
    }
    if (ofOptimizer > 0)
        file.notes.push_back("Left out: " + std::to_string(ofOptimizer) + " x state of an optimizer.");
    return file;
}

} // namespace

bool looksLikeKerasHdf5(const std::string& path)
{
    if (!looksLikeHdf5(path))
        return false;
    const auto file = Hdf5File::open(path);
    if (!file)
        return false;
    if (file->hasAttribute("", "layer_names") || file->hasAttribute("", "keras_version") ||
        file->has("model_weights"))
        return true;
    const auto keys = file->datasets();
    return keys && std::any_of(keys->begin(), keys->end(), isKerasName);
}

Result<WeightsFile> openKerasHdf5(const std::string& path, Progress& progress)
{
    BITWRIGHT_TRY(auto source, openShared(path));
    return readKeras(std::move(source), progress);
}

bool looksLikeKerasArchive(const std::string& path)
{
    const auto archive = ZipArchive::open(path);
    return archive && (*archive)->has(kWeights);
}

Result<WeightsFile> openKerasArchive(const std::string& path, Progress& progress)
{
    BITWRIGHT_TRY(const auto archive, ZipArchive::open(path));
    BITWRIGHT_TRY(const int64_t size, archive->size(kWeights));
    BITWRIGHT_TRY(TemporaryFile unpacked, TemporaryFile::make(size, path));
    progress.begin("Unpacking weights", size);
    BITWRIGHT_CHECK(archive->unpack(kWeights, [&](const void* data, int64_t bytes) -> Result<void> {
        if (progress.cancelled())
            return cancelledError();
        progress.advance(bytes);
        return unpacked.append(data, bytes);
    }));
    auto source = openShared(unpacked.path()); // stays open when the name goes
    if (!source)
        return Error{source.error().code, source.error().message, path + ":" + kWeights};
    (*source)->path = path + ":" + kWeights;
    return readKeras(std::move(*source), progress);
}

} // namespace bitwright
