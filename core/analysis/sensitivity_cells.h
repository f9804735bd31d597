// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/sensitivity.h"

#include <map>
#include <string>
#include <vector>

namespace bitwright {

/// One cell of the sweep with everything that is decided before the first batch.
struct PlannedCell {
    SensitivityCell cell;                       ///< numbers still empty
    bool onFloat = true;                        ///< differs from the float model (else from the whole plan)
    Variant variant;                            ///< without the weights below
    std::map<std::string, QuantParams> weights; ///< to be fake-quantized into the variant
    ValueId local = kNone;                      ///< Local: the value to compare
    bool runs = true;                           ///< false: Local of an activation, which needs no run
    int64_t bytes = 0;                          ///< of its quantized weights in memory
};

/// All cells in the order of SensitivityTable::cells. `resolved` is the whole plan (for DisableOne, which has
/// a cell for every site that the plan quantizes). Sites without statistics have no activation cells.
Result<std::vector<PlannedCell>> planCells(const ModelRunner& runner, const QuantPlan& plan,
                                           const ResolvedPlan& resolved, const CalibrationResult& calibration,
                                           const SensitivityOptions& options, Progress& progress);

/// The variant of a cell with its weights put in.
Result<Variant> makeVariant(const ModelRunner& runner, const PlannedCell& cell);
/// `base` changed as `variant` says: what a whole run of it takes.
RunConfig changed(const RunConfig& base, const Variant& variant);

} // namespace bitwright
