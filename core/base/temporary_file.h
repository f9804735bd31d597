// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <utility>

namespace bitwright {

/// A file without a name in the folder for temporary files; it is gone when nobody has it open any more,
/// however the program ends.
class TemporaryFile {
public:
    /// Limit when the disk has no room for `bytes`, Io when the system refuses. `from` is what will be
    /// unpacked.
    static Result<TemporaryFile> make(int64_t bytes, const std::string& from);
    TemporaryFile(TemporaryFile&& other) noexcept
        : m_descriptor(std::exchange(other.m_descriptor, -1))
        , m_from(std::move(other.m_from))
    {
    }
    TemporaryFile& operator=(TemporaryFile&&) = delete;
    ~TemporaryFile();

    Result<void> append(const void* data, int64_t bytes);
    /// Opens the file for whoever takes a path, as long as this object lives.
    std::string path() const { return "/proc/self/fd/" + std::to_string(m_descriptor); }
    /// The open file; the caller closes it.
    int release() { return std::exchange(m_descriptor, -1); }

private:
    TemporaryFile(int descriptor, std::string from)
        : m_descriptor(descriptor)
        , m_from(std::move(from))
    {
    }

    int m_descriptor;
    std::string m_from;
};

} // namespace bitwright
