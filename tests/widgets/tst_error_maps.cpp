// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/sensitivity_units.h"
#include "tests/widgets/fake_model.h"
#include "tests/widgets/large_views.h"
#include "tests/widgets/stall_monitor.h"
#include "widgets/controller.h"
#include "widgets/models/heat_table_model.h"
#include "widgets/models/layer_model.h"
#include "widgets/pages/activation_error_view.h"
#include "widgets/pages/error_maps_page.h"
#include "widgets/pages/plan_map_view.h"
#include "widgets/pages/sensitivity_view.h"
#include "widgets/pages/weight_error_view.h"
#include "widgets/plots/heat_map.h"
#include "widgets/plots/heat_panel.h"
#include "widgets/sweep.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QComboBox>
#include <QElapsedTimer>
#include <QItemSelectionModel>
#include <QScreen>
#include <QScrollBar>
#include <QSpinBox>
#include <QTableView>
#include <QTest>

#include <algorithm>

namespace bitwright::test {
namespace {

HeatGridPtr ramp(int rows, int columns)
{
    auto grid = std::make_shared<HeatGrid>();
    grid->rows = rows;
    grid->columns = columns;
    for (int i = 0; i < rows * columns; ++i)
        grid->values.push_back(float(i));
    grid->fitScale();
    return grid;
}

TEST(HeatGrid, KeepsAnOutlierInEveryCoarserCopy)
{
    HeatGrid grid;
    grid.rows = grid.columns = 1000;
    grid.values.assign(1000 * 1000, 0.5f);
    grid.values[777 * 1000 + 333] = -9;
    grid.buildPyramid();
    ASSERT_FALSE(grid.pyramid.empty());
    for (const HeatGrid::Level& level : grid.pyramid)
        EXPECT_EQ(*std::min_element(level.values.begin(), level.values.end()), -9);
    EXPECT_LE(grid.pyramid.back().columns, 256);
}

TEST(HeatGrid, CentresSignedErrorsAtZero)
{
    HeatGrid grid;
    grid.rows = 1;
    grid.columns = 3;
    grid.values = {-1, 0, 3};
    grid.scale = HeatGrid::Scale::Diverging;
    grid.fitScale();
    EXPECT_EQ(HeatSteps(grid).of(0), 128);
    EXPECT_EQ(HeatSteps(grid).of(3), 255);
    EXPECT_EQ(HeatSteps(grid).of(-3), 0);
}

TEST(HeatTableModel, HoldsTheContractOfItemModels)
{
    HeatTableModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    model.setGrid(ramp(3, 4));
    EXPECT_EQ(model.rowCount(), 3);
    EXPECT_EQ(model.index(1, 2).data().toString(), QStringLiteral("6"));
    model.setGrid(ramp(3, 4));
    model.setGrid(ramp(2, 2));
    model.setGrid(nullptr);
    EXPECT_EQ(model.columnCount(), 0);
}

TEST(HeatMapWidget, MovesItsCursorWithKeysAndClicks)
{
    HeatMap map;
    map.resize(400, 300);
    map.setGrid(ramp(4, 5));
    map.show();
    int row = -1, column = -1, activated = 0;
    QObject::connect(&map, &HeatMap::currentChanged, [&](int r, int c) {
        row = r;
        column = c;
    });
    QObject::connect(&map, &HeatMap::activated, [&] { ++activated; });
    QTest::mouseClick(map.viewport(), Qt::LeftButton, {}, map.cellRect(2, 3).center());
    EXPECT_EQ(map.currentCell(), QPoint(3, 2));
    QTest::keyClick(&map, Qt::Key_Up);
    QTest::keyClick(&map, Qt::Key_Left);
    EXPECT_EQ(row, 1);
    EXPECT_EQ(column, 2);
    QTest::keyClick(&map, Qt::Key_Return);
    EXPECT_EQ(activated, 1);
    QTest::keyClick(&map, Qt::Key_End, Qt::ControlModifier);
    EXPECT_EQ(map.currentCell(), QPoint(4, 3));
    EXPECT_FALSE(map.accessibleDescription().isEmpty());
}

TEST(HeatMapWidget, Pans4096SquaredAtThirtyPicturesASecond)
{
    HeatMap map;
    map.resize(1200, 800);
    map.setGrid(errorsOf4096Squared());
    map.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&map));
    std::vector<double> times = panningTimes(map);
    std::sort(times.begin(), times.end());
    std::printf("4096 x 4096 in 1200 x 800 at %.0f %%: median %.1f ms, slowest %.1f ms\n", 100 * map.devicePixelRatioF(),
                times[40], times.back());
    EXPECT_LT(times[72], 33.0);
}

