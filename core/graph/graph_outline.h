// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/graph/graph.h"

#include <string>
#include <utility>
#include <vector>

namespace bitwright {

/// A module, or a row of the layer table (model inputs first, then the layers in execution order).
struct OutlineNode {
    std::string path;          ///< module path ("layer1.0"), or the row's name
    std::string label;         ///< what the path adds to its parent's
    int parent = kNone;        ///< index of the module around it; kNone at the top
    int row = kNone;           ///< kNone for a module
    int depth = 0;             ///< modules around it
    std::vector<int> children; ///< in execution order
    std::vector<int> rows;     ///< all rows inside, ascending; its own for a row

    bool isModule() const { return row == kNone; }
    bool operator==(const OutlineNode&) const = default;
};

/// The layers of a model as a tree of modules and the data flow between them. Modules that hold only one
/// thing are left out. An edge leads from a row to every row that reads its output, directly or through
/// operators that are no layers (views, shape arithmetic).
struct GraphOutline {
    std::vector<OutlineNode> nodes;
    std::vector<int> roots;                 ///< in execution order
    std::vector<int> nodeOfRow;             ///< index = row
    std::vector<std::pair<int, int>> edges; ///< rows, sorted, without repetition

    bool operator==(const GraphOutline&) const = default;
};
GraphOutline outlineOf(const Graph& graph);

/// What is on the screen while some modules are collapsed.
struct VisibleGraph {
    std::vector<int> nodes;                 ///< outline nodes that are drawn as boxes, in execution order
    std::vector<int> frames;                ///< expanded modules, outer ones first
    std::vector<std::pair<int, int>> edges; ///< outline nodes, sorted, without repetition and loops
    std::vector<int> boxOfRow;              ///< index = row; the outline node that stands for it

    bool operator==(const VisibleGraph&) const = default;
};
/// `expanded`: by outline node; a module inside a collapsed one is not visible, expanded or not.
VisibleGraph visibleGraph(const GraphOutline& outline, const std::vector<bool>& expanded);
/// Expands modules level by level while no more than `limit` boxes are visible.
std::vector<bool> expandedUpTo(const GraphOutline& outline, size_t limit);

} // namespace bitwright
