// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace bitwright {

/// Bytes that can be read from any place. Reads from several threads at once are fine.
class ByteSource {
public:
    virtual ~ByteSource() = default;
    virtual int64_t size() const = 0;
    /// Exactly `bytes` bytes from `offset`; Corrupt when the source ends before, Io when the system refuses.
    virtual Result<void> read(int64_t offset, int64_t bytes, void* out) const = 0;
};

/// A file, read on demand and never mapped (a file that is cut while in use must not end the program).
Result<std::shared_ptr<const ByteSource>> openBytes(const std::string& path);

/// What a stream gives next: fills at most `bytes` bytes of `out` and returns how many, 0 at its end.
using Pull = std::function<Result<int64_t>(void* out, int64_t bytes)>;
/// Streams that cannot be entered in the middle (gzip, deflate) become bytes that can: up to 256 MiB stay in
/// memory, more goes into an unlinked file in the folder for temporary files. The stream must give exactly
/// `expected` bytes (Corrupt otherwise); Limit when the disk has no room for them.
Result<std::shared_ptr<const ByteSource>> spool(const Pull& pull, int64_t expected, const std::string& path,
                                                Progress& progress);

/// True for a file that begins like gzip.
bool isGzip(const std::string& path);
/// The first bytes of a file, unpacked when it is gzip; fewer than `bytes` when it is shorter.
Result<std::string> firstBytes(const std::string& path, int64_t bytes);
/// The whole file of `expected` (unpacked) bytes; gzip is unpacked by spool().
Result<std::shared_ptr<const ByteSource>> openUnpacked(const std::string& path, int64_t expected,
                                                       Progress& progress);

} // namespace bitwright
