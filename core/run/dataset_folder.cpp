// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/atomic_file.h"
#include "core/base/parallel.h"
#include "core/run/image_decode.h"
#include "core/run/stored_samples.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>

// A folder with one sub-folder of images per class, classes and files in sorted order as in torchvision's
// ImageFolder; or the same below train/ and test/ (val/); or a folder of images alone, then without labels.

namespace bitwright {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxFileBytes = size_t(512) << 20;

bool isImageName(const fs::path& path)
{
    std::string suffix = path.extension();
    std::transform(suffix.begin(), suffix.end(), suffix.begin(),
                   [](unsigned char c) { return char(std::tolower(c)); });
    constexpr std::array known = {".jpg", ".jpeg", ".png", ".bmp", ".ppm", ".pgm", ".pnm"};
    return std::find(known.begin(), known.end(), suffix) != known.end();
}

std::vector<fs::path> subFolders(const fs::path& folder)
{
    std::vector<fs::path> found;
    std::error_code failure;
    for (fs::directory_iterator entry(folder, failure), end; !failure && entry != end;
         entry.increment(failure))
        if (std::error_code ignored;
            entry->is_directory(ignored) && entry->path().filename().string()[0] != '.')
            found.push_back(entry->path());
    std::sort(found.begin(), found.end());
    return found;
}

std::vector<fs::path> imagesBelow(const fs::path& folder, bool recursive)
{
    std::vector<fs::path> found;
    std::error_code failure;
    fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied, failure);
    for (const fs::recursive_directory_iterator end; !failure && entry != end; entry.increment(failure)) {
        std::error_code ignored;
        if (!recursive)
            entry.disable_recursion_pending();
        if (isImageName(entry->path()) && entry->is_regular_file(ignored))
            found.push_back(entry->path());
    }
    std::sort(found.begin(), found.end());
    return found;
}

class FolderSamples : public StoredSamples {
public:
    std::vector<std::string> files;
    int channels = 0;

    Result<Tensor> decode(size_t index) const
    {
        BITWRIGHT_TRY(const std::string bytes, readFile(files[index], kMaxFileBytes));
        auto image = decodeImage(bytes, channels);
        if (!image)
            return Error{image.error().code, image.error().message, files[index]};
        return image;
    }

    Result<std::vector<Tensor>> read(std::span<const int64_t> indices) const override
    {
        std::vector<std::optional<Result<Tensor>>> decoded(indices.size());
        parallelFor(int64_t(indices.size()),
                    [&](int64_t i) { decoded[size_t(i)] = decode(size_t(indices[size_t(i)])); });
        std::vector<Tensor> images;
        for (auto& image : decoded) {
            if (!*image)
                return image->error();
            images.push_back(**image);
        }
        return images;
    }
};

/// The folder of the split: a sub-folder with one of its names where there are any, else the folder itself.
Result<fs::path> splitFolder(const fs::path& folder, const std::string& split)
{
    const auto folders = subFolders(folder);
    const auto find = [&](const std::string& wanted) -> const fs::path* {
        for (const std::string& spelling : splitSpellings(wanted))
            for (const fs::path& candidate : folders)
                if (candidate.filename() == spelling)
                    return &candidate;
        return nullptr;
    };
    if (const fs::path* found = find(split))
        return *found;
    if (find({}))
        return Error{Error::NotFound, "There is no sub-folder for the split \"" + split + "\".", folder};
    return folder;
}

/// Names of the classes over all splits, so that a class which one split lacks shifts no label.
std::map<std::string, int64_t> classIndices(const fs::path& folder, const fs::path& chosen)
{
    std::map<std::string, int64_t> classes;
    const auto add = [&](const fs::path& parent) {
        for (const fs::path& sub : subFolders(parent))
            classes[sub.filename()] = 0;
    };
    add(chosen);
    if (chosen != folder)
        for (const std::string& spelling : splitSpellings({}))
            add(folder / spelling);
    int64_t next = 0;
    for (auto& [name, index] : classes)
        index = next++;
    return classes;
}

} // namespace

Result<StoredSamplesPtr> openFolderSamples(const std::string& path, const std::string& split, int channels,
                                           Progress& progress)
{
    BITWRIGHT_TRY(const fs::path folder, splitFolder(path, split));
    auto samples = std::make_shared<FolderSamples>();
    samples->kind = "image folder";
    samples->split = folder == path ? "" : splitNamed(folder.filename());
    samples->varying = true;
    samples->layout = "nhwc";
    const auto classes = classIndices(path, folder);
    for (const auto& [name, index] : classes) {
        if (progress.cancelled())
            return cancelledError();
        samples->classes.push_back(name);
        for (const fs::path& file : imagesBelow(folder / name, true)) {
            samples->files.push_back(file);
            samples->labels.push_back(index);
        }
    }
    if (samples->files.empty()) {
        samples->classes.clear();
        for (const fs::path& file : imagesBelow(folder, false))
            samples->files.push_back(file);
    }
    if (samples->files.empty())
        return Error{Error::NotFound,
                     "The folder holds no images (.jpg .png .bmp .ppm) and no other data set.", path};
    samples->size = int64_t(samples->files.size());
    samples->channels = channels;
    BITWRIGHT_TRY(const Tensor first, samples->decode(0));
    samples->shape = first.shape();
    samples->channels = int(first.shape()[2]);
    return StoredSamplesPtr(samples);
}

} // namespace bitwright
