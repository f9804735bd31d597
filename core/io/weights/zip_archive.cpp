// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/weights/zip_archive.h"

#include <zip.h>

#include <algorithm>
#include <filesystem>
#include <mutex>

namespace bitwright {
namespace {

constexpr uint64_t kMostGrowth = 64, kAlwaysFine = uint64_t(64) << 20;
constexpr int64_t kMostEntries = 1'000'000;
constexpr int64_t kPiece = int64_t(1) << 20;

struct CloseEntry {
    void operator()(zip_file_t* entry) const { zip_fclose(entry); }
};
using Entry = std::unique_ptr<zip_file_t, CloseEntry>;

} // namespace

struct ZipArchive::Private {
    zip_t* zip = nullptr;
    mutable std::mutex mutex;
};

ZipArchive::ZipArchive(std::string path)
    : m_path(std::move(path))
    , d(std::make_unique<Private>())
{
}

ZipArchive::~ZipArchive()
{
    if (d->zip)
        zip_discard(d->zip);
}

Result<std::shared_ptr<const ZipArchive>> ZipArchive::open(const std::string& path)
{
    std::shared_ptr<ZipArchive> archive(new ZipArchive(path));
    archive->d->zip = zip_open(path.c_str(), ZIP_RDONLY, nullptr);
    zip_t* zip = archive->d->zip;
    const zip_int64_t count = zip ? zip_get_num_entries(zip, 0) : 0;
    if (!zip)
        return Error{Error::Corrupt, "The archive is truncated or damaged; get the file again.", path};
    std::error_code ignored;
    const uint64_t limit =
        std::max(kAlwaysFine, uint64_t(std::filesystem::file_size(path, ignored)) * kMostGrowth);
    const Error tooLarge{Error::Limit,
                         "The archive would grow more than 64-fold when unpacked and is not opened.", path};
    uint64_t total = 0;
    for (zip_int64_t i = 0; i < count; ++i) {
        zip_stat_t stat;
        if (zip_stat_index(zip, zip_uint64_t(i), 0, &stat) != 0 || !(stat.valid & ZIP_STAT_SIZE))
            continue;
        if (i >= kMostEntries || stat.size > limit - total)
            return tooLarge;
        total += stat.size;
    }
    return std::shared_ptr<const ZipArchive>(std::move(archive));
}

std::vector<std::string> ZipArchive::names() const
{
    const std::lock_guard lock(d->mutex);
    std::vector<std::string> all;
    for (zip_int64_t i = 0, count = zip_get_num_entries(d->zip, 0); i < count; ++i)
        if (const char* name = zip_get_name(d->zip, zip_uint64_t(i), ZIP_FL_ENC_RAW))
            all.emplace_back(name);
    return all;
}

bool ZipArchive::has(const std::string& name) const
{
    const std::lock_guard lock(d->mutex);
    return zip_name_locate(d->zip, name.c_str(), ZIP_FL_ENC_RAW) >= 0;
}

Result<int64_t> ZipArchive::size(const std::string& name) const
{
    const std::lock_guard lock(d->mutex);
    zip_stat_t stat;
    if (zip_stat(d->zip, name.c_str(), ZIP_FL_ENC_RAW, &stat) != 0 || !(stat.valid & ZIP_STAT_SIZE))
        return Error{Error::NotFound, "The archive has no such entry; it is damaged.", m_path + ":" + name};
    return int64_t(stat.size);
}

Result<void> ZipArchive::read(const std::string& name, int64_t begin, int64_t count, void* out) const
{
    BITWRIGHT_TRY(const int64_t whole, size(name));
    const Error damaged{Error::Corrupt, "This entry of the archive is damaged or truncated.",
                        m_path + ":" + name};
    if (begin < 0 || count < 0 || begin > whole || count > whole - begin)
        return damaged;
    const std::lock_guard lock(d->mutex);
    const Entry entry(zip_fopen(d->zip, name.c_str(), ZIP_FL_ENC_RAW));
    if (!entry)
        return damaged;
    const auto pull = [&](char* to, int64_t bytes) {
        while (bytes > 0) {
            const zip_int64_t got = zip_fread(entry.get(), to, zip_uint64_t(bytes));
            if (got <= 0)
                return false;
            to += got;
            bytes -= got;
        }
        return true;
    };
    if (begin > 0 && zip_fseek(entry.get(), begin, SEEK_SET) != 0) { // compressed: read up to it
        std::vector<char> skipped(static_cast<size_t>(std::min(begin, kPiece)));
        for (int64_t done = 0; done < begin; done += kPiece)
            if (!pull(skipped.data(), std::min(kPiece, begin - done)))
                return damaged;
    }
    if (!pull(static_cast<char*>(out), count))
        return damaged;
    char more = 0;
    if (begin == 0 && count == whole && zip_fread(entry.get(), &more, 1) != 0)
        return damaged;
    return {};
}

Result<void> ZipArchive::unpack(const std::string& name,
                                const std::function<Result<void>(const void*, int64_t)>& sink) const
{
    BITWRIGHT_TRY(const int64_t whole, size(name));
    const Error damaged{Error::Corrupt, "This entry of the archive is damaged or truncated.",
                        m_path + ":" + name};
    const std::lock_guard lock(d->mutex);
    const Entry entry(zip_fopen(d->zip, name.c_str(), ZIP_FL_ENC_RAW));
    std::vector<char> piece(static_cast<size_t>(kPiece));
    int64_t done = 0;
    while (entry) {
        const zip_int64_t got = zip_fread(entry.get(), piece.data(), zip_uint64_t(kPiece));
        if (got == 0 && done == whole)
            return {};
        done += got;
        if (got <= 0 || done > whole)
            break;
        BITWRIGHT_CHECK(sink(piece.data(), got));
    }
    return damaged;
}

} // namespace bitwright