TEST(HeatMapWidget, ShowsAfterPanningWhatItWouldPaintAnew)
{
    for (const bool square : {true, false}) {
        auto grid = std::make_shared<HeatGrid>(*ramp(300, 200));
        grid->square = square;
        HeatMap map;
        map.resize(400, 300);
        map.setGrid(grid);
        map.show();
        ASSERT_TRUE(QTest::qWaitForWindowExposed(&map));
        for (const double zoom : {2.3, 3.1, 9.7, 2.0}) {
            map.zoom(zoom, {200, 150});
            map.setCurrentCell(150, 100);
            for (const QPoint step : {QPoint(7, 0), QPoint(0, -13), QPoint(-150, 90), QPoint(1, 1)}) {
                QCoreApplication::processEvents();
                map.horizontalScrollBar()->setValue(map.horizontalScrollBar()->value() + step.x());
                map.verticalScrollBar()->setValue(map.verticalScrollBar()->value() + step.y());
                QCoreApplication::processEvents();
                const QImage shown = map.screen()->grabWindow(map.winId()).toImage();
                ASSERT_FALSE(shown.isNull());
                // The offscreen platform gives as many pixels as the window has units: at 200 % a quarter.
                const QImage anew = map.grab().toImage().copy(shown.rect());
                EXPECT_EQ(shown.convertToFormat(QImage::Format_RGB32), anew.convertToFormat(QImage::Format_RGB32))
                    << "zoom " << zoom << ", by " << step.x() << ", " << step.y();
            }
        }
    }
}

struct ErrorMaps : WindowTest {
    ErrorMapsPage* page() { return window.page<ErrorMapsPage>(); }
    SensitivityView* view() { return page()->sensitivity(); }
    Document* document() { return window.document(); }

    void SetUp() override
    {
        WindowTest::SetUp();
        const auto data = normalDataset({8}, 96, 4, 3);
        open(kSmallModel);
        document()->setData(data, data, QStringLiteral("samples"));
        window.controller()->calibrate();
        ASSERT_TRUE(waitFor([this] { return document()->calibration() && window.isSettled(); }));
        view()->samplesBox()->setValue(64);
    }
    void sweep()
    {
        view()->runAction()->trigger();
        ASSERT_TRUE(waitFor([this] { return !view()->sweep()->isRunning() && window.isSettled(); }));
    }
};

TEST_F(ErrorMaps, AreFilledByASweepLayerByLayer)
{
    int fills = 0;
    QObject::connect(document(), &Document::sensitivityChanged, page(), [&] { ++fills; });
    sweep();
    EXPECT_FALSE(document()->sensitivity().partial);
    EXPECT_GE(fills, document()->rowCount());
    const HeatGridPtr grid = view()->panel()->map()->grid();
    ASSERT_EQ(grid->rows, 3);
    for (int row = 0; row < grid->rows; ++row)
        for (int column = 0; column < grid->columns; ++column)
            EXPECT_TRUE(grid->has(row, column));
    // More bits, less error: 8 bits stand first.
    EXPECT_GT(grid->value(0, 0), grid->value(0, grid->columns - 1));
}

TEST_F(ErrorMaps, APausedSweepGoesOnWithoutMeasuringTwice)
{
    sweep();
    const SensitivityTable whole = document()->sensitivity();
    // What a sweep leaves behind that was paused before the last layer.
    SensitivityTable half = whole;
    std::erase_if(half.cells, [](const SensitivityCell& cell) { return cell.layer == "c"; });
    half.partial = true;
    document()->setSensitivity(half, document()->plan());
    EXPECT_EQ(view()->runAction()->text(), QStringLiteral("Go on"));
    EXPECT_FALSE(view()->panel()->map()->grid()->has(2, 0));
    int units = 0;
    QObject::connect(document(), &Document::sensitivityChanged, page(), [&] { ++units; });
    sweep();
    EXPECT_EQ(units, 3); // begun, one layer, finished
    EXPECT_EQ(document()->sensitivity(), whole);
    EXPECT_EQ(view()->runAction()->text(), QStringLiteral("Sweep"));
}

TEST_F(ErrorMaps, AnEditOfTheSchemeMakesOnlyItsLayerUntrue)
{
    sweep();
    QuantPlan plan = document()->plan();
    QuantSpec coarse = plan.defaultWeights;
    coarse.granularity = Granularity::Tensor;
    plan.setWeights("b", coarse);
    document()->setPlan(plan, {row("b")});
    EXPECT_FALSE(view()->sweep()->isComplete(SensitivityMode::EnableOne));
    plan.setWeights("b", QuantSpec::defaultWeights(4));
    document()->setPlan(plan, {row("b")});
    EXPECT_TRUE(view()->sweep()->isComplete(SensitivityMode::EnableOne));
}

