// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace bitwright {

/// A zip archive for reading. Any number of threads may use one object; they take turns.
class ZipArchive {
public:
    /// Corrupt when it is damaged or no zip file; Limit when an entry claims more than 64 times the bytes of
    /// the whole file (and more than 64 MiB).
    static Result<std::shared_ptr<const ZipArchive>> open(const std::string& path);
    ~ZipArchive();

    const std::string& path() const { return m_path; }
    std::vector<std::string> names() const;
    bool has(const std::string& name) const;
    /// Unpacked bytes of an entry; NotFound without one.
    Result<int64_t> size(const std::string& name) const;
    /// Bytes [begin, begin + count) of an entry; the checksum is compared when the whole entry is read.
    Result<void> read(const std::string& name, int64_t begin, int64_t count, void* out) const;
    /// The whole entry piece by piece, checksum compared; `sink` returns an error to stop.
    Result<void> unpack(const std::string& name,
                        const std::function<Result<void>(const void* data, int64_t bytes)>& sink) const;

private:
    struct Private;
    explicit ZipArchive(std::string path);
    std::string m_path;
    std::unique_ptr<Private> d;
};

} // namespace bitwright
