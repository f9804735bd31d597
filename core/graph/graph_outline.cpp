// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/graph/graph_outline.h"

#include <algorithm>
#include <map>

namespace bitwright {

namespace {

/// A value that depends on more rows than this (shape arithmetic over everything) keeps the latest ones.
constexpr size_t kMaxSources = 64;

using Rows = std::vector<int>;

void mergeInto(Rows& into, const Rows& from)
{
    Rows merged;
    std::set_union(into.begin(), into.end(), from.begin(), from.end(), std::back_inserter(merged));
    if (merged.size() > kMaxSources)
        merged.erase(merged.begin(), merged.end() - kMaxSources);
    into = std::move(merged);
}

/// The rows whose output each value is made of without another layer in between.
std::vector<Rows> sourcesOfValues(const Graph& graph)
{
    const int inputs = int(graph.inputs.size());
    std::vector<Rows> sources(graph.values.size());
    for (int i = 0; i < inputs; ++i)
        sources[size_t(graph.inputs[size_t(i)])] = {i};
    std::vector<int> rowOfNode(graph.nodes.size(), kNone);
    for (const Layer& layer : graph.layers) {
        const auto mark = [&](NodeId node) {
            if (node >= 0 && size_t(node) < rowOfNode.size())
                rowOfNode[size_t(node)] = inputs + layer.id;
        };
        mark(layer.node);
        std::for_each(layer.fused.begin(), layer.fused.end(), mark);
    }
    for (const Node& node : graph.nodes) {
        Rows rows;
        if (const int row = rowOfNode[size_t(node.id)]; row != kNone) {
            rows = {row};
        } else {
            for (ValueId input : node.inputs)
                mergeInto(rows, sources[size_t(input)]);
        }
        for (ValueId output : node.outputs)
            sources[size_t(output)] = rows;
    }
    for (const Layer& layer : graph.layers) {
        if (layer.output != kNone)
            sources[size_t(layer.output)] = {inputs + layer.id};
    }
    return sources;
}

void addEdges(const Graph& graph, GraphOutline& outline)
{
    const std::vector<Rows> sources = sourcesOfValues(graph);
    const int inputs = int(graph.inputs.size());
    for (const Layer& layer : graph.layers) {
        const int row = inputs + layer.id;
        for (ValueId input : layer.inputs) {
            for (int source : sources[size_t(input)]) {
                if (source != row)
                    outline.edges.emplace_back(source, row);
            }
        }
    }
    std::sort(outline.edges.begin(), outline.edges.end());
    outline.edges.erase(std::unique(outline.edges.begin(), outline.edges.end()), outline.edges.end());
}

/// The tree with every module of every path, before those with one thing inside are left out.
class TreeBuilder {
public:
    void add(const std::string& name, int row, const std::string& parentPath)
    {
        const int parent = parentPath.empty() ? kNone : module(parentPath);
        append({name, {}, parent, row, 0, {}, {}});
    }

    std::vector<OutlineNode> nodes;
    std::vector<int> roots;

private:
    int module(const std::string& path)
    {
        if (const auto it = m_modules.find(path); it != m_modules.end())
            return it->second;
        const size_t dot = path.rfind('.');
        const int parent = dot == std::string::npos ? kNone : module(path.substr(0, dot));
        const int id = append({path, {}, parent, kNone, 0, {}, {}});
        m_modules.emplace(path, id);
        return id;
    }

    int append(OutlineNode node)
    {
        const int id = int(nodes.size());
        (node.parent == kNone ? roots : nodes[size_t(node.parent)].children).push_back(id);
        nodes.push_back(std::move(node));
        return id;
    }

