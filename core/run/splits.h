// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/dataset.h"

#include <string>

namespace bitwright {

/// Which part of its source `dataset` is: "train", "test" or the name that was asked for; "" when the source
/// has one part only, which then serves every split.
std::string splitOf(const Dataset& dataset);

} // namespace bitwright
