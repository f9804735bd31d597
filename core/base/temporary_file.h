// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <utility>

namespace bitwright {

/// A file in the folder for temporary files. Its name goes with this object at the latest; the file is gone
/// when nobody has it open any more.
class TemporaryFile {
public:
    /// Limit when the disk has no room for `bytes`, Io when the system refuses. `from` is what will be
    /// unpacked.
    static Result<TemporaryFile> make(int64_t bytes, const std::string& from);
    TemporaryFile(TemporaryFile&& other) noexcept
        : m_descriptor(std::exchange(other.m_descriptor, -1))
        , m_name(std::exchange(other.m_name, {}))
        , m_from(std::move(other.m_from))
    {
    }
    TemporaryFile& operator=(TemporaryFile&&) = delete;
    ~TemporaryFile();

    Result<void> append(const void* data, int64_t bytes);
    /// For whoever takes a path (HDF5 refuses files without a name); empty after removeName().
    const std::string& path() const { return m_name; }
    /// From now on the file is gone however the program ends.
    void removeName();
    /// The open file; the caller closes it.
    int release() { return std::exchange(m_descriptor, -1); }

private:
    TemporaryFile(int descriptor, std::string name, std::string from)
        : m_descriptor(descriptor)
        , m_name(std::move(name))
        , m_from(std::move(from))
    {
    }

    int m_descriptor;
    std::string m_name, m_from;
};

} // namespace bitwright