    std::map<std::string, int> m_modules;
};

/// Copies the tree below `from`, skipping modules with a single child.
void copyTree(const TreeBuilder& tree, int from, int parent, GraphOutline& outline)
{
    while (tree.nodes[size_t(from)].isModule() && tree.nodes[size_t(from)].children.size() == 1)
        from = tree.nodes[size_t(from)].children.front();
    const OutlineNode& source = tree.nodes[size_t(from)];
    const int id = int(outline.nodes.size());
    OutlineNode node{source.path, source.path, parent, source.row, 0, {}, {}};
    if (parent != kNone) {
        OutlineNode& around = outline.nodes[size_t(parent)];
        node.depth = around.depth + 1;
        const std::string prefix = around.path + ".";
        if (node.path.size() > prefix.size() && node.path.compare(0, prefix.size(), prefix) == 0)
            node.label = node.path.substr(prefix.size());
        around.children.push_back(id);
    } else {
        outline.roots.push_back(id);
    }
    outline.nodes.push_back(std::move(node));
    if (source.row != kNone) {
        outline.nodeOfRow[size_t(source.row)] = id;
        for (int up = id; up != kNone; up = outline.nodes[size_t(up)].parent)
            outline.nodes[size_t(up)].rows.push_back(source.row);
    }
    for (int child : source.children)
        copyTree(tree, child, id, outline);
}

} // namespace

GraphOutline outlineOf(const Graph& graph)
{
    TreeBuilder tree;
    int row = 0;
    for (; size_t(row) < graph.inputs.size(); ++row)
        tree.add(row == 0 ? "input" : "input:" + std::to_string(row), row, {});
    for (const Layer& layer : graph.layers) {
        const size_t dot = layer.name.rfind('.');
        tree.add(layer.name, row++, dot == std::string::npos ? std::string() : layer.name.substr(0, dot));
    }
    GraphOutline outline;
    outline.nodeOfRow.resize(size_t(row), kNone);
    for (int root : tree.roots)
        copyTree(tree, root, kNone, outline);
    for (OutlineNode& node : outline.nodes)
        std::sort(node.rows.begin(), node.rows.end());
    addEdges(graph, outline);
    return outline;
}

VisibleGraph visibleGraph(const GraphOutline& outline, const std::vector<bool>& expanded)
{
    VisibleGraph visible;
    visible.boxOfRow.assign(outline.nodeOfRow.size(), kNone);
    // Parents come before their children, so one pass is enough. The box is the outermost collapsed module.
    std::vector<int> box(outline.nodes.size(), kNone);
    for (size_t i = 0; i < outline.nodes.size(); ++i) {
        const OutlineNode& node = outline.nodes[i];
        const int around = node.parent == kNone ? kNone : box[size_t(node.parent)];
        if (around != kNone) {
            box[i] = around;
        } else if (node.isModule() && expanded[i]) {
            visible.frames.push_back(int(i));
        } else {
            box[i] = int(i);
            visible.nodes.push_back(int(i));
        }
        if (node.row != kNone)
            visible.boxOfRow[size_t(node.row)] = box[i];
    }
    for (const auto& [from, to] : outline.edges) {
        const int a = visible.boxOfRow[size_t(from)], b = visible.boxOfRow[size_t(to)];
        if (a != b)
            visible.edges.emplace_back(a, b);
    }
    std::sort(visible.edges.begin(), visible.edges.end());
    visible.edges.erase(std::unique(visible.edges.begin(), visible.edges.end()), visible.edges.end());
    return visible;
}

std::vector<bool> expandedUpTo(const GraphOutline& outline, size_t limit)
{
    std::vector<bool> expanded(outline.nodes.size(), false);
    size_t boxes = outline.roots.size();
    std::vector<int> level = outline.roots;
    while (!level.empty()) {
        std::vector<int> next;
        for (int id : level) {
            const OutlineNode& node = outline.nodes[size_t(id)];
            if (!node.isModule() || boxes - 1 + node.children.size() > limit)
                continue;
            expanded[size_t(id)] = true;
            boxes += node.children.size() - 1;
            next.insert(next.end(), node.children.begin(), node.children.end());
        }
        level = std::move(next);
    }
    return expanded;
}

} // namespace bitwright
