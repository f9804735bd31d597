// SPDX-License-Identifier: GPL-3.0-or-later
// How a file that is quantized already was quantized.
#pragma once

#include "core/run/backend.h"
#include "core/torch/describe_p.h"

#include <string>
#include <vector>

namespace bitwright {

/// The plan that does what the file does, with exact grids; null when the file quantizes nothing.
std::shared_ptr<const FileQuantization> fileQuantization(const std::vector<FileEncoding>& encodings,
                                                         const Description& description);

} // namespace bitwright
