// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/histogram.h"
#include "core/tensor/stats_kernels.h"

#include <cstdint>
#include <vector>

namespace bitwright {

/// Counts a stream of blocks into a Histogram: a window of Histogram::kBins bins that moves and widens as the values
/// demand, counted in several interleaved 32-bit copies so that equal neighbours do not wait for each
/// other. One per thread.
class BinCounter {
public:
    /// Finite values with their exact minimum and maximum.
    void add(const float* x, size_t n, float min, float max);
    /// Everything added so far; the counter is empty afterwards.
    Histogram take();

private:
    static constexpr size_t kCopies = 4;
    void makeRoom(float min, float max);
    void flush();

    Histogram m_flushed;
    BinGrid m_grid;
    float m_min = 0, m_max = 0;     ///< of everything since take()
    int64_t m_pending = 0;          ///< values in m_copies
    std::vector<uint32_t> m_copies; ///< kCopies x Histogram::kBins, one copy behind the other
};

} // namespace bitwright
