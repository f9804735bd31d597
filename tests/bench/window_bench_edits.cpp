// SPDX-License-Identifier: GPL-3.0-or-later
// Criteria 1, 2, 5, 6, 9, 11: what follows an edit or a selection.
#include "tests/bench/window_bench.h"
#include "core/analysis/budget.h"
#include "core/calib/threshold_error.h"
#include "tests/widgets/fake_model.h"
#include "widgets/commands/plan_commands.h"
#include "widgets/controller.h"
#include "widgets/models/config_model.h"
#include "widgets/models/layer_model.h"
#include "widgets/pages/budget_view.h"
#include "widgets/pages/configurations_page.h"
#include "widgets/pages/error_maps_page.h"
#include "widgets/pages/graph_page.h"
#include "widgets/pages/histogram_page.h"
#include "widgets/pages/layer_page.h"
#include "widgets/pages/layer_table.h"
#include "widgets/pages/sensitivity_view.h"
#include "widgets/plots/graph_view.h"
#include "widgets/prediction.h"
#include "widgets/sweep.h"

#include <QComboBox>
#include <QItemSelectionModel>
#include <QSlider>
#include <QTest>

#include <algorithm>
#include <cmath>

namespace bitwright::bench {

namespace {

void measureLargeLayer(Sheet& sheet)
{
    Stage stage;
    Document* document = stage.window.document();
    document->setModel(test::fakeModel("x = input 2048\nlarge = linear x 2448\nsmall = linear large 4\n"));
    stage.settle();
    auto* layers = stage.window.findChild<LayerModel*>();
    const int large = stage.row("large");
    stage.window.selectRow(large);
    stage.settle();
    int bits = 3;
    double turn = 0, row = 1e9;
    QElapsedTimer clock;
    QObject::connect(document, &Document::reportChanged, &stage.window, [&](int changed) {
        if (changed == large && clock.isValid())
            row = std::min(row, double(clock.nsecsElapsed()) / 1e6);
    });
    const auto edit = [&] {
        const double ms = stage.settleMs([&] {
            clock.start();
            bits = bits == 4 ? 5 : 4;
            layers->editRows({large}, LayerModel::WeightBits, QString::number(bits));
        });
        turn = std::max(turn, stage.monitor.longestMs());
        return ms;
    };
    const auto measure = [&](const QString& ranges) {
        row = 1e9;
        const double all = stage.best(edit);
        sheet.addAtMost(1, QStringLiteral("edit of a layer of 5 M weights, %1: its error, size and row").arg(ranges), 150,
                        row, "ms");
        sheet.add(1, QStringLiteral("the same until histogram, explanation and configurations have followed"),
                  QStringLiteral("–"), QStringLiteral("%1 ms").arg(all, 0, 'f', 0), true);
    };
    measure(QStringLiteral("min-max"));
    layers->editRows({large}, LayerModel::WeightEstimator, QStringLiteral("mse"));
    stage.settle();
    measure(QStringLiteral("MSE range for each channel"));
    sheet.addAtMost(1, QStringLiteral("longest block of the window's thread meanwhile"), 50, turn, "ms");
}

void evaluate(Stage& stage)
{
    stage.window.controller()->evaluate();
    stage.waitUntil([&] { return stage.window.document()->isEvaluationCurrent() && stage.window.isSettled(); });
}

void sweep(Stage& stage)
{
    Sweep* sweep = stage.window.page<ErrorMapsPage>()->sensitivity()->sweep();
    sweep->start(SensitivityMode::EnableOne, 256);
    stage.waitUntil([&] { return !sweep->isRunning() && stage.window.isSettled(); });
}

void measureSelection(Sheet& sheet, Stage& stage)
{
    stage.showAllViews();
    QTableView* table = stage.window.layerPage()->table();
    double click = 0, key = 0, several = 0;
    const auto place = [table](int row) { return table->visualRect(table->model()->index(row, 0)).center(); };
    bool linked = true;
    for (int row = 0; row < table->model()->rowCount(); ++row) {
        click = std::max(click, stage.best([&] {
            QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, place((row + 5) % 12));
            stage.settle();
            return stage.settleMs([&] { QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, place(row)); });
        }));
        const int current = stage.window.selection()->currentIndex().row();
        const SiteDistribution* shown = stage.window.page<HistogramPage>()->shown();
        linked = linked && shown &&
                 QString::fromStdString(shown->name)
                     .startsWith(QString::fromStdString(stage.window.document()->row(current).name));
    }
    table->setFocus();
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, place(0));
    stage.settle();
    for (int i = 1; i < table->model()->rowCount(); ++i)
        key = std::max(key, stage.settleMs([&] { QTest::keyClick(table, Qt::Key_Down); }));
    several = stage.settleMs([&] { QTest::keyClick(table, Qt::Key_A, Qt::ControlModifier); });
    sheet.add(2, QStringLiteral("the histogram is that of the selected layer for every row"), QStringLiteral("yes"),
              linked ? QStringLiteral("yes") : QStringLiteral("no"), linked);
    sheet.addAtMost(2, QStringLiteral("a click selects in all views, all on the screen (slowest row of dwcnn)"), 100,
                    click, "ms");
    sheet.addAtMost(2, QStringLiteral("the same by an arrow key"), 100, key, "ms");
    sheet.addAtMost(2, QStringLiteral("all layers selected at once"), 100, several, "ms");
}

