// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/fake_model.h"
#include "widgets/models/layer_rule.h"

using namespace bitwright;
using namespace bitwright::test;

namespace {

class LayerRuleTest : public testing::Test {
protected:
    LayerRuleTest() { document.setModel(fakeModel()); }
    void report(const std::string& layer, int bits)
    {
        QuantPlan plan = document.plan();
        plan.setWeights(layer, QuantSpec::defaultWeights(bits));
        document.setPlan(plan, {document.rowOf(layer)});
        const int row = document.rowOf(layer);
        document.setReport(
            row, *weightReport(*document.model()->runner, *document.row(row).layer, document.plan()));
    }
    QString matches(const QString& text)
    {
        const auto rule = LayerRule::parse(text);
        if (!rule)
            return QString::fromStdString("error: " + rule.error().message);
        QStringList names;
        for (int row : rule->matchingRows(document))
            names << QString::fromStdString(document.row(row).name);
        return names.join(' ');
    }

    Document document;
};

} // namespace

TEST_F(LayerRuleTest, numbersAreComparedWithTheirUnits)
{
    report("a", 8);
    report("b", 2);
    EXPECT_EQ(matches("weight SQNR < 20 dB"), "b");
    EXPECT_EQ(matches("W-sqnr >= 20dB"), "a");
    EXPECT_EQ(matches("bits = 2"), "b");
    EXPECT_EQ(matches("params > 0.5k"), "a b");
    EXPECT_EQ(matches("parameters ≤ 576"), "a c");
    EXPECT_EQ(matches("weight clipped < 100 %"), "a b");
}

TEST_F(LayerRuleTest, anUnknownNumberSatisfiesNothing)
{
    EXPECT_EQ(matches("weight sqnr < 1000 dB or weight sqnr >= 0"), "");
    EXPECT_EQ(matches("activation mse != 0"), "");
}

TEST_F(LayerRuleTest, textsAreComparedAndSearchedWithoutRegardToCase)
{
    EXPECT_EQ(matches("op = LINEAR"), "a b c");
    EXPECT_EQ(matches("op != linear"), "input s");
    EXPECT_EQ(matches("name ~ ^[AC]$"), "a c");
    EXPECT_EQ(matches("name ~ (a|c)"), "a c");
    EXPECT_EQ(matches("name !~ \"a | input\""), "input a b s c");
}

TEST_F(LayerRuleTest, conditionsAreJoinedWithTheUsualPrecedence)
{
    EXPECT_EQ(matches("name = s or op = linear and name = a"), "a s");
    EXPECT_EQ(matches("(name = s or op = linear) and name = a"), "a");
    EXPECT_EQ(matches("not weights"), "input s");
    EXPECT_EQ(matches("not (weights or name = input) AND name ~ ."), "s");
}

TEST_F(LayerRuleTest, flagsFollowThePlan)
{
    QuantPlan plan = document.plan();
    plan.layers["b"].locked = true;
    plan.layers["c"].note = "output head";
    plan.setWeights("a", QuantSpec::defaultWeights(4));
    plan.setWeights("c", plan.defaultWeights);
    document.setPlan(plan, {});
    EXPECT_EQ(matches("locked"), "b");
    EXPECT_EQ(matches("exception"), "a")
        << "an exception that says what the default says deviates in nothing";
    EXPECT_EQ(matches("note ~ head"), "c");
}

TEST_F(LayerRuleTest, aBrokenRuleSaysWhatIsExpected)
{
    for (const char* text : {"", "weight sqnr", "weight sqnr <", "weight sqnr < fast", "colour = red",
                             "(name = a", "name = a)", "name = a b", "name < a", "params ~ 3", "name ~ [",
                             "name = a and", "not", "weight sqnr < 3 parsec"}) {
        const auto rule = LayerRule::parse(QString::fromUtf8(text));
        ASSERT_FALSE(rule) << text;
        EXPECT_EQ(rule.error().code, Error::InvalidArgument);
        EXPECT_TRUE(QString::fromStdString(rule.error().message).endsWith('.') ||
                    rule.error().message.find("example") != std::string::npos)
            << rule.error().message;
    }
    EXPECT_TRUE(matches("colour = red").contains("\"colour\""));
}

TEST_F(LayerRuleTest, endlessRulesAreRefusedNotFollowed)
{
    EXPECT_FALSE(LayerRule::parse(QString("(").repeated(100000)));
    EXPECT_FALSE(LayerRule::parse(QString("not ").repeated(100000)));
    EXPECT_FALSE(LayerRule::parse("weights" + QString(" and weights").repeated(10000)));
}
