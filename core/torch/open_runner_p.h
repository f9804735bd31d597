// SPDX-License-Identifier: GPL-3.0-or-later
// From a file to a ModelRunner, whatever the format.
#pragma once

#include "core/torch/importer_p.h"

#include <memory>
#include <string>

namespace bitwright {

using Import = std::shared_ptr<ImportedModel>(const std::string& path, const OpenOptions& options,
                                              Progress& progress, const StopCheck& stop);

/// Runs `import` guarded, describes what it read, and takes the file's own quantization as a plan.
Result<std::unique_ptr<ModelRunner>> openRunner(Import& import, const std::string& path,
                                                const OpenOptions& options, Progress& progress);

} // namespace bitwright