TEST_F(ErrorMaps, PauseEndsTheSweepWithoutAFailure)
{
    view()->runAction()->trigger();
    EXPECT_TRUE(view()->sweep()->isRunning());
    EXPECT_EQ(view()->runAction()->text(), QStringLiteral("Pause"));
    view()->runAction()->trigger();
    ASSERT_TRUE(waitFor([this] { return !view()->sweep()->isRunning() && window.isSettled(); }));
    EXPECT_NE(view()->runAction()->text(), QStringLiteral("Pause"));
}

TEST_F(ErrorMaps, ClickSelectsTheLayerAndEnterSetsItsBits)
{
    sweep();
    HeatMap* map = view()->panel()->map();
    page()->showView(QStringLiteral("sensitivity"));
    map->setCurrentCell(1, 2);
    EXPECT_EQ(window.selection()->currentIndex().row(), row("b"));
    const int steps = document()->undoStack()->count();
    QTest::keyClick(map, Qt::Key_Return);
    EXPECT_EQ(document()->plan().weights("b").bits, 4);
    EXPECT_EQ(document()->undoStack()->count(), steps + 1);
    document()->undoStack()->undo();
    EXPECT_EQ(document()->plan().weights("b").bits, 8);
}

TEST_F(ErrorMaps, FollowTheSelectionOfTheWindow)
{
    sweep();
    window.selectRow(row("c"));
    EXPECT_EQ(view()->panel()->map()->currentCell().y(), 2);
    page()->showView(QStringLiteral("plan"));
    EXPECT_EQ(page()->plan()->panel()->map()->currentCell().y(), row("c"));
}

TEST_F(ErrorMaps, SayWhichErrorIsShownForEveryKind)
{
    QStringList definitions;
    for (const auto mode : {SensitivityMode::EnableOne, SensitivityMode::DisableOne, SensitivityMode::Local,
                            SensitivityMode::Cumulative})
        definitions << SensitivityView::definition(mode);
    EXPECT_EQ(definitions.removeDuplicates(), 0);
    for (int mode = 0; mode < 4; ++mode) {
        view()->modeBox()->setCurrentIndex(mode);
        sweep();
        const HeatGridPtr grid = view()->panel()->map()->grid();
        EXPECT_TRUE(grid->has(0, 0)) << mode;
        EXPECT_EQ(view()->metricBox()->isEnabled(), mode < 2);
    }
}

TEST_F(ErrorMaps, WeightCellsSayFloatQuantizedCodeAndError)
{
    window.selectRow(row("a"));
    page()->showView(QStringLiteral("weight"));
    page()->weight()->viewBox()->setCurrentIndex(int(TensorView::Error));
    ASSERT_TRUE(waitFor([this] { return window.isSettled() && page()->weight()->panel()->map()->grid(); }));
    HeatMap* map = page()->weight()->panel()->map();
    const HeatGridPtr grid = map->grid();
    ASSERT_EQ(grid->rows, 64);
    ASSERT_EQ(grid->columns, 8);
    const Tensor weight = *document()->model()->runner->parameter("a.weight");
    Progress progress;
    const auto shown = *weightErrorMap(*document()->model(), *document()->row(row("a")).layer, 0,
                                       document()->plan(), TensorView::Error, -1, progress);
    const auto element = shown.element(5, 3);
    EXPECT_EQ(element.value, weight.floats()[5 * 8 + 3]);
    EXPECT_FLOAT_EQ(grid->value(5, 3), element.quantized - element.value);
    EXPECT_TRUE(map->describe(5, 3).contains(QString::number(element.code)));
}

TEST_F(ErrorMaps, ActivationsOfASampleAreComparedInThreeMaps)
{
    window.selectRow(row("b"));
    page()->showView(QStringLiteral("activation"));
    page()->activation()->sampleBox()->setValue(3);
    ASSERT_TRUE(waitFor(
        [this] { return window.isSettled() && page()->activation()->differencePanel()->map()->grid(); }));
    const HeatGridPtr difference = page()->activation()->differencePanel()->map()->grid();
    EXPECT_EQ(difference->rows * difference->columns, 64);
    EXPECT_GT(difference->high, 0);
    EXPECT_EQ(difference->scale, HeatGrid::Scale::Diverging);
}

TEST_F(ErrorMaps, HaveATableTwin)
{
    page()->showView(QStringLiteral("plan"));
    page()->plan()->panel()->showTable(true);
    QTableView* table = page()->plan()->panel()->table();
    EXPECT_EQ(table->model()->rowCount(), document()->rowCount());
    EXPECT_FALSE(table->accessibleName().isEmpty());
}

} // namespace
} // namespace bitwright::test
