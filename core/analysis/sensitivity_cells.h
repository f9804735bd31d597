// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/sensitivity.h"

#include <map>
#include <string>
#include <vector>

namespace bitwright {

/// One cell of the sweep with everything that is decided before the first batch.
struct PlannedCell {
    SensitivityCell cell; ///< numbers still empty
    size_t base = 0;      ///< what it differs from: 0 = the float model, else bases[base - 1]
    Variant variant;      ///< without the weights below
    std::map<std::string, QuantParams> weights; ///< to be fake-quantized into the variant
    ValueId local = kNone;                      ///< Local: the value to compare
    bool runs = true;                           ///< false: Local of an activation, which needs no run
    int64_t bytes = 0;                          ///< of its quantized weights in memory
};

/// A quantized model that DisableOne cells start from. Memory: one copy of the weights for every width.
struct PlannedBase {
    SensitivityWhat what = SensitivityWhat::Weights;
    int bits = 8;
    RunConfig config;
};
struct PlannedSweep {
    std::vector<PlannedCell> cells; ///< in the order of SensitivityTable::cells
    std::vector<PlannedBase> bases;
};

/// DisableOne has cells for the sites that the plan quantizes; sites without statistics have no activation
/// cells.
Result<PlannedSweep> planSweep(const ModelRunner& runner, const QuantPlan& plan,
                               const CalibrationResult& calibration, const SensitivityOptions& options,
                               Progress& progress);

/// `plan` with every weight (or activation) that it quantizes at `bits`.
QuantPlan planAtBits(QuantPlan plan, SensitivityWhat what, int bits);

/// The variant of a cell with its weights put in.
Result<Variant> makeVariant(const ModelRunner& runner, const PlannedCell& cell);

} // namespace bitwright
