// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/fake_model.h"
#include "widgets/models/layer_model.h"
#include "widgets/pages/layer_page.h"

#include <QElapsedTimer>
#include <QTableView>
#include <QTimer>

#include <atomic>
#include <cstdio>
#include <thread>

using namespace bitwright;
using namespace bitwright::test;

namespace {

/// Longest time between two turns of the event loop.
class StallMonitor {
public:
    StallMonitor()
    {
        m_clock.start();
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer,
                         [this] { m_longest = std::max(m_longest, m_clock.restart()); });
        m_timer.start(0);
    }
    qint64 longestMs() const { return m_longest; }

private:
    QTimer m_timer;
    QElapsedTimer m_clock;
    qint64 m_longest = 0;
};

/// One layer of five million weights.
const char* const kLargeModel = "x = input 2048\nlarge = linear x 2448\nsmall = linear large 4\n";

} // namespace

class LiveEdit : public WindowTest {};

TEST_F(LiveEdit, openingComputesEveryWeightErrorAndSelectsTheWorstLayer)
{
    open(kSmallModel);
    for (const char* layer : {"a", "b", "c"})
        EXPECT_NE(window.document()->report(row(layer)), nullptr) << layer;
    EXPECT_EQ(window.selection()->currentIndex().row(), window.document()->worstRow());
    EXPECT_TRUE(window.document()->size().complete);
    EXPECT_LT(window.document()->size().bytes, window.document()->size().floatBytes);
}

TEST_F(LiveEdit, errorAndSizeFollowAnEditOfALargeLayer)
{
    open(kLargeModel);
    const int large = row("large");
    const double before = window.document()->report(large)->weight->error.sqnrDb();
    const qint64 sizeBefore = window.document()->size().bytes;
    auto* model = qobject_cast<LayerModel*>(const_cast<QAbstractItemModel*>(window.selection()->model()));
    ASSERT_NE(model, nullptr);
    qint64 slowest = 0, longestStall = 0;
    for (const char* bits : {"4", "6", "3", "5"}) {
        StallMonitor monitor;
        QElapsedTimer clock;
        clock.start();
        ASSERT_TRUE(model->editRows({large}, LayerModel::WeightBits, QString::fromLatin1(bits)));
        const QuantSpec wanted = window.document()->plan().weights("large");
        ASSERT_TRUE(waitFor([&] { return window.document()->report(large)->weight->spec == wanted; }));
        slowest = std::max(slowest, clock.elapsed());
        ASSERT_TRUE(waitFor([&] { return window.isSettled(); }));
        longestStall = std::max(longestStall, monitor.longestMs());
    }
    std::printf("slowest edit of a 5 M-element layer: %lld ms; longest block of the window: %lld ms\n",
                static_cast<long long>(slowest), static_cast<long long>(longestStall));
    RecordProperty("slowest_edit_ms", int(slowest));
    RecordProperty("longest_stall_ms", int(longestStall));
    EXPECT_LT(window.document()->report(large)->weight->error.sqnrDb(), before - 10);
    EXPECT_LT(window.document()->size().bytes, sizeBefore);
    // The goals are 150 ms and 16 ms; machines that build at the same time get some room.
    EXPECT_LT(slowest, 600);
    EXPECT_LT(longestStall, 150);
}

TEST_F(LiveEdit, goesOnWithTheNextRowWhenTheErrorOfOneIsNotComputed)
{
    open(kSmallModel);
    auto* model = qobject_cast<LayerModel*>(const_cast<QAbstractItemModel*>(window.selection()->model()));
    model->editRows({row("a"), row("b"), row("c")}, LayerModel::WeightBits, "3");
    window.runner()->cancelLane(JobRunner::Lane::Reports);
    ASSERT_TRUE(waitFor([this] { return window.isSettled(); }, 5000));
    model->editRows({row("a")}, LayerModel::WeightBits, "2");
    ASSERT_TRUE(waitFor([this] { return window.isSettled(); }, 5000));
    EXPECT_EQ(window.document()->report(row("a"))->weight->spec.bits, 2);
}

TEST_F(LiveEdit, aLargeModelIsFreedBesideTheWindow)
{
    std::atomic<bool> freed = false, onThisThread = false;
    const auto thread = std::this_thread::get_id();
    const auto kept = fakeModel();
    window.document()->setModel({kept.get(), [&, kept](const Model*) {
                                     onThisThread = std::this_thread::get_id() == thread;
                                     freed = true;
                                 }});
    ASSERT_TRUE(waitFor([this] { return window.isSettled(); }));
    window.document()->setModel(nullptr);
    ASSERT_TRUE(waitFor([&] { return freed.load(); }));
    EXPECT_FALSE(onThisThread);
}

TEST_F(LiveEdit, onlyTheLastOfQuickEditsIsShown)
{
    open(kLargeModel);
    const int large = row("large");
    auto* model = qobject_cast<LayerModel*>(const_cast<QAbstractItemModel*>(window.selection()->model()));
    std::vector<int> shown;
    QObject::connect(window.document(), &Document::reportChanged, &window, [&](int changed) {
        if (changed == large)
            shown.push_back(window.document()->report(large)->weight->params.bits);
    });
    for (int bits = 2; bits <= 7; ++bits)
        model->editRows({large}, LayerModel::WeightBits, QString::number(bits));
    ASSERT_TRUE(waitFor([&] { return window.isSettled(); }));
    EXPECT_EQ(shown, std::vector<int>{7});
}
