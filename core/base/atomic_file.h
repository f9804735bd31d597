// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <functional>
#include <string>
#include <string_view>

namespace bitwright {

/// Runs `write(temporaryPath)` for the name of `path` in a new folder beside it. Then everything in that
/// folder is flushed to the disk and renamed to the folder of `path`: companions such as external data first,
/// `path` last. On any failure of `write` nothing else has changed: an earlier `path` and its companions
/// stay. Writers of one path do not disturb each other; the last one wins.
Result<void> writeAtomically(const std::string& path,
                             const std::function<Result<void>(const std::string& temporaryPath)>& write);
/// The same for contents that are already in memory.
Result<void> writeFileAtomically(const std::string& path, std::string_view contents);
/// The whole file, at most `limit` bytes (Limit otherwise).
Result<std::string> readFile(const std::string& path, size_t limit = size_t(1) << 30);

} // namespace bitwright
