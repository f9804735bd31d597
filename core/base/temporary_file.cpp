// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/temporary_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace bitwright {

Result<TemporaryFile> TemporaryFile::make(int64_t bytes, const std::string& from)
{
    std::error_code failure;
    const auto folder = std::filesystem::temp_directory_path(failure);
    const auto space = std::filesystem::space(folder, failure);
    if (failure || int64_t(space.available / 2) < bytes)
        return Error{Error::Limit,
                     "The unpacked data (" + std::to_string(bytes >> 20) + " MiB) does not fit into " +
                         folder.string() + "; unpack the file yourself or set TMPDIR.",
                     from};
    std::string name = folder / "bitwright-XXXXXX";
    const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);
    if (descriptor < 0)
        return Error{Error::Io, "No temporary file can be made in " + folder.string() + ".", from};
    return TemporaryFile(descriptor, std::move(name), from);
}

void TemporaryFile::removeName()
{
    if (!m_name.empty())
        ::unlink(m_name.c_str());
    m_name.clear();
}

TemporaryFile::~TemporaryFile()
{
    removeName();
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

Result<void> TemporaryFile::append(const void* data, int64_t bytes)
{
    const char* from = static_cast<const char*>(data);
    while (bytes > 0) {
        const ssize_t put = ::write(m_descriptor, from, size_t(bytes));
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return Error{Error::Io,
                         std::string("Unpacking to a temporary file failed (") + std::strerror(errno) + ").",
                         m_from};
        from += put;
        bytes -= put;
    }
    return {};
}

} // namespace bitwright