void measurePrediction(Sheet& sheet, Stage& stage)
{
    auto* layers = stage.window.findChild<LayerModel*>();
    int bits = 4;
    const double ms = stage.best([&] {
        layers->editRows({1}, LayerModel::WeightBits, QString::number(bits = 9 - bits));
        QElapsedTimer clock;
        clock.start();
        (void)predictionOf(*stage.window.document());
        return double(clock.nsecsElapsed()) / 1e6;
    });
    stage.settle();
    sheet.addAtMost(5, QStringLiteral("accuracy predicted after an edit"), 200, ms, "ms");
}

void measureConfigurations(Sheet& sheet, Stage& stage)
{
    auto* page = stage.window.page<ConfigurationsPage>();
    auto* layers = stage.window.findChild<LayerModel*>();
    Document* document = stage.window.document();
    document->addSnapshot(QStringLiteral("eight"));
    for (int row = 0; row < document->rowCount(); ++row)
        layers->editRows({row}, LayerModel::WeightBits, QStringLiteral("4"));
    stage.settle();
    evaluate(stage);
    document->addSnapshot(QStringLiteral("four"));
    stage.settle();
    double instant = 1e9;
    const double ms = stage.best([&] {
        int other = 1;
        while (page->model()->configurations()[size_t(other)].plan == document->plan())
            ++other;
        QElapsedTimer clock;
        return stage.settleMs([&] {
            clock.start();
            page->apply(other);
            instant = std::min(instant, double(clock.nsecsElapsed()) / 1e6);
        });
    });
    sheet.addAtMost(6, QStringLiteral("a configuration is applied as one undo step, every number up to date"), 300, ms,
                    "ms");
    sheet.addAtMost(11, QStringLiteral("switching the active configuration, every number up to date"), 200, ms, "ms");
    sheet.addAtMost(11, QStringLiteral("of that, until the plan is the new one in all views"), 200, instant, "ms");
}

