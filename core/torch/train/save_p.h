// SPDX-License-Identifier: GPL-3.0-or-later
// Writing a float model.
#pragma once

#include "core/torch/runner_p.h"

#include <string>

namespace bitwright {

/// The module of the file with its current numbers, batch-norm as it was; where the graph holds what the
/// module cannot (frozen constants, folded weights), the graph as it runs. Throws Stop and c10::Error.
void saveModel(const TorchRunner& runner, const std::string& path, const std::string& provenance,
               Progress& progress);

} // namespace bitwright
