// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/fake_model.h"
#include "widgets/controller.h"
#include "widgets/message_bar.h"
#include "widgets/pages/training_options.h"
#include "widgets/pages/training_page.h"
#include "widgets/pages/why_page.h"

#include <QAction>
#include <QElapsedTimer>
#include <QLabel>
#include <QPushButton>
#include <QTest>

#include <cmath>
#include <cstdio>

using namespace bitwright;
using namespace bitwright::test;

class WhyPageTest : public WindowTest {
protected:
    WhyPage* page() { return window.page<WhyPage>(); }

    /// A layer whose channel 3 is far wider than the others, with one scale for all of them.
    void openOutlier()
    {
        const Tensor normal = normalTensor({16, 32}, 5);
        std::vector<float> values(normal.floats().begin(), normal.floats().end());
        for (size_t i = 3 * 32; i < 4 * 32; ++i)
            values[i] *= 30;
        auto runner = FakeRunner::fromText("x = input 32\na = linear x 16\nb = linear a 4\n");
        runner->setParameter("a.weight", Tensor::fromFloats({16, 32}, values));
        auto model = std::make_shared<Model>();
        model->path = "outlier.fake";
        model->runner = runner;
        window.document()->setModel(model);
        QuantPlan plan = window.document()->plan();
        plan.defaultWeights.granularity = Granularity::Tensor;
        window.document()->setPlan(plan, {});
        window.selectRow(row("a"));
        show();
    }
    void show()
    {
        page()->showView("causes");
        ASSERT_TRUE(waitFor([this] { return window.isSettled(); }));
    }
    bool says(const QString& text)
    {
        for (const QLabel* label : page()->findChildren<QLabel*>())
            if (label->text().contains(text))
                return true;
        return false;
    }
};

TEST_F(WhyPageTest, leavesALockedLayerAsItIsAndSaysSo)
{
    openOutlier();
    QuantPlan plan = window.document()->plan();
    plan.layers["a"].locked = true;
    window.document()->setPlan(plan, {});
    show();
    auto* cure = page()->findChild<QPushButton*>("per-channel");
    ASSERT_NE(cure, nullptr);
    QTest::mouseClick(cure, Qt::LeftButton);
    EXPECT_EQ(window.document()->plan(), plan);
    EXPECT_TRUE(window.messageBar()->isVisible());
}

TEST_F(WhyPageTest, namesTheOutlierChannelAndItsCureKeepsItsPromise)
{
    openOutlier();
    EXPECT_TRUE(says("Outlier channel"));
    EXPECT_TRUE(says("Channel 3 reaches"));
    auto* cure = page()->findChild<QPushButton*>("per-channel");
    ASSERT_NE(cure, nullptr);
    const double before = window.document()->report(row("a"))->weight->error.sqnrDb();
    const QString promise = cure->text();
    cure->setFocus();
    QTest::keyClick(cure, Qt::Key_Space);
    ASSERT_TRUE(waitFor([this] { return window.isSettled(); }));
    EXPECT_EQ(window.document()->undoStack()->count(), 1);
    EXPECT_EQ(window.document()->plan().weights("a").granularity, Granularity::Channel);
    const double after = window.document()->report(row("a"))->weight->error.sqnrDb();
    EXPECT_GT(after, before + 10);
    EXPECT_TRUE(promise.contains(QLocale().toString(after, 'f', 1))) << promise.toStdString();
    EXPECT_FALSE(says("Outlier channel")) << "the card follows the edit";
    window.document()->undoStack()->undo();
    ASSERT_TRUE(waitFor([this] { return window.isSettled(); }));
    EXPECT_TRUE(says("Outlier channel"));
}

