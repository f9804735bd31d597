// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"

#include <QPainterPath>
#include <QRectF>
#include <QSizeF>

#include <utility>
#include <vector>

namespace bitwright {

/// What is to be placed, in pixels at zoom 1.
struct LayoutInput {
    struct Box {
        QSizeF size;
        int frame = -1; ///< innermost frame around it; -1 = none
    };
    std::vector<Box> boxes;
    std::vector<int> frameParents;          ///< index = frame; outer frames first, -1 = none
    std::vector<std::pair<int, int>> edges; ///< boxes; no loops
};

/// Data flows from top to bottom.
struct GraphLayout {
    std::vector<QRectF> boxes;
    std::vector<QRectF> frames; ///< null where the layout has none
    std::vector<QPainterPath> edges;
    QRectF bounds;
};

/// Up to this many boxes are placed by Graphviz' dot, whose time grows faster than the graph; more by
/// layeredLayout.
inline constexpr size_t kDotLimit = 300;

/// Runs on a job's thread; asks for cancellation between its steps. Graphviz cannot be stopped inside a step:
/// the caller abandons the job then. A failure of Graphviz falls back to layeredLayout.
Result<GraphLayout> layoutGraph(const LayoutInput& input, Progress& progress);

/// Own layout in time O(n log n): boxes in layers by their longest way from an input, ordered by the mean
/// place of their neighbours, no frames. 5,000 boxes take some 10 ms.
Result<GraphLayout> layeredLayout(const LayoutInput& input, Progress& progress);
/// Graphviz' dot with frames as clusters. Internal when Graphviz has no dot engine.
Result<GraphLayout> dotLayout(const LayoutInput& input, Progress& progress);

} // namespace bitwright
