// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/fake_model.h"
#include "widgets/models/job_model.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>
#include <QThread>

using namespace bitwright;
using namespace bitwright::test;

using Lane = JobRunner::Lane;

namespace {

/// Runs until cancelled and then fails with Cancelled.
Result<int> obedient(Progress& progress)
{
    progress.begin("Working", 1000);
    while (!progress.cancelled()) {
        progress.advance();
        QThread::msleep(5);
    }
    return cancelledError();
}

} // namespace

TEST(JobRunner, deliversTheValueOnTheWindowsThread)
{
    JobRunner runner;
    QThread* worker = nullptr;
    QThread* receiver = nullptr;
    int value = 0;
    runner.start<int>(
        Lane::Work, "Count",
        [&](Progress&) -> Result<int> {
            worker = QThread::currentThread();
            return 42;
        },
        [&](int v) {
            receiver = QThread::currentThread();
            value = v;
        });
    ASSERT_TRUE(waitFor([&] { return runner.isIdle(); }));
    EXPECT_EQ(value, 42);
    EXPECT_EQ(receiver, QThread::currentThread());
    EXPECT_NE(worker, QThread::currentThread());
    EXPECT_EQ(runner.jobs().first().state, JobInfo::Finished);
}

TEST(JobRunner, runsJobsOfOneLaneOneAfterTheOther)
{
    JobRunner runner;
    std::atomic<int> inside{0}, most{0};
    QList<int> order;
    for (int i = 0; i < 5; ++i) {
        runner.start<int>(
            Lane::Work, "Step",
            [&, i](Progress&) -> Result<int> {
                most = std::max<int>(most, ++inside);
                QThread::msleep(5);
                --inside;
                return i;
            },
            [&](int v) { order.append(v); });
    }
    ASSERT_TRUE(waitFor([&] { return runner.isIdle(); }));
    EXPECT_EQ(most, 1);
    EXPECT_EQ(order, (QList<int>{0, 1, 2, 3, 4}));
}

TEST(JobRunner, reportsAFailureAsOneSentenceAndDeliversNothing)
{
    JobRunner runner;
    QSignalSpy failed(&runner, &JobRunner::failed);
    bool delivered = false;
    runner.start<int>(
        Lane::Work, "Open",
        [](Progress&) -> Result<int> {
            return Error{Error::Corrupt, "It is broken.", "x.pt"};
        },
        [&](int) { delivered = true; });
    ASSERT_TRUE(waitFor([&] { return runner.isIdle(); }));
    EXPECT_FALSE(delivered);
    ASSERT_EQ(failed.count(), 1);
    EXPECT_EQ(failed.first().at(1).toString(), "x.pt: It is broken.");
    EXPECT_EQ(runner.jobs().first().state, JobInfo::Failed);
}

TEST(JobRunner, cancelStopsAnObedientVerbWithoutAnythingRed)
{
    JobRunner runner;
    QSignalSpy failed(&runner, &JobRunner::failed);
    const int id = runner.start<int>(Lane::Work, "Long", obedient, [](int) { FAIL(); });
    ASSERT_TRUE(waitFor([&] { return runner.jobs().first().progress.done > 0; }));
    runner.cancel(id);
    EXPECT_EQ(runner.jobs().first().state, JobInfo::Stopping);
    ASSERT_TRUE(waitFor([&] { return runner.isIdle(); }, 500));
    EXPECT_EQ(runner.jobs().first().state, JobInfo::Cancelled);
    EXPECT_EQ(failed.count(), 0);
}

TEST(JobRunner, goesOnWithinHalfASecondWhenAVerbDoesNotReact)
{
    JobRunner runner;
    std::atomic<bool> stop{false};
    bool delivered = false;
    const int deaf = runner.start<int>(
        Lane::Work, "Deaf",
        [&](Progress&) -> Result<int> {
            while (!stop)
                QThread::msleep(5);
            return 1;
        },
        [&](int) { delivered = true; });
    int next = 0;
    runner.start<int>(
        Lane::Work, "Next", [](Progress&) -> Result<int> { return 7; }, [&](int v) { next = v; });
    QElapsedTimer clock;
    clock.start();
    runner.cancel(deaf);
    ASSERT_TRUE(waitFor([&] { return next == 7; }, 2000));
    EXPECT_LT(clock.elapsed(), 600);
    stop = true;
    waitFor([] { return false; }, 50);
    EXPECT_FALSE(delivered) << "a result that comes after the cancel must be dropped";
}

