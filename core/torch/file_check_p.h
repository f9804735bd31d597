// SPDX-License-Identifier: GPL-3.0-or-later
// Says what a file is before LibTorch gets to see it.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"

#include <string>

namespace bitwright {

/// The file looks like something that PyTorch wrote (also what we cannot open, to be able to say why).
bool looksLikePyTorch(const std::string& path);
/// Success: a complete TorchScript archive. Otherwise one sentence that says what it is instead.
Result<void> checkTorchScript(const std::string& path, const Progress& progress);

} // namespace bitwright
