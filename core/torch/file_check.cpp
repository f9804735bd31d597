// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/file_check_p.h"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bitwright {
namespace {

// Layout: PKWARE APPNOTE 6.3.9, sections 4.3.12 (central directory) and 4.3.16 (end record).
constexpr std::string_view kLocalHeader{"PK\3\4", 4}, kDirectory{"PK\1\2", 4}, kEnd{"PK\5\6", 4};
constexpr size_t kEndBytes = 22, kDirectoryBytes = 46;
constexpr uint64_t kMostDirectoryBytes = 256u << 20, kUnknown32 = 0xffffffff;
/// PyTorch stores without compression; archives that grow this much when unpacked are attacks or accidents.
constexpr uint64_t kMostGrowth = 64, kAlwaysFine = 64u << 20;

uint64_t number(const std::string& bytes, size_t at, size_t count)
{
    uint64_t value = 0;
    for (size_t i = count; i-- > 0;)
        value = value << 8 | uint8_t(bytes[at + i]);
    return value;
}

std::string readAt(std::ifstream& file, uint64_t offset, uint64_t count)
{
    std::string bytes(count, '\0');
    file.clear();
    file.seekg(std::streamoff(offset));
    file.read(bytes.data(), std::streamsize(count));
    bytes.resize(size_t(std::max<std::streamsize>(file.gcount(), 0)));
    return bytes;
}

struct Archive {
    std::vector<std::string> names;
    uint64_t unpacked = 0;
};

/// The names in a zip file, or nothing when its directory is missing or damaged.
std::optional<Archive> readDirectory(std::ifstream& file, uint64_t fileBytes)
{
    const uint64_t tailBytes = std::min<uint64_t>(fileBytes, 65535 + kEndBytes);
    const std::string tail = readAt(file, fileBytes - tailBytes, tailBytes);
    const size_t end = tail.rfind(kEnd);
    if (end == std::string::npos || tail.size() - end < kEndBytes)
        return std::nullopt;
    const uint64_t bytes = number(tail, end + 12, 4), offset = number(tail, end + 16, 4);
    if (offset == kUnknown32)
        return Archive{{"", "/code/", "/constants.pkl"}, 0}; // over 4 GiB: LibTorch's reader knows zip64
    if (bytes > kMostDirectoryBytes || offset + bytes > fileBytes)
        return std::nullopt;
    const std::string directory = readAt(file, offset, bytes);
    Archive archive;
    for (size_t at = 0; at + kDirectoryBytes <= directory.size();) {
        if (directory.compare(at, 4, kDirectory) != 0)
            return std::nullopt;
        const size_t name = number(directory, at + 28, 2), extra = number(directory, at + 30, 2),
                     comment = number(directory, at + 32, 2);
        if (at + kDirectoryBytes + name > directory.size())
            return std::nullopt;
        archive.names.push_back(directory.substr(at + kDirectoryBytes, name));
        if (const uint64_t size = number(directory, at + 24, 4); size != kUnknown32)
            archive.unpacked += size;
        at += kDirectoryBytes + name + extra + comment;
    }
    return archive;
}

bool contains(const Archive& archive, std::string_view part)
{
    return std::any_of(archive.names.begin(), archive.names.end(),
                       [&](const std::string& name) { return name.find(part) != std::string::npos; });
}

constexpr const char* kHowToScript =
    "; make one in Python with torch.jit.script(model.eval()).save(\"model.pt\") or torch.jit.trace(...)";

Error notTorchScript(const std::string& what, const std::string& path, Error::Code code = Error::Unsupported)
{
    return {code, what + ".", path};
}

Result<void> checkArchive(std::ifstream& file, uint64_t fileBytes, const std::string& path)
{
    const auto archive = readDirectory(file, fileBytes);
    if (!archive)
        return notTorchScript("The archive is truncated or damaged; get the file again", path,
                              Error::Corrupt);
    if (archive->unpacked > kAlwaysFine && archive->unpacked / kMostGrowth > fileBytes)
        return notTorchScript("The archive would grow more than 64-fold when unpacked and is not opened",
                              path, Error::Limit);
    const bool hasCode = contains(*archive, "/code/");
    if (hasCode && contains(*archive, "/constants.pkl"))
        return {};
    if (contains(*archive, "/bytecode.pkl"))
        return notTorchScript(
            "This is a model for the mobile interpreter (.ptl) without its TorchScript code; save it "
            "with model.save() instead of _save_for_lite_interpreter()",
            path);
    if (contains(*archive, "/archive_format") || contains(*archive, "/serialized_exported_program") ||
        contains(*archive, "serialized_exported_program.json"))
        return notTorchScript(
            std::string("This is a torch.export program (.pt2), not a TorchScript archive") + kHowToScript,
            path);
    if (contains(*archive, "/data.pkl"))
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

bool startsWith(const std::string& head, std::string_view text)
{
    return head.compare(0, text.size(), text) == 0;
}

} // namespace

bool looksLikePyTorch(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    const std::string head = readAt(file, 0, 4);
    return startsWith(head, kLocalHeader) || isPickle(head);
}

Result<void> checkTorchScript(const std::string& path)
{
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    const auto end = file ? std::streamoff(file.tellg()) : std::streamoff(-1);
    if (end < 0 || end == std::numeric_limits<std::streamoff>::max())
        return Error{Error::Io, "The file cannot be read.", path};
    const uint64_t fileBytes = uint64_t(end);
    if (fileBytes == 0)
        return notTorchScript("The file is empty", path, Error::Corrupt);
    const std::string head = readAt(file, 0, 256);
    if (startsWith(head, kLocalHeader))
        return checkArchive(file, fileBytes, path);
    if (isPickle(head))
        return notTorchScript(
            std::string("This is a pickle of weights or Python objects (old torch.save), not a "
                        "TorchScript archive") +
                kHowToScript,
            path);
    if (startsWith(head, "version https://git-lfs"))
        return notTorchScript("This is a Git LFS pointer, not the model; fetch it with git lfs pull", path);
    if (startsWith(head, "<!") || startsWith(head, "<html") || startsWith(head, "<HTML"))
        return notTorchScript("This is a web page, not a model; the download went wrong", path);
    return notTorchScript("This is not a TorchScript archive", path, Error::Corrupt);
}

} // namespace bitwright
