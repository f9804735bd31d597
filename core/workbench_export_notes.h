// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/export_result.h"
#include "core/run/integer_bias.h"

#include <vector>

/// What the user should know about an exported file beyond its numbers; one sentence each.
namespace bitwright::workbench {

/// Integer kernels round biases to steps of (input scale) * (weight scale); where that is coarse the file
/// computes something else than the plan says, and the user should know which layer is to blame.
void noteBiases(const std::vector<IntegerBias>& biases, ExportResult& result);
/// Layers in which products of u8 and s8 can leave 16 bits, for files that ONNX Runtime computes in integers.
Result<void> noteSaturation(const ModelRunner& runner, const ResolvedPlan& plan, ExportResult& result);
/// Why 8-bit weights became 7-bit ones.
void noteReducedRange(ExportResult& result);
/// A sentence for each weight or bias of a layer that holds numbers that are none (NaN) or infinite, which no
/// grid can hold; into the warnings of `result` and to whoever listens to `progress`.
Result<void> warnOfNonFinite(const ModelRunner& runner, ExportResult& result, Progress& progress);

} // namespace bitwright::workbench
