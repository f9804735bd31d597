// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/file_check_p.h"

#include <zip.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace bitwright {
namespace {

constexpr std::string_view kLocalHeader{"PK\3\4", 4}, kFlatbuffer{"PTMF", 4};
/// PyTorch stores without compression; archives that grow this much when unpacked are attacks or accidents.
constexpr uint64_t kMostGrowth = 64, kAlwaysFine = 64u << 20;

struct CloseArchive {
    void operator()(zip_t* archive) const { zip_discard(archive); }
    void operator()(zip_file_t* entry) const { zip_fclose(entry); }
};
using Archive = std::unique_ptr<zip_t, CloseArchive>;

std::string readHead(std::ifstream& file)
{
    std::string bytes(256, '\0');
    file.seekg(0);
    file.read(bytes.data(), std::streamsize(bytes.size()));
    bytes.resize(size_t(std::max<std::streamsize>(file.gcount(), 0)));
    return bytes;
}

bool contains(zip_t* archive, std::string_view part)
{
    for (zip_int64_t i = 0; i < zip_get_num_entries(archive, 0); ++i)
        if (const char* name = zip_get_name(archive, zip_uint64_t(i), ZIP_FL_ENC_RAW);
            name && std::string_view(name).find(part) != std::string_view::npos)
            return true;
    return false;
}

uint64_t unpackedBytes(zip_t* archive)
{
    uint64_t bytes = 0;
    for (zip_int64_t i = 0; i < zip_get_num_entries(archive, 0); ++i)
        if (zip_stat_t stat; zip_stat_index(archive, zip_uint64_t(i), 0, &stat) == 0)
            if (stat.valid & ZIP_STAT_SIZE)
                bytes += std::min<uint64_t>(stat.size, std::numeric_limits<uint64_t>::max() - bytes);
    return bytes;
}

/// Reads an entry to its end, which compares its checksum.
bool isWhole(zip_t* archive, zip_uint64_t index)
{
    const std::unique_ptr<zip_file_t, CloseArchive> entry(zip_fopen_index(archive, index, 0));
    std::vector<char> piece(size_t(1) << 18);
    zip_int64_t got = entry ? 1 : -1;
    while (got > 0)
        got = zip_fread(entry.get(), piece.data(), piece.size());
    return got == 0;
}

/// The name of the first entry that is not as it was written; empty when all are. LibTorch does not compare
/// checksums, and a damaged debug record makes it terminate the process when it words an error.
Result<std::string> firstDamaged(zip_t* archive, const Progress& progress)
{
    for (zip_int64_t i = 0; i < zip_get_num_entries(archive, 0); ++i) {
        if (progress.cancelled())
            return cancelledError();
        if (!isWhole(archive, zip_uint64_t(i)))
            return std::string(zip_get_name(archive, zip_uint64_t(i), ZIP_FL_ENC_RAW));
    }
    return std::string();
}

constexpr const char* kHowToScript =
    "; make one in Python with torch.jit.script(model.eval()).save(\"model.pt\") or torch.jit.trace(...)";

constexpr const char* kMobile = "This is a model for the mobile interpreter (.ptl) without its TorchScript "
                                "code; save it with model.save() "
                                "instead of _save_for_lite_interpreter()";

Error notTorchScript(const std::string& what, const std::string& path, Error::Code code = Error::Unsupported)
{
    return {code, what + ".", path};
}

Result<void> checkArchive(uint64_t fileBytes, const std::string& path, const Progress& progress)
{
    const Archive archive(zip_open(path.c_str(), ZIP_RDONLY, nullptr));
    if (!archive)
        return notTorchScript("The archive is truncated or damaged; get the file again", path,
                              Error::Corrupt);
    if (const uint64_t bytes = unpackedBytes(archive.get());
        bytes > kAlwaysFine && bytes / kMostGrowth > fileBytes)
        return notTorchScript("The archive would grow more than 64-fold when unpacked and is not opened",
                              path, Error::Limit);
    if (contains(archive.get(), "/code/") && contains(archive.get(), "/constants.pkl")) {
        BITWRIGHT_TRY(const std::string damaged, firstDamaged(archive.get(), progress));
        if (!damaged.empty())
            return notTorchScript("The archive is damaged (\"" + damaged +
                                      "\" has a wrong checksum); get the file again",
                                  path, Error::Corrupt);
        return {};
    }
    if (contains(archive.get(), "/bytecode.pkl"))
        return notTorchScript(kMobile, path);
    if (contains(archive.get(), "/archive_format") ||
        contains(archive.get(), "/serialized_exported_program") ||
        contains(archive.get(), "serialized_exported_program.json"))
        return notTorchScript(
            std::string("This is a torch.export program (.pt2), not a TorchScript archive") + kHowToScript,
            path);
    if (contains(archive.get(), "/data.pkl"))
        return notTorchScript(
            std::string(
                "This holds weights or pickled Python objects (torch.save), not a TorchScript archive") +
                kHowToScript,
            path);
    return notTorchScript("This zip file is not a TorchScript archive", path);
}

bool isPickle(const std::string& head)
{
    return head.size() >= 2 && head[0] == '\x80' && uint8_t(head[1]) >= 2 && uint8_t(head[1]) <= 5;
}

bool isFlatbuffer(const std::string& head)
{
    return head.size() >= 8 && head.compare(4, kFlatbuffer.size(), kFlatbuffer) == 0;
}

bool startsWith(const std::string& head, std::string_view text)
{
    return head.compare(0, text.size(), text) == 0;
}

/// An .npz: the first entry of the zip file is an array of NumPy.
bool isNumpyArchive(const std::string& head)
{
    constexpr size_t kNameLength = 26, kName = 30;
    if (!startsWith(head, kLocalHeader) || head.size() < kName)
        return false;
    const size_t length = uint8_t(head[kNameLength]) + 256u * uint8_t(head[kNameLength + 1]);
    const std::string_view name = std::string_view(head).substr(kName, length);
    return name.size() == length && name.ends_with(".npy");
}

} // namespace

bool looksLikePyTorch(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    const std::string head = readHead(file);
    return (startsWith(head, kLocalHeader) && !isNumpyArchive(head)) || isPickle(head) || isFlatbuffer(head);
}

Result<void> checkTorchScript(const std::string& path, const Progress& progress)
{
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    const auto end = file ? std::streamoff(file.tellg()) : std::streamoff(-1);
    if (end < 0 || end == std::numeric_limits<std::streamoff>::max())
        return Error{Error::Io, "The file cannot be read.", path};
    const uint64_t fileBytes = uint64_t(end);
    if (fileBytes == 0)
        return notTorchScript("The file is empty", path, Error::Corrupt);
    const std::string head = readHead(file);
    if (startsWith(head, kLocalHeader))
        return checkArchive(fileBytes, path, progress);
    if (isPickle(head))
        return notTorchScript(
            std::string("This is a pickle of weights or Python objects (old torch.save), not a "
                        "TorchScript archive") +
                kHowToScript,
            path);
    if (isFlatbuffer(head))
        return notTorchScript(kMobile, path);
    if (startsWith(head, "version https://git-lfs"))
        return notTorchScript("This is a Git LFS pointer, not the model; fetch it with git lfs pull", path);
    if (startsWith(head, "<!") || startsWith(head, "<html") || startsWith(head, "<HTML"))
        return notTorchScript("This is a web page, not a model; the download went wrong", path);
    return notTorchScript("This is not a TorchScript archive", path, Error::Corrupt);
}

} // namespace bitwright
