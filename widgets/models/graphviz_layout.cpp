// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/graph_layout.h"

#include <QMutex>
#include <QPointF>

#include <graphviz/gvc.h>

#include <memory>
#include <mutex>
#include <string>

namespace bitwright {

namespace {

constexpr double kPointsPerInch = 72;

/// Graphviz keeps global state: one layout at a time in the whole process.
QMutex& graphvizMutex()
{
    static QMutex mutex;
    return mutex;
}

void set(void* object, const char* name, const std::string& value)
{
    // The functions of Graphviz 2.43 take char* and copy.
    agsafeset(object, const_cast<char*>(name), const_cast<char*>(value.c_str()), const_cast<char*>(""));
}

/// A graph of Graphviz and its layout, given back in the right order.
class DotGraph {
public:
    explicit DotGraph(const LayoutInput& input)
        : m_context(gvContext())
        , m_graph(agopen(const_cast<char*>("model"), Agdirected, nullptr))
    {
        set(m_graph, "rankdir", "TB");
        set(m_graph, "ranksep", "0.35");
        set(m_graph, "nodesep", "0.2");
        set(m_graph, "splines", input.boxes.size() > 120 ? "polyline" : "true");
        set(m_graph, "nslimit", "4");
        set(m_graph, "mclimit", "0.5");
        addFrames(input);
        addBoxes(input);
        for (const auto& [from, to] : input.edges)
            m_edges.push_back(agedge(m_graph, m_nodes[size_t(from)], m_nodes[size_t(to)], nullptr, 1));
    }
    ~DotGraph()
    {
        if (m_laidOut)
            gvFreeLayout(m_context, m_graph);
        agclose(m_graph);
        gvFreeContext(m_context);
    }
    DotGraph(const DotGraph&) = delete;
    DotGraph& operator=(const DotGraph&) = delete;

    bool run()
    {
        m_laidOut = gvLayout(m_context, m_graph, "dot") == 0;
        return m_laidOut;
    }

    GraphLayout read(const LayoutInput& input) const
    {
        GraphLayout layout;
        const boxf all = GD_bb(m_graph);
        const double top = all.UR.y; // Graphviz counts from the bottom
        const auto point = [top](pointf p) { return QPointF(p.x, top - p.y); };
        layout.bounds = QRectF(0, 0, all.UR.x - all.LL.x, all.UR.y - all.LL.y);
        for (size_t i = 0; i < m_nodes.size(); ++i) {
            QRectF rect({}, input.boxes[i].size);
            rect.moveCenter(point(ND_coord(m_nodes[i])));
            layout.boxes.push_back(rect);
        }
        for (Agraph_t* frame : m_frames) {
            const boxf box = GD_bb(frame);
            layout.frames.push_back(
                QRectF(point({box.LL.x, box.UR.y}), point({box.UR.x, box.LL.y})).normalized());
        }
        for (Agedge_t* edge : m_edges) {
            QPainterPath path;
            const splines* spline = edge ? ED_spl(edge) : nullptr;
            for (size_t s = 0; spline && s < size_t(spline->size); ++s) {
                const bezier& curve = spline->list[s];
                path.moveTo(point(curve.list[0]));
                for (int k = 1; k + 2 < curve.size; k += 3)
                    path.cubicTo(point(curve.list[k]), point(curve.list[k + 1]), point(curve.list[k + 2]));
                if (curve.eflag)
                    path.lineTo(point(curve.ep));
            }
            layout.edges.push_back(path);
        }
        return layout;
    }

private:
    void addFrames(const LayoutInput& input)
    {
        for (size_t i = 0; i < input.frameParents.size(); ++i) {
            const int parent = input.frameParents[i];
            Agraph_t* around = parent < 0 ? m_graph : m_frames[size_t(parent)];
            const std::string name = "cluster" + std::to_string(i);
            Agraph_t* frame = agsubg(around, const_cast<char*>(name.c_str()), 1);
            set(frame, "margin", "20"); // room for the name, which we draw
            m_frames.push_back(frame);
        }
    }

    void addBoxes(const LayoutInput& input)
    {
        for (size_t i = 0; i < input.boxes.size(); ++i) {
            const LayoutInput::Box& box = input.boxes[i];
            Agraph_t* around = box.frame < 0 ? m_graph : m_frames[size_t(box.frame)];
            const std::string name = "n" + std::to_string(i);
            Agnode_t* node = agnode(around, const_cast<char*>(name.c_str()), 1);
            set(node, "shape", "box");
            set(node, "fixedsize", "true");
            set(node, "label", "");
            set(node, "width", std::to_string(box.size.width() / kPointsPerInch));
            set(node, "height", std::to_string(box.size.height() / kPointsPerInch));
            m_nodes.push_back(node);
        }
    }

    GVC_t* m_context;
    Agraph_t* m_graph;
    std::vector<Agraph_t*> m_frames;
    std::vector<Agnode_t*> m_nodes;
    std::vector<Agedge_t*> m_edges;
    bool m_laidOut = false;
};

} // namespace

Result<GraphLayout> dotLayout(const LayoutInput& input, Progress& progress)
{
    // An abandoned layout may still be running; wait for it, but not longer than we are wanted.
    while (!graphvizMutex().tryLock(20)) {
        if (progress.cancelled())
            return Error{Error::Cancelled, "", ""};
    }
    const std::unique_lock<QMutex> lock(graphvizMutex(), std::adopt_lock);
    agseterr(AGMAX); // nothing on the terminal; a failure is a value
    DotGraph graph(input);
    if (progress.cancelled())
        return Error{Error::Cancelled, "", ""};
    if (!graph.run())
        return Error{Error::Internal, "Graphviz could not lay out the graph; is its dot engine installed?",
                     ""};
    return graph.read(input);
}

} // namespace bitwright
