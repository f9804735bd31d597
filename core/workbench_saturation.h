// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/saturated.h"
#include "core/workbench.h"

namespace bitwright::workbench {

using bitwright::SaturatedLayer;
using bitwright::Saturation;

/// The plan once more with sums of 16 bits that saturate.
Result<Saturation> evaluateSaturated(const Model& model, const QuantPlan& plan,
                                     const CalibrationResult& calibration, const SampleSource& source,
                                     Progress& progress);

} // namespace bitwright::workbench
