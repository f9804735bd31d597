// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/csrc/jit/ir/ir.h>

namespace bitwright {

/// A dictionary that is filled key by key before anybody reads it (as scripted models return their outputs)
/// becomes one that is made at once, and reads of a constant key become the value.
void removeDictMutation(torch::jit::Block* block);

} // namespace bitwright
