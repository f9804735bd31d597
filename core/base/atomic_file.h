// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <functional>
#include <string>
#include <string_view>

namespace bitwright {

/// Runs `write(temporaryPath)` for a name in the same folder as `path`, flushes that file to the disk and
/// renames it to `path`. On any failure the temporary file is removed and an earlier `path` stays as it was.
Result<void> writeAtomically(const std::string& path,
                             const std::function<Result<void>(const std::string& temporaryPath)>& write);
/// The same for contents that are already in memory.
Result<void> writeFileAtomically(const std::string& path, std::string_view contents);
/// The whole file, at most `limit` bytes (Limit otherwise).
Result<std::string> readFile(const std::string& path, size_t limit = size_t(1) << 30);

} // namespace bitwright
