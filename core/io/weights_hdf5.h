// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/quant/quant_params.h"
#include "core/run/backend.h"

#include <span>
#include <string>

namespace bitwright {

/// Writes every parameter of the model to the HDF5 file `path` (use with writeAtomically): quantized weights
/// as packed codes with their scales and zero points, everything else in its own floating type. The layout
/// is written out, with the NumPy lines that decode it, in the attribute "readme" of the root group; it
/// decodes to the fake-quantized weights bit for bit. Cancellable between parameters.
Result<void> writeWeightsHdf5(const ModelRunner& runner, const ResolvedPlan& plan,
                              const std::string& modelSha256, const std::string& provenance,
                              const std::string& path, Progress& progress);

/// Non-negative codes of `bits` (1..16) bits each, one behind the other, least significant bit first.
std::vector<uint8_t> packBits(std::span<const int32_t> codes, int bits);

} // namespace bitwright
