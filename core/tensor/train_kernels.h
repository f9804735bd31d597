// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/quant_kernels.h"

#include <cstddef>

/// Vector kernels under the trainer: what the backward pass of a fake quantizer needs, in one pass over the
/// tensor and its gradient. One thread each, unaligned pointers, any length.
namespace bitwright::kernels {

/// Sums of the gradient g by where x falls on the grid, from which every method makes the gradient of its
/// range. With v = x * (1 / scale), r = round_half_even(v):
struct GradientSums {
    double inside = 0; ///< sum g (r - v) where qmin <= r + z <= qmax
    double below = 0;  ///< sum g where r + z < qmin
    double above = 0;  ///< sum g where r + z > qmax

    void add(const GradientSums& other)
    {
        inside += other.inside;
        below += other.below;
        above += other.above;
    }
};

/// The straight-through gradient of fakeQuantizeInt: gx = g inside the grid, else 0. `gx` may be `g`.
/// Sums are taken in blocks of 1024 elements in float, the blocks in double.
GradientSums fakeQuantizeIntBackward(const float* x, const float* g, float* gx, size_t n,
                                     const IntGrid& grid);

} // namespace bitwright::kernels
