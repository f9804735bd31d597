// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/quant/quantizer.h"
#include "core/workbench.h"
#include "core/workbench_sample.h"
#include "widgets/plots/heat_grid.h"

#include <memory>

namespace bitwright {

enum class TensorView { Channels, Error, Float, Quantized };

/// A weight as rows (output channels), columns (input channels) and, behind them, positions of the kernel.
struct WeightAxes {
    int64_t rows = 1, columns = 1, depth = 1;
    int64_t rowStride = 0, columnStride = 0;
    std::vector<int64_t> depthOffsets; ///< of every position of the kernel
    std::vector<std::string> depthNames;

    static WeightAxes of(const WeightRef& weight);
    int64_t offset(int64_t row, int64_t column, int64_t position) const
    {
        return row * rowStride + column * columnStride + depthOffsets[size_t(position)];
    }
};

/// The map of one weight and what is needed to say more about one of its cells.
struct WeightErrorMap {
    WeightAxes axes;
    TensorView view = TensorView::Error;
    int slice = -1; ///< position of the kernel; -1 = all side by side
    Tensor tensor;
    std::shared_ptr<const Quantizer> quantizer; ///< null when the weight stays float
    HeatGridPtr grid;

    struct Element {
        int64_t index = 0;
        float value = 0, quantized = 0;
        int32_t code = 0;
    };
    /// Not for TensorView::Channels.
    Element element(int row, int column) const;
};
/// Errors are x^ - x in the unit of the weight; Channels: their root mean square over the kernel.
Result<WeightErrorMap> weightErrorMap(const Model& model, const Layer& layer, size_t index,
                                      const QuantPlan& plan, TensorView view, int slice, Progress& progress);

/// Maps of an activation: one channel, or (channel < 0) all channels as a mosaic. Three grids of one shape
/// and two scales: float, quantized, quantized - float.
struct ActivationMaps {
    HeatGridPtr floating, quantized, difference;
    int64_t channels = 1;
};
ActivationMaps activationMaps(const workbench::ActivationPair& pair, bool cumulative, int64_t channel);

} // namespace bitwright
