// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <vector>

namespace bitwright {
namespace {

namespace fs = std::filesystem;

Error ioError(const std::string& what, const std::string& path)
{
    return {Error::Io, what + " (" + std::strerror(errno) + ").", path};
}

Result<void> flushToDisk(const std::string& path)
{
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return ioError("Cannot open the written file", path);
    const int failed = ::fsync(descriptor);
    ::close(descriptor);
    if (failed)
        return ioError("Cannot flush the written file to the disk", path);
    return {};
}

/// Flushes what `written` holds and renames it to the folder of `target`, which comes last.
Result<void> moveIntoPlace(const fs::path& written, const fs::path& target)
{
    std::vector<fs::path> names{target.filename()};
    for (const auto& entry : fs::directory_iterator(written))
        if (entry.path().filename() != target.filename())
            names.push_back(entry.path().filename());
    for (const fs::path& name : names)
        BITWRIGHT_CHECK(flushToDisk(written / name));
    for (auto name = names.rbegin(); name != names.rend(); ++name) {
        const fs::path place = target.parent_path() / *name;
        if (std::rename((written / *name).c_str(), place.c_str()) != 0)
            return ioError("Cannot replace the file", place);
    }
    return {};
}

} // namespace

Result<void> writeAtomically(const std::string& path,
                             const std::function<Result<void>(const std::string&)>& write)
{
    static std::atomic<unsigned> count{0};
    const fs::path folder = path + ".part" + std::to_string(::getpid()) + "-" + std::to_string(count++);
    if (::mkdir(folder.c_str(), 0777) != 0)
        return ioError("Cannot write the file", path);
    Result<void> written = write(folder / fs::path(path).filename());
    if (written)
        written = moveIntoPlace(folder, path);
    std::error_code ignored;
    fs::remove_all(folder, ignored);
    return written;
}

Result<void> writeFileAtomically(const std::string& path, std::string_view contents)
{
    return writeAtomically(path, [&](const std::string& temporary) -> Result<void> {
        std::ofstream file(temporary, std::ios::binary);
        file.write(contents.data(), std::streamsize(contents.size()));
        file.close();
        if (!file)
            return ioError("Cannot write the file", path);
        return {};
    });
}

Result<std::string> readFile(const std::string& path, size_t limit)
{
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    if (!file)
        return Error{Error::NotFound, std::string("Cannot open the file (") + std::strerror(errno) + ").",
                     path};
    const auto size = file.tellg();
    if (size < 0)
        return Error{Error::Io, "The file cannot be read (is it a folder?).", path};
    if (size_t(size) > limit)
        return Error{Error::Limit, "The file is larger than " + std::to_string(limit) + " bytes.", path};
    std::string contents(size_t(size), '\0');
    file.seekg(0);
    file.read(contents.data(), size);
    if (!file)
        return Error{Error::Io, "Reading the file failed.", path};
    return contents;
}

} // namespace bitwright
