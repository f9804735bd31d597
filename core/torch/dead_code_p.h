// Dead code of graphs of any size.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/csrc/jit/ir/ir.h>

#include <memory>

namespace bitwright {

/// Removes nodes whose results nobody reads.
void dropDeadCode(const std::shared_ptr<torch::jit::Graph>& graph);

} // namespace bitwright
