// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/weights/pytorch_storage.h"
#include "core/io/weights/zip_archive.h"

#include <algorithm>
#include <cstring>

namespace bitwright::pytorch {
namespace {

constexpr int64_t kMostPickle = int64_t(64) << 20;

class ArchiveStorages : public Storages {
public:
    ArchiveStorages(std::shared_ptr<const ZipArchive> archive, std::string root)
        : m_archive(std::move(archive))
        , m_root(std::move(root))
    {
    }
    Result<int64_t> bytes(const std::string& key) const override { return m_archive->size(name(key)); }
    Result<void> read(const std::string& key, int64_t begin, int64_t count, void* out) const override
    {
        return m_archive->read(name(key), begin, count, out);
    }

private:
    std::string name(const std::string& key) const { return m_root + "data/" + key; }

    std::shared_ptr<const ZipArchive> m_archive;
    std::string m_root;
};

/// "archive/" of "archive/data.pkl"; empty when there is no such entry.
std::string rootOf(const ZipArchive& archive)
{
    constexpr std::string_view kPickle = "/data.pkl";
    for (const std::string& name : archive.names())
        if (name.ends_with(kPickle) && std::count(name.begin(), name.end(), '/') == 1)
            return name.substr(0, name.size() - kPickle.size() + 1);
    return {};
}

Result<std::string> wholeEntry(const ZipArchive& archive, const std::string& name, int64_t most)
{
    BITWRIGHT_TRY(const int64_t bytes, archive.size(name));
    if (bytes > most)
        return Error{Error::Limit, "This entry of the archive is too large to be what it should be.",
                     archive.path() + ":" + name};
    std::string text(static_cast<size_t>(bytes), '\0');
    BITWRIGHT_CHECK(archive.read(name, 0, bytes, text.data()));
    return text;
}

} // namespace

bool isSavedArchive(const std::string& path)
{
    const auto archive = ZipArchive::open(path);
    if (!archive)
        return false;
    const std::string root = rootOf(**archive);
    return !root.empty() && !(*archive)->has(root + "constants.pkl") && !(*archive)->has(root + "bytecode.pkl");
}

Result<Saved> openSavedArchive(const std::string& path)
{
    BITWRIGHT_TRY(const auto archive, ZipArchive::open(path));
    const std::string root = rootOf(*archive);
    if (archive->has(root + "byteorder")) {
        BITWRIGHT_TRY(const std::string order, wholeEntry(*archive, root + "byteorder", 64));
        if (order != "little")
            return Error{Error::Unsupported, "The file was written on a big-endian machine, which is not read.",
                         path};
    }
    BITWRIGHT_TRY(const std::string text, wholeEntry(*archive, root + "data.pkl", kMostPickle));
    Saved saved;
    saved.objects = std::make_shared<pickle::Unpickler>(path);
    size_t at = 0;
    const pickle::Read read = [&](void* out, size_t bytes) -> Result<void> {
        if (bytes > text.size() - at)
            return Error{Error::Corrupt, "The pickle ends too early; it is truncated.", path};
        std::memcpy(out, text.data() + at, bytes);
        at += bytes;
        return {};
    };
    BITWRIGHT_TRY(saved.root, saved.objects->load(read));
    saved.storages = std::make_shared<ArchiveStorages>(archive, root);
    return saved;
}

} // namespace bitwright::pytorch
