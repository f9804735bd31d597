// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/fake_model.h"
#include "widgets/actions.h"
#include "widgets/commands/plan_commands.h"
#include "widgets/controller.h"
#include "widgets/models/class_model.h"
#include "widgets/models/config_model.h"
#include "widgets/models/flip_model.h"
#include "widgets/models/layer_model.h"
#include "widgets/pages/budget_view.h"
#include "widgets/pages/configurations_page.h"
#include "widgets/pages/confusion_view.h"
#include "widgets/pages/error_maps_page.h"
#include "widgets/pages/evaluation_page.h"
#include "widgets/pages/flip_view.h"
#include "widgets/pages/graph_page.h"
#include "widgets/pages/prediction_line.h"
#include "widgets/pages/sensitivity_view.h"
#include "widgets/plots/heat_map.h"
#include "widgets/plots/heat_panel.h"
#include "widgets/plots/tradeoff_plot.h"
#include "widgets/sweep.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QComboBox>
#include <QDockWidget>
#include <QLabel>
#include <QPushButton>
#include <QScrollBar>
#include <QSlider>
#include <QTableView>
#include <QTableWidget>
#include <QTest>

#include <map>

namespace bitwright::test {
namespace {

std::vector<SamplePrediction> somePredictions()
{
    // sample, label, float, quantized, margins
    return {{0, 1, 1, 1, 2.0f, 1.0f},   {1, 1, 1, 0, 0.5f, 0.1f}, {2, 0, 0, 1, 3.0f, 0.2f},
            {3, 0, 1, 0, 0.25f, 0.25f}, {4, 2, 0, 1, 1.0f, 1.0f}, {5, -1, 0, 1, 9.0f, 1.0f}};
}

TEST(FlipModel, ListsTheSurestFirstAndFilters)
{
    FlipModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    model.setPredictions(somePredictions(), {QStringLiteral("cat"), QStringLiteral("dog")});
    EXPECT_EQ(model.rowCount(), 5);
    EXPECT_EQ(model.prediction(0).sample, 5);
    model.setFilter(FlipModel::Lost);
    ASSERT_EQ(model.rowCount(), 2);
    EXPECT_EQ(model.prediction(0).sample, 2);
    EXPECT_EQ(model.index(0, FlipModel::FloatClass).data().toString(), QStringLiteral("cat"));
    EXPECT_EQ(model.csv(), QStringLiteral("sample,label,float,quantized,float_margin,quantized_margin\n"
                                          "2,0,0,1,3,0.200000003\n1,1,1,0,0.5,0.100000001\n"));
    model.setFilter(FlipModel::Gained);
    EXPECT_EQ(model.rowCount(), 1);
    model.setFilter(FlipModel::BothWrong);
    ASSERT_EQ(model.rowCount(), 1);
    EXPECT_EQ(model.prediction(0).sample, 4);
}

TEST(ClassModel, GivesPrecisionAndRecall)
{
    ClassModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    Evaluation evaluation;
    evaluation.floating.confusion = {{8, 2}, {0, 10}};
    evaluation.quantized.confusion = {{6, 4}, {0, 10}};
    model.setEvaluation(evaluation, {QStringLiteral("a"), QStringLiteral("b")});
    const auto number = [&](int row, int column) {
        return model.index(row, column).data(ClassModel::kSortRole).toDouble();
    };
    EXPECT_DOUBLE_EQ(number(0, ClassModel::FloatRecall), 0.8);
    EXPECT_DOUBLE_EQ(number(0, ClassModel::Recall), 0.6);
    EXPECT_DOUBLE_EQ(number(0, ClassModel::Precision), 1.0);
    EXPECT_DOUBLE_EQ(number(1, ClassModel::Precision), 10.0 / 14);
    EXPECT_NEAR(number(0, ClassModel::RecallChange), -0.2, 1e-12);
    EXPECT_DOUBLE_EQ(number(0, ClassModel::Samples), 10);
}

TEST(TradeoffPlot, GreysWhatAnotherBeats)
{
    const std::vector<TradeoffPoint> points{
        {{}, 10, 90, 0}, {{}, 12, 89, 0}, {{}, 8, 80, 0}, {{}, 10, 90, 0}};
    EXPECT_FALSE(TradeoffPlot::isDominated(points, 0));
    EXPECT_TRUE(TradeoffPlot::isDominated(points, 1));
    EXPECT_FALSE(TradeoffPlot::isDominated(points, 2));
    EXPECT_FALSE(TradeoffPlot::isDominated(points, 3));
}

struct Accuracy : WindowTest {
    EvaluationPage* page() { return window.page<EvaluationPage>(); }
    ConfigurationsPage* configurations() { return window.page<ConfigurationsPage>(); }
    Document* document() { return window.document(); }

