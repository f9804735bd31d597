// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/backend.h"

namespace bitwright {

/// `own`, whose float side in a paired run without observed values is `reference`: another model of the same
/// inputs and outputs, such as the float model that a quantized file was made from. Everything else is
/// `own`'s. Thread-safe as they are.
std::shared_ptr<const ModelRunner> withReference(std::shared_ptr<const ModelRunner> own,
                                                 std::shared_ptr<const ModelRunner> reference);

} // namespace bitwright
