// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/error_metrics.h"
#include "core/analysis/sensitivity.h"
#include "core/tensor/tensor.h"

#include <cstdint>
#include <vector>

namespace bitwright {

/// What one cell of a sweep collects batch by batch.
struct CellSums {
    ErrorSums error;
    double kl = 0, loss = 0; ///< sums over rows / labelled rows, nat
    int64_t rows = 0, labelled = 0, hits = 0;

    void add(const CellSums& other);
    /// `cell` with its numbers filled in.
    SensitivityCell finished(SensitivityCell cell) const;
};

/// Quantized against float outputs of one batch; labels as in QualityMeter::add.
CellSums compareOutputs(const Tensor& floating, const Tensor& quantized, const std::vector<int64_t>& labels);

} // namespace bitwright
