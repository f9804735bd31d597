// SPDX-License-Identifier: GPL-3.0-or-later
// The methods behind the rows of repairMethods().
#pragma once

#include "core/ptq/repair.h"

namespace bitwright {

/// Cross-layer equalization (Nagel et al. 2019, "Data-Free Quantization Through Weight Equalization and Bias
/// Correction", section 4.1): channel c of every ChannelPair gets the factor that makes its ranges in both
/// weights equal, sqrt(r1 r2); pairs are done again and again until nothing moves. The float function stays,
/// which is checked on a batch. Where ReLU6 lies between, no channel is widened beyond it, and channels that
/// it is seen to cut stay. Pairs with ranges fixed by hand stay.
Result<Repair> equalizeLayers(const RepairJob& job, Progress& progress);
/// Empirical bias correction (Nagel et al. 2019, section 4.2, with data): the mean over samples and positions
/// of float minus quantized output of every channel is added to the bias, layer after layer in execution
/// order, each measured with those before it corrected.
Result<Repair> correctBiases(const RepairJob& job, Progress& progress);
/// What re-estimated batch-norm statistics do, for a graph whose batch-norms are folded: every channel of the
/// quantized output gets the float output's standard deviation (by the weight and its scale) and mean (by the
/// bias), layer after layer in execution order.
Result<Repair> reestimateNorms(const RepairJob& job, Progress& progress);

} // namespace bitwright
