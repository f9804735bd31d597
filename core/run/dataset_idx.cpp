// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/stored_samples.h"

#include <algorithm>
#include <filesystem>
#include <optional>

// IDX (the format of MNIST): two zero bytes, a type, the number of dimensions, big-endian sizes, elements.

namespace bitwright {
namespace {

namespace fs = std::filesystem;

std::optional<DType> idxType(unsigned char code)
{
    switch (code) {
    case 0x08:
        return DType::U8;
    case 0x09:
        return DType::I8;
    case 0x0b:
        return DType::I16;
    case 0x0c:
        return DType::I32;
    case 0x0d:
        return DType::F32;
    case 0x0e:
        return DType::F64;
    default:
        return std::nullopt;
    }
}

Result<RawArray> readHeader(const std::string& path)
{
    BITWRIGHT_TRY(const std::string begin, firstBytes(path, 4 + 4 * 8));
    const auto byte = [&](size_t i) { return static_cast<unsigned char>(begin[i]); };
    if (begin.size() < 4 || byte(0) != 0 || byte(1) != 0 || !idxType(byte(2)) || byte(3) == 0 || byte(3) > 8)
        return Error{Error::Corrupt, "This is not an IDX file.", path};
    RawArray array;
    array.elements = {*idxType(byte(2)), true};
    array.offset = 4 + 4 * int64_t(byte(3));
    if (int64_t(begin.size()) < array.offset)
        return Error{Error::Corrupt, "The file ends within its header.", path};
    for (size_t i = 4; i < size_t(array.offset); i += 4)
        array.shape.push_back(int64_t(byte(i)) << 24 | byte(i + 1) << 16 | byte(i + 2) << 8 | byte(i + 3));
    return array;
}

std::string replaced(std::string text, const std::string& from, const std::string& to)
{
    if (const size_t at = text.rfind(from); at != std::string::npos)
        text.replace(at, from.size(), to);
    return text;
}

/// The labels beside "train-images-idx3-ubyte": "train-labels-idx1-ubyte", packed or not; "" = none.
std::string labelsBeside(const fs::path& images)
{
    std::string name = replaced(images.filename().string(), "images", "labels");
    if (name == images.filename())
        return {};
    for (const char* digit : {"idx2", "idx3", "idx4"})
        name = replaced(name, digit, "idx1");
    const std::string bare = name.ends_with(".gz") ? name.substr(0, name.size() - 3) : name;
    for (const std::string& candidate : {name, bare, bare + ".gz"})
        if (fs::is_regular_file(images.parent_path() / candidate))
            return images.parent_path() / candidate;
    return {};
}

bool startsWithSplit(const std::string& name, const std::string& split)
{
    const auto spellings = splitSpellings(split);
    return std::any_of(spellings.begin(), spellings.end(),
                       [&](const std::string& spelling) { return name.starts_with(spelling); });
}

/// IDX files of a folder that hold images, in sorted order; damaged ones too where the name says what they
/// are.
std::vector<fs::path> imageFiles(const fs::path& folder)
{
    std::vector<fs::path> found;
    std::error_code failure;
    for (const auto& entry : fs::directory_iterator(folder, failure)) {
        const std::string name = entry.path().filename();
        if (entry.is_regular_file(failure) && name.find("images") != std::string::npos &&
            (readHeader(entry.path()) || name.find("images-idx") != std::string::npos))
            found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    return found;
}

Result<std::string> chooseFile(const std::string& path, const std::string& split)
{
    if (!fs::is_directory(path))
        if (split.empty() || startsWithSplit(fs::path(path).filename(), split))
            return path;
    const bool isFolder = fs::is_directory(path);
    const auto files = imageFiles(isFolder ? fs::path(path) : fs::path(path).parent_path());
    for (const std::string& spelling : splitSpellings(split))
        for (const fs::path& file : files)
            if (file.filename().string().starts_with(spelling))
                return file.string();
    const bool hasSplits = std::any_of(files.begin(), files.end(), [](const fs::path& file) {
        return startsWithSplit(file.filename(), {});
    });
    if (!isFolder && !startsWithSplit(fs::path(path).filename(), {}))
        return path;
    if (hasSplits || files.empty())
        return Error{Error::NotFound, "There are no IDX images of the split \"" + split + "\" here.", path};
    return files.front().string();
}

} // namespace

bool recognisesIdx(const std::string& path)
{
    if (fs::is_directory(path))
        return !imageFiles(path).empty();
    return bool(readHeader(path));
}

Result<StoredSamplesPtr> openIdxSamples(const std::string& path, const std::string& split, Progress& progress)
{
    BITWRIGHT_TRY(const std::string images, chooseFile(path, split));
    BITWRIGHT_TRY(const RawArray array, readHeader(images));
    BITWRIGHT_TRY(const int64_t bytes, checkedBytes(array, images));
    BITWRIGHT_TRY(const auto source, openUnpacked(images, array.offset + bytes, progress));
    BITWRIGHT_TRY(auto samples, makeRawSamples(array, source, "IDX", images));
    for (const std::string& spelling : splitSpellings({}))
        if (fs::path(images).filename().string().starts_with(spelling))
            samples->split = splitNamed(spelling);
    if (const std::string labels = labelsBeside(images); !labels.empty()) {
        BITWRIGHT_TRY(const RawArray what, readHeader(labels));
        BITWRIGHT_TRY(const int64_t labelBytes, checkedBytes(what, labels));
        BITWRIGHT_TRY(const auto from, openUnpacked(labels, what.offset + labelBytes, progress));
        BITWRIGHT_TRY(samples->labels, readLabels(what, *from, labels));
    }
    return StoredSamplesPtr(samples);
}

} // namespace bitwright
