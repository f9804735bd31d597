// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/sensitivity.h"

#include <functional>
#include <string>
#include <vector>

namespace bitwright {

/// A piece of a sweep that is measured over all samples at once: one layer at every bit-width (EnableOne,
/// Local), or all layers at one bit-width (DisableOne, Cumulative, a base), whatever shares most work.
struct SensitivityUnit {
    SensitivityMode mode = SensitivityMode::EnableOne;
    std::string layer;                               ///< EnableOne, Local
    SensitivityWhat what = SensitivityWhat::Weights; ///< DisableOne, Cumulative, bases
    int bits = 0;                                    ///< DisableOne, Cumulative, bases

    bool isBase() const { return mode == SensitivityMode::EnableOne && bits > 0; }

    bool operator==(const SensitivityUnit&) const = default;
};

/// The units of a sweep in the order in which they are measured: mode by mode, layers in execution order.
std::vector<SensitivityUnit> sensitivityUnits(const Graph& graph, const SensitivityOptions& options);
/// Those of which `table` lacks a bit-width that `options` asks for.
std::vector<SensitivityUnit> missingUnits(const SensitivityTable& table, const Graph& graph,
                                          const SensitivityOptions& options);
/// Puts the cells of `unit` into `table`, in place of those of the same layer, what, bits and mode.
void mergeSensitivity(SensitivityTable& table, const SensitivityTable& unit);

/// Called for every finished unit, on the thread that runs.
using SensitivitySink = std::function<void(const SensitivityTable& unit)>;

/// The sweep of sensitivity(), unit by unit, so that it can be watched, stopped, and gone on with: units
/// that `done` has are not measured again. The cells are bit-identical to those of sensitivity(). Returns
/// `done` with the new cells merged in (by time of measuring); cancelled: partial, with what is finished,
/// Error::Cancelled if that is nothing. `done` must come from the same model, data and samples.
Result<SensitivityTable> sensitivityByUnits(const ModelRunner& runner, const QuantPlan& plan,
                                            const CalibrationResult& calibration, const SampleSource& source,
                                            const SensitivityOptions& options, const SensitivityTable& done,
                                            const SensitivitySink& sink, Progress& progress);

} // namespace bitwright
