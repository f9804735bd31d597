// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/graph/graph_outline.h"
#include "tests/widgets/fake_model.h"
#include "widgets/models/graph_layout.h"

#include <QElapsedTimer>

using namespace bitwright;
using namespace bitwright::test;

namespace {

const char* const kNested = "x = input 8\n"
                            "stem.conv = linear x 8 relu\n"
                            "body.0.a = linear stem.conv 8\n"
                            "v = view body.0.a\n"
                            "body.0.b = linear v 8\n"
                            "body.1.a = linear body.0.b 8\n"
                            "body.1.b = linear body.1.a 8\n"
                            "sum = add body.0.b body.1.b\n"
                            "head = linear sum 4\n";

GraphOutline nested()
{
    return outlineOf(fakeModel(kNested)->graph());
}

int nodeAt(const GraphOutline& outline, const std::string& path)
{
    for (size_t i = 0; i < outline.nodes.size(); ++i) {
        if (outline.nodes[i].path == path)
            return int(i);
    }
    return kNone;
}

/// Edges as "from>to" by path.
QString edgesOf(const GraphOutline& outline, const VisibleGraph& visible)
{
    QStringList texts;
    for (const auto& [from, to] : visible.edges)
        texts << QString::fromStdString(outline.nodes[size_t(from)].path + ">" +
                                        outline.nodes[size_t(to)].path);
    return texts.join(' ');
}

/// A chain with a skip over every third box.
LayoutInput chain(int boxes)
{
    LayoutInput input;
    for (int i = 0; i < boxes; ++i) {
        input.boxes.push_back({QSizeF(90 + i % 5 * 10, 40), -1});
        if (i > 0)
            input.edges.emplace_back(i - 1, i);
        if (i > 3 && i % 3 == 0)
            input.edges.emplace_back(i - 3, i);
    }
    return input;
}

void expectNoOverlap(const GraphLayout& layout)
{
    for (size_t i = 0; i < layout.boxes.size(); ++i) {
        for (size_t j = i + 1; j < std::min(layout.boxes.size(), i + 200); ++j)
            ASSERT_FALSE(layout.boxes[i].adjusted(1, 1, -1, -1).intersects(layout.boxes[j]))
                << i << " and " << j;
    }
}

} // namespace

TEST(GraphOutline, isTheTreeOfModulesWithoutThoseThatHoldOneThing)
{
    const GraphOutline outline = nested();
    EXPECT_NE(nodeAt(outline, "body"), kNone);
    EXPECT_NE(nodeAt(outline, "body.0"), kNone);
    EXPECT_EQ(nodeAt(outline, "stem"), kNone) << "stem holds only its conv";
    const OutlineNode& conv = outline.nodes[size_t(nodeAt(outline, "stem.conv"))];
    EXPECT_EQ(conv.parent, kNone);
    EXPECT_EQ(conv.label, "stem.conv");
    const OutlineNode& inner = outline.nodes[size_t(nodeAt(outline, "body.1.b"))];
    EXPECT_EQ(inner.label, "b");
    EXPECT_EQ(inner.depth, 2);
    EXPECT_EQ(outline.nodes[size_t(nodeAt(outline, "body"))].rows, (std::vector<int>{2, 3, 4, 5}));
    EXPECT_EQ(outline.nodeOfRow.size(), 8u);
}

TEST(GraphOutline, edgesPassThroughOperatorsThatAreNoLayers)
{
    const GraphOutline outline = nested();
    EXPECT_EQ(edgesOf(outline, visibleGraph(outline, std::vector<bool>(outline.nodes.size(), true))),
              "input>stem.conv stem.conv>body.0.a body.0.a>body.0.b body.0.b>body.1.a body.0.b>sum "
              "body.1.a>body.1.b body.1.b>sum sum>head");
}

