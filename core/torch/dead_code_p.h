// SPDX-License-Identifier: GPL-3.0-or-later
// Dead code of graphs of any size.
#pragma once

#include <torch/csrc/jit/ir/ir.h>

#include <memory>

namespace bitwright {

/// Removes nodes whose results nobody reads.
void dropDeadCode(const std::shared_ptr<torch::jit::Graph>& graph);

} // namespace bitwright
