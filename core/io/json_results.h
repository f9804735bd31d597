// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/analyze.h"
#include "core/analysis/cost.h"
#include "core/analysis/evaluate.h"
#include "core/analysis/sensitivity.h"
#include "core/calib/calibrate.h"
#include "core/graph/graph.h"
#include "core/io/export_result.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <utility>
#include <vector>

namespace bitwright {

/// The results of the verbs as the JSON objects that scripts rely on. A metric that does not exist (no
/// labels) or is not finite (SQNR of an exact copy) is null. Shares are in [0, 1], SQNR in dB, losses and KL
/// in nat, sizes in bytes.

/// {"bitwright": version, "model": {path, sha256, format}}: what every file begins with.
nlohmann::ordered_json headerJson(const std::string& path, const std::string& sha256,
                                  const std::string& format);

/// {layers: [{id, name, op, label, weight_shape, params, macs, input_shapes, output_shape, activation}],
/// inputs, parameters: [{name, dtype, shape, buffer, aliases}], totals, unsupported}. weight_shape is that of the first weight, null without one.
nlohmann::ordered_json inspectJson(const Graph& graph);

/// {tensors: [{site, layer, kind, shape, count, non_finite, min, max, mean, std, zeros, histogram,
/// channels}]}: weights by parameter name, then inputs and activations by value name, in execution order.
nlohmann::ordered_json statsJson(const Graph& graph, const CalibrationResult& calibration,
                                 const std::vector<std::pair<std::string, TensorStats>>& weights);

/// Beside an SQNR, "exact" says what null means: true an exact copy, false an infinite error or no signal,
/// null that nothing could be compared. {layers: [{name, weight, activation, cumulative_sqnr_db}]}. scale and
/// zero_point are numbers for one grid a tensor, lists otherwise, null for formats without; clipped is a
/// share.
nlohmann::ordered_json analyzeJson(const std::vector<LayerReport>& layers);

/// {float_bytes, quantized_bytes, huffman_bytes}.
nlohmann::ordered_json sizeJson(const Cost& cost);
/// {float, quantized, agreement, output_sqnr_db, size, bops, energy_pj, macs, energy_table, partial}.
nlohmann::ordered_json evaluateJson(const Evaluation& evaluation, const Cost& cost);

/// {cells: [{layer, what, bits, mode, output_sqnr_db, kl, top1, loss}], baseline, quantized_baseline,
/// samples, partial}.
nlohmann::ordered_json sensitivityJson(const SensitivityTable& table);

/// {files: [{path, bytes, sha256}], parity: {samples, max_abs, sqnr_db, top1_agreement}, engine, notes, warnings}.
nlohmann::ordered_json exportJson(const ExportResult& result);

} // namespace bitwright
