// Dead code of graphs of any size.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/csrc/jit/ir/ir.h>

#include <memory>

namespace bitwright {

/// Thousands of nodes and nothing that changes a tensor or list in place: LibTorch's passes begin with an
/// analysis of aliases, which takes seconds then and finds nothing.
bool isManyPureNodes(const torch::jit::Graph& graph);
/// Removes nodes whose results nobody reads.
void dropDeadCode(const std::shared_ptr<torch::jit::Graph>& graph);

} // namespace bitwright