TEST_F(WhyPageTest, aDeadChannelCanBeNotedOrTrainedAway)
{
    const Tensor normal = normalTensor({16, 32}, 3);
    std::vector<float> values(normal.floats().begin(), normal.floats().end());
    for (size_t i = 5 * 32; i < 6 * 32; ++i)
        values[i] = 0;
    auto runner = FakeRunner::fromText("x = input 32\na = linear x 16\nb = linear a 4\n");
    runner->setParameter("a.weight", Tensor::fromFloats({16, 32}, values));
    auto model = std::make_shared<Model>();
    model->path = "dead.fake";
    model->runner = runner;
    window.document()->setModel(model);
    window.selectRow(row("a"));
    show();
    EXPECT_TRUE(says("Dead channels"));
    auto* note = page()->findChild<QPushButton*>("note-dead");
    ASSERT_NE(note, nullptr);
    QTest::mouseClick(note, Qt::LeftButton);
    EXPECT_EQ(window.document()->plan().layers.at("a").note, "dead channels: 5");
    EXPECT_EQ(window.document()->undoStack()->count(), 1);
    auto* remove = page()->findChild<QPushButton*>("remove-dead");
    ASSERT_NE(remove, nullptr);
    QTest::mouseClick(remove, Qt::LeftButton);
    const PruneOptions prune = window.page<TrainingPage>()->options()->options().prune;
    EXPECT_EQ(prune.kind, PruneOptions::Channels);
    EXPECT_NEAR(prune.share, 1.0 / 16, 0.005);
    EXPECT_TRUE(window.page<TrainingPage>()->isVisible());
}

TEST_F(WhyPageTest, followsTheSelectionAndTellsOfAHealthyLayer)
{
    openOutlier();
    window.selectRow(row("b"));
    ASSERT_TRUE(waitFor([this] { return window.isSettled(); }));
    EXPECT_TRUE(says("Weights of b"));
    EXPECT_FALSE(says("Outlier channel"));
}

TEST_F(WhyPageTest, diagnosesOutputsOnceTheyAreMeasured)
{
    open(kSmallModel);
    const auto data = normalDataset({8}, 100, 4, 3);
    window.document()->setData(data, data, "memory");
    window.selectRow(row("a"));
    QuantPlan plan = window.document()->plan();
    plan.defaultActivations.scheme = Scheme::Symmetric;
    window.document()->setPlan(plan, {});
    show();
    EXPECT_FALSE(says("Output of a"));
    window.controller()->calibrate();
    show();
    ASSERT_TRUE(waitFor([this] { return says("Output of a"); }));
    EXPECT_TRUE(says("Unsigned data in a signed grid")) << "a ends with a ReLU";
    ASSERT_NE(page()->findChild<QPushButton*>("unsigned"), nullptr);
    QTest::mouseClick(page()->findChild<QPushButton*>("unsigned"), Qt::LeftButton);
    EXPECT_EQ(window.document()->plan().activations("a").scheme, Scheme::Unsigned);
}

TEST_F(WhyPageTest, aNewSelectionDoesNotWaitForTheDiagnosisOfALargeLayer)
{
    open("x = input 2048\nlarge = linear x 2448\nsmall = linear large 4\n"); // five million weights
    QuantPlan plan = window.document()->plan();
    plan.defaultWeights = QuantSpec::defaultWeights(4);
    plan.defaultWeights.granularity = Granularity::Tensor;
    window.document()->setPlan(plan, {});
    window.selectRow(row("large"));
    QElapsedTimer clock;
    clock.start();
    show();
    std::printf("diagnosis of a 5 M-element layer: %lld ms\n", static_cast<long long>(clock.elapsed()));
    EXPECT_LT(clock.elapsed(), 10000);
    EXPECT_TRUE(says("Weights of large"));
    window.selectRow(row("small"));
    window.selectRow(row("large"));
    QCoreApplication::processEvents();
    window.selectRow(row("small"));
    clock.restart();
    ASSERT_TRUE(waitFor([this] { return window.isSettled(); }));
    EXPECT_TRUE(says("Weights of small"));
    EXPECT_LT(clock.elapsed(), 2000) << "the diagnosis that nobody waits for any more was given up";
}
