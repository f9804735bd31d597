// SPDX-License-Identifier: GPL-3.0-or-later
// The writers of TorchScript files. They throw (Stop, c10::Error); the backend guards them.
#pragma once

#include "core/base/progress.h"
#include "core/run/backend.h"
#include "core/torch/export_graph_p.h"

namespace bitwright {

class TorchRunner;

/// torchscript-fakequant: a float file whose weights are already on their grids and whose activations pass
/// LibTorch's own fake-quantize operators, so that plain PyTorch computes what the simulation computes.
ExportOutcome writeFakeQuant(const TorchRunner& runner, ExportGraph target, const ExportRequest& request,
                             Progress& progress);

/// torchscript-int8: integer weights in the file; convolutions, linear layers, additions and concatenations
/// whose sites are 8-bit run on LibTorch's quantized kernels (oneDNN engine), everything else in float on
/// dequantized weights.
ExportOutcome writeInt8(const TorchRunner& runner, ExportGraph target, const ExportRequest& request,
                        Progress& progress);

} // namespace bitwright
