// SPDX-License-Identifier: GPL-3.0-or-later
// TorchScript with integer operators as a float graph.
#pragma once

#include "core/torch/file_encoding_p.h"
#include "core/torch/passes_p.h"

#include <optional>
#include <vector>

namespace bitwright {

/// Replaces quantizers, integer operators and packed weights by the float operators they stand for, and gives
/// the encodings of the weights; empty for a float graph, which stays as it is. Values that the file rounds go through a fake_quantize until
/// takeActivationEncodings(), so that other passes can move them.
std::optional<std::vector<FileEncoding>> replaceQuantizedOperators(LiftedGraph& lifted,
                                                                   const torch::jit::Module& module,
                                                                   const StopCheck& stop);

/// Takes every fake_quantize with known steps out again. The encodings point into the graph.
std::vector<FileEncoding> takeActivationEncodings(LiftedGraph& lifted);

} // namespace bitwright
