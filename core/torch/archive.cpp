// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/archive_p.h"

#include "core/torch/guard_p.h"

#include <zip.h>

#include <string_view>

namespace bitwright {

void packArchive(const std::string& path)
{
    constexpr std::string_view kPositions = ".debug_pkl";
    constexpr zip_uint16_t kNewYear1980 = 0x21; // the same plan gives the same bytes
    zip_t* archive = zip_open(path.c_str(), 0, nullptr);
    bool good = archive;
    const zip_int64_t entries = good ? zip_get_num_entries(archive, 0) : 0;
    for (zip_int64_t i = 0; good && i < entries; ++i) {
        const auto index = zip_uint64_t(i);
        const char* name = zip_get_name(archive, index, 0);
        good = name && std::string_view(name).ends_with(kPositions) ? zip_delete(archive, index) == 0
                                          : zip_set_file_compression(archive, index, ZIP_CM_DEFLATE, 9) == 0 &&
                                                zip_file_set_dostime(archive, index, 0, kNewYear1980, 0) == 0;
    }
    if (good && zip_close(archive) == 0)
        return;
    if (archive)
        zip_discard(archive);
    throw Stop{{Error::Io, "The file cannot be packed; is the disk full?", path}};
}

} // namespace bitwright
