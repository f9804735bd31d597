// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/fake_model.h"
#include "widgets/controller.h"
#include "widgets/models/config_model.h"
#include "widgets/pages/configurations_page.h"
#include "widgets/pages/empty_state.h"
#include "widgets/pages/evaluation_page.h"
#include "widgets/pages/repair_group.h"
#include "widgets/pages/training_options.h"
#include "widgets/pages/training_page.h"
#include "widgets/plots/training_plot.h"
#include "widgets/training.h"

#include <QAction>
#include <QComboBox>
#include <QDockWidget>
#include <QFile>
#include <QPushButton>
#include <QSpinBox>
#include <QTableWidget>
#include <QTest>

namespace bitwright::test {
namespace {

class TrainingPageTest : public WindowTest {
protected:
    void SetUp() override
    {
        WindowTest::SetUp();
        open(kSmallModel);
        page = window.page<TrainingPage>();
        window.findChild<QDockWidget*>("trainingDock")->raise();
    }
    void giveData()
    {
        auto data = normalDataset({8}, 96, 4, 3);
        window.document()->setData(data, data, "samples");
        window.controller()->calibrate();
        ASSERT_TRUE(waitFor([this] { return window.document()->calibration() && window.isSettled(); }));
    }
    QAction* action(const QString& name)
    {
        for (QAction* action : page->viewActions()) {
            if (action->objectName().endsWith(name))
                return action;
        }
        ADD_FAILURE() << name.toStdString();
        return nullptr;
    }
    bool hasSteps() { return page->training()->last() && page->training()->last()->step >= 2; }

