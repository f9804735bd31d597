// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

/// Sums of products as 8-bit x86 instructions without VNNI take them: `vpmaddubsw` multiplies unsigned by
/// signed bytes and adds two neighbouring products in 16 bits that saturate.
namespace bitwright::kernels {

/// Two neighbouring weights of one output, codes of `row` and `row + 1`.
struct WeightPair {
    int32_t row = 0;
    int8_t first = 0, second = 0;
};

/// Whether codes of 0 ... 255 can bring the pair out of 16 bits.
bool canSaturate(int8_t first, int8_t second);

/// Sum over `pairs` of (what 16 bits keep of the pair's sum) - (the pair's sum), for every column:
/// loss[i] = sum of clamp(s, -32768, 32767) - s with s = first * rows[row][i] + second * rows[row + 1][i].
/// `rows` has a row of codes every `stride` bytes; `count` columns. One thread.
void pairLoss(const uint8_t* rows, size_t stride, std::span<const WeightPair> pairs, int32_t* loss,
              size_t count);

} // namespace bitwright::kernels
