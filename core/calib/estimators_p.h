// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/calib/estimators.h"

namespace bitwright {

/// One row of the table in estimators.cpp: a range for a distribution that is not empty. The result has
/// the form that estimateRange promises.
using EstimateFunction = Range (*)(const QuantSpec& spec, const Distribution& distribution);

Range estimateMinMax(const QuantSpec& spec, const Distribution& distribution);
Range estimateMovingAverage(const QuantSpec& spec, const Distribution& distribution);
Range estimateMeanSigma(const QuantSpec& spec, const Distribution& distribution);
Range estimateFixed(const QuantSpec& spec, const Distribution& distribution);
Range estimatePercentile(const QuantSpec& spec, const Distribution& distribution);
Range estimateMse(const QuantSpec& spec, const Distribution& distribution);
Range estimateLp(const QuantSpec& spec, const Distribution& distribution);
Range estimateEntropy(const QuantSpec& spec, const Distribution& distribution);
Range estimateAciqGauss(const QuantSpec& spec, const Distribution& distribution);
Range estimateAciqLaplace(const QuantSpec& spec, const Distribution& distribution);

/// Clipping value of ACIQ in standard deviations of the Gaussian, for 2^bits levels over [-a, a].
double aciqGaussFactor(int bits);
/// The same in mean absolute deviations of the Laplace distribution.
double aciqLaplaceFactor(int bits);

} // namespace bitwright
