// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/calib/calibrate.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace bitwright {

/// Cost of the model under a plan, for one sample.
struct Cost {
    int64_t floatBytes = 0; ///< all parameters in their stored dtype
    int64_t quantizedBytes =
        0;                    ///< packed weights + scales + zero points + biases (float32) + other parameters
    int64_t huffmanBytes = 0; ///< the same with the weight codes Huffman coded (code lengths included)
    /// The same with the zeros of weights left out: every weight tensor as the smallest of its packed codes,
    /// a bitmap (one bit an element) and the codes of the non-zeros, or a 4-bit run of zeros before each
    /// stored code (Han et al. 2016, Deep Compression; a zero is stored where a run is longer than 15).
    int64_t sparseBytes = 0;
    int64_t macs = 0;
    double bops = 0; ///< sum MACs * weight bits * input activation bits
    /// Arithmetic (macEnergyPj), every parameter once from DRAM (640 pJ a 32-bit word), inputs and output of
    /// every layer once through an 8 KB SRAM (5 pJ a word); energyTableName.
    double energyPj = 0;
    bool operator==(const Cost&) const = default;
};

/// Name of the published table behind energyPj: Horowitz, ISSCC 2014, 45 nm.
const char* energyTableName();
/// Energy of one multiply-accumulate in picojoule for operand widths in bits; the published points (int 8 and
/// 32, float 16 and 32) are met, others follow the power law through them: a multiplier over the product of
/// the widths, an adder over their geometric mean.
double macEnergyPj(int weightBits, int activationBits, bool floating);

/// `resolved` gives the bits that were decided (sites missing from it are float). Every weight is quantized
/// for it; Cancelled between two of them.
Result<Cost> modelCost(const ModelRunner& runner, const ResolvedPlan& resolved, Progress& progress);
/// Packed bytes of one tensor of `elements` under `params`, metadata included.
int64_t packedBytes(int64_t elements, const QuantParams& params);
/// Bytes of `values` (as quantized, F32) with `bits` a stored element as in Cost::sparseBytes, without
/// metadata.
int64_t sparseBytes(std::span<const float> values, int bits);
/// Bits of the optimal prefix code for these counts, without its table.
int64_t huffmanBits(const std::vector<int64_t>& counts);

} // namespace bitwright
