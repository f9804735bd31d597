// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/byte_source.h"

#include "core/base/temporary_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

namespace bitwright {
namespace {

constexpr int64_t kMemoryLimit = int64_t(256) << 20;
constexpr int64_t kPiece = int64_t(1) << 20;

Error tooShort(const std::string& path)
{
    return {Error::Corrupt, "The file ends too early; it is truncated.", path};
}

class FileBytes : public ByteSource {
public:
    FileBytes(int descriptor, int64_t size, std::string path)
        : m_descriptor(descriptor)
        , m_size(size)
        , m_path(std::move(path))
    {
    }
    ~FileBytes() override { ::close(m_descriptor); }
    int64_t size() const override { return m_size; }
    Result<void> read(int64_t offset, int64_t bytes, void* out) const override
    {
        char* to = static_cast<char*>(out);
        while (bytes > 0) {
            const ssize_t got = ::pread(m_descriptor, to, size_t(bytes), offset);
            if (got < 0 && errno == EINTR)
                continue;
            if (got < 0)
                return Error{Error::Io, std::string("Reading failed (") + std::strerror(errno) + ").",
                             m_path};
            if (got == 0)
                return tooShort(m_path);
            to += got;
            offset += got;
            bytes -= got;
        }
        return {};
    }

private:
    int m_descriptor;
    int64_t m_size;
    std::string m_path;
};

class MemoryBytes : public ByteSource {
public:
    explicit MemoryBytes(std::vector<char> bytes)
        : m_bytes(std::move(bytes))
    {
    }
    int64_t size() const override { return int64_t(m_bytes.size()); }
    Result<void> read(int64_t offset, int64_t bytes, void* out) const override
    {
        if (offset < 0 || bytes < 0 || offset > size() || bytes > size() - offset)
            return tooShort({});
        std::memcpy(out, m_bytes.data() + offset, size_t(bytes));
        return {};
    }

private:
    std::vector<char> m_bytes;
};

Result<void> pullExactly(const Pull& pull, char* out, int64_t bytes, const std::string& path)
{
    while (bytes > 0) {
        BITWRIGHT_TRY(const int64_t got, pull(out, bytes));
        if (got <= 0)
            return tooShort(path);
        out += got;
        bytes -= got;
    }
    return {};
}

Result<std::shared_ptr<const ByteSource>> spoolToMemory(const Pull& pull, int64_t expected,
                                                        const std::string& path, Progress& progress)
{
    // Grows with what really comes: a header that lies about its size costs nothing.
    std::vector<char> bytes;
    while (int64_t(bytes.size()) < expected) {
        if (progress.cancelled())
            return cancelledError();
        const size_t have = bytes.size();
        const int64_t piece = std::min(kPiece, expected - int64_t(have));
        bytes.resize(have + size_t(piece));
        BITWRIGHT_CHECK(pullExactly(pull, bytes.data() + have, piece, path));
    }
    return std::make_shared<const MemoryBytes>(std::move(bytes));
}

Result<std::shared_ptr<const ByteSource>> spoolToDisk(const Pull& pull, int64_t expected,
                                                      const std::string& path, Progress& progress)
{
    BITWRIGHT_TRY(TemporaryFile file, TemporaryFile::make(expected, path));
    file.removeName();
    std::vector<char> piece(static_cast<size_t>(kPiece));
    for (int64_t done = 0; done < expected; done += kPiece) {
        if (progress.cancelled())
            return cancelledError();
        const int64_t bytes = std::min(kPiece, expected - done);
        BITWRIGHT_CHECK(pullExactly(pull, piece.data(), bytes, path));
        BITWRIGHT_CHECK(file.append(piece.data(), bytes));
    }
    return std::shared_ptr<const ByteSource>(std::make_shared<FileBytes>(file.release(), expected, path));
}

std::shared_ptr<gzFile_s> openGzip(const std::string& path)
{
    gzFile file = gzopen(path.c_str(), "rb");
    if (file)
        gzbuffer(file, 1 << 18);
    return {file, [](gzFile opened) {
                if (opened)
                    gzclose(opened);
            }};
}

Pull gzipPull(std::shared_ptr<gzFile_s> file, const std::string& path)
{
    return [file, path](void* out, int64_t bytes) -> Result<int64_t> {
        const int got = gzread(file.get(), out, unsigned(std::min(bytes, kPiece)));
        int status = Z_OK;
        gzerror(file.get(), &status);
        if (got < 0 || (status != Z_OK && status != Z_STREAM_END))
            return Error{Error::Corrupt, "The gzip data is damaged or truncated.", path};
        return int64_t(got);
    };
}

} // namespace

Result<std::shared_ptr<const ByteSource>> openBytes(const std::string& path)
{
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return Error{errno == ENOENT ? Error::NotFound : Error::Io,
                     std::string("Cannot open the file (") + std::strerror(errno) + ").", path};
    struct stat about = {};
    if (::fstat(descriptor, &about) != 0 || !S_ISREG(about.st_mode)) {
        ::close(descriptor);
        return Error{Error::Unsupported, "This is not a file.", path};
    }
    return std::make_shared<const FileBytes>(descriptor, int64_t(about.st_size), path);
}

Result<std::shared_ptr<const ByteSource>> spool(const Pull& pull, int64_t expected, const std::string& path,
                                                Progress& progress)
{
    auto all = expected <= kMemoryLimit ? spoolToMemory(pull, expected, path, progress)
                                        : spoolToDisk(pull, expected, path, progress);
    if (!all)
        return all;
    char more = 0; // reading up to the end also checks the stream's own checksum
    BITWRIGHT_TRY(const int64_t extra, pull(&more, 1));
    if (extra != 0)
        return Error{Error::Corrupt, "There is more data than the header says.", path};
    return all;
}

bool isGzip(const std::string& path)
{
    const auto file = openBytes(path);
    unsigned char magic[2] = {};
    return file && (*file)->size() >= 2 && (*file)->read(0, 2, magic) && magic[0] == 0x1f && magic[1] == 0x8b;
}

Result<std::string> firstBytes(const std::string& path, int64_t bytes)
{
    BITWRIGHT_TRY(const auto plain, openBytes(path));
    std::string begin(size_t(bytes), '\0');
    if (!isGzip(path)) {
        begin.resize(size_t(std::min(bytes, plain->size())));
        BITWRIGHT_CHECK(plain->read(0, int64_t(begin.size()), begin.data()));
        return begin;
    }
    const Pull pull = gzipPull(openGzip(path), path);
    int64_t have = 0;
    while (have < bytes) {
        BITWRIGHT_TRY(const int64_t got, pull(begin.data() + have, bytes - have));
        if (got == 0)
            break;
        have += got;
    }
    begin.resize(size_t(have));
    return begin;
}

Result<std::shared_ptr<const ByteSource>> openUnpacked(const std::string& path, int64_t expected,
                                                       Progress& progress)
{
    if (isGzip(path))
        return spool(gzipPull(openGzip(path), path), expected, path, progress);
    BITWRIGHT_TRY(auto file, openBytes(path));
    if (file->size() < expected)
        return tooShort(path);
    if (file->size() > expected)
        return Error{Error::Corrupt, "There is more data than the header says.", path};
    return file;
}

} // namespace bitwright
