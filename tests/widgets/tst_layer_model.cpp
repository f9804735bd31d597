// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/fake_model.h"
#include "widgets/models/layer_filter.h"
#include "widgets/models/layer_model.h"
#include "widgets/models/plan_exceptions.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>

using namespace bitwright;
using namespace bitwright::test;

namespace {

class LayerModelTest : public testing::Test {
protected:
    LayerModelTest() { document.setModel(fakeModel()); }
    QString text(const std::string& layer, int column)
    {
        return model.index(document.rowOf(layer), column).data().toString();
    }
    void report(const std::string& layer)
    {
        const int row = document.rowOf(layer);
        const auto result =
            weightReport(*document.model()->runner, *document.row(row).layer, document.plan());
        ASSERT_TRUE(result);
        document.setReport(row, *result);
    }
    QStringList names()
    {
        QStringList list;
        for (int row = 0; row < filter.rowCount(); ++row)
            list << filter.index(row, LayerModel::Name).data().toString();
        return list;
    }

    Document document;
    LayerModel model{&document};
    LayerFilter filter;
};

} // namespace

TEST_F(LayerModelTest, keepsTheModelContractThroughEditsAndReopening)
{
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    filter.setSourceModel(&model);
    QAbstractItemModelTester filtered(&filter, QAbstractItemModelTester::FailureReportingMode::Fatal);
    model.editRows({document.rowOf("a")}, LayerModel::WeightBits, "4");
    filter.setFilterText("a");
    filter.sort(LayerModel::WeightSqnr);
    document.setModel(fakeModel("x = input 4\ny = linear x 4\n"));
    EXPECT_EQ(model.rowCount(), 2);
    document.setModel(nullptr);
    EXPECT_EQ(model.rowCount(), 0);
}

TEST_F(LayerModelTest, anEntryThatRepeatsTheDefaultsIsNoException)
{
    QuantPlan plan = document.plan();
    plan.setWeights("a", QuantSpec::defaultWeights(4));
    plan.setWeights("b", plan.defaultWeights);
    plan.layers["c"].locked = true;
    document.setPlan(plan, {});
    EXPECT_EQ(model.exceptions(), QList<int>{document.rowOf("a")});
    EXPECT_EQ(exceptionCount(plan), 1) << "the list of configurations counts alike";
}

TEST_F(LayerModelTest, showsInputAndLayersInExecutionOrder)
{
    filter.setSourceModel(&model);
    EXPECT_EQ(names(), (QStringList{"input", "a", "b", "s", "c"}));
    EXPECT_EQ(text("a", LayerModel::ShapeColumn), "64×8");
    EXPECT_EQ(text("a", LayerModel::WeightBits), "8");
    EXPECT_EQ(text("s", LayerModel::WeightBits), "");
    EXPECT_EQ(text("s", LayerModel::ActivationBits), "8");
}

TEST_F(LayerModelTest, onlyCellsThatMeanSomethingAreEditable)
{
    const auto editable = [this](const char* layer, int column) {
        return model.index(document.rowOf(layer), column).flags().testFlag(Qt::ItemIsEditable);
    };
    EXPECT_TRUE(editable("a", LayerModel::WeightBits));
    EXPECT_TRUE(editable("a", LayerModel::ActivationScheme));
    EXPECT_FALSE(editable("s", LayerModel::WeightBits));
    EXPECT_FALSE(editable("a", LayerModel::WeightSqnr));
    ASSERT_TRUE(model.setData(model.index(document.rowOf("a"), LayerModel::WeightBits), "float"));
    EXPECT_FALSE(editable("a", LayerModel::WeightScheme));
}

