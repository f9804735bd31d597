// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workbench.h"

#include <string>

namespace bitwright::workbench {

/// Opens the file at `path`, which was written from `model`, and compares its outputs with those of `model`
/// under `simulation` over `source`. Cancelled: an error.
Result<Parity> measureParity(const Model& model, const RunConfig& simulation, const std::string& path,
                             const SampleSource& source, Progress& progress);

} // namespace bitwright::workbench
