// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/atomic_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace bitwright {
namespace {

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

} // namespace

Result<void> writeAtomically(const std::string& path,
                             const std::function<Result<void>(const std::string&)>& write)
{
    const std::string temporary = path + ".part" + std::to_string(::getpid());
    Result<void> written = write(temporary);
    if (written)
        written = flushToDisk(temporary);
    if (written && std::rename(temporary.c_str(), path.c_str()) != 0)
        written = ioError("Cannot replace the file", path);
    if (!written) {
        std::error_code ignored;
        std::filesystem::remove(temporary, ignored);
    }
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
        return Error{Error::NotFound, std::string("Cannot open the file (") + std::strerror(errno) + ").", path};
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
