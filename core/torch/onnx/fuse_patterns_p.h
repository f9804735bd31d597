// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/torch/file_encoding_p.h"
#include "core/torch/passes_p.h"

namespace bitwright::onnxin {

/// Layer normalization, GELU and SiLU that were written out become one operator each; `names` of values and
/// their `encodings` follow.
void fusePatterns(LiftedGraph& lifted, std::unordered_map<const torch::jit::Value*, std::string>& names,
                  std::vector<FileEncoding>& encodings, const StopCheck& stop);

} // namespace bitwright::onnxin
