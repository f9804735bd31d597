// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/fake_model.h"
#include "widgets/view_update.h"

#include <QTest>
#include <QThread>

#include <atomic>

using namespace bitwright;
using namespace bitwright::test;

namespace {

/// A view of a number that takes its time.
struct SlowView {
    JobRunner runner;
    std::atomic<int> begun{0};
    std::atomic<bool> hurry{false};
    int wanted = 0, started = 0;
    QList<int> shown;
    ViewUpdate update{&runner, [this] { start(); }};

    void start()
    {
        ++started;
        update.run<int>(
            "Number",
            [this, value = wanted](Progress& progress) -> Result<int> {
                ++begun;
                while (!hurry && !progress.cancelled())
                    QThread::msleep(1);
                if (progress.cancelled())
                    return cancelledError();
                return value < 0 ? Result<int>(Error{Error::InvalidArgument, "It is negative.", {}}) : value;
            },
            [this](const Result<int>& value) { shown.append(value ? *value : -1000); });
    }
    void ask(int value)
    {
        wanted = value;
        update.request();
    }
};

} // namespace

TEST(ViewUpdate, worksOnTheLastOfSeveralRequests)
{
    SlowView view;
    view.hurry = true;
    for (int i = 1; i <= 5; ++i)
        view.ask(i);
    EXPECT_FALSE(view.update.isUpToDate());
    ASSERT_TRUE(waitFor([&] { return view.update.isUpToDate(); }));
    EXPECT_EQ(view.shown, QList<int>{5});
    EXPECT_EQ(view.started, 1);
}

TEST(ViewUpdate, dropsWhatWouldBeOutdatedWhenItIsDone)
{
    SlowView view;
    view.ask(1);
    ASSERT_TRUE(waitFor([&] { return view.begun == 1; }));
    view.ask(2);
    ASSERT_TRUE(waitFor([&] { return view.begun == 2; }));
    view.hurry = true;
    ASSERT_TRUE(waitFor([&] { return view.update.isUpToDate(); }));
    EXPECT_EQ(view.shown, QList<int>{2});
}

TEST(ViewUpdate, waitsUntilSomebodyLooks)
{
    SlowView view;
    view.hurry = true;
    view.update.setWanted(false);
    view.ask(1);
    EXPECT_TRUE(view.update.isUpToDate());
    QTest::qWait(20);
    EXPECT_EQ(view.started, 0);
    view.update.setWanted(true);
    ASSERT_TRUE(waitFor([&] { return view.update.isUpToDate(); }));
    EXPECT_EQ(view.shown, QList<int>{1});
    view.update.setWanted(false);
    view.update.setWanted(true); // nothing has changed meanwhile
    QTest::qWait(20);
    EXPECT_EQ(view.started, 1);
}

TEST(ViewUpdate, deliversAnErrorAsOne)
{
    SlowView view;
    view.hurry = true;
    view.ask(-3);
    ASSERT_TRUE(waitFor([&] { return !view.shown.isEmpty(); }));
    EXPECT_EQ(view.shown, QList<int>{-1000});
    EXPECT_TRUE(view.update.isUpToDate());
}

TEST(ViewUpdate, isFreeAgainWhenItsLaneWasCancelled)
{
    SlowView view;
    view.ask(1);
    ASSERT_TRUE(waitFor([&] { return view.begun == 1; }));
    view.runner.cancelLane(JobRunner::Lane::Plot);
    ASSERT_TRUE(waitFor([&] { return view.update.isUpToDate(); }));
    view.hurry = true;
    view.ask(2);
    ASSERT_TRUE(waitFor([&] { return !view.shown.isEmpty(); }));
    EXPECT_EQ(view.shown.last(), 2);
}