    TrainingPage* page = nullptr;
};

TEST_F(TrainingPageTest, saysWhatIsMissingBeforeItCanTrain)
{
    EXPECT_TRUE(page->emptyState()->isVisibleTo(page));
    EXPECT_FALSE(action("train")->isEnabled());
    EXPECT_TRUE(action("train")->toolTip().contains("data"));
    giveData();
    EXPECT_FALSE(page->emptyState()->isVisibleTo(page));
    EXPECT_TRUE(action("train")->isEnabled());
    EXPECT_FALSE(action("cancel-training")->isEnabled());
}

TEST_F(TrainingPageTest, oneClickTrainsAndTheResultIsOneUndoStepAndAConfiguration)
{
    giveData();
    Document& document = *window.document();
    const auto before = document.model();
    const QuantPlan plan = document.plan();
    const double sqnr = document.report(row("a"))->weight->error.sqnrDb();
    for (auto* button : page->findChildren<QPushButton*>()) {
        if (button->isDefault())
            QTest::mouseClick(button, Qt::LeftButton);
    }
    ASSERT_TRUE(page->training()->isRunning());
    ASSERT_TRUE(waitFor([this] { return page->training()->result().has_value() && window.isSettled(); }));
    EXPECT_EQ(page->training()->epochs().size(), 3u);
    EXPECT_NE(document.model(), before);
    EXPECT_TRUE(QFile::exists(folder.filePath("model-tuned.pt")));
    EXPECT_TRUE(QFile::exists(folder.filePath("model-tuned.plan.json")));
    EXPECT_EQ(document.plan().defaultWeights.bits, 5);
    EXPECT_NE(document.report(row("a"))->weight->error.sqnrDb(), sqnr);
    EXPECT_TRUE(document.isEvaluationCurrent());
    EXPECT_EQ(document.undoStack()->count(), 1);
    document.undoStack()->undo();
    ASSERT_TRUE(waitFor([this] { return window.isSettled(); }));
    EXPECT_EQ(document.model(), before);
    EXPECT_EQ(document.plan(), plan);
    EXPECT_EQ(document.report(row("a"))->weight->error.sqnrDb(), sqnr);
    auto* list = window.page<ConfigurationsPage>()->findChild<ConfigModel*>();
    ASSERT_NE(list, nullptr);
    ASSERT_TRUE(waitFor([&] { return list->rowCount() == 2; }));
    EXPECT_NE(list->configurations()[1].model, before);
    document.undoStack()->redo();
    EXPECT_NE(document.model(), before);
    EXPECT_TRUE(document.isEvaluationCurrent());
}

TEST_F(TrainingPageTest, theModelThatWasOpenedStaysTheBaseline)
{
    giveData();
    Document& document = *window.document();
    const QTableWidget* table = window.page<EvaluationPage>()->table();
    window.controller()->evaluate();
    ASSERT_TRUE(waitFor([&] { return document.isEvaluationCurrent() && window.isSettled(); }));
    const auto text = [table](int row, const QString& title) {
        for (int column = 0; column < table->columnCount(); ++column)
            if (table->horizontalHeaderItem(column)->text() == title)
                return table->isColumnHidden(column) ? QString("hidden") : table->item(row, column)->text();
        return QString("none");
    };
    constexpr int kLoss = 2;
    const QString opened = text(kLoss, "Float");
    EXPECT_EQ(text(kLoss, "Float, tuned"), "hidden");
    action("train")->trigger();
    ASSERT_TRUE(waitFor([this] { return page->training()->result().has_value() && window.isSettled(); }));
    ASSERT_TRUE(document.isTuned());
    window.controller()->evaluate(); // the fake's file has the old weights
    ASSERT_TRUE(waitFor([&] { return window.isSettled(); }));
    EXPECT_EQ(text(kLoss, "Float"), opened);
    EXPECT_NE(text(kLoss, "Float, tuned"), "hidden");
    EXPECT_NE(text(kLoss, "Float, tuned"), opened) << "other weights";
    EXPECT_EQ(*page->training()->floatTop1(), *document.originalQuality()->top1);
    document.undoStack()->undo();
    ASSERT_TRUE(waitFor([this] { return window.isSettled(); }));
    EXPECT_EQ(text(kLoss, "Float, tuned"), "hidden");
    EXPECT_EQ(text(kLoss, "Float"), opened);
}

TEST_F(TrainingPageTest, channelsAreRemovedByAShareAndAllAtOnce)
{
    giveData();
    page->proposeChannelRemoval(0.25);
    const TrainOptions options = page->options()->options();
    EXPECT_EQ(options.prune.kind, PruneOptions::Channels);
    EXPECT_DOUBLE_EQ(options.prune.share, 0.25);
    EXPECT_FALSE(options.prune.gradual);
    EXPECT_TRUE(validate(options));
}

TEST_F(TrainingPageTest, cancelledItLeavesEverythingAsItWas)
{
    giveData();
    const auto before = window.document()->weights();
    action("train")->trigger();
    ASSERT_TRUE(waitFor([this] { return hasSteps(); }));
    action("cancel-training")->trigger();
    ASSERT_TRUE(waitFor([this] { return !page->training()->isRunning(); }, 500)) << "within half a second";
    EXPECT_EQ(window.document()->model(), before.model);
    EXPECT_EQ(window.document()->plan(), before.plan);
    EXPECT_EQ(window.document()->calibration(), before.calibration);
    EXPECT_EQ(window.document()->undoStack()->count(), 0);
    EXPECT_TRUE(action("train")->isEnabled());
}

TEST_F(TrainingPageTest, pausedItWaitsAndStoppedItKeepsTheBestEpoch)
{
    giveData();
    action("train")->trigger();
    ASSERT_TRUE(waitFor([this] { return page->training()->epochs().size() == 2; }));
    action("pause-training")->trigger();
    EXPECT_TRUE(page->training()->isPaused());
    QTest::qWait(100);
    const auto step = page->training()->last()->step;
    QTest::qWait(150);
    EXPECT_EQ(page->training()->last()->step, step);
    EXPECT_TRUE(window.runner()->current()->isHeld);
    action("stop-training")->trigger();
    ASSERT_TRUE(waitFor([this] { return page->training()->result().has_value(); }));
    EXPECT_EQ(page->training()->result()->training.bestEpoch, 1);
    EXPECT_EQ(window.document()->undoStack()->count(), 1);
}

TEST_F(TrainingPageTest, anEditedOptionStaysAndAPresetBringsItsDefaultsBack)
{
    giveData();
    auto* epochs = page->options()->findChildren<QSpinBox*>().first();
    const int preset = page->options()->options().epochs;
    epochs->setValue(preset + 5);
    window.document()->setPlan(window.document()->plan(), {});
    EXPECT_EQ(page->options()->options().epochs, preset + 5);
    auto* presets = page->findChild<QComboBox*>("preset");
    QTest::keyClick(presets, Qt::Key_Down);
    EXPECT_EQ(page->options()->options().preset, presets->currentText().toStdString());
    EXPECT_NE(page->options()->options().epochs, preset + 5);
}

TEST_F(TrainingPageTest, offersMoreBitsAtTheEndsBeforeTraining)
{
    giveData();
    Document& document = *window.document();
    QuantPlan plan;
    plan.defaultWeights = QuantSpec::defaultWeights(4);
    document.setPlan(plan, {});
    QTest::mouseClick(page->repairs()->findChild<QPushButton*>("ends"), Qt::LeftButton);
    EXPECT_EQ(document.plan().weights("a").bits, 8);
    EXPECT_EQ(document.plan().weights("b").bits, 4);
    document.undoStack()->undo();
    EXPECT_EQ(document.plan(), plan);
}

TEST_F(TrainingPageTest, aRepairIsCancelledLikeATraining)
{
    giveData();
    const auto before = window.document()->weights();
    page->training()->repair("bias-correction", folder.filePath("repaired.pt"));
    ASSERT_TRUE(page->training()->isRunning());
    EXPECT_FALSE(action("pause-training")->isEnabled()) << "it has no steps to wait after";
    EXPECT_FALSE(action("stop-training")->isEnabled());
    ASSERT_TRUE(action("cancel-training")->isEnabled());
    action("cancel-training")->trigger();
    ASSERT_TRUE(waitFor([this] { return !page->training()->isRunning(); }, 500)) << "within half a second";
    EXPECT_EQ(window.document()->model(), before.model);
    EXPECT_EQ(window.document()->plan(), before.plan);
    EXPECT_TRUE(action("train")->isEnabled());
}

TEST_F(TrainingPageTest, aRepairNeedsNoEpochsAndIsOneUndoStep)
{
    auto* button = page->repairs()->findChild<QPushButton*>("bias-correction");
    ASSERT_NE(button, nullptr);
    EXPECT_FALSE(button->isEnabled());
    giveData();
    ASSERT_TRUE(button->isEnabled());
    Document& document = *window.document();
    const auto before = document.model();
    const QuantPlan plan = document.plan();
    const int steps = document.undoStack()->index();
    QTest::mouseClick(button, Qt::LeftButton);
    ASSERT_TRUE(page->training()->isRunning());
    EXPECT_FALSE(button->isEnabled());
    ASSERT_TRUE(waitFor([this] { return page->training()->result().has_value() && window.isSettled(); }));
    EXPECT_TRUE(page->training()->epochs().empty());
    EXPECT_NE(document.model(), before);
    EXPECT_EQ(document.undoStack()->index(), steps + 1);
    EXPECT_TRUE(document.undoStack()->undoText().contains("bias-correction"));
    document.undoStack()->undo();
    EXPECT_EQ(document.model(), before);
    EXPECT_EQ(document.plan(), plan);
}

} // namespace
} // namespace bitwright::test