    void SetUp() override
    {
        WindowTest::SetUp();
        const auto data = normalDataset({8}, 200, 4, 3);
        open(kSmallModel);
        document()->setData(data, data, QStringLiteral("samples"));
        window.controller()->calibrate();
        ASSERT_TRUE(waitFor([this] { return document()->calibration() && window.isSettled(); }));
    }
    void setBits(int bits)
    {
        QuantPlan plan = document()->plan();
        plan.defaultWeights.bits = plan.defaultActivations.bits = bits;
        document()->undoStack()->push(
            new ReplacePlanCommand(document(), plan, QStringLiteral("%1 bits").arg(bits)));
    }
    void evaluate()
    {
        window.controller()->evaluate();
        ASSERT_TRUE(waitFor([this] { return document()->isEvaluationCurrent() && window.isSettled(); }));
    }
    void sweep()
    {
        auto* maps = window.page<ErrorMapsPage>();
        maps->sensitivity()->sweep()->start(SensitivityMode::EnableOne, 200);
        ASSERT_TRUE(
            waitFor([&] { return !maps->sensitivity()->sweep()->isRunning() && window.isSettled(); }));
    }
};

TEST_F(Accuracy, IsForgottenWithTheDataItWasMeasuredOn)
{
    setBits(2);
    evaluate();
    const auto other = normalDataset({8}, 50, 4, 9);
    window.controller()->evaluate(); // ends when the other data is open
    document()->setData(other, other, QStringLiteral("others"));
    EXPECT_FALSE(document()->evaluation());
    EXPECT_FALSE(document()->isEvaluationCurrent());
    ASSERT_TRUE(waitFor([this] { return window.isSettled(); }));
    EXPECT_FALSE(document()->evaluation()) << "numbers of the samples that are open no more";
    document()->undoStack()->undo();
    EXPECT_FALSE(document()->evaluation());
    evaluate();
    EXPECT_EQ(document()->evaluation()->evaluation.quantized.samples, 50);
}

TEST_F(Accuracy, ConfusionTablesHoldEverySample)
{
    setBits(2);
    evaluate();
    for (int which : {ConfusionView::Quantized, ConfusionView::Float}) {
        page()->confusion()->whichBox()->setCurrentIndex(which);
        const HeatGridPtr grid = page()->confusion()->panel()->map()->grid();
        ASSERT_TRUE(grid);
        double sum = 0;
        for (const float v : grid->values)
            sum += double(v);
        EXPECT_EQ(sum, 200);
    }
    page()->confusion()->whichBox()->setCurrentIndex(ConfusionView::Difference);
    const HeatGridPtr grid = page()->confusion()->panel()->map()->grid();
    for (int r = 0; r < grid->rows; ++r) {
        double sum = 0;
        for (int c = 0; c < grid->columns; ++c)
            sum += double(grid->value(r, c));
        EXPECT_EQ(sum, 0);
    }
    EXPECT_EQ(page()->classes()->model()->rowCount(), 4);
}

TEST_F(Accuracy, ChangedSamplesShowTheOutputsOfBothModels)
{
    setBits(2);
    evaluate();
    const FlipModel* model = page()->flips()->model();
    const Evaluation& e = document()->evaluation()->evaluation;
    EXPECT_EQ(model->rowCount(), int(std::lround((1 - *e.agreement) * 200)));
    ASSERT_GT(model->rowCount(), 0);
    ASSERT_TRUE(waitFor([this] { return page()->flips()->outputs()->rowCount() == 4; }));
    page()->flips()->filterBox()->setCurrentIndex(FlipModel::Lost);
    EXPECT_LT(model->rowCount(), int(std::lround((1 - *e.agreement) * 200)));
    for (int row = 0; row < model->rowCount(); ++row)
        EXPECT_EQ(model->prediction(row).floating, model->prediction(row).label);
}

TEST_F(Accuracy, SumsOf16BitsAreMeasuredOnWishAndStandBesideTheOthers)
{
    evaluate();
    EXPECT_TRUE(page()->table()->isColumnHidden(5));
    EXPECT_FALSE(document()->saturation());
    window.actions()->saturate->setChecked(true);
    evaluate();
    ASSERT_TRUE(document()->saturation());
    EXPECT_FALSE(page()->table()->isColumnHidden(5));
    EXPECT_EQ(page()->table()->horizontalHeaderItem(5)->text(), "16-bit sums");
    EXPECT_FALSE(page()->table()->item(0, 5)->text().isEmpty());
    EXPECT_TRUE(window.controller()->lastCommand().contains("--saturate-int16"));
    window.actions()->saturate->setChecked(false);
    evaluate();
    EXPECT_FALSE(document()->saturation()) << "the one of another evaluation is not shown";
}

TEST_F(Accuracy, AnEstimateFollowsEveryEditUntilItIsMeasured)
{
    EXPECT_FALSE(page()->prediction()->prediction());
    sweep();
    ASSERT_TRUE(page()->prediction()->prediction());
    const double eight = page()->prediction()->prediction()->outputSqnrDb;
    setBits(4);
    EXPECT_LT(page()->prediction()->prediction()->outputSqnrDb, eight);
    EXPECT_TRUE(page()->prediction()->text().contains(QStringLiteral("±")));
    EXPECT_FALSE(page()->prediction()->text().contains(QStringLiteral("Measured")));
    evaluate();
    EXPECT_TRUE(page()->prediction()->text().startsWith(QStringLiteral("Measured")));
    EXPECT_TRUE(page()->prediction()->text().contains(QStringLiteral("residual")));
    setBits(3);
    EXPECT_TRUE(page()->prediction()->text().startsWith(QStringLiteral("Estimate")));
}

TEST_F(Accuracy, ABudgetIsAPreviewUntilItIsAppliedAsOneStep)
{
    auto* configurations = window.page<ConfigurationsPage>();
    window.findChild<QDockWidget*>("configurationsDock")->raise();
    configurations->showView("budget");
    BudgetView* budget = configurations->budget();
    ASSERT_TRUE(waitFor([&] { return budget->isVisible(); }));
    EXPECT_FALSE(budget->proposal()) << "there is no sweep yet";
    EXPECT_TRUE(budget->summary()->text().contains("sweep"));
    EXPECT_FALSE(budget->applyButton()->isEnabled());
    sweep();
    const QuantPlan before = document()->plan();
    const int steps = document()->undoStack()->count();
    budget->slider()->setValue(4 * 20);
    ASSERT_TRUE(budget->proposal());
    EXPECT_LE(budget->proposal()->averageBits(), 4);
    EXPECT_EQ(document()->plan(), before) << "only a preview";
    budget->applyButton()->click();
    EXPECT_EQ(document()->undoStack()->count(), steps + 1);
    EXPECT_NE(document()->plan(), before);
    document()->undoStack()->undo();
    EXPECT_EQ(document()->plan(), before);
}

TEST_F(Accuracy, OneSwitchChangesTheErrorInTableGraphAndMap)
{
    sweep();
    const int column = LayerModel::WeightEffect;
    auto* layers = window.findChild<LayerModel*>();
    const QString enableOne = layers->index(row("a"), column).data().toString();
    EXPECT_FALSE(enableOne.isEmpty());
    EXPECT_TRUE(layers->headerData(column, Qt::Horizontal).toString().contains("enable one"));
    SensitivityView* view = window.page<ErrorMapsPage>()->sensitivity();
    auto* graph = window.page<GraphPage>();
    graph->setMetric(LayerMetric::WeightEffect);
    view->modeBox()->setCurrentIndex(2);
    EXPECT_TRUE(layers->headerData(column, Qt::Horizontal).toString().contains("local"));
    EXPECT_TRUE(layers->index(row("a"), column).data().toString().isEmpty()) << "not measured yet";
    EXPECT_TRUE(graph->metricBox()->currentText().contains("local"));
    view->sweep()->start(SensitivityMode::Local, 200);
    ASSERT_TRUE(waitFor([&] { return !view->sweep()->isRunning() && window.isSettled(); }));
    const QString local = layers->index(row("a"), column).data().toString();
    EXPECT_FALSE(local.isEmpty());
    EXPECT_NE(local, enableOne);
}

TEST_F(Accuracy, SnapshotsSurviveUndoAndAreAppliedAsOneStep)
{
    setBits(4);
    document()->addSnapshot(QStringLiteral("four"));
    document()->undoStack()->undo();
    ASSERT_TRUE(waitFor([this] { return window.isSettled(); }));
    ASSERT_EQ(document()->snapshots().size(), 1u);
    ASSERT_EQ(configurations()->model()->rowCount(), 2);
    const int steps = document()->undoStack()->index();
    configurations()->list()->selectRow(1);
    EXPECT_EQ(configurations()->difference()->rowCount(), document()->rowCount());
    configurations()->list()->setFocus();
    QTest::keyClick(configurations()->list(), Qt::Key_Return);
    EXPECT_EQ(document()->plan().defaultWeights.bits, 4);
    EXPECT_EQ(document()->undoStack()->index(), steps + 1);
    document()->undoStack()->undo();
    EXPECT_EQ(document()->plan().defaultWeights.bits, 8);
}

TEST_F(Accuracy, EverythingEvaluatedIsAPointThatCanBeAppliedAgain)
{
    evaluate();
    setBits(3);
    evaluate();
    ASSERT_EQ(document()->measurements().size(), 2u);
    ASSERT_TRUE(waitFor([this] { return configurations()->isUpToDate() && window.isSettled(); }));
    // The plan as it is, and the first evaluation.
    ASSERT_EQ(configurations()->model()->rowCount(), 2);
    EXPECT_TRUE(configurations()->model()->configurations()[0].evaluation);
    EXPECT_TRUE(configurations()->apply(1));
    EXPECT_EQ(document()->plan().defaultWeights.bits, 8);
    EXPECT_FALSE(configurations()->apply(0));
}

TEST_F(Accuracy, TheTrailFollowsTheUndoHistoryAndNotTheOrderOfMeasuring)
{
    const auto steps = [this] {
        std::map<int, int> found; // bits of the plan -> step
        for (const Measurement& m : document()->measurements())
            found[m.plan.defaultWeights.bits] = document()->historyStep(m);
        return found;
    };
    setBits(6);
    setBits(4);
    evaluate();
    document()->undoStack()->undo();
    evaluate();
    document()->undoStack()->undo();
    evaluate();
    EXPECT_EQ(steps(), (std::map<int, int>{{8, 0}, {6, 1}, {4, 2}}));
    ASSERT_TRUE(waitFor([this] { return configurations()->isUpToDate() && window.isSettled(); }));
    // Measured as 4, 6, 8 bits.
    EXPECT_EQ(configurations()->plot()->trail(), (QList<int>{2, 1, 0}));
    setBits(3);
    evaluate();
    EXPECT_EQ(steps(), (std::map<int, int>{{8, 0}, {6, -1}, {4, -1}, {3, 1}})) << "no undo gets there";
    ASSERT_TRUE(waitFor([this] { return configurations()->isUpToDate() && window.isSettled(); }));
    EXPECT_EQ(configurations()->plot()->trail().size(), 2);
}

TEST_F(Accuracy, TheFiguresOfConfigurationsAreSeenWithoutScrolling)
{
    window.resize(1280, 800);
    window.findChild<QDockWidget*>("configurationsDock")->raise();
    setBits(4);
    evaluate();
    setBits(3);
    evaluate();
    document()->addSnapshot(QStringLiteral("before the long name of an experiment"));
    ASSERT_TRUE(waitFor([this] { return configurations()->isUpToDate() && window.isSettled(); }));
    const QTableView* list = configurations()->list();
    ASSERT_TRUE(waitFor([&] { return list->isVisible() && list->width() > 200; }));
    EXPECT_EQ(list->horizontalScrollBar()->maximum(), 0);
    EXPECT_GE(list->columnWidth(ConfigModel::Name), 12 * list->fontMetrics().averageCharWidth());
}

TEST(ConfigModel, ChecksAtMostFour)
{
    ConfigModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    std::vector<Configuration> rows(5);
    for (int i = 0; i < 5; ++i) {
        rows[size_t(i)].name = QString::number(i);
        rows[size_t(i)].plan.defaultWeights.bits = i + 1;
    }
    model.setConfigurations(rows);
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(model.setData(model.index(i, 0), int(Qt::Checked), Qt::CheckStateRole), i < 4);
    rows.erase(rows.begin());
    model.setConfigurations(rows);
    EXPECT_EQ(model.checkedRows(), (QList<int>{0, 1, 2}));
}

} // namespace
} // namespace bitwright::test
