// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/graph/graph.h"
#include "core/io/weights/weights_file.h"

namespace bitwright {

/// The output axis of a weight. Its bias decides where there is one and only one axis has its length (the
/// transposed layers of PyTorch, the Conv1D of GPT-2); otherwise the layout of the file: first for PyTorch;
/// last for Keras and for tensors called "kernel" (Flax), but for embeddings, depthwise and transposed
/// convolutions. `bias` is the length of the bias or -1.
int channelAxisOf(const std::string& name, const Shape& shape, int64_t bias, WeightLayout layout);

/// The description of a file without a graph: every floating tensor with two dimensions or more is a layer
/// (named as the tensor, without ".weight", "/kernel" and the like where that stays unique), with the bias
/// of the same name; everything else is a parameter. No nodes, no inputs, no outputs.
Graph weightsGraph(const WeightsFile& file);

} // namespace bitwright
