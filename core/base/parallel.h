// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include <omp.h>

namespace bitwright {

/// Calls `body(i)` for i in [0, n) on all worker threads and waits. Iterations must be independent; to
/// keep results independent of the thread count, write into slot i and combine in order afterwards.
/// The workers are OpenMP's, the same pool that LibTorch uses, so the two never compete for the cores.
/// `body` must not throw.
template <typename Body>
void parallelFor(int64_t n, Body&& body)
{
    if (n <= 1 || omp_in_parallel()) {
        for (int64_t i = 0; i < n; ++i)
            body(i);
        return;
    }
#pragma omp parallel for schedule(dynamic, 1)
    for (int64_t i = 0; i < n; ++i)
        body(i);
}

/// Number of worker threads of the calling thread (at least 1).
inline int threadCount() { return omp_get_max_threads(); }

} // namespace bitwright
