// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/fake_model.h"
#include "widgets/commands/plan_commands.h"
#include "widgets/models/layer_model.h"

using namespace bitwright;
using namespace bitwright::test;

namespace {

class PlanCommands : public testing::Test {
protected:
    PlanCommands() { document.setModel(fakeModel()); }
    bool edit(const std::string& layer, LayerModel::Column column, const char* token)
    {
        return model.editRows({document.rowOf(layer)}, column, QString::fromLatin1(token));
    }

    Document document;
    LayerModel model{&document};
};

} // namespace

TEST_F(PlanCommands, editUndoRedoRestoresThePlanBitForBit)
{
    const QuantPlan before = document.plan();
    ASSERT_TRUE(edit("a", LayerModel::WeightBits, "4"));
    ASSERT_TRUE(edit("b", LayerModel::WeightScheme, "asymmetric"));
    ASSERT_TRUE(edit("b", LayerModel::WeightGranularity, "group=32"));
    ASSERT_TRUE(edit("s", LayerModel::ActivationBits, "float"));
    const QuantPlan after = document.plan();
    EXPECT_EQ(after.weights("a").bits, 4);
    EXPECT_EQ(after.weights("b").scheme, Scheme::Asymmetric);
    EXPECT_EQ(after.weights("b").group, 32);
    EXPECT_TRUE(after.activations("s").isFloat32());
    while (document.undoStack()->canUndo())
        document.undoStack()->undo();
    EXPECT_EQ(document.plan(), before);
    while (document.undoStack()->canRedo())
        document.undoStack()->redo();
    EXPECT_EQ(document.plan(), after);
}

TEST_F(PlanCommands, repeatedEditsOfOneCellAreOneStep)
{
    const QuantPlan before = document.plan();
    edit("a", LayerModel::WeightBits, "6");
    edit("a", LayerModel::WeightBits, "5");
    edit("a", LayerModel::WeightBits, "3");
    EXPECT_EQ(document.undoStack()->count(), 1);
    edit("b", LayerModel::WeightBits, "3");
    edit("b", LayerModel::WeightScheme, "narrow");
    EXPECT_EQ(document.undoStack()->count(), 3);
    document.undoStack()->setIndex(0);
    EXPECT_EQ(document.plan(), before);
}

TEST_F(PlanCommands, severalLayersAreOneStep)
{
    const QuantPlan before = document.plan();
    ASSERT_TRUE(model.editRows({document.rowOf("a"), document.rowOf("b"), document.rowOf("s")},
                               LayerModel::WeightBits, "2"));
    EXPECT_EQ(document.undoStack()->count(), 1);
    EXPECT_EQ(document.plan().weights("b").bits, 2);
    EXPECT_EQ(document.plan().layers.count("s"), 0u) << "an add has no weights to set";
    document.undoStack()->undo();
    EXPECT_EQ(document.plan(), before);
}

TEST_F(PlanCommands, anEditThatChangesNothingMakesNoStep)
{
    EXPECT_FALSE(edit("a", LayerModel::WeightBits, "8"));
    EXPECT_EQ(document.undoStack()->count(), 0);
}

TEST_F(PlanCommands, resetForgetsExceptionsButKeepsNotes)
{
    QuantPlan noted = document.plan();
    noted.layers["a"].note = "output head";
    document.undoStack()->push(new ReplacePlanCommand(&document, noted, "Open plan"));
    edit("a", LayerModel::WeightBits, "4");
    edit("a", LayerModel::ActivationBits, "4");
    ASSERT_TRUE(model.resetRows({document.rowOf("a"), document.rowOf("b")}));
    EXPECT_EQ(document.plan(), noted);
    document.undoStack()->undo();
    EXPECT_EQ(document.plan().weights("a").bits, 4);
    EXPECT_EQ(document.plan().activations("a").bits, 4);
    EXPECT_FALSE(model.resetRows({document.rowOf("c")}));
}

TEST_F(PlanCommands, replacingThePlanIsOneStep)
{
    const QuantPlan before = document.plan();
    document.undoStack()->push(new ReplacePlanCommand(&document, QuantPlan::floatPlan(), "Open plan"));
    EXPECT_EQ(document.plan(), QuantPlan::floatPlan());
    document.undoStack()->undo();
    EXPECT_EQ(document.plan(), before);
}

TEST_F(PlanCommands, theHistoryHoldsFiveHundredSteps)
{
    for (int i = 0; i < 600; ++i)
        model.editRows({document.rowOf(i % 2 ? "a" : "b")}, LayerModel::WeightBits,
                       QString::number(2 + i / 2 % 3));
    EXPECT_EQ(document.undoStack()->count(), 500);
}
