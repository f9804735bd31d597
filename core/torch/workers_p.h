// SPDX-License-Identifier: GPL-3.0-or-later
// Tensors that all workers (core/run/workers.h) hold together.
#pragma once

#include "core/run/workers.h"

#include <ATen/core/Tensor.h>

namespace bitwright {

/// Puts the sum (the least) over all workers, element by element, into `tensor`: dense, on the CPU, of the
/// same shape everywhere. The same bits on every worker. Throws Stop when a worker has ended; nothing happens
/// while this process is alone.
void sumOverWorkers(at::Tensor tensor);
void leastOverWorkers(at::Tensor tensor);

} // namespace bitwright
