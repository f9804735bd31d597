// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workbench.h"

#include <string>

namespace bitwright::workbench {

/// InvalidArgument when `path` is the file of the model that is open, under whatever name.
Result<void> refuseOwnFile(const std::string& modelPath, const std::string& path);

/// How a file that was written from `model` is opened: with inputs of the same shapes, wherever their batch
/// is.
OpenOptions optionsLike(const Model& model);

/// Size and hash of the file at `path`, which will be called `name`.
Result<ExportedFile> describeFile(const std::string& path, const std::string& name);

} // namespace bitwright::workbench