TEST(JobRunner, aHeldJobsTimeStandsStill)
{
    JobRunner runner;
    std::atomic<bool> held{false}, goesOn{false};
    const int id = runner.start<int>(
        Lane::Work, "Train",
        [&](Progress& progress) -> Result<int> {
            progress.begin("Training", 20);
            for (int i = 0; i < 20; ++i) {
                QThread::msleep(60);
                progress.advance();
                if (i != 9)
                    continue;
                held = true;
                while (!goesOn)
                    QThread::msleep(5);
            }
            return 0;
        },
        [](int) {});
    ASSERT_TRUE(waitFor([&] { return held && runner.find(id)->progress.done == 10; }));
    runner.hold(id, true);
    const double left = *runner.find(id)->progress.secondsLeft;
    EXPECT_TRUE(progressText(*runner.find(id)).contains("paused"));
    QTest::qWait(1500);
    EXPECT_EQ(*runner.find(id)->progress.secondsLeft, left);
    runner.hold(id, false);
    goesOn = true;
    ASSERT_TRUE(waitFor([&] { return runner.find(id)->progress.done > 10; }));
    EXPECT_LT(*runner.find(id)->progress.secondsLeft, left + 0.3) << "the pause is no part of the pace";
    ASSERT_TRUE(waitFor([&] { return runner.isIdle(); }));
    EXPECT_LT(runner.find(id)->progress.elapsedSeconds, 2.2) << "20 steps of 60 ms";
}

TEST(JobRunner, keepsAPartialResultOnlyWhenAskedTo)
{
    for (const auto onCancel : {JobRunner::OnCancel::Drop, JobRunner::OnCancel::KeepPartial}) {
        JobRunner runner;
        bool delivered = false;
        const int id = runner.start<int>(
            Lane::Work, "Partial",
            [](Progress& progress) -> Result<int> {
                while (!progress.cancelled())
                    QThread::msleep(2);
                return 3;
            },
            [&](int) { delivered = true; }, onCancel);
        waitFor([&] { return runner.current() != nullptr; });
        runner.cancel(id);
        ASSERT_TRUE(waitFor([&] { return runner.isIdle(); }, 500));
        EXPECT_EQ(delivered, onCancel == JobRunner::OnCancel::KeepPartial);
        EXPECT_EQ(runner.jobs().first().state, JobInfo::Cancelled);
    }
}

TEST(JobRunner, anExceptionOfALibraryBecomesAFailure)
{
    JobRunner runner;
    runner.start<int>(
        Lane::Work, "Throws", [](Progress&) -> Result<int> { throw std::bad_alloc(); }, [](int) {});
    ASSERT_TRUE(waitFor([&] { return runner.isIdle(); }));
    EXPECT_EQ(runner.jobs().first().state, JobInfo::Failed);
}

TEST(JobModel, followsTheRunnerAndKeepsTheModelContract)
{
    JobRunner runner;
    JobModel model(&runner);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    const int id = runner.start<int>(Lane::Work, "Calibrate", obedient, [](int) {});
    runner.start<int>(
        Lane::Work, "Evaluate", [](Progress&) -> Result<int> { return 1; }, [](int) {});
    EXPECT_EQ(model.rowCount(), 2);
    EXPECT_EQ(model.index(1, JobModel::State).data().toString(), "Queued");
    ASSERT_TRUE(waitFor([&] { return !model.index(0, JobModel::Progress).data().toString().isEmpty(); }));
    EXPECT_TRUE(model.index(0, JobModel::Progress).data().toString().contains("of"));
    runner.cancel(id);
    ASSERT_TRUE(waitFor([&] { return runner.isIdle(); }));
    EXPECT_EQ(model.index(0, JobModel::State).data().toString(), "Cancelled");
    EXPECT_EQ(model.index(1, JobModel::State).data().toString(), "Finished");
    runner.clearFinished();
    EXPECT_EQ(model.rowCount(), 0);
}
