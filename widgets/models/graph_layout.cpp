// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/graph_layout.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace bitwright {

namespace {

constexpr double kGapX = 18, kGapY = 34;
constexpr int kSweeps = 4;

/// Boxes in layers; edges lead downwards (those of a cycle that lead up are only drawn).
class Layered {
public:
    explicit Layered(const LayoutInput& input)
        : m_input(input)
        , m_before(input.boxes.size())
        , m_after(input.boxes.size())
        , m_layer(input.boxes.size(), 0)
        , m_center(input.boxes.size(), 0)
    {
        for (const auto& [from, to] : input.edges) {
            // Execution order breaks cycles between modules.
            m_after[size_t(std::min(from, to))].push_back(std::max(from, to));
            m_before[size_t(std::max(from, to))].push_back(std::min(from, to));
        }
    }

    void assignLayers()
    {
        int last = -1;
        for (size_t i = 0; i < m_layer.size(); ++i) {
            for (int before : m_before[i])
                m_layer[i] = std::max(m_layer[i], m_layer[size_t(before)] + 1);
            last = std::max(last, m_layer[i]);
        }
        m_layers.resize(size_t(last + 1));
        for (size_t i = 0; i < m_layer.size(); ++i)
            m_layers[size_t(m_layer[i])].push_back(int(i));
        for (const auto& layer : m_layers)
            pack(layer);
    }

    /// Orders every layer by the mean place of the neighbours on one side and places it around them.
    void sweep(bool down)
    {
        const auto& side = down ? m_before : m_after;
        const size_t count = m_layers.size();
        for (size_t step = 0; step < count; ++step) {
            std::vector<int>& layer = m_layers[down ? step : count - 1 - step];
            std::vector<std::pair<double, int>> wanted;
            for (int box : layer) {
                const auto& near = side[size_t(box)];
                double sum = 0;
                for (int other : near)
                    sum += m_center[size_t(other)];
                wanted.emplace_back(near.empty() ? m_center[size_t(box)] : sum / double(near.size()), box);
            }
            std::stable_sort(wanted.begin(), wanted.end(),
                             [](const auto& a, const auto& b) { return a.first < b.first; });
            for (size_t i = 0; i < layer.size(); ++i)
                layer[i] = wanted[i].second;
            place(wanted);
        }
    }

    GraphLayout result() const
    {
        GraphLayout layout;
        layout.boxes.resize(m_input.boxes.size());
        layout.frames.resize(m_input.frameParents.size());
        double y = 0;
        for (const std::vector<int>& layer : m_layers) {
            double height = 0;
            for (int box : layer)
                height = std::max(height, m_input.boxes[size_t(box)].size.height());
            for (int box : layer) {
                QRectF rect({}, m_input.boxes[size_t(box)].size);
                rect.moveCenter({m_center[size_t(box)], y + height / 2});
                layout.boxes[size_t(box)] = rect;
                layout.bounds |= rect;
            }
            y += height + kGapY;
        }
        for (const auto& [from, to] : m_input.edges) {
            const QRectF &a = layout.boxes[size_t(from)], &b = layout.boxes[size_t(to)];
            const QPointF start(a.center().x(), a.bottom()), end(b.center().x(), b.top());
            const double bend = std::max(kGapY / 2, std::abs(end.y() - start.y()) / 3);
            QPainterPath path(start);
            path.cubicTo(start + QPointF(0, bend), end - QPointF(0, bend), end);
            layout.edges.push_back(path);
        }
        return layout;
    }

private:
    double width(int box) const { return m_input.boxes[size_t(box)].size.width(); }

    void pack(const std::vector<int>& layer)
    {
        double total = -kGapX;
        for (int box : layer)
            total += width(box) + kGapX;
        double x = -total / 2;
        for (int box : layer) {
            m_center[size_t(box)] = x + width(box) / 2;
            x += width(box) + kGapX;
        }
    }

    /// As near to the wanted places as the widths allow: pushed to the right, then all moved back by the
    /// mean.
    void place(const std::vector<std::pair<double, int>>& wanted)
    {
        double right = -1e300, shift = 0;
        for (const auto& [at, box] : wanted) {
            const double center = std::max(at, right + width(box) / 2);
            m_center[size_t(box)] = center;
            right = center + width(box) / 2 + kGapX;
            shift += at - center;
        }
        for (const auto& [at, box] : wanted)
            m_center[size_t(box)] += shift / double(wanted.size());
    }

    const LayoutInput& m_input;
    std::vector<std::vector<int>> m_before, m_after, m_layers;
    std::vector<int> m_layer;
    std::vector<double> m_center;
};

} // namespace

Result<GraphLayout> layeredLayout(const LayoutInput& input, Progress& progress)
{
    Layered layered(input);
    layered.assignLayers();
    for (int i = 0; i < kSweeps; ++i) {
        if (progress.cancelled())
            return Error{Error::Cancelled, "", ""};
        layered.sweep(i % 2 == 0);
    }
    return layered.result();
}

Result<GraphLayout> layoutGraph(const LayoutInput& input, Progress& progress)
{
    if (input.boxes.size() <= kDotLimit && input.edges.size() <= 4 * kDotLimit) {
        auto layout = dotLayout(input, progress);
        if (layout || layout.error().code == Error::Cancelled)
            return layout;
    }
    return layeredLayout(input, progress);
}

} // namespace bitwright
