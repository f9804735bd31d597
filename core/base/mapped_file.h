// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

struct stat;

namespace bitwright {

/// A regular file as memory: read from the disk where it is touched, and its pages can be dropped and read
/// again. Writing to the memory changes a copy of the page and never the file. Safe to read from any thread.
///
/// A file that somebody cuts meanwhile would end the process (SIGBUS). Instead, what is gone reads as zeros
/// and `check` says so: whoever hands on results of the memory asks it before and after.
class MappedFile {
public:
    /// Io where the file cannot be read, Limit where the process has thousands of files mapped already.
    static Result<std::shared_ptr<const MappedFile>> open(const std::string& path);
    ~MappedFile();
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;

    const char* data() const { return m_data; }
    uint64_t size() const { return m_size; }
    /// An error when the file was written to or cut since it was opened; the disk is asked at most five times a
    /// second. A file that another one took the place of (as programs save) is still here as it was.
    Result<void> check() const;

private:
    struct Stamp {
        uint64_t device = 0, inode = 0, size = 0;
        int64_t seconds = 0, nanoseconds = 0; ///< last change
    };
    static Stamp stampOf(const struct stat& found);

    MappedFile() = default;

    std::string m_path;
    char* m_data = nullptr;
    uint64_t m_size = 0;
    Stamp m_stamp;
    size_t m_place = 0; ///< in the table of the signal handler
    mutable std::atomic<int64_t> m_asked = 0; ///< when the disk was last asked, in ms
};

} // namespace bitwright
