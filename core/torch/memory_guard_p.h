// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace bitwright {

/// From here on a tensor that is larger than the memory which the machine has left is refused with
/// std::bad_alloc, where Linux would promise the memory and end the process later. Any number of calls.
void guardMemory();

} // namespace bitwright
