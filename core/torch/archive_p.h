// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace bitwright {

/// Compresses what a TorchScript file stores plainly, and drops the positions of its source lines. LibTorch
/// reads compressed records since 1.0; small integers of weights need about 6.5 bits each. Throws Stop(Io).
void packArchive(const std::string& path);

} // namespace bitwright
