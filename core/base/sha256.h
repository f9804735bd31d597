// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <string>

namespace bitwright {

/// SHA-256 (FIPS 180-4) as 64 lower-case hexadecimal digits.
std::string sha256(const void* data, size_t bytes);
/// SHA-256 of a file, streamed. Fails with NotFound or Io.
Result<std::string> sha256File(const std::string& path);

} // namespace bitwright
