// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/torch/importer_p.h"

namespace bitwright {

/// From an ONNX file to the same program as importTorchScript makes. Throws; call inside guarded().
std::shared_ptr<ImportedModel> importOnnx(const std::string& path, const OpenOptions& options,
                                          Progress& progress, const StopCheck& stop);

} // namespace bitwright
