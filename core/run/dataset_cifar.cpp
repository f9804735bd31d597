// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/atomic_file.h"
#include "core/run/stored_samples.h"

#include <algorithm>
#include <filesystem>
#include <sstream>

// CIFAR binary versions: records of one label (CIFAR-10) or a coarse and a fine label (CIFAR-100) and
// 3 x 32 x 32 bytes. https://www.cs.toronto.edu/~kriz/cifar.html

namespace bitwright {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kPixels = 3 * 32 * 32;
constexpr int64_t kMaxRecords = 10000000;

/// Label bytes of a record: 1 or 2; 0 = this is no CIFAR file.
int64_t labelBytes(const ByteSource& bytes)
{
    for (const int64_t count : {int64_t(1), int64_t(2)}) {
        const int64_t record = count + kPixels, records = bytes.size() / record;
        if (records == 0 || bytes.size() % record != 0 || records > kMaxRecords)
            continue;
        bool fits = true;
        for (int64_t i = 0; fits && i < std::min<int64_t>(records, 200); ++i) {
            unsigned char labels[2] = {};
            fits = bytes.read(i * record, count, labels) &&
                   (count == 1 ? labels[0] < 10 : labels[0] < 20 && labels[1] < 100);
        }
        if (fits)
            return count;
    }
    return 0;
}

bool isCifarFile(const fs::path& path)
{
    std::error_code failure;
    if (path.extension() != ".bin" || !fs::is_regular_file(path, failure))
        return false;
    const auto bytes = openBytes(path);
    return bytes && labelBytes(**bytes) > 0;
}

/// Files of the split in order: data_batch_1.bin ... or train.bin, test_batch.bin or test.bin.
std::vector<fs::path> filesOf(const fs::path& folder, bool isTest)
{
    std::vector<fs::path> files;
    std::error_code failure;
    for (const auto& entry : fs::directory_iterator(folder, failure)) {
        const std::string name = entry.path().filename();
        const bool test = name.starts_with("test"),
                   train = name.starts_with("data_batch") || name.starts_with("train");
        if ((isTest ? test : train) && isCifarFile(entry.path()))
            files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::vector<std::string> classNames(const fs::path& folder, bool isFine)
{
    std::vector<std::string> names;
    const auto text = readFile(folder / (isFine ? "fine_label_names.txt" : "batches.meta.txt"), 1 << 20);
    std::istringstream lines(text ? *text : std::string());
    for (std::string line; std::getline(lines, line);)
        if (!line.empty())
            names.push_back(line);
    return names;
}

Result<void> append(RawSamples& samples, const fs::path& file, int64_t& labelsPerRecord)
{
    BITWRIGHT_TRY(const auto bytes, openBytes(file));
    const int64_t count = labelBytes(*bytes);
    if (count == 0 || (labelsPerRecord && count != labelsPerRecord))
        return Error{Error::Corrupt, "This is no CIFAR file, or it is truncated.", file};
    labelsPerRecord = count;
    const int64_t stride = count + kPixels, records = bytes->size() / stride;
    samples.parts.push_back({bytes, count, stride, records});
    for (int64_t i = 0; i < records; ++i) {
        unsigned char label = 0;
        BITWRIGHT_CHECK(bytes->read(i * stride + count - 1, 1, &label));
        if (label >= (count == 1 ? 10 : 100))
            return Error{Error::Corrupt, "Record " + std::to_string(i) + " has an impossible label.", file};
        samples.labels.push_back(label);
    }
    samples.size += records;
    return {};
}

} // namespace

bool recognisesCifar(const std::string& path)
{
    std::error_code failure;
    if (fs::is_directory(path, failure))
        return !filesOf(path, true).empty() || !filesOf(path, false).empty();
    return isCifarFile(path);
}

Result<StoredSamplesPtr> openCifarSamples(const std::string& path, const std::string& split,
                                          Progress& progress)
{
    std::vector<fs::path> files = {path};
    std::string part;
    fs::path folder = fs::path(path).parent_path();
    if (fs::is_directory(path)) {
        folder = path;
        part = split == "train" ? "train" : "test";
        files = filesOf(path, part == "test");
        if (files.empty() && split.empty())
            files = filesOf(path, (part = "train") == "test");
        if (files.empty())
            return Error{Error::NotFound, "There is no CIFAR file of the split \"" + split + "\" here.",
                         path};
    }
    auto samples = std::make_shared<RawSamples>();
    samples->dtype = DType::U8;
    samples->shape = {3, 32, 32};
    samples->layout = "nchw";
    samples->split = part;
    int64_t labelsPerRecord = 0;
    for (const fs::path& file : files) {
        if (progress.cancelled())
            return cancelledError();
        BITWRIGHT_CHECK(append(*samples, file, labelsPerRecord));
    }
    samples->kind = labelsPerRecord == 2 ? "CIFAR-100" : "CIFAR-10";
    samples->classes = classNames(folder, labelsPerRecord == 2);
    return StoredSamplesPtr(samples);
}

} // namespace bitwright