TEST(GraphOutline, aCollapsedModuleStandsForItsRowsAndEdges)
{
    const GraphOutline outline = nested();
    std::vector<bool> expanded(outline.nodes.size(), false);
    EXPECT_EQ(edgesOf(outline, visibleGraph(outline, expanded)),
              "input>stem.conv stem.conv>body body>sum sum>head");
    expanded[size_t(nodeAt(outline, "body.1"))] = true; // inside a collapsed one: no effect
    EXPECT_EQ(visibleGraph(outline, expanded).nodes.size(), 5u);
    expanded[size_t(nodeAt(outline, "body"))] = true;
    const VisibleGraph visible = visibleGraph(outline, expanded);
    EXPECT_EQ(edgesOf(outline, visible), "input>stem.conv stem.conv>body.0 body.0>body.1.a body.0>sum "
                                         "body.1.a>body.1.b body.1.b>sum sum>head");
    EXPECT_EQ(visible.frames.size(), 2u);
    EXPECT_EQ(visible.boxOfRow[3], nodeAt(outline, "body.0"));
}

TEST(GraphOutline, expandsLevelByLevelUpToALimit)
{
    const GraphOutline outline = nested();
    EXPECT_EQ(visibleGraph(outline, expandedUpTo(outline, 5)).nodes.size(), 5u);
    EXPECT_EQ(visibleGraph(outline, expandedUpTo(outline, 6)).nodes.size(), 6u);
    EXPECT_EQ(visibleGraph(outline, expandedUpTo(outline, 1000)).nodes.size(), 8u);
    EXPECT_TRUE(visibleGraph(GraphOutline(), {}).nodes.empty());
}

TEST(GraphLayoutTest, dotPlacesBoxesInsideTheirFramesAndLetsDataFlowDown)
{
    LayoutInput input = chain(30);
    input.frameParents = {-1, 0};
    for (int i = 5; i < 15; ++i)
        input.boxes[size_t(i)].frame = i < 10 ? 1 : 0;
    Progress progress;
    const auto layout = dotLayout(input, progress);
    ASSERT_TRUE(layout) << layout.error().text();
    expectNoOverlap(*layout);
    for (int i = 5; i < 15; ++i)
        EXPECT_TRUE(layout->frames[0].contains(layout->boxes[size_t(i)]));
    for (int i = 5; i < 10; ++i)
        EXPECT_TRUE(layout->frames[1].contains(layout->boxes[size_t(i)]));
    EXPECT_TRUE(layout->frames[0].contains(layout->frames[1]));
    EXPECT_FALSE(layout->frames[0].contains(layout->boxes[20]));
    for (size_t e = 0; e < input.edges.size(); ++e) {
        const auto& [from, to] = input.edges[e];
        EXPECT_LT(layout->boxes[size_t(from)].bottom(), layout->boxes[size_t(to)].top());
        EXPECT_TRUE(
            layout->boxes[size_t(to)].adjusted(-2, -2, 2, 2).contains(layout->edges[e].currentPosition()));
    }
}

TEST(GraphLayoutTest, fiveThousandBoxesAreLaidOutWithoutGraphviz)
{
    Progress progress;
    QElapsedTimer timer;
    timer.start();
    const auto layout = layoutGraph(chain(5000), progress);
    std::printf("[ figure   ] layout of 5,000 boxes: %lld ms\n", (long long)timer.elapsed());
    ASSERT_TRUE(layout);
    expectNoOverlap(*layout);
    for (const auto& [from, to] : chain(5000).edges)
        ASSERT_LT(layout->boxes[size_t(from)].bottom(), layout->boxes[size_t(to)].top());
}

TEST(GraphLayoutTest, aWideGraphWithCyclesHasNoOverlapEither)
{
    LayoutInput input;
    for (int i = 0; i < 400; ++i)
        input.boxes.push_back({QSizeF(60 + i * 7 % 90, 40), -1});
    for (int i = 1; i < 400; ++i)
        input.edges.emplace_back(i % 20, i);
    input.edges.erase(std::remove_if(input.edges.begin(), input.edges.end(),
                                     [](const auto& edge) { return edge.first == edge.second; }),
                      input.edges.end());
    input.edges.emplace_back(399, 0);
    Progress progress;
    const auto layout = layeredLayout(input, progress);
    ASSERT_TRUE(layout);
    expectNoOverlap(*layout);
}

TEST(GraphLayoutTest, aCancelledLayoutGivesNothing)
{
    Progress progress;
    progress.cancel();
    for (int boxes : {10, 1000}) {
        const auto layout = layoutGraph(chain(boxes), progress);
        ASSERT_FALSE(layout);
        EXPECT_EQ(layout.error().code, Error::Cancelled);
    }
}
