// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/fake_model.h"
#include "widgets/actions.h"
#include "widgets/dialogs/glossary_dialog.h"
#include "widgets/dialogs/preferences_dialog.h"
#include "widgets/glossary.h"
#include "widgets/layouts.h"

#include <QAction>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDockWidget>
#include <QLineEdit>
#include <QPushButton>
#include <QSet>
#include <QSettings>
#include <QSpinBox>
#include <QTableWidget>
#include <QTest>

using namespace bitwright;
using namespace bitwright::test;

class PreferencesTest : public WindowTest {
protected:
    void TearDown() override { QSettings().clear(); }
};

TEST_F(PreferencesTest, theyComeBackAsTheyWereStored)
{
    Preferences p;
    p.theme = Theme::Dark;
    p.colors = ColorMap::Cividis;
    p.language = "zh_CN";
    p.calibrationSamples = 100;
    p.batch = 7;
    p.threads = 3;
    p.store();
    EXPECT_EQ(Preferences::load(), p);
}

TEST_F(PreferencesTest, nonsenseInTheSettingsBecomesTheDefault)
{
    QSettings().setValue("calibration/samples", "many");
    QSettings().setValue("calibration/batch", -4);
    QSettings().setValue("threads", 100000);
    QSettings().setValue("theme", "pink");
    EXPECT_EQ(Preferences::load(), Preferences());
}

TEST_F(PreferencesTest, theDialogShowsAndReturnsEveryField)
{
    Preferences p;
    p.theme = Theme::Light;
    p.colors = ColorMap::Grey;
    p.language = "en";
    p.calibrationSamples = 4096;
    p.batch = 64;
    p.threads = 2;
    PreferencesDialog dialog(p, &window);
    EXPECT_EQ(dialog.preferences(), p);
    QTest::mouseClick(dialog.findChild<QDialogButtonBox*>()->button(QDialogButtonBox::RestoreDefaults),
                      Qt::LeftButton);
    EXPECT_EQ(dialog.preferences(), Preferences());
}

TEST_F(PreferencesTest, theColourMapChangesEveryView)
{
    Preferences p = window.preferences();
    p.colors = ColorMap::Cividis;
    window.setPreferences(p);
    EXPECT_EQ(sequential(0.5), cividis(0.5));
    p.colors = ColorMap::Viridis;
    window.setPreferences(p);
    EXPECT_EQ(sequential(0.5), viridis(0.5));
    EXPECT_EQ(diverging(0, QPalette(Qt::white)), QColor("#f7f7f7"));
}

TEST_F(PreferencesTest, layoutsAreKeptUnderTheirNamesAndResetAlwaysRecovers)
{
    auto* jobs = window.findChild<QDockWidget*>("jobsDock");
    const auto shown = [&] { return !jobs->isHidden(); };
    ASSERT_TRUE(shown());
    window.layouts()->showOnly({"distributionDock"});
    EXPECT_FALSE(shown());
    window.layouts()->save("My / layout");
    window.actions()->resetLayout->trigger();
    EXPECT_TRUE(shown());
    EXPECT_TRUE(window.layouts()->apply("My / layout"));
    EXPECT_FALSE(shown());
    EXPECT_FALSE(window.layouts()->apply("unknown"));
    for (auto* dock : window.findChildren<QDockWidget*>())
        dock->setFloating(true);
    window.actions()->resetLayout->trigger();
    for (const auto* dock : window.findChildren<QDockWidget*>())
        EXPECT_FALSE(dock->isFloating() || dock->isHidden()) << dock->objectName().toStdString();
}

TEST_F(PreferencesTest, namedLayoutsSurviveARestart)
{
    {
        Layouts layouts(&window, Layouts::Storage::Settings);
        layouts.save("Zwei / 二");
    }
    EXPECT_EQ(Layouts(&window, Layouts::Storage::Settings).names(), QStringList("Zwei / 二"));
}

TEST(Glossary, explainsEveryTermInOneSentence)
{
    QSet<QString> names;
    EXPECT_EQ(glossary().size(), int(Term::Exception) + 1);
    for (const GlossaryEntry& entry : glossary()) {
        EXPECT_FALSE(names.contains(entry.name)) << entry.name.toStdString();
        names.insert(entry.name);
        EXPECT_TRUE(entry.sentence.endsWith('.')) << entry.name.toStdString();
        EXPECT_EQ(entry.sentence.count(". "), 0) << entry.name.toStdString();
    }
}

TEST_F(PreferencesTest, theGlossaryIsSearched)
{
    GlossaryDialog dialog(&window);
    QTest::keyClicks(dialog.edit(), "zero point");
    int shown = 0;
    for (int row = 0; row < dialog.table()->rowCount(); ++row)
        shown += !dialog.table()->isRowHidden(row);
    EXPECT_GT(shown, 0);
    EXPECT_LT(shown, 6);
}