/// 200 layers, six widths: seconds from the cells to a plan.
void measureBudget(Sheet& sheet, Stage& stage)
{
    Graph graph;
    SensitivityTable table;
    for (int i = 0; i < 200; ++i) {
        Layer layer;
        layer.name = "layer" + std::to_string(i);
        layer.weights.push_back({layer.name + ".weight", {64, 1 + i * 37 % 101}});
        graph.layers.push_back(layer);
        for (const int bits : {2, 3, 4, 5, 6, 8}) {
            table.cells.emplace_back(); // noise falls with the bits, more or less far for each layer
            table.cells.back().layer = layer.name;
            table.cells.back().bits = bits;
            table.cells.back().kl = std::exp2(-bits - i * 29 % 17);
        }
    }
    const double ms = stage.best([&] {
        QElapsedTimer clock;
        clock.start();
        (void)planWithinBudget(graph, table, {}, 4.5);
        return double(clock.nsecsElapsed()) / 1e6;
    });
    sheet.addAtMost(16, QStringLiteral("bits of 200 layers × 6 widths within a budget"), 1000, ms, "ms");
    auto* page = stage.window.page<ConfigurationsPage>();
    page->showView(QStringLiteral("budget"));
    stage.settle();
    int value = 60;
    const double slider =
        stage.best([&] { return stage.settleMs([&] { page->budget()->slider()->setValue(++value); }); });
    sheet.addAtMost(16, QStringLiteral("dwcnn: from the slider to the previewed plan with its estimate"), 150, slider, "ms");
    page->showView(QStringLiteral("tradeoff"));
}

void measureErrorSwitch(Sheet& sheet, Stage& stage)
{
    stage.window.page<GraphPage>()->setMetric(LayerMetric::WeightEffect);
    stage.window.layerPage()->table()->setColumnShown(LayerModel::WeightEffect, true);
    stage.settle();
    QComboBox* mode = stage.window.page<ErrorMapsPage>()->sensitivity()->modeBox();
    int next = 0;
    const double ms = stage.best([&] { return stage.settleMs([&] { mode->setCurrentIndex(++next % 4); }); }, 4);
    sheet.addAtMost(21, QStringLiteral("isolated or accumulated error by one switch: table, graph and map"), 100, ms, "ms");
}

void measureUndo(Sheet& sheet)
{
    Stage stage;
    Document* document = stage.window.document();
    std::string text = "x = input 16\n", before = "x";
    for (int i = 0; i < 100; ++i) {
        const std::string name = "block" + std::to_string(i / 10) + ".linear" + std::to_string(i);
        text += name + " = linear " + before + " 16\n";
        before = name;
    }
    document->setModel(test::fakeModel(text));
    stage.settle();
    std::vector<QuantPlan> plans{document->plan()};
    for (int i = 0; i < 500; ++i) {
        const std::string& name = document->row(1 + i * 37 % 100).name;
        const QuantSpec spec = withFixedRange(QuantSpec::defaultWeights(2 + i % 7),
                                              {-0.1f - float(i) * 0.00123f, 0.1f + float(i) * 0.00321f});
        document->undoStack()->push(
            new SetSpecsCommand(document, {{name, PlanSite::Weights, spec}}, QString::number(i), {}));
        plans.push_back(document->plan());
    }
    stage.settle();
    int exact = 0;
    double slowest = 0;
    for (int i = 499; i >= 0; --i) {
        QElapsedTimer clock;
        clock.start();
        document->undoStack()->undo();
        slowest = std::max(slowest, double(clock.nsecsElapsed()) / 1e6);
        exact += document->plan() == plans[size_t(i)];
    }
    sheet.add(9, QStringLiteral("undo steps that give the plan back bit for bit"), QStringLiteral("500"),
              QString::number(exact), exact == 500);
    sheet.addAtMost(9, QStringLiteral("slowest undo step of them, 100 layers"), 50, slowest, "ms");
    const double jump = stage.settleMs([&] { document->undoStack()->setIndex(500); });
    const bool there = document->plan() == plans[500];
    sheet.add(9, QStringLiteral("a jump over all 500 entries of the history"), QStringLiteral("exact"),
              QStringLiteral("%1, %2 ms").arg(there ? "exact" : "other").arg(jump, 0, 'f', 0), there);
}

} // namespace

void measureEdits(Sheet& sheet, const Samples& samples)
{
    measureLargeLayer(sheet);
    measureUndo(sheet);
    Stage stage;
    stage.open(samples.model("dwcnn"), samples.data());
    evaluate(stage);
    sweep(stage);
    measureSelection(sheet, stage);
    measureErrorSwitch(sheet, stage);
    measurePrediction(sheet, stage);
    measureBudget(sheet, stage);
    measureConfigurations(sheet, stage);
}

} // namespace bitwright::bench