TEST_F(LayerModelTest, anUnknownTokenIsRefusedWithASentence)
{
    QSignalSpy refused(&model, &LayerModel::editRefused);
    EXPECT_FALSE(model.editRows({document.rowOf("a")}, LayerModel::WeightBits, "eight"));
    EXPECT_FALSE(model.editRows({document.rowOf("a")}, LayerModel::WeightScheme, "diagonal"));
    EXPECT_EQ(refused.count(), 2);
    EXPECT_EQ(document.undoStack()->count(), 0);
}

TEST_F(LayerModelTest, aReportFillsErrorAndSizeAndHeat)
{
    EXPECT_EQ(text("b", LayerModel::WeightSqnr), "");
    report("b");
    EXPECT_TRUE(text("b", LayerModel::WeightSqnr).endsWith("dB"));
    const int row = document.rowOf("b");
    const double heat8 = model.index(row, LayerModel::WeightSqnr).data(LayerModel::HeatRole).toDouble();
    const qint64 size8 = model.index(row, LayerModel::Size).data(LayerModel::SortRole).toLongLong();
    model.editRows({row}, LayerModel::WeightBits, "2");
    report("b");
    EXPECT_LT(model.index(row, LayerModel::WeightSqnr).data(LayerModel::HeatRole).toDouble(), heat8 - 0.3);
    EXPECT_LT(model.index(row, LayerModel::Size).data(LayerModel::SortRole).toLongLong(), size8 / 2);
}

TEST_F(LayerModelTest, filterTakesRegularExpressionsAndForgivesBrokenOnes)
{
    filter.setSourceModel(&model);
    EXPECT_TRUE(filter.setFilterText("^(a|c)$"));
    EXPECT_EQ(names(), (QStringList{"a", "c"}));
    EXPECT_TRUE(filter.setFilterText("ADD"));
    EXPECT_EQ(names(), (QStringList{"s"}));
    EXPECT_FALSE(filter.setFilterText("a["));
    EXPECT_EQ(filter.rowCount(), 0);
    filter.setFilterText("");
    EXPECT_EQ(filter.rowCount(), 5);
}

TEST_F(LayerModelTest, sortsByNumberAndPutsUnknownValuesLast)
{
    filter.setSourceModel(&model);
    model.editRows({document.rowOf("b")}, LayerModel::WeightBits, "3");
    report("a");
    report("b");
    filter.sort(LayerModel::WeightSqnr, Qt::AscendingOrder);
    EXPECT_EQ(names().mid(0, 2), (QStringList{"b", "a"}));
    filter.sort(LayerModel::Parameters, Qt::DescendingOrder);
    EXPECT_EQ(names().first(), "b");
    filter.sort(LayerModel::Name, Qt::AscendingOrder);
    EXPECT_EQ(names(), (QStringList{"input", "a", "b", "s", "c"}));
}

TEST_F(LayerModelTest, exceptionsAreMarkedUntilTheyAreReset)
{
    const QModelIndex cell = model.index(document.rowOf("a"), LayerModel::WeightBits);
    EXPECT_FALSE(cell.data(LayerModel::ExceptionRole).toBool());
    model.setData(cell, "4");
    EXPECT_TRUE(cell.data(LayerModel::ExceptionRole).toBool());
    model.resetRows({cell.row()});
    EXPECT_FALSE(cell.data(LayerModel::ExceptionRole).toBool());
}

TEST(SpecChoices, everyOfferedTokenCanBeReadAndHasAText)
{
    for (int column = 0; column < LayerModel::ColumnCount; ++column) {
        const QStringList tokens = specChoices(LayerModel::Column(column));
        EXPECT_EQ(choiceTexts(LayerModel::Column(column)).size(), tokens.size());
        const QuantSpec base = LayerModel::isActivationColumn(column) ? QuantSpec::defaultActivations()
                                                                      : QuantSpec::defaultWeights();
        for (const QString& token : tokens) {
            const auto spec = editedSpec(base, LayerModel::Column(column), token);
            EXPECT_TRUE(spec) << token.toStdString() << ": " << (spec ? "" : spec.error().text());
        }
    }
}
