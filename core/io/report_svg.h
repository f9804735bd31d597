// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/quant/quant_params.h"
#include "core/tensor/histogram.h"

#include <optional>
#include <string>

namespace bitwright {

/// What one distribution plot shows.
struct HistogramPlot {
    const Histogram* histogram = nullptr;
    const Histogram* quantized = nullptr; ///< drawn over it as steps; may be null
    std::optional<Range> range; ///< what the quantizer can represent: two markers, the rest is shaded
    std::string title;          ///< for screen readers; escaped here
};

/// An inline SVG in the colours of the page's style sheet. The vertical axis is log10(1 + count), so tails
/// that a clipped range cuts off stay visible. An empty histogram gives a sentence instead.
std::string histogramSvg(const HistogramPlot& plot);

} // namespace bitwright
